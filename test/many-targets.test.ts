import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveDaemon } from '../src/app/daemon.ts';
import { type App, loadDaemonConfig, openApp } from '../src/app.ts';
import type { DaemonConfig } from '../src/model/daemon-config.ts';
import { silent } from '../src/model/log.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { type Folder, folder } from './support/cli.ts';
import { type FakeClock, fakeClock } from './support/clock.ts';
import { config, contract, webServices } from './support/world.ts';

/** One daemon, one repository of one action, an organisation for each name. Time stands still unless a test moves it. */
const names = ['well', 'throttled', 'failing', 'hanging', 'other'] as const;
type Name = (typeof names)[number];

let dir: Folder;
let clock: FakeClock;
let stop: () => Promise<void>;
const orgs = {} as Record<Name, Sandbox>;
const patience = { timeout: 5_000, interval: 5 };

beforeEach(async () => {
  for (const name of names) orgs[name] = await startSandbox({ rateLimit: 1_000_000, orgName: name });
  dir = folder();
  clock = fakeClock();
});
afterEach(async () => {
  await stop();
  await Promise.all(Object.values(orgs).map((one) => one.close()));
  dir.remove();
});

function write(timeoutSeconds: number): void {
  const spec = { integration: webServices, contract: contract(), config: { ...config(), timeoutSeconds } };
  const document = { apiVersion: 'genesys-gitops/v1', kind: 'DataAction', metadata: { name: 'a' }, spec };
  dir.write('repo/a.yaml', JSON.stringify(document));
}

/** Answers the app, and what saves another version of the action. */
async function daemon(): Promise<{ app: App; commit(timeoutSeconds: number): void }> {
  write(1);
  const targets = names.map((name) => ({
    name,
    organization: name,
    apiUrl: orgs[name].url,
    loginUrl: orgs[name].url,
    clientId: 'sandbox-daemon',
    clientSecret: { fromEnv: 'SECRET' },
    schedule: '0 0 1 1 *',
  }));
  const file = dir.config('', { path: 'repo' }, {}, { targets });
  const loaded = await loadDaemonConfig(file);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  const ending = new AbortController();
  const { promise, resolve } = Promise.withResolvers<App>();
  let save = (): void => {};
  const open = async (read: DaemonConfig, more: object): Promise<App> => {
    const env = { SECRET: 'sandbox-secret' };
    const app = await openApp({ config: read, file, log: silent, clock, env, ...more });
    const watch: App['source']['watch'] = async (changed) => {
      save = changed;
      return async () => {};
    };
    const made = { ...app, source: { ...app.source, watch } };
    resolve(made);
    return made;
  };
  const { signal } = ending;
  const done = serveDaemon({
    config: loaded.config,
    choose: () => loaded.config.targets,
    open,
    version: '',
    log: silent,
    signal,
    clock,
    random: () => 0,
  });
  stop = async () => {
    ending.abort();
    await clock.drive(done);
  };
  for (const name of names) await becomes(name, 1);
  await clock.untilWaiting(2);
  return {
    app: await promise,
    commit(timeoutSeconds) {
      write(timeoutSeconds);
      save();
    },
  };
}

const live = (name: Name): number | undefined =>
  orgs[name].state.actions().find((action) => action.name === 'a')?.config.timeoutSeconds;
const becomes = (name: Name, timeoutSeconds: number): Promise<void> =>
  expect.poll(() => live(name), patience).toBe(timeoutSeconds);

test('one commit reaches all; a storm of 429, one that fails and one that hangs hold up nobody else', async () => {
  const { app, commit } = await daemon();
  orgs.throttled.addFault({ when: { path: '/api/**', times: 6 }, then: { status: 429, retryAfter: 2 } });
  orgs.failing.addFault({ when: { path: '/api/**' }, then: { status: 500 } });
  orgs.hanging.addFault({ when: { path: '/api/**' }, then: { delayMs: 60_000 } });
  commit(2);
  // No time has to pass for those that are well.
  await Promise.all([becomes('well', 2), becomes('other', 2)]);
  expect([live('throttled'), live('failing'), live('hanging')]).toEqual([1, 1, 1]);
  // A storm is waited out within the run, as long as Genesys says.
  await clock.drive(becomes('throttled', 2));
  expect(orgs.throttled.requests().filter(({ status }) => status === 429)).toHaveLength(6);

  commit(3);
  await Promise.all([becomes('well', 3), becomes('other', 3), becomes('throttled', 3)]);
  orgs.failing.clearFaults();
  await clock.drive(becomes('failing', 3));
  expect(live('hanging')).toBe(1);
  expect((await app.journal.runs('well', 20)).map(({ status }) => status)).not.toContain('failed');
});
