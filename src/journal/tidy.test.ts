import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Journal, RunRecord } from '../model/journal.ts';
import { stable } from '../model/json.ts';
import { entriesIn, freshPath, intent, open, outcome, run } from './fixture.ts';

const now = new Date('2026-06-01T00:00:00.000Z');
const daysAgo = (days: number): string => new Date(now.getTime() - days * 86_400_000).toISOString();
const held: NonNullable<RunRecord['held']> = [
  {
    kind: 'DataAction',
    name: 'a',
    action: 'update',
    object: { type: 'dataAction', key: 'a', id: 'i1' },
    reason: 'ChangeLimitExceeded',
    message: 'the plan changes more than the policy allows',
  },
];

async function ran(journal: Journal, id: string, days: number, more: Partial<RunRecord> = {}): Promise<void> {
  const record: RunRecord = { ...run, id, startedAt: daysAgo(days), ...more };
  await journal.startRun(record);
  await journal.finishRun({ ...record, status: 'succeeded', finishedAt: daysAgo(days) });
}

function count(path: string, table: string): number {
  const file = new DatabaseSync(path);
  const n = file.prepare(`SELECT count(*) AS n FROM ${table}`).get()!['n'];
  file.close();
  return Number(n);
}

test('old runs that only looked go, whatever came of them; the newest hundred of each target stay', async () => {
  const path = freshPath();
  const journal = await open(path);
  for (let i = 0; i < 1300; i++) {
    const status = (['succeeded', 'held', 'failed'] as const)[i % 3]!;
    void ran(journal, `old-${i}`, 40, { status });
  }
  for (let i = 0; i < 20; i++) void ran(journal, `test-${i}`, 400, { target: 'test' });
  for (let i = 0; i < 150; i++) void ran(journal, `busy-${i}`, 29, { target: 'busy' });
  await journal.memorise('x', 1);
  await journal.startRun({ ...run, id: 'newest', startedAt: daysAgo(0) });
  await journal.tidy(now);
  const kept = (await journal.runs('prod', 5000)).map(({ id }) => id);
  expect(kept).toHaveLength(100);
  expect(kept[0]).toBe('newest');
  expect(kept.at(-1)).toBe('old-1201');
  expect(await journal.runs('test', 100)).toHaveLength(20);
  expect(await journal.runs('busy', 1000)).toHaveLength(150);
  expect(count(path, 'entries')).toBe(2 * (99 + 20 + 150) + 1);
});

test('a run that attempted something stays for ever, with its entries', async () => {
  const path = freshPath();
  const journal = await open(path);
  await ran(journal, 'quiet', 400);
  for (const [id, status] of [
    ['applied', 'applied'],
    ['failed', 'failed'],
  ] as const) {
    await ran(journal, id, 400);
    await journal.recordOutcome(id, outcome('a', status));
  }
  await ran(journal, 'intended', 400);
  await journal.intend(intent('a', { runId: 'intended' }));
  for (let i = 0; i < 100; i++) void ran(journal, `new-${i}`, 31);
  await journal.memorise('x', 1);
  await journal.tidy(now);
  const kept = (await journal.runs('prod', 1000)).map(({ id }) => id).filter((id) => !id.startsWith('new-'));
  expect(kept).toEqual(['intended', 'failed', 'applied']);
  expect(await journal.outcomes('applied')).toHaveLength(1);
  // Nothing more to do the second time.
  await journal.tidy(now);
  expect(await journal.runs('prod', 1000)).toHaveLength(103);
});

test('what run after run holds back is kept once, given back whole, and goes with the last of them', async () => {
  const path = freshPath();
  const journal = await open(path);
  const other = [{ ...held[0]!, name: 'b' }];
  await ran(journal, 'first', 50, { held });
  await ran(journal, 'second', 49, { held });
  await ran(journal, 'third', 48, { held: other });
  await ran(journal, 'quiet', 47);
  expect(count(path, 'heldLists')).toBe(2);
  expect((await journal.runs('prod', 4)).map((one) => one.held)).toEqual([undefined, other, held, held]);
  for (let i = 0; i < 99; i++) void ran(journal, `new-${i}`, 1, { held: other });
  await journal.memorise('x', 1);
  await journal.tidy(now);
  expect(await journal.runs('prod', 1000)).toHaveLength(100);
  expect(count(path, 'heldLists')).toBe(1);
  expect((await journal.runs('prod', 1))[0]?.held).toEqual(other);
});

test('the digest covers what was held back, by the name of the list', async () => {
  const path = freshPath();
  const journal = await open(path);
  await journal.startRun(run);
  const finished = await journal.finishRun({ ...run, status: 'held', held });
  expect(finished.held).toEqual(held);
  expect((await journal.runs('prod', 1))[0]).toEqual(finished);
  const hash = createHash('sha256');
  for (const { at, body, type } of entriesIn(path)) {
    const { digest: _digest, ...rest } = JSON.parse(body);
    hash.update(`${stable({ at, body: rest, type })}\n`);
    if (type === 'run-finished') {
      const sha256 = createHash('sha256')
        .update(stable(held as never))
        .digest('hex');
      expect(rest.held).toEqual({ sha256 });
    }
  }
  expect(finished.digest).toBe(hash.digest('hex'));
});
