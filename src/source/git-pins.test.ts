import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGitServer } from '../../test/support/git-server.ts';
import { names, timeout, type World, world } from './fixture.ts';
import type { Source } from './source.ts';

async function cached(w: World, ...args: string[]): Promise<string> {
  const [snapshots = ''] = (await readdir(join(w.root, 'cache'))).filter((name) => !name.includes('history'));
  return execFileSync('git', args, { cwd: join(w.root, 'cache', snapshots), encoding: 'utf8' }).trim();
}

/** The old commit is gone from the branch and from the server, and the cache is cleaned as hard as git can. */
async function lose(w: World): Promise<void> {
  w.git('checkout', '-q', '--orphan', 'other');
  await w.commit({ 'b.yaml': timeout('b') }, 'rewritten');
  w.git('branch', '-M', 'main');
  w.git('reflog', 'expire', '--expire=now', '--all');
  w.git('gc', '-q', '--prune=now');
}

async function clean(w: World): Promise<void> {
  const refs = await cached(w, 'for-each-ref', '--format=%(refname)', 'refs/genesys-gitops/revisions');
  for (const ref of refs.split('\n').filter((ref) => ref !== '')) await cached(w, 'update-ref', '-d', ref);
  await cached(w, 'gc', '-q', '--prune=now');
}

test('a pinned revision outlives force-push, restart, clean-up and the remote; the earlier one is let go', async () => {
  await using w = await world({ 'a.yaml': timeout('a'), 't.vm': 'x' });
  const source = await w.open();
  const first = await source.head();
  await source.pin('prod', first);
  await lose(w);
  expect(await names(source)).toEqual(['a', 'b']);
  await clean(w);
  const again = await w.open();
  expect(await names(again, first)).toEqual(['a']);

  const second = await again.head();
  await again.pin('prod', second);
  await clean(w);
  await rm(w.work, { recursive: true });
  expect(await names(await w.open(), second)).toEqual(['a', 'b']);
  await expect((await w.open()).read(first)).rejects.toMatchObject({ reason: 'SourceUnavailable' });
});

test('many pins of one commit take git one call each, and none in the next process', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const log = join(w.root, 'calls');
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  await mkdir(join(w.root, 'bin'));
  await writeFile(join(w.root, 'bin/git'), `#!/bin/sh\necho x >> ${log}\nexec ${real} "$@"\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${join(w.root, 'bin')}:${process.env['PATH']}` };
  const targets = Array.from({ length: 8 }, (_, i) => `t${i}`);
  const revision = `main@sha1:${w.git('rev-parse', 'HEAD')}`;
  const calls = async (source: Source): Promise<number> => {
    await writeFile(log, '');
    for (const name of targets) await source.pin(name, revision);
    return (await readFile(log, 'utf8')).length / 2;
  };
  const source = await w.open({}, { env });
  await source.read(revision);
  const first = await calls(source);
  expect(first).toBeGreaterThanOrEqual(targets.length);
  expect(first).toBeLessThanOrEqual(targets.length + 3);
  expect(await calls(source)).toBe(0);
  expect(await calls(await w.open({}, { env }))).toBeLessThanOrEqual(1);
});

test('names are any text, and each holds its own', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const source = await w.open();
  const all = ['prod', 'prod/eu', '..', '.lock', 'a b', 'ünï', '-x', 'x'.repeat(300), 'Prod*~^:?[\\'];
  for (const name of all) await source.pin(name, await source.head());
  const refs = (await cached(w, 'for-each-ref', '--format=%(refname)', 'refs/genesys-gitops/pins')).split('\n');
  expect(refs).toHaveLength(all.length);
  const moved = `main@sha1:${await w.commit({ 'a.yaml': timeout('b') })}`;
  await source.pin('prod', moved);
  await cached(w, 'gc', '-q', '--prune=now');
  expect(await cached(w, 'for-each-ref', '--format=%(objectname)', 'refs/genesys-gitops/pins/n-prod')).toBe(
    moved.slice('main@sha1:'.length),
  );
  expect(refs.filter((ref) => ref.endsWith('/n-prod%2Feu'))).toHaveLength(1);
});

test('the cache keeps a bounded number of revisions', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const source = await w.open();
  const first = await source.head();
  await source.pin('prod', first);
  const commit = first.slice('main@sha1:'.length);
  for (let i = 0; i < 60; i++) await cached(w, 'update-ref', `refs/genesys-gitops/revisions/${i}`, commit);
  await w.commit({ 'a.yaml': timeout('b') });
  await source.read();
  const refs = async (folder: string): Promise<number> =>
    (await cached(w, 'for-each-ref', `refs/genesys-gitops/${folder}`)).split('\n').length;
  expect([await refs('revisions'), await refs('pins'), await refs('')]).toEqual([50, 1, 52]);
  expect(await names(source, first)).toEqual(['a']);
});

/** Takes one blob out of the cache, as a bad disk does. */
async function loseBlob(w: World, blob: string): Promise<void> {
  const [folder = ''] = await readdir(join(w.root, 'cache'));
  const objects = join(w.root, 'cache', folder, 'objects');
  // Unpacked, so that one can be taken away.
  for (const pack of (await readdir(join(objects, 'pack'))).filter((name) => name.endsWith('.pack'))) {
    const unpack = `mv pack/${pack} p; rm -f pack/${pack.slice(0, -5)}.*; git unpack-objects -q < p`;
    execFileSync('sh', ['-c', unpack], { cwd: objects });
  }
  await rm(join(objects, blob.slice(0, 2), blob.slice(2)));
}

test('a cache that lost one blob is made again, with its pins', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const source = await w.open();
  const pinned = await source.head();
  await source.pin('prod', pinned);
  await w.commit({ 'a.yaml': timeout('b') });
  const now = await source.head();
  await source.read(now);
  const blob = w.git('rev-parse', 'HEAD:a.yaml');
  await loseBlob(w, blob);
  expect((await (await w.open()).read(now)).files.get('a.yaml')?.size).toBeGreaterThan(0);
  // The list of files is in memory here, so it is the reading that finds out.
  await loseBlob(w, blob);
  expect(await names(source, now)).toEqual(['b']);
  expect(await cached(w, 'for-each-ref', '--format=%(refname)', 'refs/genesys-gitops/pins')).toMatch(/\/n-prod$/);
  await rm(w.work, { recursive: true });
  expect(await names(await w.open(), pinned)).toEqual(['a']);
});

test('a revision may be abbreviated: one that was read, or of the branch', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const first = w.git('rev-parse', 'HEAD');
  for (let i = 0; i < 60; i++) w.git('commit', '-q', '--allow-empty', '-m', `n${i}`);
  await w.commit({ 'a.yaml': timeout('b') });
  const source = await w.open();
  for (const asked of [first.slice(0, 9), first.slice(0, 9).toUpperCase(), `main@sha1:${first.slice(0, 7)}`, first]) {
    expect((await source.read(asked)).revision).toBe(`main@sha1:${first}`);
  }
  await expect(source.read('0000000')).rejects.toMatchObject({
    reason: 'ConfigurationInvalid',
    message: `no commit of the newest 1,000 or so of ${w.url} begins with 0000000; give all 40 digits of one that lies further back`,
  });
  await expect(source.read('abcdef')).rejects.toThrow(/is no revision; one looks like main@sha1:/);
  await expect(source.read(`--upload-pack=x@sha1:${first}`)).rejects.toThrow(/is no revision/);
  await rm(w.work, { recursive: true });
  expect((await source.read(first.slice(0, 7))).revision).toBe(`main@sha1:${first}`);
});

test('without a branch in the configuration a bare id is found too, and so is one of a branch that was deleted', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const first = w.git('rev-parse', 'HEAD');
  await w.commit({ 'a.yaml': timeout('b') });
  expect(await names(await w.open({ branch: undefined }), first)).toEqual(['a']);
  await rm(join(w.root, 'cache'), { recursive: true });
  expect(await names(await w.open(), `deleted@sha1:${first}`)).toEqual(['a']);
});

test('a server that gives out no ids: the branch is fetched so deep', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const first = w.git('rev-parse', 'HEAD');
  for (let i = 0; i < 60; i++) w.git('commit', '-q', '--allow-empty', '-m', `n${i}`);
  await w.commit({ 'a.yaml': timeout('b') });
  const server = await startGitServer({ root: w.root, isOld: true });
  try {
    const source = await w.open({ url: `${server.url}work/.git` });
    expect(await names(source, first)).toEqual(['a']);
    expect(await names(source)).toEqual(['b']);
    expect(await names(source, first.slice(0, 8))).toEqual(['a']);
    await expect(source.read('1'.repeat(40))).rejects.toThrow(/does not give out this commit: it was rewritten/);
    const { commits } = await source.history({ from: first, to: await source.head() }, ['a.yaml']);
    expect(commits).toHaveLength(1);
  } finally {
    await server.close();
  }
});
