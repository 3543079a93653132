import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { AuditRecord } from '../model/audit.ts';
import type { DriftRecord, Journal, RunRecord } from '../model/journal.ts';
import { freshPath, intent, open, outcome, run, scope } from './fixture.ts';

const now = new Date('2026-06-01T00:00:00.000Z');
const dayMs = 86_400_000;
const daysAgo = (days: number): string => new Date(now.getTime() - days * dayMs).toISOString();
const keepMs = 100 * dayMs;

const record = (id: string): AuditRecord => ({
  id,
  at: daysAgo(0),
  service: 'Integrations',
  action: 'Create',
  entityType: 'Action',
  entities: [],
  remoteIp: [],
  changes: [],
});

/** A run that changed so many objects, each with its audit record where `matched`. */
async function changed(
  journal: Journal,
  id: string,
  days: number,
  { objects = 1, matched = true, ...more }: Partial<RunRecord> & { objects?: number; matched?: boolean } = {},
): Promise<void> {
  const at = daysAgo(days);
  const started: RunRecord = { ...run, id, startedAt: at, revision: `main@sha1:${id}`, ...more };
  void journal.startRun(started);
  const names = Array.from({ length: objects }, (_, i) => `${id}-${i}`);
  const wishes = names.map((name) => journal.intend(intent(name, { runId: id, target: started.target, at })));
  for (const made of await Promise.all(wishes)) void journal.answered(made.id, undefined);
  for (const name of names) void journal.recordOutcome(id, outcome(name));
  await journal.finishRun({ ...started, status: 'succeeded', finishedAt: at });
  if (!matched) return;
  const writes = await journal.writesOf(id);
  await journal.keepMatches(
    scope.organization,
    writes.map((write) => ({ write, audit: { match: 'matched', records: [`r-${id}`] } })),
    [record(`r-${id}`)],
  );
}

/** So many quiet runs, after which what is older is none of the newest. */
async function quiet(journal: Journal, target: string, revision = 'main@sha1:quiet'): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const started = { ...run, id: `${target}-quiet-${i}`, target, startedAt: daysAgo(1), revision };
    void journal.startRun(started);
    void journal.finishRun({ ...started, status: 'failed', finishedAt: daysAgo(1) });
  }
  await journal.memorise('x', 1);
}

function counts(path: string): Record<string, number> {
  const file = new DatabaseSync(path);
  const tables = ['runs', 'entries', 'intents', 'marks', 'auditRecords', 'drifts', 'driftAudits', 'leaving'];
  const all = tables.map((table) => [table, Number(file.prepare(`SELECT count(*) AS n FROM ${table}`).get()!['n'])]);
  file.close();
  return Object.fromEntries(all);
}

test('what changed something and is older goes with all that belongs to it; without a time it stays', async () => {
  const path = freshPath();
  const journal = await open(path);
  await changed(journal, 'old', 200, { objects: 120 });
  const drift: Omit<DriftRecord, 'id'> = {
    kind: 'drift',
    at: daysAgo(200),
    ...scope,
    object: { type: 't', key: 'k', id: 'o' },
    fields: [],
  };
  const story = { since: daysAgo(201), deeds: [{ auditId: 'd-1' }] } as never;
  const { id } = await journal.recordDrift({ ...drift, runId: 'old', story });
  await journal.recordDrift({ ...drift, kind: 'other-process' });
  await journal.updateDrift(id, { ended: { at: daysAgo(200), how: 'healed', runId: 'old' } });
  await changed(journal, 'new', 99);
  await quiet(journal, 'prod');
  const before = counts(path);
  await journal.tidy(now);
  expect(counts(path)).toEqual(before);
  expect(await journal.removed()).toEqual({ at: daysAgo(0), quietBefore: daysAgo(30) });

  await journal.tidy(now, keepMs);
  expect((await journal.runs('prod', 1000)).map((one) => one.id).at(-1)).toBe('new');
  expect(counts(path)).toEqual({
    runs: 101,
    // Run started, intended, applied, finished, matched; 100 quiet runs.
    entries: 5 + 200,
    intents: 1,
    marks: (before['marks'] ?? 0) - 120 * 3,
    auditRecords: 1,
    drifts: 0,
    driftAudits: 0,
    leaving: 0,
  });
  expect(await journal.changes({ limit: 10, resource: 'DataAction/old-7' })).toEqual([]);
  expect(await journal.auditRecords(scope.organization, ['r-old', 'r-new'])).toEqual([record('r-new')]);
  expect(await journal.removed()).toEqual({ at: daysAgo(0), quietBefore: daysAgo(30), changedBefore: daysAgo(100) });
  // What is left still fits together.
  expect(await Array.fromAsync(journal.discrepancies())).toEqual([]);
  // A longer time does not bring back what a shorter one removed.
  await journal.tidy(now, 10 * keepMs);
  expect(await journal.removed()).toEqual({ at: daysAgo(0), quietBefore: daysAgo(30), changedBefore: daysAgo(100) });
});

test('what waits, what limits are spent on, and the last good run stay, however old', async () => {
  const journal = await open();
  const waits = { target: 'waits' };
  await changed(journal, 'gone', 300, waits);
  await changed(journal, 'unmatched', 300, { ...waits, matched: false });
  await changed(journal, 'drifted', 300, waits);
  await journal.recordDrift({
    kind: 'drift',
    at: daysAgo(300),
    organization: scope.organization,
    ...waits,
    runId: 'drifted',
    object: { type: 't', key: 'k', id: 'o' },
    fields: [],
  });
  await changed(journal, 'before', 300, waits);
  // An attempt of long ago that nobody has heard of since.
  await changed(journal, 'open', 300, waits);
  const { id } = await journal.intend(intent('lost', { runId: 'open' }));
  await journal.answered(id, undefined, { reason: 'Unsettled', message: 'lost' });
  await changed(journal, 'last', 300, waits);
  await quiet(journal, 'waits');

  const spends = { target: 'spends', revision: 'main@sha1:same' };
  await changed(journal, 'other', 301, { target: 'spends' });
  await changed(journal, 'first', 300, spends);
  await changed(journal, 'second', 299, spends);
  await quiet(journal, 'spends', 'main@sha1:same');
  await journal.tidy(now, keepMs);
  const left = async (target: string): Promise<string[]> =>
    (await journal.runs(target, 1000)).map((one) => one.id).filter((one) => !one.includes('quiet'));
  expect(await left('waits')).toEqual(['last', 'open', 'drifted', 'unmatched']);
  expect(await left('spends')).toEqual(['second', 'first']);
  expect(await journal.spent('spends', 'main@sha1:same')).toEqual({ changes: 2, deletes: 0 });
});

test('a removal that was interrupted is hidden at once, and ends with the next one', async () => {
  const path = freshPath();
  const journal = await open(path);
  await changed(journal, 'old', 200, { objects: 70 });
  await changed(journal, 'next', 1);
  await quiet(journal, 'prod');
  const file = new DatabaseSync(path);
  // What a process that was killed after the first portion leaves.
  file.exec("INSERT INTO leaving VALUES ('old', 'prod'); DELETE FROM runs WHERE id = 'old'");
  file.exec("DELETE FROM entries WHERE seq IN (SELECT seq FROM entries WHERE runId = 'old' ORDER BY seq LIMIT 50)");
  file.close();
  expect(await journal.changes({ limit: 100, target: 'prod' })).toHaveLength(1);
  await journal.tidy(now);
  expect(counts(path)).toMatchObject({ runs: 101, entries: 5 + 200, leaving: 0 });
});

test('the space is given back in portions, while others write: nobody waits long', async () => {
  const path = freshPath();
  const journal = await open(path);
  for (let i = 0; i < 40; i++) {
    const id = `old-${i}`;
    const started = { ...run, id, startedAt: daysAgo(200), revision: `main@sha1:${i}` };
    void journal.startRun(started);
    // What does not pack.
    const message = randomBytes(1000).toString('hex');
    for (let k = 0; k < 20; k++)
      void journal.recordOutcome(id, { ...outcome(`${id}-${k}`), message: `${message}${k}` });
    void journal.finishRun({ ...started, status: 'succeeded' });
  }
  await quiet(journal, 'prod');
  const file = new DatabaseSync(path);
  file.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const before = statSync(path).size;
  let done = false;
  const tidying = journal.tidy(now, keepMs).finally(() => {
    done = true;
  });
  const waited: number[] = [];
  for (let i = 0; !done; i++) {
    const began = performance.now();
    await journal.memorise('beside', i);
    waited.push(performance.now() - began);
  }
  await tidying;
  file.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  file.close();
  expect(statSync(path).size).toBeLessThan(before / 2);
  // They took turns; how long each took is measured in the bench.
  expect(waited.length).toBeGreaterThan(20);
  expect(await journal.recall('beside')).toBe(waited.length - 1);
});
