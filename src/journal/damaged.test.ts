import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import type { Journal } from '../model/journal.ts';
import { silent } from '../model/log.ts';
import { another, freshPath, intent, open } from './fixture.ts';
import { mend } from './sqlite.ts';

const wish = { organization: 'org-1', owner: 'a', holder: 'daemon a' };
const big = [{ type: 't', id: 'i', fingerprint: '1', readAt: '', live: { x: 'y'.repeat(50_000) } }];
const asideOf = (path: string): string[] =>
  readdirSync(dirname(path)).filter((name) => /\.damaged-[^.]*$/.test(name) && !/-(wal|shm)$/.test(name));

/** Overwrites all but the first page in place, whoever has it open. */
function damage(path: string): void {
  const file = new DatabaseSync(path);
  file.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  file.close();
  const length = readFileSync(path).length;
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.alloc(length - 4096, 7), 0, length - 4096, 4096);
  closeSync(fd);
}

test('a damaged journal that another process has open stays until that one is gone, kill -9 or not', async () => {
  const path = freshPath();
  const first = await open(path);
  await first.keepDetails('o', big);
  await first.close();
  const child = another(path);
  await once(child.stdout!, 'data');
  damage(path);
  await expect(open(path, { patienceMs: 200 })).rejects.toMatchObject({
    reason: 'JournalUnavailable',
    message: expect.stringContaining(
      'is damaged, and another process has it open (a daemon, or another command). Stop',
    ),
  });
  expect(asideOf(path)).toEqual([]);
  // It may be about to end, or to set the file aside itself: that is waited for.
  const opening = open(path);
  await new Promise((resolve) => setTimeout(resolve, 200));
  child.kill('SIGKILL');
  const journal = await opening;
  expect(asideOf(path)).toHaveLength(1);
  expect(journal.sealKey).not.toBe(first.sealKey);
});

test('of processes that find the damage at once, one sets the file aside, and all go on with the same new one', async () => {
  const path = freshPath();
  const first = await open(path);
  await first.keepDetails('o', big);
  await first.close();
  damage(path);
  const children = [1, 2, 3, 4].map((i) => another(path, `await journal.memorise('seal-${i}', journal.sealKey);`));
  await Promise.all(children.map(({ stdout }) => once(stdout!, 'data')));
  const journal = await open(path);
  expect([...(await journal.recallAll('seal-')).values()]).toEqual(Array(4).fill(journal.sealKey));
  expect(asideOf(path)).toHaveLength(1);
});

test('a file that another process has mended meanwhile stays', async () => {
  const path = freshPath();
  const first = await open(path);
  await first.memorise('x', 1);
  await first.close();
  mend(path, { clock: fakeClock(), log: silent });
  expect(asideOf(path)).toEqual([]);
  expect(await (await open(path)).recall('x')).toBe(1);
});

test('two that are set aside at the same moment are both kept', async () => {
  const path = freshPath();
  for (let i = 0; i < 2; i++) {
    writeFileSync(path, 'no database at all'.repeat(500));
    await (await open(path)).close();
  }
  expect(asideOf(path)).toHaveLength(2);
});

const uses: [string, (journal: Journal) => Promise<unknown>][] = [
  ['taking the lease', (journal) => journal.acquireLease(wish, 30_000)],
  [
    'renewing it',
    (journal) =>
      journal.renewLease(
        { ...wish, fence: 1, since: '', expiresAt: '2999-01-01T00:00:00.000Z', ttlMs: 30_000 },
        30_000,
      ),
  ],
  ['an intent', (journal) => journal.intend(intent('a'))],
];

test.each(uses)('a journal that was removed or replaced is found out by %s', async (_what, use) => {
  const path = freshPath();
  const journal = await open(path);
  await use(journal);
  for (const part of ['', '-wal', '-shm']) renameSync(path + part, `${path}.away${part}`);
  const gone = {
    reason: 'JournalUnavailable',
    detail: { reopen: true },
    message: expect.stringContaining('was replaced or removed while this process had it open'),
  };
  await expect(use(journal)).rejects.toMatchObject(gone);
  const second = await open(path);
  await expect(use(journal)).rejects.toMatchObject(gone);
  // The old one takes no file of the new one with it.
  await second.memorise('x', 1);
  await journal.close();
  await second.memorise('y', 2);
  expect(await (await open(path)).recallAll('')).toHaveProperty('size', 2);
});

test.each(['-wal', '-shm', '-users'])(
  '%s alone counts too: without it, others would go their own way',
  async (part) => {
    const path = freshPath();
    const journal = await open(path);
    await journal.memorise('x', 1);
    rmSync(path + part);
    await expect(journal.memorise('x', 2)).rejects.toMatchObject({ detail: { reopen: true } });
  },
);

test('damage that is come upon in the middle says that the journal is to be opened anew', async () => {
  const path = freshPath();
  const first = await open(path);
  await first.keepDetails('o', big);
  await first.close();
  // Reading only, it is not looked through when it is opened.
  const journal = await open(path, { readOnly: true });
  damage(path);
  await expect(journal.details('o', 't')).rejects.toMatchObject({
    reason: 'JournalUnavailable',
    detail: { reopen: true },
  });
});
