import { execFileSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdir, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGitServer } from '../../test/support/git-server.ts';
import { pullRequestOfCommit } from '../model/pull-request.ts';
import { names, timeout, type World, world } from './fixture.ts';
import type { History } from './source.ts';

const subjects = ({ commits }: History): [string, string[]][] =>
  commits.map(({ message, touched }) => [message.split('\n')[0]!, touched]);

/** Any number of commits, quickly: `touch(i)` is the file that the i-th writes, one a minute. */
function many(w: World, count: number, touch: (i: number) => string): void {
  let stream = '';
  for (let i = 0; i < count; i++) {
    const from = i === 0 ? 'from refs/heads/main^0\n' : '';
    const date = 1_700_000_000 + i * 60;
    stream += `commit refs/heads/main\ncommitter m <m@x> ${date} +0000\ndata 3\nn${String(i % 100).padStart(2, '0')}\n${from}`;
    stream += `M 100644 inline ${touch(i)}\ndata ${String(i).length}\n${i}\n`;
  }
  execFileSync('git', ['fast-import', '--quiet'], { cwd: w.work, input: `${stream}done\n` });
  w.git('reset', '-q', '--hard');
}

const trees = (w: World): Promise<string> =>
  readdir(join(w.root, 'cache')).then((all) => join(w.root, 'cache', all.find((name) => name.includes('history'))!));

test('commits since a revision, newest first, each with the paths that it touched', async () => {
  await using w = await world({ 'a.yaml': timeout('a'), 'ä b.yaml': timeout('b') });
  const source = await w.open();
  const from = await source.head();
  await w.commit({ 'ä b.yaml': timeout('c') }, 'second\n\nwhy it was done');
  await w.commit({ 'other.yaml': timeout('o') }, 'other');
  const sha = await w.commit({ 'a.yaml': timeout('d'), 'ä b.yaml': timeout('e') }, 'third');
  await rm(join(w.work, 'a.yaml'));
  await w.commit({}, 'gone');
  const to = await source.head();
  const history = await source.history({ from, to }, ['a.yaml', 'ä b.yaml', '*', '--all', ':(glob)**']);
  expect(subjects(history)).toEqual([
    ['gone', ['a.yaml']],
    ['third', ['a.yaml', 'ä b.yaml']],
    ['second', ['ä b.yaml']],
  ]);
  expect(history.rewritten).toBe(false);
  expect(history.commits[2]?.message).toBe('second\n\nwhy it was done');
  expect(history.commits[1]).toMatchObject({
    sha,
    author: { name: 'a', email: 'a@b' },
    committer: { name: 'a', email: 'a@b' },
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(await source.history({ from: to, to }, ['a.yaml'])).toEqual({ commits: [], rewritten: false });
  expect(await names(source, from)).toEqual(['a', 'b']);
});

test('a merge counts where it resolved a file, and else the commit that brought the change does', async () => {
  await using w = await world({ 'a.yaml': 'a', 'b.yaml': 'b', 'c.yaml': 'c' });
  const source = await w.open();
  const from = await source.head();
  w.git('checkout', '-q', '-b', 'side');
  await w.commit({ 'a.yaml': 'side', 'b.yaml': 'side' }, 'on the side');
  w.git('checkout', '-q', 'main');
  await w.commit({ 'a.yaml': 'main', 'c.yaml': 'main' }, 'on main');
  expect(() => w.git('merge', '-q', 'side')).toThrow();
  await w.commit({ 'a.yaml': 'both' }, 'the merge');
  const { commits } = await source.history({ from, to: await source.head() }, ['a.yaml', 'b.yaml', 'c.yaml']);
  const newest = (path: string): string | undefined => commits.find(({ touched }) => touched.includes(path))?.message;
  expect(['a.yaml', 'b.yaml', 'c.yaml'].map(newest)).toEqual(['the merge', 'on the side', 'on main']);
});

test('a commit is told with the merge that brought it to the branch, and its pull request', async () => {
  await using w = await world({ 'a.yaml': 'a', 'b.yaml': 'b', 'c.yaml': 'c' });
  const source = await w.open();
  const from = await source.head();
  w.git('checkout', '-q', '-b', 'side');
  await w.commit({ 'a.yaml': 'side' }, 'on the side (#7)');
  w.git('checkout', '-q', '-b', 'further');
  await w.commit({ 'b.yaml': 'further' }, 'further on');
  w.git('checkout', '-q', 'side');
  w.git('merge', '-q', '--no-ff', '-m', 'Merge pull request #41 from acme/further', 'further');
  w.git('checkout', '-q', 'main');
  await w.commit({ 'c.yaml': 'main' }, 'on main');
  w.git('merge', '-q', '--no-ff', '-m', 'Merge pull request #42 from acme/side\n\nBoth', 'side');
  const merge = w.git('rev-parse', 'HEAD').trim();
  await w.commit({ 'd.yaml': 'later' }, 'later');
  w.git('checkout', '-q', '-b', 'other', 'HEAD~1');
  await w.commit({ 'd.yaml': 'other' }, 'elsewhere');
  w.git('checkout', '-q', 'main');
  const to = await source.head();
  const told = async (range: { from?: string; to: string }) => {
    const { commits } = await source.history(range, ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml']);
    return commits
      .filter(({ message }) => message !== 'first')
      .map((one) => [one.message, one.merge, pullRequestOfCommit(one)])
      .sort();
  };
  const all = [
    ['further on', { sha: merge, pullRequest: '#42' }, '#42'],
    ['later', undefined, undefined],
    ['on main', undefined, undefined],
    ['on the side (#7)', { sha: merge, pullRequest: '#42' }, '#42'],
  ];
  expect(await told({ from, to })).toEqual(all);
  expect(await told({ to })).toEqual(all);
});

test.each([{ filters: true }, { filters: false }])('no blobs: %j', async ({ filters }) => {
  await using w = await world({ 'a.yaml': timeout('a') });
  w.git('config', 'uploadpack.allowFilter', String(filters));
  const source = await w.open();
  const from = await source.head();
  await w.commit({ 'a.yaml': timeout('b') }, 'second');
  await w.commit({ 'a.yaml': timeout('c') }, 'third');
  const to = await source.head();
  expect(await names(source, to)).toEqual(['c']);
  expect(subjects(await source.history({ from, to }, ['a.yaml'])).map(([said]) => said)).toEqual(['third', 'second']);
  const objects = execFileSync('git', ['cat-file', '--batch-check', '--batch-all-objects'], {
    cwd: await trees(w),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(objects.includes(' blob ')).toBe(!filters);
  // The snapshots do not know that there is a server which has what is missing.
  const [snapshots = ''] = (await readdir(join(w.root, 'cache'))).filter((name) => !name.includes('history'));
  const config = execFileSync('git', ['config', '--list', '--local'], { cwd: join(w.root, 'cache', snapshots) });
  expect(String(config)).not.toContain('promisor');
});

test('without a from, so far back as each path is found; over HTTP each step is one fetch', async () => {
  await using w = await world({ 'old.yaml': 'x', 'never.yaml': 'x' });
  many(w, 300, (i) => (i === 100 ? 'old.yaml' : i === 290 ? 'new.yaml' : `noise${i % 7}`));
  const server = await startGitServer({ root: w.root });
  try {
    w.git('config', 'uploadpack.allowFilter', 'true');
    const source = await w.open({ url: `${server.url}work/.git` });
    const to = await source.head();
    const fetches = (): number => server.requests.splice(0).filter((line) => line.startsWith('POST')).length;
    fetches();
    expect(subjects(await source.history({ to }, ['new.yaml']))).toEqual([['n90', ['new.yaml']]]);
    expect(fetches()).toBeLessThan(4);
    expect(subjects(await source.history({ to }, ['new.yaml', 'old.yaml']))).toEqual([
      ['n90', ['new.yaml']],
      ['n00', ['old.yaml']],
    ]);
    fetches();
    // Known by now.
    expect(subjects(await source.history({ to }, ['old.yaml']))).toEqual([['n00', ['old.yaml']]]);
    expect(fetches()).toBe(0);
    expect(subjects(await source.history({ to }, ['never.yaml', 'none.yaml']))).toEqual([['change', ['never.yaml']]]);
  } finally {
    await server.close();
  }
});

test('history ends at its bound: what is older is not told of, and is not called rewritten', async () => {
  await using w = await world({ 'a.yaml': 'x' });
  const server = await startGitServer({ root: w.root });
  try {
    const source = await w.open({ url: `${server.url}work/.git` });
    const from = await source.head();
    many(w, 3000, (i) => (i === 2500 || i === 100 ? 'a.yaml' : `noise${i % 7}`));
    const to = await source.head();
    const paths = ['a.yaml', ...Array.from({ length: 5000 }, (_, i) => `some/long/path/${i}.yaml`)];
    const expected = { rewritten: false, commits: [{ message: 'n00' }] };
    expect(await source.history({ from, to }, paths)).toMatchObject(expected);
    server.requests.length = 0;
    // As much again would bring nothing.
    expect(await source.history({ from, to }, paths)).toMatchObject(expected);
    expect(server.requests).toEqual([]);
  } finally {
    await server.close();
  }
});

test('a force-push is told of, with what came by it', async () => {
  await using w = await world({ 'a.yaml': 'a', 'b.yaml': 'b' });
  const source = await w.open();
  await w.commit({ 'a.yaml': 'lost' }, 'lost');
  const from = await source.head();
  await source.read(from);
  w.git('reset', '-q', '--hard', 'HEAD~1');
  await w.commit({ 'b.yaml': 'new' }, 'instead');
  const to = await source.head();
  for (const opened of [source, await w.open()]) {
    const history = await opened.history({ from, to }, ['a.yaml', 'b.yaml']);
    expect(history.rewritten).toBe(true);
    expect(subjects(history)).toEqual([['instead', ['b.yaml']]]);
  }
});

test('a force-push whose past is gone from the server: the newest commit of each path', async () => {
  await using w = await world({ 'a.yaml': 'a' });
  many(w, 200, (i) => (i === 150 ? 'a.yaml' : 'noise'));
  await w.commit({ 'a.yaml': 'lost' }, 'lost');
  const source = await w.open();
  const from = await source.head();
  await source.pin('prod', from);
  w.git('reset', '-q', '--hard', 'HEAD~1');
  await w.commit({ 'b.yaml': 'new' }, 'instead');
  w.git('reflog', 'expire', '--expire=now', '--all');
  w.git('gc', '-q', '--prune=now');
  const history = await source.history({ from, to: await source.head() }, ['a.yaml', 'b.yaml']);
  expect(history.rewritten).toBe(true);
  expect(subjects(history)).toEqual([
    ['instead', ['b.yaml']],
    ['n50', ['a.yaml']],
  ]);
});

test('a remote that is away: what is known is told, and a damaged history is fetched again', async () => {
  await using w = await world({ 'a.yaml': 'a' });
  const source = await w.open();
  const from = await source.head();
  await w.commit({ 'a.yaml': 'b' }, 'second');
  const to = await source.head();
  const second = [['second', ['a.yaml']]];
  expect(subjects(await source.history({ from, to }, ['a.yaml']))).toEqual(second);
  await rm(join(await trees(w), 'objects'), { recursive: true });
  expect(subjects(await source.history({ from, to }, ['a.yaml']))).toEqual(second);
  await expect(source.history({ to: `main@sha1:${'1'.repeat(40)}` }, ['a.yaml'])).rejects.toThrow(
    `${w.url} has no commit ${'1'.repeat(40)}`,
  );
  await rm(w.work, { recursive: true });
  expect(subjects(await source.history({ from, to }, ['a.yaml']))).toEqual(second);
  await expect(source.history({ to: `main@sha1:${'1'.repeat(40)}` }, ['a.yaml'])).rejects.toMatchObject({
    reason: 'SourceUnavailable',
  });
});

test('what is missing is asked for with the token, or not at all', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  w.git('config', 'uploadpack.allowFilter', 'true');
  const server = await startGitServer({ root: w.root, user: 'u', password: 'pw' });
  const tokens: (string | undefined)[] = [];
  const note = (message: unknown): void =>
    void tokens.push((message as { request: IncomingMessage }).request.headers.authorization);
  subscribe('http.server.request.start', note);
  try {
    const auth = { username: 'u', token: { fromEnv: 'T' } };
    const source = await w.open({ url: `${server.url}work/.git`, auth }, { readSecret: async () => 'pw' });
    const from = await source.head();
    await w.commit({ 'a.yaml': timeout('b') }, 'second');
    const to = await source.head();
    await source.history({ from, to }, ['a.yaml']);
    // The cache has a promisor by now, whom git asks by itself for what it lacks.
    await source.history({ from: `main@sha1:${'d'.repeat(40)}`, to }, ['a.yaml']);
    expect(tokens.length).toBeGreaterThan(4);
    expect(new Set(tokens)).toEqual(new Set([`Basic ${Buffer.from('u:pw').toString('base64')}`]));
  } finally {
    unsubscribe('http.server.request.start', note);
    await server.close();
  }
});
