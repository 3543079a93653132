import { mkdir, mkdtemp, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { folderWith, writeFiles } from './fixture.ts';
import { watchFiles } from './watch-files.ts';

/** Longer than changes are gathered for. */
const quiet = (): Promise<void> => sleep(400);

interface Watched extends AsyncDisposable {
  calls(): number;
  /** Waits for the next call. */
  after(change: () => Promise<unknown>): Promise<void>;
}

async function watched(...paths: string[]): Promise<Watched> {
  let calls = 0;
  let next = Promise.withResolvers<void>();
  const stop = await watchFiles(paths, () => {
    calls++;
    next.resolve();
  });
  return {
    calls: () => calls,
    async after(change) {
      next = Promise.withResolvers<void>();
      await change();
      await next.promise;
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** As kubelet writes a mount: a new folder with a time for a name, and the link `..data` renamed onto the old one. */
async function swap(mount: string, files: Record<string, string>): Promise<void> {
  const before = await readlink(join(mount, '..data')).catch(() => undefined);
  const made = await mkdtemp(join(mount, '..2026_11_21_08_00_00.'));
  await writeFiles(made, files);
  await symlink(made.slice(mount.length + 1), join(mount, '..data_tmp'));
  await rename(join(mount, '..data_tmp'), join(mount, '..data'));
  for (const name of Object.keys(files)) await symlink(`..data/${name}`, join(mount, name)).catch(() => {});
  if (before !== undefined) await rm(join(mount, before), { recursive: true });
}

test('a Kubernetes mount that is swapped is one change, time and again', async () => {
  await using folder = await folderWith({});
  await swap(folder.path, { 'a.yaml': 'one', secret: 'x' });
  await using files = await watched(join(folder.path, 'a.yaml'), join(folder.path, 'secret'));
  for (const text of ['two', 'three', 'four']) {
    await files.after(() => swap(folder.path, { 'a.yaml': text, secret: `${text}!` }));
  }
  await quiet();
  expect(files.calls()).toBe(3);
});

test('a file written in place, and one that an editor puts in its place', async () => {
  await using folder = await folderWith({ 'a.yaml': 'one' });
  const path = join(folder.path, 'a.yaml');
  await using files = await watched(path);
  await files.after(() => writeFile(path, 'two'));
  await files.after(() => writeFile(`${path}.tmp`, 'three').then(() => rename(`${path}.tmp`, path)));
  await quiet();
  expect(files.calls()).toBe(2);
});

test('neighbours, deeper folders and equal bytes are no change', async () => {
  await using folder = await folderWith({ 'a.yaml': 'one', 'var/journal.db': 'x' });
  await using files = await watched(join(folder.path, 'a.yaml'));
  await writeFiles(folder.path, { 'b.yaml': 'x', 'var/journal.db': 'y', 'a.yaml': 'one' });
  await quiet();
  expect(files.calls()).toBe(0);
});

test('a file that is away for a while is told of when it is back, and so is its folder', async () => {
  await using folder = await folderWith({ 'conf/a.yaml': 'one' });
  const conf = join(folder.path, 'conf');
  await using files = await watched(join(conf, 'a.yaml'));
  await rm(join(conf, 'a.yaml'));
  await quiet();
  expect(files.calls()).toBe(0);
  await files.after(() => writeFile(join(conf, 'a.yaml'), 'two'));
  await rm(conf, { recursive: true });
  await quiet();
  await mkdir(conf);
  await quiet();
  await files.after(() => writeFile(join(conf, 'a.yaml'), 'three'));
  expect(files.calls()).toBe(2);
});

test('a file that is not there yet, in a folder that is not there yet', async () => {
  await using folder = await folderWith({});
  await using files = await watched(join(folder.path, 'x/y/a.yaml'));
  await files.after(() => writeFiles(folder.path, { 'x/y/a.yaml': 'one' }));
  await quiet();
  expect(files.calls()).toBe(1);
});

test('a link that leads elsewhere: the file there is written to', async () => {
  await using folder = await folderWith({ 'real/a.yaml': 'one', 'conf/x': '' });
  await symlink('../real/a.yaml', join(folder.path, 'conf/a.yaml'));
  await using files = await watched(join(folder.path, 'conf/a.yaml'));
  await files.after(() => writeFile(join(folder.path, 'real/a.yaml'), 'two'));
});

test('nothing is told of after the end', async () => {
  await using folder = await folderWith({ 'a.yaml': 'one' });
  const files = await watched(join(folder.path, 'a.yaml'));
  await writeFile(join(folder.path, 'a.yaml'), 'two');
  await files[Symbol.asyncDispose]();
  await quiet();
  expect(files.calls()).toBe(0);
});
