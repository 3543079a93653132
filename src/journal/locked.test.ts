import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { another, freshPath, open } from './fixture.ts';

/** Somebody else with the journal's write lock: a stopped command, an operator's `sqlite3`. */
function locked(path: string, how = 'BEGIN IMMEDIATE'): { free(): void } {
  const file = new DatabaseSync(path);
  file.exec(how);
  let held = true;
  const free = (): void => {
    if (held) file.close();
    held = false;
  };
  onTestFinished(free);
  return { free };
}

/** The longest time for which nothing else had its turn. */
function watchLoop(): () => number {
  let [worst, last] = [0, performance.now()];
  const timer = setInterval(() => {
    worst = Math.max(worst, performance.now() - last);
    last = performance.now();
  }, 5);
  onTestFinished(() => clearInterval(timer));
  return () => worst;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a locked journal holds up nothing else, and all is written in order when it is free', async () => {
  const path = freshPath();
  const journal = await open(path);
  await journal.memorise('before', 1);
  const lock = locked(path);
  const worst = watchLoop();
  const writes = Array.from({ length: 30 }, (_, i) => journal.memorise('x', i));
  await sleep(300);
  const started = performance.now();
  expect(await journal.recall('before')).toBe(1);
  expect(performance.now() - started).toBeLessThan(50);
  writes.push(journal.memorise('x', 'the last'));
  await sleep(700);
  lock.free();
  await Promise.all(writes);
  expect(await journal.recall('x')).toBe('the last');
  // One try of SQLite's own waiting, not one for each write.
  expect(worst()).toBeLessThan(400);
});

test('what cannot be written for too long fails, all of it at once, and later writes are tried again', async () => {
  const path = freshPath();
  const journal = await open(path, { patienceMs: 300 });
  const lock = locked(path);
  const started = performance.now();
  const writes = await Promise.allSettled(Array.from({ length: 30 }, (_, i) => journal.memorise(`x${i}`, i)));
  expect(performance.now() - started).toBeLessThan(1500);
  for (const write of writes) {
    expect(write).toMatchObject({
      status: 'rejected',
      reason: { reason: 'JournalUnavailable', message: expect.stringContaining('Another process holds it') },
    });
  }
  lock.free();
  await journal.memorise('x', 1);
  expect(await journal.recall('x0')).toBeUndefined();
});

test('a job that fails by itself does so under a lock too, and the others are written', async () => {
  const path = freshPath();
  const journal = await open(path);
  const lock = locked(path);
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const all = Promise.allSettled([
    journal.memorise('a', 1),
    journal.memorise('b', circular as never),
    journal.memorise('c', 3),
  ]);
  await sleep(200);
  lock.free();
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('closing a locked journal ends, and takes nothing more in', async () => {
  const path = freshPath();
  const journal = await open(path, { patienceMs: 300 });
  locked(path);
  const pending = journal.memorise('x', 1).catch((error: Error) => error.message);
  const closing = journal.close();
  await expect(journal.memorise('y', 1)).rejects.toThrow('closed already');
  const started = performance.now();
  await closing;
  expect(performance.now() - started).toBeLessThan(1500);
  expect(await pending).toContain('could not be written');
});

test('a command that waits for nothing but the lock does not end before it is written', async () => {
  const path = freshPath();
  const journal = await open(path);
  const lock = locked(path);
  // It opens under the lock: that needs none.
  const child = another(path, `console.log('open'); await journal.memorise('x', 1);`);
  await once(child.stdout!, 'data');
  const written = once(child.stdout!, 'data');
  await sleep(500);
  lock.free();
  await Promise.race([written, once(child, 'exit')]);
  expect(child.exitCode).toBeNull();
  expect(await journal.recall('x')).toBe(1);
});

test('a journal that is locked whole is opened when it is free; nothing else is held up', async () => {
  const path = freshPath();
  await (await open(path)).close();
  const lock = locked(path, 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  await expect(open(path, { patienceMs: 200 })).rejects.toMatchObject({ reason: 'JournalUnavailable' });
  await expect(open(path, { patienceMs: 200, readOnly: true })).rejects.toThrow('Another process holds it');
  const worst = watchLoop();
  const opening = open(path);
  await sleep(500);
  lock.free();
  await (await opening).memorise('x', 1);
  expect(worst()).toBeLessThan(400);
});
