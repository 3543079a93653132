import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { silent } from '../model/log.ts';
import { wrap } from './database.ts';
import { another, freshPath, intent, open, scope } from './fixture.ts';

test('the file is made with its directory, for its owner only', async () => {
  const path = join(dirname(freshPath()), 'deep', 'er', 'journal.db');
  const journal = await open(path);
  await journal.memorise('x', 1);
  for (const name of readdirSync(dirname(path))) {
    expect(statSync(join(dirname(path), name)).mode & 0o777).toBe(0o600);
  }
  expect(readdirSync(dirname(path))).toContain('journal.db-wal');
});

test('everything is there again after closing and opening, the seal key too', async () => {
  const path = freshPath();
  const first = await open(path);
  // Not awaited: closing writes what is pending.
  const pending = first.memorise('x', 1);
  await first.close();
  await pending;
  await first.close();
  const second = await open(path);
  expect(await second.recall('x')).toBe(1);
  expect(second.sealKey).toBe(first.sealKey);
  expect(second.sealKey).toMatch(/^[0-9a-f]{64}$/);
  await expect(first.recall('x')).rejects.toThrow('closed already');
  await expect(first.memorise('x', 2)).rejects.toThrow('closed already');
});

test('an intent that was promised is there after a kill', async () => {
  const path = freshPath();
  const wish = JSON.stringify(intent('a'));
  const child = another(path, `await journal.intend(${wish});`);
  await once(child.stdout!, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const journal = await open(path);
  expect(await journal.openIntents(scope.organization)).toEqual([{ id: 1, ...intent('a') }]);
});

test('two processes write to one file', async () => {
  const path = freshPath();
  const journal = await open(path);
  const child = another(path, 'for (let i = 0; i < 100; i++) await journal.memorise("child-" + i, journal.sealKey);');
  const ready = once(child.stdout!, 'data');
  for (let i = 0; i < 100; i++) await journal.memorise(`parent-${i}`, i);
  await ready;
  child.kill('SIGKILL');
  for (let i = 0; i < 100; i++) {
    expect(await journal.recall(`child-${i}`)).toBe(journal.sealKey);
    expect(await journal.recall(`parent-${i}`)).toBe(i);
  }
});

test('a newer file is refused and left alone', async () => {
  const path = freshPath();
  await (await open(path)).close();
  const file = new DatabaseSync(path);
  file.exec("INSERT INTO migrations VALUES (99, 'from the future', '')");
  file.close();
  await expect(open(path)).rejects.toMatchObject({
    reason: 'JournalUnavailable',
    message: expect.stringMatching(/has schema version 99, and this program knows versions up to \d+/),
  });
  expect(readdirSync(dirname(path)).filter((name) => name.includes('damaged'))).toEqual([]);
});

test("another program's database is refused and left alone", async () => {
  const path = freshPath();
  const file = new DatabaseSync(path);
  file.exec('CREATE TABLE theirs (a)');
  file.close();
  const before = readFileSync(path);
  await expect(open(path)).rejects.toThrow('is a database of another program');
  expect(readFileSync(path)).toEqual(before);
});

test.each([
  [
    'no database at all',
    (_bytes: Buffer) => Buffer.from('this is no database, but long enough to look at'.repeat(200)),
  ],
  [
    'overwritten in the middle',
    (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 7)]),
  ],
])('a damaged file (%s) is set aside and said, and a new one begins', async (_what, damage) => {
  const path = freshPath();
  const first = await open(path);
  await first.keepDetails('o', [{ type: 't', id: 'i', fingerprint: '1', readAt: '', live: { x: 'y'.repeat(50_000) } }]);
  await first.close();
  const damaged = damage(readFileSync(path));
  writeFileSync(path, damaged);
  const said: [object, string][] = [];
  const journal = await open(path, { log: { ...silent, error: (fields, message) => said.push([fields, message]) } });
  expect(await journal.recall('x')).toBeUndefined();
  expect(journal.sealKey).not.toBe(first.sealKey);
  expect(said).toEqual([
    [{ path, kept: expect.stringContaining('journal.db.damaged-2026-01-01T') }, expect.stringContaining('set aside')],
  ]);
  const kept = readdirSync(dirname(path)).find((name) => name.includes('damaged'))!;
  expect(readFileSync(join(dirname(path), kept))).toEqual(damaged);
});

test('reading only changes nothing and needs no file', async () => {
  const path = freshPath();
  const empty = await open(path, { readOnly: true });
  expect(await empty.inventory(scope)).toEqual([]);
  expect(readdirSync(dirname(path))).toEqual([]);
  const journal = await open(path);
  await journal.memorise('x', 1);
  const reader = await open(path, { readOnly: true });
  expect(await reader.recall('x')).toBe(1);
  expect(reader.sealKey).toBe(journal.sealKey);
  await reader.keepDetails('o', [{ type: 't', id: 'i', fingerprint: '1', readAt: '', live: {} }]);
  await expect(reader.memorise('x', 2)).rejects.toThrow('opened for reading only');
});

test.each([
  ['postgres://db/genesys', 'A PostgreSQL journal is not built yet; give `journal` a file path'],
  ['mysql://db/genesys', '"mysql" is no journal'],
])('%s is refused', async (url, message) => {
  await expect(open(url)).rejects.toMatchObject({
    reason: 'ConfigurationInvalid',
    message: expect.stringContaining(message),
  });
});

test('a path that cannot be opened is a failure that says what to do', async () => {
  const path = freshPath();
  mkdirSync(path);
  await expect(open(path)).rejects.toMatchObject({
    reason: 'JournalUnavailable',
    message: expect.stringContaining(path),
  });
  writeFileSync(`${path}-file`, '');
  await expect(open(`${path}-file/journal.db`)).rejects.toMatchObject({ reason: 'JournalUnavailable' });
  chmodSync(path, 0o700);
});

test('a full disk is said, and the work goes on when there is room', async () => {
  const sqlite = new DatabaseSync(freshPath());
  sqlite.exec('CREATE TABLE t (a TEXT)');
  // SQLite's own limit on the size of the file stands in for the disk.
  sqlite.exec('PRAGMA max_page_count = 3');
  const db = wrap({ sqlite, verify: () => {}, release: () => {} }, '/the/journal.db', {});
  const fill = (): number => db.run('INSERT INTO t VALUES (?)', 'x'.repeat(50_000));
  await expect(db.write(fill)).rejects.toMatchObject({
    reason: 'JournalUnavailable',
    message: expect.stringMatching(
      /^The journal \/the\/journal\.db could not be written .*The disk is full; make room/,
    ),
  });
  sqlite.exec('PRAGMA max_page_count = 1000');
  await expect(db.write(fill)).resolves.toBe(1);
  await db.close();
});
