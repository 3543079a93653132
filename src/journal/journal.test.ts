import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { CachedDetail } from '../model/journal.ts';
import { stable } from '../model/json.ts';
import { entriesIn, freshPath, intent, open, outcome, run, scope } from './fixture.ts';

const receipt = { method: 'POST', pathTemplate: '/x', status: 200, attempts: 1, durationMs: 5 };

test('an intent is open until it is answered or settled', async () => {
  const journal = await open();
  const [a, b, c] = await Promise.all([intent('a'), intent('b'), intent('c')].map((one) => journal.intend(one)));
  expect(await journal.openIntents(scope.organization)).toEqual([a, b, c]);
  await journal.answered(a!.id, receipt);
  await journal.answered(b!.id, undefined, { reason: 'Conflict', message: 'moved' });
  await journal.settleIntent(c!.id, 'not-applied');
  expect(await journal.openIntents(scope.organization)).toEqual([]);
});

test('an answer that settles nothing leaves the intent open', async () => {
  const journal = await open();
  const { id } = await journal.intend(intent('a'));
  await journal.answered(id, undefined, { reason: 'Unsettled', message: 'lost' });
  expect(await journal.openIntents(scope.organization)).toHaveLength(1);
  await journal.settleIntent(id, 'applied');
  expect(await journal.openIntents(scope.organization)).toEqual([]);
});

test('organisations are apart, targets are not, and looks for an intent are counted', async () => {
  const journal = await open();
  const { id } = await journal.intend(intent('a', { version: '3', bodyHash: 'h' }));
  await journal.intend(intent('b', { organization: 'org-2' }));
  await journal.intend(intent('c', { target: 'test' }));
  expect(await journal.openIntents(scope.organization)).toEqual([
    { id, ...intent('a', { version: '3', bodyHash: 'h' }) },
    { id: 3, ...intent('c', { target: 'test' }) },
  ]);
  expect(await journal.notFound(id, 10)).toEqual({ looks: 1, ms: 0 });
  expect(await journal.notFound(id, 10)).toEqual({ looks: 2, ms: 0 });
});

test('runs come newest first, with their outcomes in order', async () => {
  const journal = await open();
  await journal.startRun(run);
  await journal.startRun({ ...run, id: 'run-2' });
  await journal.startRun({ ...run, id: 'run-3', target: 'test' });
  await journal.recordOutcome('run-1', outcome('a'));
  await journal.recordOutcome('run-1', outcome('b', 'failed'));
  await journal.recordOutcome('run-1', outcome('c', 'skipped'));
  const finished = await journal.finishRun({ ...run, status: 'failed', finishedAt: '2026-01-01T00:01:00.000Z' });
  expect((await journal.runs('prod', 10)).map((one) => one.id)).toEqual(['run-2', 'run-1']);
  expect(await journal.runs('prod', 1)).toEqual([{ ...run, id: 'run-2' }]);
  expect((await journal.runs('prod', 2))[1]).toEqual(finished);
  expect(await journal.outcomes('run-1')).toEqual([outcome('a'), outcome('b', 'failed'), outcome('c', 'skipped')]);
});

test('the digest is over the entries as they stand in the file, the last one without it', async () => {
  const path = freshPath();
  const journal = await open(path);
  await journal.startRun(run);
  await journal.intend(intent('a'));
  await journal.startRun({ ...run, id: 'another' });
  await journal.recordOutcome(run.id, outcome('a'));
  const { digest } = await journal.finishRun({ ...run, status: 'succeeded' });
  await journal.close();
  const rows = entriesIn(path).filter(({ runId }) => runId === run.id);
  expect(rows.map(({ type }) => type)).toEqual(['run-started', 'change-intended', 'change-applied', 'run-finished']);
  const hash = createHash('sha256');
  for (const { at, body, type } of rows) {
    const { digest: _digest, ...rest } = JSON.parse(body);
    hash.update(`${stable({ at, body: rest, type })}\n`);
  }
  expect(digest).toBe(hash.digest('hex'));
  const file = new DatabaseSync(path);
  expect(() => file.exec("UPDATE entries SET body = '{}'")).toThrow('append-only');
  file.close();
});

test('the inventory is per organisation and target; claims are those of others', async () => {
  const journal = await open();
  const entry = { type: 'dataAction', id: 'i1', owner: 'DataAction/a', adopted: false, key: 'I/a' };
  await journal.remember(scope, entry);
  await journal.remember(scope, { ...entry, adopted: true, key: 'I/b' });
  await journal.remember({ ...scope, target: 'other' }, { ...entry, id: 'i2' });
  await journal.remember({ organization: 'org-2', target: 'other' }, { ...entry, id: 'i3' });
  expect(await journal.inventory(scope)).toEqual([{ ...entry, adopted: true, key: 'I/b' }]);
  expect(await journal.claims('org-1', 'prod')).toEqual(new Map([['dataAction:i2', 'other']]));
  // Of what only a field is wished, too.
  const fields = { '/name': { wanted: 'a' } };
  const applied = ['i2', 'i4'].map((id) => ({ type: 'dataAction', id, revision: 'r', fields }));
  await journal.setApplied(scope, [...applied, { ...applied[0]!, id: 'let-go', fields: {} }]);
  expect(await journal.known('org-1')).toEqual(['i1', 'i2', 'i4'].map((id) => ({ type: 'dataAction', id })));
  await journal.forget(scope, 'dataAction', 'i1');
  expect(await journal.inventory(scope)).toEqual([]);
});

test('applied fields are replaced object by object, and forgotten with it', async () => {
  const journal = await open();
  const object = { type: 'dataAction', id: 'i1', revision: 'r1', fields: { '/name': { wanted: 'a', rendered: 'A' } } };
  const other = { ...object, id: 'i2', fingerprint: '7' };
  await journal.setApplied(scope, [object, other]);
  await journal.setApplied(scope, [{ ...object, revision: 'r2' }]);
  await journal.setApplied(scope, []);
  const found = await journal.applied(scope);
  expect(found).toHaveLength(2);
  expect(found).toEqual(expect.arrayContaining([{ ...object, revision: 'r2' }, other]));
  await journal.forget(scope, 'dataAction', 'i1');
  expect(await journal.applied(scope)).toEqual([other]);
});

function detail(i: number): CachedDetail {
  const schema = Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`property-${k}`, { type: 'string' }]));
  const live = { id: `i${i}`, config: { request: { requestTemplate: 'x'.repeat(1000) } }, contract: schema };
  return { type: 'dataAction', id: `i${i}`, fingerprint: String(i), readAt: '2026-01-01T00:00:00.000Z', live };
}

test('a thousand details are back in no time', async () => {
  const journal = await open(freshPath());
  const all = Array.from({ length: 1000 }, (_, i) => detail(i));
  await journal.keepDetails('org-1', all);
  await journal.keepDetails('org-1', [{ ...all[0]!, fingerprint: 'new' }]);
  await journal.keepDetails('org-2', all.slice(0, 1));
  const times = [];
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    const found = await journal.details('org-1', 'dataAction');
    times.push(performance.now() - started);
    expect(found.size).toBe(1000);
    expect(found.get('i0')).toEqual({ ...all[0]!, fingerprint: 'new' });
  }
  // Bar: 50 ms; some room for a busy machine.
  expect(Math.min(...times)).toBeLessThan(100);
});

test('facts are recalled', async () => {
  const journal = await open();
  expect(await journal.recall('x')).toBeUndefined();
  await journal.memorise('x', { a: [1, null] });
  await journal.memorise('y', null);
  expect(await journal.recall('x')).toEqual({ a: [1, null] });
  expect(await journal.recall('y')).toBeUndefined();
  expect(await journal.recall('journal:sealKey')).toBeUndefined();
});

test('what is asked for together shares one transaction, and fails alone', async () => {
  const journal = await open();
  // A circular body cannot be written.
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const results = await Promise.allSettled([
    journal.memorise('a', 1),
    journal.memorise('b', circular as never),
    journal.memorise('c', 3),
  ]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await journal.recall('c')).toBe(3);
});
