import { type Audits, createAuditor } from '../../src/audit/index.ts';
import { changesOfRun } from '../../src/cli/audit-changes.ts';
import type { Clock } from '../../src/model/clock.ts';
import { systemClock } from '../../src/model/clock.ts';
import type { RunRecord, SentWrite } from '../../src/model/journal.ts';
import type { Log } from '../../src/model/log.ts';
import { surfaces } from '../../src/objects/index.ts';
import type { SandboxOptions } from '../../src/sandbox/index.ts';
import type { World } from './world.ts';

export interface Line {
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

/** One clock for both sides that a test moves; waits take a fiftieth. */
export interface Hours {
  clock: Clock;
  now(): number;
  pass(ms: number): void;
}

export function hours(): Hours {
  let passed = 0;
  const now = (): number => Date.now() + passed;
  return {
    now,
    pass: (ms) => {
      passed += ms;
    },
    clock: { now: () => new Date(now()), sleep: (ms, signal) => systemClock.sleep(ms / 50, signal) },
  };
}

/** A log that can be read. */
export function listening(): { log: Log; lines: Line[]; said(message: string): Line[] } {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, message, fields: fields as Record<string, unknown> });
  };
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log };
  return { log, lines, said: (message) => lines.filter((line) => line.message === message) };
}

/** The audit log of a world, as the app wires it. */
export function auditsOf(
  { engine, journal, background }: World,
  more: { patienceMs?: number; clientOf?(target: string): string | undefined } = {},
): Audits {
  return createAuditor({
    organization: engine.organization.id,
    target: engine.target,
    types: engine.types,
    surfaces,
    reader: background,
    vault: engine.vault,
    journal,
    clock: engine.clock,
    log: engine.log,
    patienceMs: 86_400_000,
    clientOf: () => undefined,
    ...more,
  });
}

export const soon: SandboxOptions = { audits: { delayMs: 0 } };

/** What the journal says of every write, oldest first: `patch matched Action:Update`. */
export async function told(it: World): Promise<string[]> {
  const writes = await it.journal.writesSince(it.engine.organization.id, '2000-01-01T00:00:00.000Z');
  return Promise.all(
    writes.map(async ({ step, audit, refused }: SentWrite) => {
      const records = await it.journal.auditRecords(it.engine.organization.id, audit?.records ?? []);
      const names = records.map(({ entityType, action }) => `${entityType}:${action}`);
      return [step, refused ? 'refused' : (audit?.match ?? 'waits'), ...names].join(' ');
    }),
  );
}

/** What `audit` tells of each change of a run: `update PUT /api/v2/x 200 unrecorded`; `?` where a request has no correlation id. */
export async function auditedIn({ journal }: World, runId: string): Promise<string[]> {
  const changes = await changesOfRun(journal, { id: runId } as RunRecord);
  return changes.map(({ action, requests, match, why }) => {
    const sent = requests.map(
      ({ method, path, status, correlationId }) =>
        `${method} ${path} ${status}${correlationId === undefined ? '?' : ''}`,
    );
    return [action, ...sent, match, ...(why === undefined ? [] : [`(${why})`])].join(' ');
  });
}

/** Requests about audits that the sandbox has served: `POST /api/v2/audits/query/realtime`. */
export function askedOf(it: World): string[] {
  return it.sandbox
    .requests()
    .filter(({ path }) => path.includes('/audits/') || path.includes('/oauth/clients') || path.includes('/users/'))
    .map(({ method, path }) => `${method} ${path.split('?')[0]}`);
}

/** Somebody sets another timeout: a client, else a person in the admin pages. */
export function setTimeoutOf({ sandbox }: World, name: string, timeoutSeconds: number, as?: string): string {
  const { id, config } = sandbox.state.actionNamed(name)!;
  sandbox.state.editAction(id, { config: { ...config, timeoutSeconds } } as never, as);
  return id;
}
