import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeClock, fakeClock } from '../../test/support/clock.ts';
import { openJournal } from '../journal/index.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import type { Journal, RunRecord } from '../model/journal.ts';
import { type Log, silent } from '../model/log.ts';
import { follow, keepForFollowing, standingKey, standingOf } from './follow-facts.ts';

const targets = [{ name: 'staging' }, { name: 'prod', after: { target: 'staging', soak: '1h' } }] as TargetConfig[];
const [staging, prod] = targets as [TargetConfig, TargetConfig];

let journal: Journal;
let limits: number[];
let pins: string[];
let warned: number;
let minute: number;
let clock: FakeClock;
beforeEach(async () => {
  const made = await openJournal(':memory:', { clock: fakeClock(), log: silent });
  clock = fakeClock();
  clock.jump(1_000 * 60 * minutes);
  [limits, pins, warned, minute] = [[], [], 0, 0];
  const runs: Journal['runs'] = (target, limit) => {
    limits.push(limit);
    return made.runs(target, limit);
  };
  journal = { ...made, runs };
});
afterEach(() => journal.close());

/** More than any test here has runs: one ends each minute. */
const minutes = 1_000;

const log: Log = { ...silent, warn: () => warned++ };
const source = {
  pin: async (name: string, revision: string): Promise<void> => {
    pins.push(`${name} ${revision}`);
  },
};
const keep = (target: TargetConfig, revision: string, from = source): Promise<void> =>
  keepForFollowing(target, revision, targets, { journal, source: from, log, clock });

async function begin(revision: string, more: Partial<RunRecord> = {}): Promise<RunRecord> {
  const startedAt = new Date(Date.UTC(2026, 0, 1, 0, minute++)).toISOString();
  const run: RunRecord = {
    id: `run-${minute}`,
    target: 'staging',
    organization: 'org',
    revision,
    mode: 'apply',
    startedAt,
    ...more,
  };
  await journal.startRun(run);
  return run;
}

async function end(run: RunRecord, more: Partial<RunRecord> = {}): Promise<void> {
  const finishedAt = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const summary = { create: 0, update: 0, delete: 0, unchanged: 1, held: 0 };
  await journal.finishRun({
    ...run,
    finishedAt,
    status: 'succeeded',
    reason: 'ReconciliationSucceeded',
    summary,
    ...more,
  });
}

const applied = async (): Promise<string[]> =>
  (await standingOf(journal, 'staging', targets, clock.now())).applied.map(({ revision }) => revision);

test('what the fact sums up is what all runs say; then only the newest are read', async () => {
  for (let i = 0; i < 300; i++) await end(await begin(`R${Math.floor(i / 100)}`));
  const before = await standingOf(journal, 'staging', targets, clock.now());
  expect(limits).toEqual([20, 200, 5000]);
  await keep(staging, 'R2');
  limits = [];
  expect(await standingOf(journal, 'staging', targets, clock.now())).toEqual(before);
  expect(limits).toEqual([20]);
  await end(await begin('R3'));
  expect(await applied()).toEqual(['R0', 'R1', 'R2', 'R3']);
});

test('each revision that soaks is pinned under a name of its own, once; and what a follower runs on', async () => {
  for (const revision of ['R1', 'R1', 'R2']) {
    await end(await begin(revision));
    await keep(staging, revision);
  }
  await keep(prod, 'R1');
  expect(pins).toEqual(['staging/0 R1', 'staging/1 R2', 'prod R1']);
  const alone = [staging];
  await keepForFollowing(staging, 'R2', alone, { journal, source, log, clock });
  expect(pins).toHaveLength(3);
});

test('what could not be pinned is pinned after the next run', async () => {
  await end(await begin('R1'));
  await keep(staging, 'R1', { pin: () => Promise.reject(new Error('git is away')) });
  expect([warned, await journal.recall(standingKey('staging'))]).toEqual([1, undefined]);
  expect(await applied()).toEqual(['R1']);
  await end(await begin('R1'));
  await keep(staging, 'R1');
  expect(pins).toEqual(['staging/0 R1']);
});

test('a run that ends after a later refusal is not overlooked, nor does one that was killed hold anything up', async () => {
  await begin('R0');
  await end(await begin('R1'));
  const long = await begin('R1');
  const { organization: _none, ...refused } = await begin('R2');
  await journal.finishRun({ ...refused, finishedAt: refused.startedAt, status: 'failed', reason: 'ValidationFailed' });
  await keep(staging, 'R1');
  await end(long, { status: 'failed', reason: 'ReconciliationFailed' });
  expect((await standingOf(journal, 'staging', targets, clock.now())).broken?.reason).toBe('ReconciliationFailed');
});

test('the run that was summed up last may be tidied away', async () => {
  await end(await begin('R1'));
  await end(await begin('R2'));
  await keep(staging, 'R2');
  const fact = (await journal.recall(standingKey('staging'))) as { upTo: { id: string } };
  await journal.memorise(standingKey('staging'), { ...fact, upTo: { ...fact.upTo, id: 'gone' } });
  expect(await applied()).toEqual(['R1', 'R2']);
  await end(await begin('R3'));
  expect(await applied()).toEqual(['R1', 'R2', 'R3']);
});

test('what a target has is its last whole run that came to a plan, or what its daemon remembers', async () => {
  const current = async (): Promise<string | undefined> => (await follow(journal, prod, targets, new Date()))?.current;
  expect(await current()).toBeUndefined();
  await journal.memorise('good-revision:prod', 'R0');
  expect(await current()).toBe('R0');
  await end(await begin('R1', { target: 'prod' }), { status: 'failed', reason: 'ReconciliationFailed' });
  await end(await begin('R2', { target: 'prod', partial: true }));
  const { summary: _none, ...open } = await begin('R3', { target: 'prod' });
  await journal.finishRun({ ...open, finishedAt: open.startedAt, status: 'unreachable', reason: 'NetworkError' });
  expect(await current()).toBe('R1');
  expect(await follow(journal, staging, targets, new Date())).toBeUndefined();
});

test('times of a clock that was a year ahead are kept as the time at which that was noticed', async () => {
  const ahead = new Date(clock.now().getTime() + 365 * 24 * 3_600_000).toISOString();
  const [bad, good] = [await begin('R1'), await begin('R1')];
  await journal.finishRun({ ...bad, finishedAt: ahead, status: 'failed', reason: 'ReconciliationFailed' });
  await journal.finishRun({ ...good, finishedAt: ahead, status: 'succeeded', reason: 'ReconciliationSucceeded' });
  await keep(staging, 'R1');
  clock.jump(3_600_000);
  const { choice } = (await follow(journal, prod, targets, clock.now()))!;
  expect(choice.revision).toBe('R1');
});
