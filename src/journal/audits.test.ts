import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AuditRecord, DriftStory } from '../model/audit.ts';
import type { DriftRecord, Journal, JournalEntry, SentWrite } from '../model/journal.ts';
import { stable } from '../model/json.ts';
import { freshPath, intent, open, outcome, run, scope } from './fixture.ts';

const receipt = { method: 'POST', pathTemplate: '/x', status: 200, attempts: 1, durationMs: 5, correlationId: 'c-1' };

const record = (id: string): AuditRecord => ({
  id,
  at: '2026-01-01T00:00:01.000Z',
  service: 'Integrations',
  action: 'Create',
  entityType: 'Action',
  entities: ['a1'],
  remoteIp: [],
  changes: [],
});

async function entriesOf(journal: Journal): Promise<JournalEntry[]> {
  const all: JournalEntry[] = [];
  for await (const entry of journal.entries()) all.push(entry);
  return all;
}

/** A run with two writes of one object and one of another. */
async function ran(journal: Journal): Promise<SentWrite[]> {
  await journal.startRun(run);
  const a = await journal.intend(intent('a', { step: 'draft', at: '2026-01-01T00:00:01.000Z' }));
  await journal.answered(a.id, receipt, undefined, 'a1');
  const b = await journal.intend(intent('a', { step: 'publish', at: '2026-01-01T00:00:02.000Z' }));
  await journal.answered(b.id, { ...receipt, correlationId: 'c-2' });
  await journal.intend(intent('b', { at: '2026-01-01T00:00:03.000Z', sets: { '/name': 'b' } }));
  await journal.recordOutcome(run.id, outcome('a'));
  await journal.finishRun({ ...run, status: 'succeeded' });
  return journal.writesOf(run.id);
}

test('writes are told with what came of them, by run, time and correlation id', async () => {
  const journal = await open();
  const writes = await ran(journal);
  expect(writes).toMatchObject([
    { intentId: 1, step: 'draft', object: { key: 'a', id: 'a1' }, receipt: { correlationId: 'c-1' } },
    { intentId: 2, step: 'publish', object: { key: 'a' } },
    { intentId: 3, object: { key: 'b' }, open: true, sets: { '/name': 'b' } },
  ]);
  expect(writes.every((write) => write.audit === undefined && write.refused === undefined)).toBe(true);
  expect(await journal.writesSince(scope.organization, '2026-01-01T00:00:02.000Z')).toEqual(writes.slice(1));
  expect(await journal.writesSince('org-2', '2026-01-01T00:00:00.000Z')).toEqual([]);
  expect(await journal.writesSentAs('c-2')).toEqual([writes[1]]);
});

test('what changed nothing waits for no record; what is open, or settled as made, does', async () => {
  const journal = await open();
  const oldest = (): Promise<string | undefined> => journal.oldestUnmatched(scope.organization);
  const refused = await journal.intend(intent('refused', { at: '2026-01-01T00:00:01.000Z' }));
  await journal.answered(refused.id, receipt, { reason: 'Conflict', message: 'moved' });
  const gone = await journal.intend(intent('gone', { at: '2026-01-01T00:00:02.000Z' }));
  await journal.settleIntent(gone.id, 'not-applied');
  expect(await oldest()).toBeUndefined();
  const lost = await journal.intend(intent('lost', { at: '2026-01-01T00:00:03.000Z' }));
  expect(await oldest()).toBe(lost.at);
  await journal.answered(lost.id, undefined, { reason: 'Unsettled', message: 'lost' });
  expect(await oldest()).toBe(lost.at);
  await journal.settleIntent(lost.id, 'applied', 'l1');
  expect(await oldest()).toBe(lost.at);
  const [first, second, third] = await journal.writesOf('run-1');
  expect([first?.refused, second?.refused, third?.refused]).toEqual([true, true, undefined]);
  expect(third?.object.id).toBe('l1');
  await journal.keepMatches(scope.organization, [{ write: third!, audit: { match: 'matched', records: [] } }], []);
  expect(await oldest()).toBeUndefined();
});

test('matches are kept with their records; the entry of each object says them, and is no part of the digest', async () => {
  const journal = await open();
  const [a, b, c] = await ran(journal);
  const before = (await journal.run(run.id))?.digest;
  const mark = await journal.mark();
  const kept = await journal.keepMatches(
    scope.organization,
    [
      { write: a!, audit: { match: 'matched', records: ['r1'] } },
      { write: b!, audit: { match: 'ambiguous', records: ['r2', 'r3'] } },
      { write: c!, audit: { match: 'unmatched', records: [], why: 'no record came in time' } },
    ],
    [record('r1'), record('r2'), record('r3')],
  );
  expect(kept.map(({ runId, object }) => [runId, object.key])).toEqual([
    ['run-1', 'a'],
    ['run-1', 'b'],
  ]);
  const entries = (await entriesOf(journal)).filter(({ type }) => type === 'audit-matched');
  expect(entries[0]?.body).toMatchObject({
    object: { id: 'a1', key: 'a' },
    writes: [
      { intent: 1, step: 'draft', match: 'matched', records: ['r1'] },
      { intent: 2, step: 'publish', match: 'ambiguous', records: ['r2', 'r3'] },
    ],
    records: [{ id: 'r1' }, { id: 'r2' }, { id: 'r3' }],
  });
  const { at, body, type } = entries[0]!;
  const digest = createHash('sha256')
    .update(`${stable({ at, body, type })}\n`)
    .digest('hex');
  expect(kept[0]?.digest).toBe(digest);
  expect((await journal.writesOf(run.id))[1]?.audit).toEqual({ match: 'ambiguous', records: ['r2', 'r3'] });
  expect(await journal.auditRecords(scope.organization, ['r3', 'none', 'r1'])).toEqual([record('r3'), record('r1')]);
  expect(await journal.auditRecords('org-2', ['r1'])).toEqual([]);
  expect(await journal.digest(run.id)).toBe(before);
  // What is remembered of objects did not move: a quiet run need not load it again.
  expect(await journal.mark()).toBe(mark);
});

test('a later word on a write replaces the earlier one, and both stay in the record', async () => {
  const journal = await open();
  const [a] = await ran(journal);
  const keep = async (match: 'matched' | 'unmatched', records: string[]): Promise<unknown> =>
    journal.keepMatches(scope.organization, [{ write: a!, audit: { match, records } }], records.map(record));
  await keep('unmatched', []);
  await keep('matched', ['r1']);
  expect((await journal.writesOf(run.id))[0]?.audit).toEqual({ match: 'matched', records: ['r1'] });
  expect((await entriesOf(journal)).filter(({ type }) => type === 'audit-matched')).toHaveLength(2);
});

test('entries are streamed in order, also from the middle and over many portions', async () => {
  const journal = await open(freshPath());
  for (let i = 0; i < 1201; i++) void journal.recordOutcome('run-1', outcome(`a${i}`));
  await journal.memorise('x', 1);
  const all = await entriesOf(journal);
  expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 1201 }, (_, i) => i + 1));
  expect(all[1200]).toMatchObject({ type: 'change-applied', runId: 'run-1', body: { name: 'a1200' } });
  const rest = [];
  for await (const { seq } of journal.entries(1199)) rest.push(seq);
  expect(rest).toEqual([1200, 1201]);
});

test('a digest is worked out again; of a run that has not finished there is none', async () => {
  const journal = await open();
  await ran(journal);
  expect(await journal.digest(run.id)).toBe((await journal.run(run.id))?.digest);
  await journal.startRun({ ...run, id: 'run-2' });
  expect(await journal.digest('run-2')).toBeUndefined();
  expect(await journal.digest('none')).toBeUndefined();
});

const drift: Omit<DriftRecord, 'id'> = {
  kind: 'drift',
  at: '2026-01-01T00:00:05.000Z',
  ...scope,
  runId: run.id,
  resource: 'DataAction/a',
  object: { type: 'dataAction', key: 'I/a', id: 'a1' },
  fields: [{ path: '/name', from: 'x', to: 'y', by: 'DataAction/a' }],
};

const story: DriftStory = {
  since: '2026-01-01T00:00:00.000Z',
  deeds: [
    {
      auditId: 'r9',
      at: '2026-01-01T00:00:04.000Z',
      by: { user: { id: 'u1', name: 'Ann' } },
      remoteIp: ['10.0.0.1'],
      action: 'Update',
      entityType: 'Action',
      changes: [],
    },
  ],
};

test('a drift is open until it ends, unexplained until somebody is named, and found by time, object and record', async () => {
  const journal = await open();
  await journal.startRun(run);
  const { entry: _one, ...first } = await journal.recordDrift(drift);
  const { entry: _other, ...other } = await journal.recordDrift({
    ...drift,
    kind: 'other-process',
    target: 'test',
    at: '2026-02-01T00:00:00.000Z',
    object: { type: 'flow', key: 'f' },
    story,
  });
  const ids = async (...asked: Parameters<Journal['drifts']>): Promise<number[]> =>
    (await journal.drifts(...asked)).map(({ id }) => id);
  expect(await journal.drifts({}, {})).toEqual([other, first]);
  expect(await ids(scope, { open: true })).toEqual([first.id]);
  expect(await ids({ organization: scope.organization }, { unexplained: true })).toEqual([first.id]);
  expect(await ids({}, { since: '2026-01-15T00:00:00.000Z' })).toEqual([other.id]);
  expect(await ids({}, { until: '2026-01-15T00:00:00.000Z' })).toEqual([first.id]);
  expect(await ids({}, { object: { type: 'dataAction', key: 'renamed', id: 'a1' } })).toEqual([first.id]);
  expect(await ids({}, { object: { type: 'flow', key: 'f' }, limit: 1 })).toEqual([other.id]);
  // What another process did is not healed: it is told, and that is all.
  expect(await ids({ target: 'test' }, { open: true })).toEqual([]);

  await journal.updateDrift(first.id, { story });
  await journal.updateDrift(first.id, { ended: { at: '2026-01-02T00:00:00.000Z', how: 'healed', runId: 'run-2' } });
  expect(await ids({}, { auditId: 'r9' })).toEqual([other.id, first.id]);
  expect(await ids({}, { open: true })).toEqual([]);
  expect(await ids({}, { unexplained: true })).toEqual([]);
  expect((await journal.drifts(scope, {}))[0]).toEqual({
    ...first,
    story,
    ended: { at: '2026-01-02T00:00:00.000Z', how: 'healed', runId: 'run-2' },
  });
  expect((await entriesOf(journal)).map(({ type, runId }) => [type, runId])).toEqual([
    ['run-started', run.id],
    ['drift-found', run.id],
    ['other-process', run.id],
    ['drift-explained', run.id],
    ['drift-ended', run.id],
  ]);
});

test('what was found before the run finished counts in its digest, and what belongs to no run in none', async () => {
  const journal = await open();
  await journal.startRun(run);
  const { id } = await journal.recordDrift(drift);
  const { runId: _run, ...ofNoRun } = drift;
  await journal.recordDrift(ofNoRun);
  const { digest } = await journal.finishRun({ ...run, status: 'succeeded' });
  await journal.updateDrift(id, { story });
  expect(await journal.digest(run.id)).toBe(digest);
  expect((await entriesOf(journal)).map(({ runId }) => runId)).toContain('-');
  const bare = await open();
  await bare.startRun(run);
  expect((await bare.finishRun({ ...run, status: 'succeeded' })).digest).not.toBe(digest);
});

test('open drifts go with a target that is renamed', async () => {
  const journal = await open();
  const { id } = await journal.recordDrift(drift);
  await journal.recordDrift({ ...drift, kind: 'other-process' });
  await journal.renameTarget(scope.organization, scope.target, 'next');
  expect((await journal.drifts({ target: 'next' }, {})).map((one) => one.id)).toEqual([id]);
});
