import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Json } from '../model/json.ts';
import { silent } from '../model/log.ts';
import { folderWith, kinds, noSecrets, timeout, writeFiles } from './fixture.ts';
import { unpackFiles } from './folder-pins.ts';
import { memoryStore } from './folder-store.ts';
import { limits } from './limits.ts';
import { resolve } from './resolve.ts';
import { openSource, type SnapshotStore, type Source } from './source.ts';

const open = (path: string, directory = '.', store: SnapshotStore = memoryStore()): Promise<Source> =>
  openSource({ path, directory }, { baseDir: '/', cacheDir: '/nowhere', log: silent, readSecret: noSecrets, store });

const action = (name: string, file: string): string =>
  `apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: ${name} }\nspec: { integration: CRM, requestTemplateFile: ${file} }\n`;

/** Everything that lies in folders and is no desired state, in the n-th state; the databases are real and open. */
async function litter(path: string, n: number, databases: DatabaseSync[]): Promise<void> {
  await writeFiles(path, {
    '.env': `SECRET=hunter2-${n}`,
    'conf/.idea/x.xml': String(n),
    'node_modules/x/a.yaml': String(n),
  });
  await appendFile(join(path, 'dump.bin'), n === 1 ? Buffer.alloc(limits.textBytes + 1) : 'more');
  execFileSync('git', ['init', '-q', '--bare', join(path, 'var/cache.git')]);
  await writeFiles(path, { 'var/cache.git/objects/x': String(n) });
  for (const database of databases) database.exec(`INSERT INTO t VALUES (${n})`);
}

async function databasesIn(path: string): Promise<DatabaseSync[]> {
  await mkdir(join(path, 'var'), { recursive: true });
  return ['var/journal.db', 'var/state'].map((name) => {
    const database = new DatabaseSync(join(path, name));
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n); PRAGMA wal_checkpoint(TRUNCATE)');
    return database;
  });
}

test('secrets, the journal and the cache are no part of the revision and of no pin', async () => {
  await using folder = await folderWith({ 'a.yaml': timeout('a'), 'b.yaml': action('b', 't/x.vm'), 't/x.vm': 'x' });
  const store = memoryStore();
  const source = await open(folder.path, '.', store);
  const databases = await databasesIn(folder.path);
  await symlink('../elsewhere', join(folder.path, 'out'));
  await litter(folder.path, 1, databases);
  const first = await source.head();
  await source.pin('prod', first);
  await litter(folder.path, 2, databases);
  await rm(join(folder.path, 'out'));
  expect(await source.head()).toBe(first);
  for (const database of databases) database.close();
  const kept = await unpackFiles(await store.get(`source/snapshot/${first}`), first);
  expect([...kept!.files.keys()]).toEqual(['a.yaml', 'b.yaml', 'dump.bin', 't/x.vm']);
  expect(kept!.contents.size).toBe(3);
});

test('what a document refers to is read and pinned, whatever it is called; its neighbours are not', async () => {
  await using folder = await folderWith({
    'a.yaml': action('a', '.t/x.vm'),
    'b.yaml': action('b', 't/x.db'),
    'c.yaml': action('c', 'link.vm'),
    '.t/x.vm': 'hidden',
    '.t/other.vm': 'hunter2',
    't/x.db': 'no database',
    '..data/y.vm': 'behind a link',
  });
  await symlink('..data/y.vm', join(folder.path, 'link.vm'));
  const texts = async (source: Source, revision?: string): Promise<(string | undefined)[]> => {
    const { resources, problems } = await resolve(await source.read(revision), { kinds });
    expect(problems).toEqual([]);
    return resources.map(({ files }) => files['/spec/requestTemplateFile']?.text);
  };
  const values = new Map<string, Json>();
  const store: SnapshotStore = {
    get: async (key) => values.get(key),
    put: async (key, value) => void values.set(key, value),
  };
  const source = await open(folder.path, '.', store);
  const expected = ['hidden', 'no database', 'behind a link'];
  expect(await texts(source)).toEqual(expected);
  const revision = await source.head();
  await source.pin('prod', revision);
  const kept = await unpackFiles(values.get(`source/snapshot/${revision}`), revision);
  expect([...kept!.files.keys()]).not.toContain('.t/other.vm');
  await rm(folder.path, { recursive: true });
  expect(await texts(await open(folder.path, '.', store), revision)).toEqual(expected);
});

test('a database that calls itself YAML is told of', async () => {
  await using folder = await folderWith({ 'a.yaml': 'SQLite format 3\0' });
  const source = await open(folder.path);
  const { revision } = await source.read();
  expect((await resolve(await source.read(), { kinds })).problems).toMatchObject([{ code: 'not-utf8' }]);
  await writeFiles(folder.path, { 'a.yaml': timeout('a') });
  expect(await source.head()).not.toBe(revision);
});

test('watching tells of nothing that does not count', async () => {
  await using folder = await folderWith({ '.conf/a.yaml': timeout('a') });
  const databases = await databasesIn(folder.path);
  await litter(folder.path, 1, databases);
  const source = await open(folder.path, '.conf');
  const first = await source.head();
  let calls = 0;
  let changed = Promise.withResolvers<void>();
  const stop = await source.watch(() => {
    calls++;
    changed.resolve();
  });
  // What was written before may still be told of.
  await sleep(300);
  calls = 0;
  changed = Promise.withResolvers();
  await litter(folder.path, 2, databases);
  await sleep(400);
  expect(calls).toBe(0);
  // A folder behind a dot that was asked for counts.
  await writeFiles(folder.path, { '.conf/a.yaml': timeout('b') });
  await changed.promise;
  expect(calls).toBe(1);
  expect(await source.head()).not.toBe(first);
  for (const database of databases) database.close();
  await stop();
});
