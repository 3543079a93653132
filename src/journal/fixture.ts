import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import type { Intent } from '../model/contracts.ts';
import type { Journal, RunRecord, Scope } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import { silent } from '../model/log.ts';
import type { Outcome } from '../model/plan.ts';
import { openJournal } from './index.ts';
import { unpack } from './pack.ts';

export const scope: Scope = { organization: 'org-1', target: 'prod' };

/** A path in a new directory that goes away with the test. */
export function freshPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'journal-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'journal.db');
}

export async function open(
  url = ':memory:',
  more: { log?: Log; readOnly?: boolean; patienceMs?: number } = {},
): Promise<Journal> {
  const journal = await openJournal(url, { clock: fakeClock(), log: silent, ...more });
  onTestFinished(() => journal.close());
  return journal;
}

export function intent(key: string, more: Partial<Omit<Intent, 'id'>> = {}): Omit<Intent, 'id'> {
  return {
    runId: 'run-1',
    ...scope,
    object: { type: 'dataAction', key },
    by: `DataAction/${key}`,
    action: 'create',
    step: 'create',
    method: 'POST',
    path: '/api/v2/integrations/actions',
    at: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

export const run: RunRecord = {
  id: 'run-1',
  target: 'prod',
  organization: 'org-1',
  revision: 'main@sha1:abc',
  mode: 'apply',
  startedAt: '2026-01-01T00:00:00.000Z',
};

export function outcome(name: string, status: Outcome['status'] = 'applied'): Outcome {
  return {
    kind: 'DataAction',
    name,
    action: 'create',
    object: { type: 'dataAction', key: name, id: `id-${name}` },
    status,
    receipt: { requests: [] },
  };
}

/** Entries as they stand in the file, their bodies as text. */
export function entriesIn(path: string): { runId: string; type: string; at: string; body: string }[] {
  const file = new DatabaseSync(path);
  const rows = file.prepare('SELECT runId, type, at, body, packed FROM entries ORDER BY seq').all();
  file.close();
  return rows.map(({ runId, type, at, body, packed }) => ({
    runId: String(runId),
    type: String(type),
    at: String(at),
    body: packed instanceof Uint8Array ? unpack(packed) : String(body),
  }));
}

/** Another process with the journal open as `journal`; it prints `ready` when the given code is through, and stays. */
export function another(path: string, code = ''): ReturnType<typeof spawn> {
  const url = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);
  const script = `
    const { openJournal } = await import(${url('./index.ts')});
    const { systemClock } = await import(${url('../model/clock.ts')});
    const { silent } = await import(${url('../model/log.ts')});
    const journal = await openJournal(${JSON.stringify(path)}, { clock: systemClock, log: silent });
    ${code}
    console.log('ready');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
