import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type GitServer, type GitServerOptions, startGitServer, type Trouble } from '../../test/support/git-server.ts';
import { ca, cert, key } from '../../test/support/tls.ts';
import type { Failure } from '../model/failure.ts';
import { names, timeout, type World, world, writeFiles } from './fixture.ts';
import { resolve } from './resolve.ts';

interface Served extends World {
  server: GitServer & { trouble: Trouble };
  url: string;
}

/** A world whose repository is served over HTTP; `trouble` says what goes wrong now. */
async function served(options: Partial<GitServerOptions> = {}): Promise<Served> {
  const w = await world({ 'a.yaml': timeout('a') });
  const trouble: Trouble = {};
  const server = await startGitServer({ root: w.root, trouble, ...options });
  return {
    ...w,
    url: `${server.url}work/.git`,
    server: { ...server, trouble },
    async [Symbol.asyncDispose]() {
      await server.close();
      await w[Symbol.asyncDispose]();
    },
  };
}

/** What a person reads. */
async function said(work: Promise<unknown>): Promise<string> {
  const failure = (await work.then(
    () => undefined,
    (error: unknown) => error,
  )) as Failure | undefined;
  expect(failure).toMatchObject({ reason: 'SourceUnavailable', class: 'Retry' });
  return failure!.message;
}

test('a server that is down, and comes back', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  let server = await startGitServer({ root: w.root });
  const port = Number(new URL(server.url).port);
  const source = await w.open({ url: `${server.url}work/.git` });
  const revision = await source.head();
  await source.read(revision);
  await server.close();
  const where = `http://127.0.0.1:${port}/work/.git`;
  expect(await said(source.head())).toContain(`cannot reach ${where}: nobody answers there (fatal: `);
  expect(await names(source, revision)).toEqual(['a']);
  server = await startGitServer({ root: w.root, port });
  try {
    expect(await source.head()).toBe(revision);
  } finally {
    await server.close();
  }
});

test('a server that fails, and recovers', async () => {
  await using w = await served();
  const source = await w.open({ url: w.url });
  w.server.trouble.status = 503;
  expect(await said(source.read())).toMatch(/^cannot reach http.*: the server failed to answer \(fatal: .*503\)$/);
  delete w.server.trouble.status;
  expect(await names(source)).toEqual(['a']);
});

test('a server that takes the request and never answers', async () => {
  await using w = await served();
  const source = await w.open({ url: w.url }, { timeoutMs: 700 });
  w.server.trouble.silent = true;
  const started = performance.now();
  expect(await said(source.head())).toMatch(/^cannot reach http:.*work\/\.git: the server did not answer in time$/);
  expect(performance.now() - started).toBeLessThan(5000);
  delete w.server.trouble.silent;
  expect(await names(await w.open({ url: w.url }))).toEqual(['a']);
});

test('credentials that are refused, and then rotated', async () => {
  await using w = await served({ user: 'x-access-token', password: 'new' });
  let token = 'old';
  const source = await w.open({ url: w.url, auth: { token: { fromEnv: 'T' } } }, { readSecret: async () => token });
  expect(await said(source.head())).toMatch(/: the credentials were refused or are missing; see source\.auth \(/);
  token = 'new';
  expect(await names(source)).toEqual(['a']);
});

test('a pack that breaks off in the middle leaves nothing behind', async () => {
  await using w = await served();
  // Few objects, which git would take out of the pack as they come; the last one is large.
  await w.commit({ 'b.yaml': timeout('b'), 'z.txt': Array.from({ length: 50_000 }, Math.random).join('\n') });
  const source = await w.open({ url: w.url });
  for (const cut of [1000, 100_000]) {
    w.server.trouble.cut = cut;
    expect(await said(source.read())).toMatch(
      /^cannot fetch http.*: the connection broke off in the middle; nothing of it was kept \(/,
    );
  }
  const [folder = ''] = await readdir(join(w.root, 'cache'));
  const all = ['cat-file', '--batch-all-objects', '--batch-check'];
  expect(execFileSync('git', all, { cwd: join(w.root, 'cache', folder), encoding: 'utf8' })).toBe('');
  delete w.server.trouble.cut;
  expect(await names(source)).toEqual(['a', 'b']);
});

test('a force-push is followed; a commit that it took away is said to be gone', async () => {
  await using w = await served();
  const first = w.git('rev-parse', 'HEAD');
  const source = await w.open({ url: w.url });
  await source.head();
  w.git('commit', '-q', '--amend', '-m', 'again', '--date', '2001-01-01T00:00:00');
  w.git('reflog', 'expire', '--expire=now', '--all');
  w.git('gc', '-q', '--prune=now');
  expect(await said(source.read(first))).toContain(
    'the server does not give out this commit: it was rewritten (force-push), or never pushed',
  );
  expect((await source.read()).revision).toBe(`main@sha1:${w.git('rev-parse', 'HEAD')}`);
});

test('a commit that empties the repository is a snapshot of nothing, and no failure', async () => {
  await using w = await served();
  const source = await w.open({ url: w.url });
  expect(await names(source)).toEqual(['a']);
  await rm(join(w.work, 'a.yaml'));
  await w.commit({});
  const snapshot = await source.read();
  expect([...snapshot.files]).toEqual([]);
  expect(await resolve(snapshot, { kinds: [] })).toMatchObject({ resources: [], problems: [] });
});

test('a private CA: refused without it, and no word more is needed with it', async () => {
  await using w = await served({ tls: { cert, key } });
  await writeFiles(w.root, { 'ca.pem': ca });
  expect(await said((await w.open({ url: w.url })).head())).toMatch(
    /^cannot reach https:.*: the server's certificate is not trusted; a private CA is given with source\.caFile \(/,
  );
  expect(await names(await w.open({ url: w.url, caFile: 'ca.pem' }))).toEqual(['a']);
});

/** An HTTP proxy that lets `CONNECT` through, where it does not refuse. */
async function startProxy(): Promise<{ url: string; asked: string[]; refuse: boolean } & AsyncDisposable> {
  const proxy = createServer();
  const state = { url: '', asked: [] as string[], refuse: false };
  proxy.on('connect', (request, client, head) => {
    state.asked.push(request.url ?? '');
    client.on('error', () => {});
    if (state.refuse) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const [host, port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  state.url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return Object.assign(state, {
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      proxy.close();
    },
  });
}

test('a proxy on the way: used, left aside for NO_PROXY, and named where it refuses', async () => {
  await using w = await served({ tls: { cert, key } });
  await writeFiles(w.root, { 'ca.pem': ca });
  await using proxy = await startProxy();
  const { PATH } = process.env;
  const through = (env: Record<string, string>): Promise<unknown> =>
    w
      .open({ url: w.url, caFile: 'ca.pem' }, { env: { PATH, HTTPS_PROXY: proxy.url, ...env } })
      .then((source) => source.head());
  await through({});
  expect(new Set(proxy.asked)).toEqual(new Set([new URL(w.url).host]));
  proxy.asked.length = 0;
  await through({ NO_PROXY: '127.0.0.1' });
  expect(proxy.asked).toEqual([]);
  proxy.refuse = true;
  expect(await said(through({}))).toMatch(
    /^cannot reach https:.*: the proxy does not let git through; see HTTPS_PROXY and NO_PROXY \(/,
  );
  expect(await said(through({ HTTPS_PROXY: 'http://someone:hunter2@127.0.0.1:1' }))).not.toContain('hunter2');
});
