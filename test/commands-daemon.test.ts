import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { beat, takeRequests } from '../src/app/control.ts';
import { openJournal } from '../src/journal/index.ts';
import { systemClock } from '../src/model/clock.ts';
import type { Journal } from '../src/model/journal.ts';
import { silent } from '../src/model/log.ts';
import type { Sandbox } from '../src/sandbox/index.ts';
import { cli, type Folder } from './support/cli.ts';
import { useSandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let dir: Folder;
const { start } = useSandbox((made) => {
  ({ sandbox, dir } = made);
});

/** Commits everything in the folder; answers the commit's id. */
function commit(author: string, message: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', `user.name=${author}`, '-c', 'user.email=a@example.com', ...args], {
      cwd: path.join(dir.path, 'work'),
      encoding: 'utf8',
    }).trim();
  if (!existsSync(path.join(dir.path, 'work/.git'))) git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', `--message=${message}`);
  return git('rev-parse', 'HEAD');
}

function edit(file: string, from: string, to: string): void {
  const name = path.join('work', file);
  dir.write(name, readFileSync(path.join(dir.path, name), 'utf8').replace(from, to));
}

function configured(target: object = {}): string {
  dir.actions('work');
  commit('Ann Lee', 'The example');
  const source = { url: `file://${path.join(dir.path, 'work')}`, branch: 'main', poll: '0 0 1 1 *' };
  return dir.config(sandbox.url, source, { schedule: '0 0 1 1 *', ...target });
}

async function withJournal<T>(work: (journal: Journal) => Promise<T>): Promise<T> {
  const journal = await openJournal(path.join(dir.path, 'var/journal.db'), { clock: systemClock, log: silent });
  try {
    return await work(journal);
  } finally {
    await journal.close();
  }
}

const open = (): Promise<unknown[]> => withJournal((journal) => takeRequests(journal, ['test']));

test('reconcile asks the daemon, tells what came of it, and has the exit code that apply would have', async () => {
  const config = configured({ policy: { prune: true, maxChanges: 3 } });
  const daemon = start(['run', '-c', config]);
  await daemon.line(/"run finished"/);
  await daemon.line(/"daemon started"/);
  const status = await cli(['status', '-c', config]);
  expect(status.stdout).toMatch(/daemon {10}alive, process \d+ on .*; next run in \d+ \w+, next poll in/);

  const action = sandbox.state.actionNamed('Get Customer')!;
  sandbox.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 3 } });
  const asked = await cli(['reconcile', '-c', config]);
  expect(asked.stdout).toMatch(/^test\n20\S+ \S+Z {2}✓ 1 change {2}main@sha1:\w{10} {2}on request {2}run \w{8}\n/);
  expect(asked.stdout).toContain('~ updated DataAction/get-customer');
  expect(asked.stdout).toContain('(drift: changed outside the repository)');
  expect([asked.code, asked.stderr]).toEqual([0, '']);
  expect(sandbox.state.action(action.id)!.config.timeoutSeconds).toBe(15);

  await cli(['suspend', '-c', config]);
  sandbox.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 3 } });
  const held = await cli(['reconcile', '-c', config, '--output', 'json']);
  expect(JSON.parse(held.stdout)).toMatchObject([
    { target: 'test', status: 'held', reason: 'Suspended', run: { trigger: 'request' }, outcomes: [] },
  ]);
  expect(held.code).toBe(3);

  sandbox.addFault({ when: { path: '/**' }, then: { status: 403 } });
  const failed = await cli(['reconcile', '-c', config]);
  expect(failed.stdout).toMatch(/^test {2}PermissionMissing: GET /);
  expect(failed.code).toBe(1);
  expect(await open()).toEqual([]);
});

test('where no daemon is alive, reconcile says so and what to do, and leaves no request behind', async () => {
  const config = configured();
  const { code, stdout } = await cli(['reconcile', '-c', config]);
  expect(stdout).toMatch(
    /^test {2}NoDaemon: no daemon on this journal .*`genesys-gitops apply -c \S+ --target test`\n$/,
  );
  expect(code).toBe(1);
  expect(await open()).toEqual([]);
});

test('a daemon that does not answer is waited for, and the request is withdrawn', async () => {
  const config = configured();
  await withJournal(async (journal) => {
    const now = new Date().toISOString();
    await beat(journal, { holder: 'p', startedAt: now, beatAt: now, version: '', targets: [{ name: 'test' }] });
    const asking = cli(['reconcile', '-c', config, '--timeout', '2']);
    await expect.poll(() => takeRequests(journal, ['test']), { timeout: 10_000 }).toHaveLength(1);
    const { code, stdout } = await asking;
    expect(stdout).toMatch(/Timeout: no answer within 2 seconds; .*genesys-gitops status/);
    expect(code).toBe(1);
    expect(await takeRequests(journal, ['test'])).toEqual([]);
  });
});

test('history tells what changed, why and by whose commit; quiet and repeated runs are folded', async () => {
  const config = configured();
  await cli(['apply', '-c', config]);
  edit('environments/prod.yaml', 'crmTimeout: 15', 'crmTimeout: 25');
  const sha = commit('Bob \u001b[31mRed', 'Wait longer\n\nfor the CRM');
  await cli(['apply', '-c', config]);
  for (let i = 0; i < 2; i++) await cli(['apply', '-c', config]);
  edit('timeouts/genesys.yaml', 'timeoutSeconds: 10', 'timeoutSeconds: 90');
  commit('Ann Lee', 'Much longer');
  for (let i = 0; i < 2; i++) await cli(['apply', '-c', config]);

  const { stdout, code } = await cli(['history', '-c', config]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /✗ failed {2}main@sha1:\w{10} {2}run \w{8}\n {4}ValidationFailed: .*\n {4}· 1 run before it came to the same/,
  );
  expect(stdout).toMatch(/\n· 2 runs, nothing to do, 20.*Z to 20.*Z\n/);
  expect(stdout).toContain(`    ${sha.slice(0, 10)} Bob \\u001b[31mRed: Wait longer\n`);
  expect(stdout).toMatch(
    /~ updated DataAction\/get-customer .*\n {8}config.timeoutSeconds {2}by Timeout\/crm\n {8}correlation id/,
  );

  const future = await cli(['history', '-c', config, '--since', '2099-01-01']);
  expect(future.stdout).toBe('test\n\nno run fits these filters\n');
  const json = await cli(['history', '-c', config, '--output', 'json']);
  expect(JSON.parse(json.stdout)).toMatchObject([
    {
      target: 'test',
      entries: [
        { type: 'run', same: { count: 1 }, outcomes: [] },
        { type: 'quiet', count: 2 },
        { type: 'run', outcomes: [{ commit: { sha } }] },
        { type: 'run', run: { trigger: 'apply' } },
      ],
    },
  ]);

  const status = await cli(['status', '-c', config]);
  expect(status.stdout).toMatch(/Stalled {9}True {5}ValidationFailed, since/);
  expect(status.stdout).toMatch(/Healthy {9}True/);
  expect(status.stdout).toContain(`; ${sha.slice(0, 10)} Bob`);
});

test('what stalled is named, also where only the run that tried knows it, and is told with the way on', async () => {
  const config = configured();
  await cli(['apply', '-c', config]);
  edit('timeouts/genesys.yaml', 'timeoutSeconds: 10', 'timeoutSeconds: 20');
  commit('Ann Lee', 'Longer');
  sandbox.addFault({ when: { method: 'PATCH', path: '/**' }, then: { status: 403 } });
  // In a journal that knows nothing of the object yet.
  rmSync(path.join(dir.path, 'var'), { recursive: true });
  expect((await cli(['apply', '-c', config])).code).toBe(1);
  const { stdout } = await cli(['status', '-c', config]);
  expect(stdout).toMatch(/Stalled {9}True {5}PermissionMissing, since 20/);
  expect(stdout).toMatch(/Healthy {9}False {4}PermissionMissing: \d changes? could not be made/);
  expect(stdout).toMatch(/✗ stalled DataAction\/get-c\S+, since .*: PermissionMissing\n.*at the latest in/);
});

test('colours are for terminals that want them', async () => {
  const config = configured();
  await cli(['apply', '-c', config]);
  const colour = '\u001b[';
  for (const env of [{}, { NO_COLOR: '' }]) {
    expect((await cli(['history', '-c', config], env)).stdout).not.toContain(colour);
  }
  const wanted = { NO_COLOR: '', FORCE_COLOR: '1' };
  expect((await cli(['history', '-c', config], wanted)).stdout).toContain(colour);
  expect((await cli(['status', '-c', config], wanted)).stdout).toContain(colour);
});
