import { afterEach, beforeEach, expect, test } from 'vitest';
import { type App, loadDaemonConfig, openApp } from '../src/app.ts';
import type { TargetConfig } from '../src/model/daemon-config.ts';
import { silent } from '../src/model/log.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { type World, world } from '../src/source/fixture.ts';
import { type Folder, folder } from './support/cli.ts';
import { type FakeClock, fakeClock } from './support/clock.ts';
import { config, contract, webServices } from './support/world.ts';

/** `prod` after `staging` by half a minute, on a real git repository of one action; who runs when is the test's. */
let sandboxes: Sandbox[];
let repository: World;
let dir: Folder;
let clock: FakeClock;
let app: App;
beforeEach(async () => {
  sandboxes = await Promise.all(['Staging', 'Prod'].map((orgName) => startSandbox({ rateLimit: 1_000_000, orgName })));
  repository = await world(version(1));
  dir = folder();
  clock = fakeClock();
  const targets = sandboxes.map(({ url, org }, i) => ({
    name: ['staging', 'prod'][i],
    organization: org.name,
    apiUrl: url,
    loginUrl: url,
    clientId: 'sandbox-daemon',
    clientSecret: { fromEnv: 'SECRET' },
    ...(i === 1 ? { after: { target: 'staging', soak: '30s' } } : {}),
  }));
  const file = dir.config('', { url: repository.url, branch: 'main' }, {}, { targets });
  const read = await loadDaemonConfig(file);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  app = await openApp({ config: read.config, file, log: silent, clock, env: { SECRET: 'sandbox-secret' } });
});
afterEach(async () => {
  await app.close();
  await Promise.all(sandboxes.map((one) => one.close()));
  await repository[Symbol.asyncDispose]();
  dir.remove();
});

function version(timeoutSeconds: number): Record<string, string> {
  const spec = { integration: webServices, contract: contract(), config: { ...config(), timeoutSeconds } };
  const document = { apiVersion: 'genesys-gitops/v1', kind: 'DataAction', metadata: { name: 'a' }, spec };
  return { 'a.yaml': JSON.stringify(document) };
}

/** One run; answers what is live there then. */
async function run(name: 'staging' | 'prod', revision?: string): Promise<number | undefined> {
  const i = app.config.targets.findIndex((target) => target.name === name);
  const named = revision === undefined ? {} : { revision };
  await app.reconcile(app.config.targets[i] as TargetConfig, { mode: 'apply', trigger: 'apply', ...named });
  return sandboxes[i]!.state.actions().find((action) => action.name === 'a')?.config.timeoutSeconds;
}

test('what soaks is taken after a force-push that made the server forget it', async () => {
  await run('staging');
  clock.jump(20_000);
  repository.git('checkout', '-q', '--orphan', 'other');
  await repository.commit(version(2), 'rewritten');
  repository.git('branch', '-M', 'main');
  repository.git('reflog', 'expire', '--expire=now', '--all');
  repository.git('gc', '-q', '--prune=now');
  expect(await run('staging')).toBe(2);
  clock.jump(10_000);
  expect(await run('prod')).toBe(1);
});

test('a revision that a person named, of a branch that was never merged, is not followed until it is', async () => {
  await run('staging');
  repository.git('checkout', '-q', '-b', 'feature');
  const feature = await repository.commit(version(50));
  expect(await run('staging', feature)).toBe(50);
  repository.git('checkout', '-q', 'main');
  await repository.commit(version(2));
  expect(await run('staging')).toBe(2);
  clock.jump(30_000);
  expect(await run('prod')).toBe(2);
  expect((await app.journal.runs('staging', 3)).map(({ named }) => named)).toEqual([undefined, true, undefined]);
  // As the newest of the branch it is one like any other.
  repository.git('reset', '-q', '--hard', feature);
  expect(await run('staging')).toBe(50);
  clock.jump(30_000);
  expect(await run('prod')).toBe(50);
});

test('a revert takes back at once what was taken: the files are as they were before', async () => {
  await run('staging');
  await repository.commit(version(50), 'bad');
  await run('staging');
  clock.jump(30_000);
  expect(await run('prod')).toBe(50);
  repository.git('revert', '--no-edit', 'HEAD');
  await run('staging');
  expect(await run('prod')).toBe(1);
});
