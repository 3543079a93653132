import { expect, onTestFinished, test } from 'vitest';
import { type FakeClock, fakeClock } from '../../test/support/clock.ts';
import type { Journal, Lease } from '../model/journal.ts';
import { silent } from '../model/log.ts';
import { freshPath, intent, outcome, run } from './fixture.ts';
import { openJournal } from './index.ts';

const ttl = 30_000;
const wish = (owner: string): Pick<Lease, 'organization' | 'owner' | 'holder'> => ({
  organization: 'org-1',
  owner,
  holder: `daemon ${owner}`,
});

/** Two processes on one file. */
async function two(): Promise<{ clock: FakeClock; a: Journal; b: Journal }> {
  const clock = fakeClock();
  const path = freshPath();
  const open = async (): Promise<Journal> => {
    const journal = await openJournal(path, { clock, log: silent });
    onTestFinished(() => journal.close());
    return journal;
  };
  return { clock, a: await open(), b: await open() };
}

test('one process at a time; the other is told who and since when', async () => {
  const { a, b } = await two();
  expect(await a.acquireLease(wish('a'), ttl)).toMatchObject({ taken: true, lease: { owner: 'a', fence: 1 } });
  expect(await b.acquireLease(wish('b'), ttl)).toMatchObject({
    taken: false,
    lease: { holder: 'daemon a', since: '2026-01-01T00:00:00.000Z' },
  });
  expect(await b.acquireLease({ ...wish('b'), organization: 'org-2' }, ttl)).toMatchObject({ taken: true });
});

test('a lease that is renewed stays; one that is not is taken over, with the next number', async () => {
  const { clock, a, b } = await two();
  const { lease } = await a.acquireLease(wish('a'), ttl);
  expect(await b.lease('org-1')).toEqual(lease);
  clock.jump(20_000);
  const renewed = await a.renewLease(lease, ttl);
  expect(renewed?.expiresAt).toBe('2026-01-01T00:00:50.000Z');
  clock.jump(29_999);
  expect(await b.acquireLease(wish('b'), ttl)).toMatchObject({ taken: false });
  clock.jump(1);
  expect(await b.acquireLease(wish('b'), ttl)).toMatchObject({ taken: true, lease: { fence: 2 } });
  expect(await a.renewLease(lease, ttl)).toBeUndefined();
  clock.jump(ttl);
  expect(await b.lease('org-1')).toBeUndefined();
});

test('a released lease is free at once, and its number is not given again', async () => {
  const { a, b } = await two();
  await a.releaseLease((await a.acquireLease(wish('a'), ttl)).lease);
  const taken = await b.acquireLease(wish('b'), ttl);
  expect(taken).toMatchObject({ taken: true, lease: { fence: 2 } });
  // A late release of the old one frees nothing.
  await a.releaseLease({ ...taken.lease, fence: 1 });
  expect(await a.acquireLease(wish('a'), ttl)).toMatchObject({ taken: false });
});

test('an intent is refused without the lease: expired, or taken over', async () => {
  const { clock, a, b } = await two();
  const { lease } = await a.acquireLease(wish('a'), ttl);
  await a.intend(intent('one'), lease);
  clock.jump(ttl);
  await expect(a.intend(intent('two'), lease)).rejects.toThrow('ended at 2026-01-01 00:00:30Z');
  await b.acquireLease(wish('b'), ttl);
  await expect(a.intend(intent('two'), lease)).rejects.toMatchObject({
    reason: 'LeaseLost',
    message: 'daemon b has been writing to the organisation since 2026-01-01 00:00:30Z; nothing was sent after that',
  });
  expect(await a.openIntents('org-1')).toHaveLength(1);
});

test('what is refused alone does not take the others of its transaction with it', async () => {
  const { clock, a } = await two();
  const { lease } = await a.acquireLease(wish('a'), ttl);
  const other = await a.acquireLease({ ...wish('a'), organization: 'org-2' }, ttl * 2);
  clock.jump(ttl);
  const both = await Promise.allSettled([a.intend(intent('one'), lease), a.intend(intent('two'), other.lease)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
});

test('a clock that is set back by an hour does not keep a dead lease alive for an hour', async () => {
  const { clock, a, b } = await two();
  await a.acquireLease(wish('a'), ttl);
  clock.jump(-3_600_000);
  expect(await b.acquireLease(wish('b'), ttl)).toMatchObject({ taken: false });
  clock.jump(ttl);
  expect(await b.acquireLease(wish('b'), ttl)).toMatchObject({ taken: true });
});

test('who asks for a shorter lease does not shorten that of another', async () => {
  const { clock, a, b } = await two();
  const { lease } = await a.acquireLease(wish('a'), ttl);
  expect(await b.acquireLease(wish('b'), 1000)).toMatchObject({ taken: false, lease });
  clock.jump(10_000);
  expect(await b.acquireLease(wish('b'), 1000)).toMatchObject({ taken: false });
});

test('a clock that jumps forward is no patience: a pause between two looks counts for so much and no more', async () => {
  const { clock, a } = await two();
  const { id } = await a.intend(intent('one'));
  expect(await a.notFound(id, 30_000)).toEqual({ looks: 1, ms: 0 });
  clock.jump(3_600_000);
  expect(await a.notFound(id, 30_000)).toEqual({ looks: 2, ms: 30_000 });
  clock.jump(-7_200_000);
  expect(await a.notFound(id, 30_000)).toEqual({ looks: 3, ms: 30_000 });
  clock.jump(5000);
  expect(await a.notFound(id, 30_000)).toEqual({ looks: 4, ms: 35_000 });
});

test('a clock that is set forward loses the lease, and says so, and nothing is written twice', async () => {
  const { clock, a, b } = await two();
  const { lease } = await a.acquireLease(wish('a'), ttl);
  clock.jump(3_600_000);
  expect(await b.acquireLease(wish('b'), ttl)).toMatchObject({ taken: true });
  expect(await a.renewLease(lease, ttl)).toBeUndefined();
});

test('what a revision has been spent on: objects, once each, drift aside, from the last other revision on', async () => {
  const { a } = await two();
  const apply = async (id: string, revision: string, ...outcomes: object[]): Promise<void> => {
    await a.startRun({ ...run, id, revision });
    for (const more of outcomes) await a.recordOutcome(id, { ...outcome('x'), ...more });
  };
  const object = (id: string): object => ({ object: { type: 'dataAction', key: id, id } });
  await apply('1', 'old', object('a'));
  await apply('2', 'new', object('a'), { ...object('b'), action: 'delete' }, { ...object('c'), cause: 'drift' });
  await apply('3', 'unknown');
  await apply('4', 'new', object('a'), { ...object('d'), status: 'failed' });
  expect(await a.spent('prod', 'new')).toEqual({ changes: 2, deletes: 1 });
  expect(await a.spent('prod', 'old')).toEqual({ changes: 0, deletes: 0 });
  expect(await a.spent('another', 'new')).toEqual({ changes: 0, deletes: 0 });
});

test('facts are found by the beginning of their key, and null forgets one', async () => {
  const { a } = await two();
  await a.memorise('suspension:prod:*', { at: '1' });
  await a.memorise('suspension:prod:DataAction/é', 1);
  await a.memorise('suspension:production:*', 2);
  await a.memorise('other', 3);
  expect([...(await a.recallAll('suspension:prod:'))]).toEqual([
    ['suspension:prod:*', { at: '1' }],
    ['suspension:prod:DataAction/é', 1],
  ]);
  await a.memorise('suspension:prod:*', null);
  expect(await a.recallAll('suspension:prod:')).toHaveProperty('size', 1);
  expect(await a.recall('suspension:prod:*')).toBeUndefined();
});
