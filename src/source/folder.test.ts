import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silent } from '../model/log.ts';
import { folderWith, kinds, noSecrets, timeout, writeFiles } from './fixture.ts';
import { resolve } from './resolve.ts';
import { openSource, type Source } from './source.ts';

const open = (path: string, directory?: string): Promise<Source> =>
  openSource(directory === undefined ? { path } : { path, directory }, {
    baseDir: '/',
    cacheDir: '/nowhere',
    log: silent,
    readSecret: noSecrets,
  });

test('the revision follows contents and paths, and nothing else', async () => {
  await using folder = await folderWith({ 'a.yaml': 'a: 1\n', '.git/HEAD': 'x', 'node_modules/x/a.yaml': 'y' });
  const source = await open(folder.path);
  const first = await source.head();
  expect(first).toMatch(/^folder@sha256:[0-9a-f]{64}$/);
  await writeFiles(folder.path, { '.git/HEAD': 'other' });
  await utimes(join(folder.path, 'a.yaml'), 1, 1);
  expect(await source.head()).toBe(first);
  await writeFiles(folder.path, { 'a.yaml': 'a: 2\n' });
  const second = await source.head();
  expect(second).not.toBe(first);
  await writeFiles(folder.path, { 'a.yaml': 'a: 1\n' });
  expect(await source.head()).toBe(first);
  await rm(join(folder.path, 'a.yaml'));
  await writeFiles(folder.path, { 'b.yaml': 'a: 1\n' });
  expect(await source.head()).not.toBe(first);
});

test('only what changed is parsed, and equal files are parsed once', async () => {
  await using folder = await folderWith({
    'a.yaml': timeout('a'),
    'b.yaml': timeout('b'),
    'c/orphan.yaml': 'x: 1\n',
    'd/orphan.yaml': 'x: 1\n',
  });
  const source = await open(folder.path);
  const parsed = async (): Promise<number> => {
    const snapshot = await source.read();
    await resolve(snapshot, { kinds });
    return snapshot.parses.parsed;
  };
  expect(await parsed()).toBe(3);
  expect(await parsed()).toBe(3);
  await writeFiles(folder.path, { 'b.yaml': timeout('bb') });
  expect(await parsed()).toBe(4);
});

test('a revision that was read stays readable when the folder has moved on', async () => {
  await using folder = await folderWith({ 'a.yaml': timeout('a') });
  const source = await open(folder.path);
  const first = await source.read();
  await resolve(first, { kinds });
  await writeFiles(folder.path, { 'a.yaml': 'kind: [' });
  expect((await resolve(await source.read(), { kinds })).problems).not.toEqual([]);
  expect((await resolve(await source.read(first.revision), { kinds })).resources).toHaveLength(1);
  await expect(source.read(`folder@sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({ reason: 'SourceUnavailable' });
});

test('a file that changes while it is read belongs to the next revision', async () => {
  await using folder = await folderWith({ 'a.yaml': timeout('a') });
  const snapshot = await (await open(folder.path)).read();
  await writeFiles(folder.path, { 'a.yaml': timeout('b') });
  await expect(resolve(snapshot, { kinds })).rejects.toMatchObject({ reason: 'SourceUnavailable' });
});

test('a directory restricts, and a folder that is not there is unavailable', async () => {
  await using folder = await folderWith({ 'x/a.yaml': timeout('a'), 'b.yaml': 'kind: [' });
  const { resources, problems } = await resolve(await (await open(folder.path, 'x')).read(), { kinds });
  expect(resources.map(({ name }) => name)).toEqual(['a']);
  expect(problems).toEqual([]);
  await expect((await open(join(folder.path, 'none'))).head()).rejects.toMatchObject({ reason: 'SourceUnavailable' });
});

test('watching tells of a change, a new file and a deleted one; many at once are one', async () => {
  await using folder = await folderWith({ 'a.yaml': 'a: 1\n', '.git/x': '' });
  const source = await open(folder.path);
  let changed = Promise.withResolvers<void>();
  let calls = 0;
  const stop = await source.watch(() => {
    calls++;
    changed.resolve();
  });
  const after = async (change: () => Promise<void>): Promise<void> => {
    changed = Promise.withResolvers<void>();
    await change();
    await changed.promise;
  };
  await after(() => writeFiles(folder.path, { 'a.yaml': 'a: 2\n', 'b/c.yaml': 'x', '.git/x': 'y' }));
  expect(calls).toBe(1);
  await after(() => rm(join(folder.path, 'a.yaml')));
  await stop();
  await source.close();
});
