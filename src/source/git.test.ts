import { execFileSync } from 'node:child_process';
import { chmod, readdir, readFile, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import { startGitServer } from '../../test/support/git-server.ts';
import { kinds, names, timeout, world, writeFiles } from './fixture.ts';
import { accessTo } from './git-command.ts';
import { resolve } from './resolve.ts';

test('a branch: its head, its files, and what moved', async () => {
  await using w = await world({ 'a.yaml': timeout('a'), 'b.yaml': timeout('b') });
  const source = await w.open();
  const first = await source.head();
  expect(first).toBe(`main@sha1:${w.git('rev-parse', 'HEAD')}`);
  const snapshot = await source.read(first);
  expect(snapshot.revision).toBe(first);
  expect((await resolve(snapshot, { kinds })).resources.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(snapshot.parses.parsed).toBe(2);

  await resolve(await source.read(first), { kinds });
  expect(snapshot.parses.parsed).toBe(2);

  await w.commit({ 'b.yaml': timeout('c') });
  expect(await names(source)).toEqual(['a', 'c']);
  expect(snapshot.parses.parsed).toBe(3);
  expect(await names(source, first)).toEqual(['a', 'b']);
});

test('the default branch, a tag, an annotated tag, a branch with a slash', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const first = w.git('rev-parse', 'HEAD');
  w.git('tag', 'v1');
  w.git('tag', '-a', 'v2', '-m', 'two');
  w.git('branch', 'feature/x');
  const second = await w.commit({ 'a.yaml': timeout('b') });
  expect(await (await w.open({ branch: undefined })).head()).toBe(`main@sha1:${second}`);
  for (const config of [{ branch: undefined, tag: 'v1' }, { branch: undefined, tag: 'v2' }, { branch: 'feature/x' }]) {
    const source = await w.open(config);
    expect(await source.head()).toBe(`${config.tag ?? config.branch}@sha1:${first}`);
    expect(await names(source)).toEqual(['a']);
  }
  await expect((await w.open({ branch: 'nope' })).head()).rejects.toMatchObject({
    reason: 'SourceUnavailable',
    message: `${w.url} has no branch "nope"`,
  });
});

test('over HTTP with a token: a poll is one ls-remote, and the token is nowhere to be seen', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  w.git('clone', '-q', '--bare', '.', '../served.git');
  const server = await startGitServer({ root: w.root, user: 'x-access-token', password: 'hunter2' });
  const url = `${server.url}served.git`;
  try {
    const source = await w.open({ url, auth: { token: { fromEnv: 'T' } } }, { readSecret: async () => 'hunter2' });
    const revision = await source.head();
    expect(server.requests.filter((line) => line.startsWith('POST'))).toHaveLength(1);
    expect(await names(source, revision)).toEqual(['a']);
    const before = server.requests.length;
    expect(await names(source, revision)).toEqual(['a']);
    expect(server.requests).toHaveLength(before);
    expect(await source.head()).toBe(revision);
    expect(server.requests.slice(before)).toEqual([
      'GET /served.git/info/refs?service=git-upload-pack',
      'POST /served.git/git-upload-pack',
    ]);
    const cached = (await readdir(join(w.root, 'cache'), { recursive: true, withFileTypes: true })).filter((e) =>
      e.isFile(),
    );
    for (const file of cached) {
      const text = await readFile(join(file.parentPath, file.name), 'latin1');
      expect(text).not.toContain('hunter2');
      expect(text).not.toContain(Buffer.from('x-access-token:hunter2').toString('base64'));
    }

    const wrong = await w.open({ url, auth: { token: { fromEnv: 'T' } } }, { readSecret: async () => 'wrong-one' });
    const failure = await wrong.head().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      reason: 'SourceUnavailable',
      message: expect.stringContaining('credentials were refused'),
    });
    expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toMatch(/wrong-one|d3Jvbmct/);
  } finally {
    await server.close();
  }
});

test('a redirect does not carry the token away', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  w.git('clone', '-q', '--bare', '.', '../served.git');
  const thief = await startGitServer({ root: w.root });
  const server = await startGitServer({ root: w.root, redirectTo: thief.url.slice(0, -1) });
  try {
    const source = await w.open(
      { url: `${server.url}served.git`, auth: { token: { fromEnv: 'T' } } },
      { readSecret: async () => 'hunter2' },
    );
    await expect(source.head()).rejects.toMatchObject({ message: expect.stringContaining('redirect') });
    expect(thief.requests).toEqual([]);
  } finally {
    await server.close();
    await thief.close();
  }
});

test('an unreachable remote: what was read stays readable, also by a new process', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const source = await w.open();
  const revision = await source.head();
  await source.read(revision);
  await w.commit({ 'a.yaml': timeout('b') });
  await rm(w.work, { recursive: true });

  await expect(source.head()).rejects.toMatchObject({ reason: 'SourceUnavailable', class: 'Retry' });
  await expect(source.read()).rejects.toMatchObject({ reason: 'SourceUnavailable' });
  expect(await names(source, revision)).toEqual(['a']);
  const again = await w.open();
  expect(await names(again, revision)).toEqual(['a']);
  await expect(again.read(`main@sha1:${'0'.repeat(40)}`)).rejects.toMatchObject({ reason: 'SourceUnavailable' });
  await expect(again.read('main')).rejects.toMatchObject({ reason: 'ConfigurationInvalid' });
});

test('a connection that is refused says so', async () => {
  await using w = await world({});
  const source = await w.open({ url: 'http://127.0.0.1:1/x.git' });
  await expect(source.head()).rejects.toThrow(/^cannot reach http:\/\/127\.0\.0\.1:1\/x\.git: /);
});

test('a branch that moved on since it was asked, and a force-push', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const source = await w.open();
  const first = await source.head();
  await w.commit({ 'a.yaml': timeout('b') });
  expect(await names(source, first)).toEqual(['a']);
  w.git('commit', '-q', '--amend', '-m', 'again', '--date', '2001-01-01T00:00:00');
  expect(await names(source)).toEqual(['b']);
});

test('nothing of a config repository runs, is checked out or filtered', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const marker = join(w.root, 'pwned');
  const script = `#!/bin/sh\ntouch ${marker}\n`;
  await writeFiles(w.work, { 'run.sh': script, 'post-checkout': script });
  for (const name of ['run.sh', 'post-checkout']) await chmod(join(w.work, name), 0o755);
  await w.commit({
    '.gitattributes': `*.vm filter=evil ident eol=crlf\n`,
    '.gitmodules': `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch ${marker}"\n`,
    'hooks/post-update': script,
    config: `[core]\n\tfsmonitor = touch ${marker}\n`,
    't.vm': 'one\n$Id$\n',
    'b.yaml': `apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: b }\nspec: { integration: CRM, requestTemplateFile: t.vm }\n`,
  });
  const source = await w.open();
  const { resources } = await resolve(await source.read(), { kinds });
  expect(resources[1]?.files['/spec/requestTemplateFile']?.text).toBe('one\n$Id$\n');
  await expect(readFile(marker)).rejects.toThrow('ENOENT');
  const [repository = ''] = await readdir(join(w.root, 'cache'));
  const kept = await readdir(join(w.root, 'cache', repository));
  expect(kept).not.toContain('hooks');
  expect(kept).not.toContain('a.yaml');
});

test('a symbolic link in git is no way out either', async () => {
  await using w = await world({});
  await symlink('/etc/passwd', join(w.work, 'link'));
  await w.commit({
    'a.yaml': `apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: a }\nspec: { integration: CRM, file: link }\n`,
  });
  const { problems } = await resolve(await (await w.open()).read(), { kinds });
  expect(problems.map(({ code, place }) => [code, place?.line])).toEqual([['file-outside-repository', 4]]);
});

test('a directory restricts documents; references may reach the rest of the repository', async () => {
  await using w = await world({
    'other/a.yaml': timeout('a', { timeoutSeconds: '99' }),
    'prod/b.yaml': `apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: b }\nspec: { integration: CRM, requestTemplateFile: ../shared/t.vm }\n`,
    'prod/environments/x.yaml': 'apiVersion: genesys-gitops/v1\nkind: Environment\n',
    'shared/t.vm': 'x',
  });
  for (const config of [{ directory: 'prod' }, { directory: './prod/' }]) {
    const source = await w.open(config);
    const { resources, problems } = await resolve(await source.read(), { kinds, environment: 'x' });
    expect(problems).toEqual([]);
    expect(resources.map(({ name }) => name)).toEqual(['b']);
  }
});

test('a damaged cache is made again', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const source = await w.open();
  const revision = await source.head();
  await source.read(revision);
  const [repository = ''] = await readdir(join(w.root, 'cache'));
  await rm(join(w.root, 'cache', repository, 'objects'), { recursive: true });
  expect(await names(await w.open(), revision)).toEqual(['a']);
});

test('a lock that a killed git left behind is removed, and a young one is waited for', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const clock = fakeClock(new Date());
  const source = await w.open({}, { clock });
  await source.read();
  const [repository = ''] = await readdir(join(w.root, 'cache'));
  const lock = join(w.root, 'cache', repository, 'shallow.lock');
  await writeFiles(w.root, { [`cache/${repository}/shallow.lock`]: '' });
  await w.commit({ 'a.yaml': timeout('b') });
  await expect(clock.drive(source.read())).rejects.toMatchObject({ reason: 'SourceUnavailable' });
  const waited = source.read();
  await clock.untilWaiting();
  await rm(lock);
  expect((await clock.drive(waited)).files.size).toBe(1);
  await writeFiles(w.root, { [`cache/${repository}/shallow.lock`]: '' });
  await utimes(lock, 1, 1);
  await w.commit({ 'a.yaml': timeout('c') });
  expect(await names(source)).toEqual(['c']);
});

test('two processes with one cache fetch the same commit at the same time', async () => {
  await using w = await world({ 'a.yaml': timeout('a') });
  const [one, two] = [await w.open(), await w.open()];
  await Promise.all([one.read(), two.read()]);
  for (const name of ['b', 'c', 'd', 'e', 'f']) {
    await w.commit({ 'a.yaml': timeout(name) });
    expect(await Promise.all([names(one), names(two)])).toEqual([[name], [name]]);
  }
});

test('git’s surroundings: SSH asks nothing and trusts nobody unknown, our own environment stays outside', () => {
  const { env } = accessTo({
    env: { PATH: '/bin', GIT_DIR: '/evil', GIT_SSH: 'evil', HTTPS_PROXY: 'http://proxy', AWS_SECRET: 'x' },
    sshKeyFile: "/keys/it's mine",
    knownHostsFile: '/keys/known_hosts',
  });
  expect(env['GIT_SSH_COMMAND']).toContain(`-i '/keys/it'\\''s mine'`);
  for (const setting of [
    'StrictHostKeyChecking=yes',
    'UserKnownHostsFile=/keys/known_hosts',
    'IdentitiesOnly=yes',
    'BatchMode=yes',
  ]) {
    expect(env['GIT_SSH_COMMAND']).toContain(`-o '${setting}'`);
  }
  expect(env).toMatchObject({ HTTPS_PROXY: 'http://proxy', GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' });
  expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['GIT_DIR']));
  expect(JSON.stringify(env)).not.toMatch(/evil|AWS/);
});

test('an empty remote has no commit', async () => {
  await using w = await world({});
  execFileSync('git', ['init', '-q', '--bare', join(w.root, 'empty.git')]);
  const source = await w.open({ url: `file://${w.root}/empty.git`, branch: undefined });
  await expect(source.head()).rejects.toMatchObject({ message: `file://${w.root}/empty.git has no commit` });
});

test.each([
  [{ url: '--upload-pack=touch /tmp/x' }, /is refused/],
  [{ url: 'ext::sh -c "touch /tmp/x"' }, /is refused/],
  [{ url: 'ssh://-oProxyCommand=x/y' }, /is refused/],
  [{ url: '-oProxyCommand=x@host:path' }, /is refused/],
  [{ url: 'https://user:hunter2@example.com/x.git' }, /must not hold credentials/],
  [{ url: 'git@example.com:x.git' }, /needs auth\.knownHostsFile/],
  [{ url: 'http://example.com/x.git', auth: { token: { fromEnv: 'T' } } }, /over https only/],
  [{ branch: '--upload-pack=x' }, /is no name/],
  [{ branch: 'a..b' }, /is no name/],
  [{ directory: '../x' }, /within the source/],
])('%j is refused', async (config, said) => {
  await using w = await world({});
  await expect(w.open(config)).rejects.toThrow(said);
  await expect(w.open(config)).rejects.not.toThrow(/hunter2/);
});
