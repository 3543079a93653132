import { randomBytes } from 'node:crypto';
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Json } from '../model/json.ts';
import { silent } from '../model/log.ts';
import { type Files, folderWith, kinds, noSecrets, timeout, writeFiles } from './fixture.ts';
import { memoryStore } from './folder-store.ts';
import { limits } from './limits.ts';
import { resolve } from './resolve.ts';
import { openSource, type SnapshotStore, type Source } from './source.ts';

const open = (path: string, store?: SnapshotStore, directory = '.'): Promise<Source> =>
  openSource(
    { path, directory },
    {
      baseDir: '/',
      cacheDir: '/nowhere',
      log: silent,
      readSecret: noSecrets,
      ...(store === undefined ? {} : { store }),
    },
  );

/** A store that tells what was written to it; `null` deletes, as in the journal. */
function storeWith(): SnapshotStore & { values: Map<string, Json>; puts: string[] } {
  const values = new Map<string, Json>();
  const puts: string[] = [];
  return {
    values,
    puts,
    get: async (key) => structuredClone(values.get(key)),
    async put(key, value) {
      puts.push(key);
      if (value === null) values.delete(key);
      else values.set(key, JSON.parse(JSON.stringify(value)) as Json);
    },
  };
}

const action = (file: string): string =>
  `apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: b }\nspec: { integration: CRM, requestTemplateFile: ${file} }\n`;

const names = async (source: Source, revision: string): Promise<string[]> => {
  const { resources, problems } = await resolve(await source.read(revision), { kinds });
  expect(problems).toEqual([]);
  return resources.map(({ name }) => name);
};

test('a pinned revision is read after a restart, when the folder has moved on, and when it is gone', async () => {
  const before: Files = {
    'conf/a.yaml': timeout('a'),
    'conf/b.yaml': action('../t/x.vm'),
    't/y.vm': '$!{x}\r\n',
  };
  await using folder = await folderWith(before);
  await symlink('y.vm', join(folder.path, 't/x.vm'));
  const store = storeWith();
  const first = await open(folder.path, store, 'conf');
  const revision = await first.head();
  await first.pin('prod', revision);
  await writeFiles(folder.path, { 'conf/a.yaml': 'kind: [', 't/y.vm': 'other' });
  expect(await names(await open(folder.path, store, 'conf'), revision)).toEqual(['a', 'b']);
  await rm(folder.path, { recursive: true });
  const again = await open(folder.path, store, 'conf');
  const snapshot = await again.read(revision);
  expect(snapshot.revision).toBe(revision);
  const { resources } = await resolve(snapshot, { kinds });
  expect(resources[1]?.files['/spec/requestTemplateFile']?.text).toBe('$!{x}\r\n');
  await expect(again.read()).rejects.toThrow(/cannot be read/);
});

test('what a run read is pinned, although the folder moved on meanwhile', async () => {
  await using folder = await folderWith({ 'a.yaml': timeout('a') });
  const store = storeWith();
  const source = await open(folder.path, store);
  const snapshot = await source.read();
  await resolve(snapshot, { kinds });
  await writeFiles(folder.path, { 'a.yaml': timeout('b') });
  await source.pin('prod', snapshot.revision);
  expect(await names(await open(folder.path, store), snapshot.revision)).toEqual(['a']);
});

test('several names hold a revision once, and the last one lets it go', async () => {
  await using folder = await folderWith({ 'a.yaml': timeout('a') });
  const store = storeWith();
  const source = await open(folder.path, store);
  const first = await source.head();
  await Promise.all(['prod', 'test', '__proto__'].map((name) => source.pin(name, first)));
  await source.pin('prod', first);
  const isSnapshot = (key: string): boolean => key.startsWith('source/snapshot/');
  expect(store.puts.filter(isSnapshot)).toHaveLength(1);
  await writeFiles(folder.path, { 'a.yaml': timeout('b') });
  const second = await source.head();
  for (const name of ['prod', 'test']) await source.pin(name, second);
  expect([...store.values.keys()].filter(isSnapshot)).toHaveLength(2);
  await source.pin('__proto__', second);
  expect([...store.values.keys()].filter(isSnapshot)).toEqual([`source/snapshot/${second}`]);
});

test('without a store a pin lasts as long as the process', async () => {
  await using folder = await folderWith({ 'a.yaml': timeout('a') });
  const source = await open(folder.path);
  const first = await source.head();
  await source.pin('prod', first);
  for (let i = 0; i < 6; i++) {
    await writeFiles(folder.path, { 'a.yaml': timeout(`a${i}`) });
    await source.read();
  }
  expect(await names(source, first)).toEqual(['a']);
  expect(await source.history({ to: first }, ['a.yaml'])).toEqual({ commits: [], rewritten: false });
  await expect((await open(folder.path)).read(first)).rejects.toThrow(/is not at folder@sha256:\w+ any more/);
});

test('a file that no document may refer to is left out; a folder that is too large is not kept, which is said', async () => {
  const large = randomBytes(limits.textBytes + 1);
  await using folder = await folderWith({ 'a.yaml': timeout('a'), 'large.bin': large });
  const store = storeWith();
  const source = await open(folder.path, store);
  await source.pin('prod', await source.head());
  expect(JSON.stringify([...store.values.values()]).length).toBeLessThan(2000);

  const chunk = randomBytes(limits.textBytes - 1000);
  const many = Math.ceil(limits.pinnedBytes / chunk.length) + 1;
  await writeFiles(
    folder.path,
    Object.fromEntries(Array.from({ length: many }, (_, i) => [`${i}.bin`, Buffer.concat([chunk, Buffer.from([i])])])),
  );
  const warnings: unknown[] = [];
  const loud = await openSource(
    { path: folder.path },
    {
      baseDir: '/',
      cacheDir: '/nowhere',
      log: { ...silent, warn: (...said: unknown[]) => void warnings.push(said) },
      readSecret: noSecrets,
      store,
    },
  );
  const revision = await loud.head();
  await loud.pin('prod', revision);
  expect(warnings).toHaveLength(1);
  expect([...store.values.keys()]).not.toContain(`source/snapshot/${revision}`);
});

test('a stored snapshot that is not what its revision says is not believed', async () => {
  await using folder = await folderWith({ 'a.yaml': timeout('a') });
  const store = storeWith();
  const source = await open(folder.path, store);
  const first = await source.head();
  await source.pin('prod', first);
  await writeFiles(folder.path, { 'a.yaml': timeout('b') });
  const other = await source.head();
  await source.pin('test', other);
  const key = (revision: string): string => `source/snapshot/${revision}`;
  for (const bad of [store.values.get(key(other))!, { format: 'zlib', data: 'AAAA' }, 'x', null]) {
    store.values.set(key(first), bad);
    await expect((await open(folder.path, store)).read(first)).rejects.toMatchObject({ reason: 'SourceUnavailable' });
  }
});

test('a memory store forgets what is let go', async () => {
  const store = memoryStore();
  await store.put('a', 1);
  await store.put('a', null);
  expect(await store.get('a')).toBeUndefined();
});
