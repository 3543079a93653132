import { expect, test } from 'vitest';
import { createQueue, type Job, type Queue } from './queue.ts';

const locked = (): Error => Object.assign(new Error('database is locked'), { errcode: 5 });

/** A queue over a database that is locked at the given tries, the first being 0; and the sizes of what was tried. */
function over(lockedAt: number[]): { queue: Queue; tried: number[]; done: string[] } {
  const [tried, done]: [number[], string[]] = [[], []];
  const queue = createQueue((batch) => {
    tried.push(batch.length);
    if (lockedAt.includes(tried.length - 1)) throw locked();
    for (const job of batch) job.run();
  }, undefined);
  return { queue, tried, done };
}

const job = (name: string, done: string[], bad = false): Job => ({
  run: () => {
    if (bad) throw new Error(name);
  },
  done: () => done.push(name),
  fail: (error) => done.push(`not ${(error as Error).message}`),
});

test('under a lock all is tried together, what came meanwhile too, and nothing alone', async () => {
  const { queue, tried, done } = over([0, 1]);
  for (const name of ['a', 'b', 'c']) queue.add(job(name, done));
  setTimeout(() => queue.add(job('d', done)), 10);
  await queue.idle();
  expect(tried).toEqual([3, 4, 4]);
  expect(done).toEqual(['a', 'b', 'c', 'd']);
});

test('a lock that comes while one fails alone: each is done once, in order', async () => {
  // All, a, b; b is locked, so b and c are tried together again, and then alone.
  const { queue, tried, done } = over([2]);
  for (const name of ['a', 'b', 'c']) queue.add(job(name, done, name === 'b'));
  await queue.idle();
  expect(tried).toEqual([3, 1, 1, 2, 1, 1]);
  expect(done).toEqual(['a', 'not b', 'c']);
});
