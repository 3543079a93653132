import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoSeed, type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { type Folder, folder, type Running, start } from './support/cli.ts';
import { type GitServer, startGitServer } from './support/git-server.ts';

let sandbox: Sandbox;
let dir: Folder;
let git: GitServer;
let daemon: Running;
beforeEach(async () => {
  sandbox = await startSandbox({ rateLimit: 100_000, seed: demoSeed });
  dir = folder();
});
afterEach(async () => {
  daemon.child.kill('SIGKILL');
  await daemon.finished;
  await Promise.all([sandbox.close(), git?.close()]);
  dir.remove();
});

function inRepo(...args: string[]): string {
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd: path.join(dir.path, 'work'), encoding: 'utf8' }).trim();
}

function push(message: string, file: string, from: string, to: string): string {
  const target = path.join(dir.path, 'work', file);
  writeFileSync(target, readFileSync(target, 'utf8').replace(from, to));
  inRepo('commit', '--quiet', '--all', `--message=${message}`);
  inRepo('push', '--quiet', path.join(dir.path, 'git/config.git'), 'main');
  return inRepo('rev-parse', 'HEAD');
}

test('the daemon over git and HTTP: creates, picks up a commit, refuses a bad one, heals drift, stops when asked', async () => {
  dir.actions('work');
  inRepo('init', '--quiet', '--initial-branch=main');
  inRepo('add', '--all');
  inRepo('commit', '--quiet', '--message=one');
  execFileSync('git', [
    'clone',
    '--quiet',
    '--bare',
    path.join(dir.path, 'work'),
    path.join(dir.path, 'git/config.git'),
  ]);
  git = await startGitServer({ root: path.join(dir.path, 'git'), user: 'git', password: 'git-token' });
  const source = {
    url: `${git.url}config.git`,
    branch: 'main',
    poll: '* * * * * *',
    auth: { username: 'git', token: { fromEnv: 'GIT_TOKEN' } },
  };
  const config = dir.config(sandbox.url, source, { schedule: '* * * * * *' });
  daemon = start(['run', '-c', config], { GIT_TOKEN: 'git-token' });
  await daemon.line(/"run finished"/);
  expect(sandbox.state.actionNamed('Get Customer')!.config.timeoutSeconds).toBe(15);

  const health = JSON.parse(await daemon.line(/"health served"/)) as { address: string };
  const answer = await fetch(`${health.address}/healthz`);
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok', targets: ['test'] }]);

  const second = push('two', 'environments/prod.yaml', 'crmTimeout: 15', 'crmTimeout: 25');
  await daemon.line(new RegExp(`${second}.*"run finished"`));
  expect(sandbox.state.actionNamed('Get Customer')!.config.timeoutSeconds).toBe(25);

  const bad = push('three', 'environments/prod.yaml', 'crmTimeout: 25', 'crmTimeout: 61');
  await daemon.line(new RegExp(`${bad}.*revision refused`));
  expect(sandbox.state.actionNamed('Get Customer')!.config.timeoutSeconds).toBe(25);

  const action = sandbox.state.actionNamed('Get Customer')!;
  sandbox.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 2 } });
  await expect.poll(() => sandbox.state.action(action.id)!.config.timeoutSeconds).toBe(25);

  daemon.child.kill('SIGTERM');
  const { code, stdout, stderr } = await daemon.finished;
  expect(code).toBe(0);
  expect(stderr).toContain('"msg":"stopped"');
  expect(stdout + stderr).not.toMatch(/git-token|sandbox-secret/);
});

test('a folder is watched: a saved file is applied at once', async () => {
  const repo = dir.actions('repo');
  daemon = start(['run', '-c', dir.config(sandbox.url, { path: repo })]);
  await daemon.line(/"daemon started"/);
  await daemon.line(/"run finished"/);
  dir.write(
    'repo/environments/prod.yaml',
    readFileSync(path.join(repo, 'environments/prod.yaml'), 'utf8').replace('15', '35'),
  );
  await expect
    .poll(() => sandbox.state.actionNamed('Get Customer')!.config.timeoutSeconds, { timeout: 10_000 })
    .toBe(35);
});

test('asked to stop, a run that waits for its allowance ends at once, and doubles nothing', async () => {
  await sandbox.close();
  sandbox = await startSandbox({ rateLimit: 20, seed: demoSeed });
  const repo = dir.actions('repo');
  for (let i = 0; i < 30; i++) {
    const text = readFileSync(path.join(repo, 'actions/update-case.yaml'), 'utf8');
    dir.write(
      `repo/actions/more-${i}.yaml`,
      text.replace('name: update-case', `name: more-${i}`).replace('Update Case', `More ${i}`),
    );
  }
  const config = dir.config(sandbox.url, { path: repo });
  daemon = start(['apply', '-c', config, '--log-level', 'debug', '--output', 'json']);
  await daemon.line(/"change applied"|POST.*integrations\/actions"/);
  const asked = Date.now();
  daemon.child.kill('SIGTERM');
  const { code, stdout } = await daemon.finished;
  expect(Date.now() - asked).toBeLessThan(5_000);
  expect(code).toBe(1);
  const [report] = JSON.parse(stdout) as [{ outcomes: { status: string; reason?: string }[] }];
  expect(new Set(report.outcomes.map(({ status, reason }) => reason ?? status))).toContain('Interrupted');

  const before = sandbox.state.actions().map(({ name }) => name);
  await sandbox.close();
  expect(new Set(before).size).toBe(before.length);
});

test('git away at the start: the daemon goes on, and applies when it is back', async () => {
  dir.actions('work');
  inRepo('init', '--quiet', '--initial-branch=main');
  const config = dir.config(sandbox.url, {
    url: `file://${path.join(dir.path, 'git/config.git')}`,
    branch: 'main',
    poll: '* * * * * *',
  });
  daemon = start(['run', '-c', config]);
  await daemon.line(/source unavailable/);
  inRepo('add', '--all');
  inRepo('commit', '--quiet', '--message=one');
  execFileSync('git', [
    'clone',
    '--quiet',
    '--bare',
    path.join(dir.path, 'work'),
    path.join(dir.path, 'git/config.git'),
  ]);
  await daemon.line(/"run finished"/);
  expect(sandbox.state.actionNamed('Get Customer')).toBeDefined();
});
