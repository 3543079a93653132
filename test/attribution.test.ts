import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadDaemonConfig, openApp } from '../src/app.ts';
import type { RunRecord } from '../src/model/journal.ts';
import { silent } from '../src/model/log.ts';
import type { Outcome } from '../src/model/plan.ts';
import { demoSeed, type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { type Folder, folder } from './support/cli.ts';
import { dataAction, useWorlds } from './support/world.ts';

const openWorld = useWorlds();

let sandbox: Sandbox;
let dir: Folder;
let config: string;
beforeEach(async () => {
  sandbox = await startSandbox({ rateLimit: 1_000_000, seed: demoSeed });
  dir = folder();
  dir.actions('work');
  git('init', '--quiet', '--initial-branch=main');
  config = dir.config(
    sandbox.url,
    { url: `file://${path.join(dir.path, 'work')}`, branch: 'main' },
    { schedule: '0 0 1 1 *' },
  );
});
afterEach(async () => {
  await sandbox.close();
  dir.remove();
});

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: path.join(dir.path, 'work'), encoding: 'utf8' }).trim();
}

function commit(author: string, message: string): string {
  git('add', '--all');
  const who = ['-c', `user.name=${author}`, '-c', `user.email=${author.toLowerCase()}@example.com`];
  git(...who, 'commit', '--quiet', `--message=${message}`);
  return git('rev-parse', 'HEAD');
}

function edit(file: string, from: string, to: string): void {
  const target = path.join(dir.path, 'work', file);
  writeFileSync(target, readFileSync(target, 'utf8').replace(from, to));
}

/** One run by a process of its own, and what the journal says of it. */
async function apply(): Promise<{ run: RunRecord; outcomes: Outcome[] }> {
  const loaded = await loadDaemonConfig(config);
  if ('problems' in loaded) throw new Error('the configuration has problems');
  const app = await openApp({
    config: loaded.config,
    file: config,
    log: silent,
    env: { ...process.env, SECRET: 'sandbox-secret' },
  });
  try {
    await app.reconcile(app.config.targets[0]!, { mode: 'apply', byHand: true });
    const [run] = await app.journal.runs('test', 1);
    return { run: run!, outcomes: await app.journal.outcomes(run!.id) };
  } finally {
    await app.close();
  }
}

const told = (outcomes: readonly Outcome[]): string[] =>
  outcomes
    .map(({ action, name, commit }) => `${action} ${name} ${commit?.author.name}: ${commit?.message.trim()}`)
    .sort();

test('each change is told with the newest commit that touched what it came from, deletions with the one that removed it', async () => {
  commit('Ann', 'Everything');
  const first = await apply();
  expect(new Set(first.outcomes.map(({ commit }) => commit?.author.name))).toEqual(new Set(['Ann']));
  edit('environments/prod.yaml', 'crmTimeout: 15', 'crmTimeout: 20');
  const bob = commit('Bob', 'Slower customers');
  writeFileSync(path.join(dir.path, 'work/unrelated.md'), 'text');
  commit('Cid', 'A readme');
  const second = await apply();
  expect(second.outcomes.map(({ name, commit }) => [name, commit?.sha, commit?.author.email])).toContainEqual([
    'get-customer',
    bob,
    'bob@example.com',
  ]);
  rmSync(path.join(dir.path, 'work/actions/get-customer.yaml'));
  commit('Dan', 'Customers are gone');
  const third = await apply();
  expect(told(third.outcomes).find((line) => line.startsWith('delete'))).toBe(
    'delete get-customer Dan: Customers are gone',
  );
});

test('drift has no commit', async () => {
  commit('Ann', 'Everything');
  await apply();
  sandbox.state.deleteAction(sandbox.state.actionNamed('Get Customer')!.id);
  const { outcomes } = await apply();
  expect(outcomes.map(({ action, cause, commit: by }) => [action, cause, by])).toEqual([
    ['create', 'drift', undefined],
  ]);
});

test('a history that cannot be had stops nothing', async () => {
  const it = await openWorld({ sandbox: { rateLimit: 1_000_000 } });
  const past = { commitsOf: () => Promise.reject(new Error('no history')) };
  const { outcomes } = await it.apply([dataAction('a')], { past });
  expect(outcomes).toMatchObject([{ status: 'applied' }]);
  expect(outcomes[0]).not.toHaveProperty('commit');
});

test('a force-push is followed and said', async () => {
  commit('Ann', 'Everything');
  edit('environments/prod.yaml', 'crmTimeout: 15', 'crmTimeout: 20');
  const lost = commit('Bob', 'Slower customers');
  await apply();
  git('reset', '--quiet', '--hard', 'HEAD~1');
  edit('environments/prod.yaml', 'crmTimeout: 15', 'crmTimeout: 25');
  commit('Cid', 'Another way');
  const { run, outcomes } = await apply();
  expect(run.notes).toEqual([
    `the branch was rewritten (force-push): main@sha1:${lost}, applied before, is not part of ${run.revision}`,
  ]);
  expect(told(outcomes)).toEqual(['update get-customer Cid: Another way']);
});
