import { afterEach, beforeEach, expect, test } from 'vitest';
import { requestReconcile, resume, suspend } from '../src/app/control.ts';
import { serveDaemon } from '../src/app/daemon.ts';
import { Waiting } from '../src/app/follow.ts';
import { inFull, waitsFor, whyTaken } from '../src/app/follow-words.ts';
import { type App, loadDaemonConfig, openApp } from '../src/app.ts';
import type { DaemonConfig, TargetConfig } from '../src/model/daemon-config.ts';
import { silent } from '../src/model/log.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { type Folder, folder } from './support/cli.ts';
import { type FakeClock, fakeClock } from './support/clock.ts';
import { config, contract, webServices } from './support/world.ts';

/** Two organisations, `prod` after `staging`; a repository of one action, and a clock that the test moves. */
let staging: Sandbox;
let prod: Sandbox;
let dir: Folder;
let file: string;
let clock: FakeClock;
const stopping: (() => Promise<void>)[] = [];

beforeEach(async () => {
  [staging, prod] = (await Promise.all(
    ['Staging', 'Prod'].map((orgName) => startSandbox({ rateLimit: 1_000_000, orgName })),
  )) as [Sandbox, Sandbox];
  dir = folder();
  clock = fakeClock();
  write(1);
  configure('30s');
});
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop();
  await Promise.all([staging.close(), prod.close()]);
  dir.remove();
});

/** The repository's one action gives up after so many seconds. */
function write(timeoutSeconds: number): void {
  const spec = { integration: webServices, contract: contract(), config: { ...config(), timeoutSeconds } };
  const document = { apiVersion: 'genesys-gitops/v1', kind: 'DataAction', metadata: { name: 'a' }, spec };
  dir.write('repo/a.yaml', JSON.stringify(document));
}

function configure(soak: string): void {
  const target = (name: string, { url, org }: Sandbox, more: object): object => ({
    name,
    organization: org.name,
    apiUrl: url,
    loginUrl: url,
    clientId: 'sandbox-daemon',
    clientSecret: { fromEnv: 'SECRET' },
    schedule: '0 0 1 1 *',
    ...more,
  });
  const targets = [target('prod', prod, { after: { target: 'staging', soak } }), target('staging', staging, {})];
  file = dir.config('', { path: 'repo' }, {}, { targets });
}

async function loaded(): Promise<DaemonConfig> {
  const read = await loadDaemonConfig(file);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

const env = { SECRET: 'sandbox-secret' };

async function opened(more: object = {}): Promise<App> {
  const app = await openApp({ config: await loaded(), file, log: silent, clock, env, ...more });
  stopping.push(() => app.close());
  return app;
}

interface Daemon {
  app: App;
  /** Saves another version of the action, and waits until staging has run for it. */
  commit(timeoutSeconds: number): Promise<void>;
  /** Waits until a target has had so many runs in this process. */
  ran(target: string, times: number): Promise<void>;
  stop(): Promise<void>;
}

async function daemon(): Promise<Daemon> {
  let save = (): void => {};
  const ended: string[] = [];
  const ending = new AbortController();
  const { promise, resolve } = Promise.withResolvers<App>();
  const open = async (read: DaemonConfig, more: object): Promise<App> => {
    const app = await openApp({ config: read, file, log: silent, clock, env, ...more });
    const watch: App['source']['watch'] = async (changed) => {
      save = changed;
      return async () => {};
    };
    const reconcile: App['reconcile'] = (target, options) =>
      app.reconcile(target, options).finally(() => ended.push(target.name));
    const made = { ...app, reconcile, source: { ...app.source, watch } };
    resolve(made);
    return made;
  };
  const config = await loaded();
  const { signal } = ending;
  const how = { config, choose: () => config.targets, open, version: '', log: silent, signal, clock, random: () => 0 };
  const done = serveDaemon(how);
  const stop = async (): Promise<void> => {
    ending.abort();
    await clock.drive(done);
  };
  stopping.push(stop);
  const runs = (target: string): number => ended.filter((one) => one === target).length;
  const ran = (target: string, times: number): Promise<void> =>
    expect.poll(() => runs(target), patience).toBeGreaterThanOrEqual(times);
  await ran('staging', 1);
  // The beat, the look for requests, and the look at what others did.
  await clock.untilWaiting(3);
  return {
    app: await promise,
    stop,
    ran,
    async commit(timeoutSeconds) {
      const before = runs('staging');
      write(timeoutSeconds);
      save();
      await ran('staging', before + 1);
    },
  };
}

const patience = { timeout: 5_000, interval: 5 };
const live = ({ state }: Sandbox): number | undefined =>
  state.actions().find(({ name }) => name === 'a')?.config.timeoutSeconds;
const becomes = (sandbox: Sandbox, timeoutSeconds: number): Promise<void> =>
  expect.poll(() => live(sandbox), patience).toBe(timeoutSeconds);

async function waits({ config: { targets }, follow }: App): Promise<string | undefined> {
  const followed = await follow(targets.find(({ name }) => name === 'prod')!);
  return waitsFor(followed!, { ...inFull, revision: (revision) => revision.slice(0, 6) });
}

test('follows after the soak time, to the second; until then nothing is written, and it is told what is waited for', async () => {
  const { app, ran } = await daemon();
  expect(live(staging)).toBe(1);
  expect(await waits(app)).toBe(
    'staging: folder was applied there at 2026-01-01 00:00:00Z, and is taken at 2026-01-01 00:00:30Z',
  );
  await clock.advance(29_500);
  expect(prod.requests()).toEqual([]);
  await clock.advance(500);
  await ran('prod', 1);
  expect(live(prod)).toBe(1);
  const runs = await app.journal.runs('prod', 5);
  expect(runs.map(({ trigger, status }) => [trigger, status])).toEqual([['revision', 'succeeded']]);
  expect(await waits(app)).toBeUndefined();
});

test('without a soak time it follows at once', async () => {
  configure('0s');
  const { ran, commit } = await daemon();
  await ran('prod', 1);
  await commit(2);
  await clock.advance(1_000);
  await ran('prod', 2);
  expect(live(prod)).toBe(2);
});

test('a stream of commits is followed at the distance of the soak time, and what it takes is still readable', async () => {
  const { commit } = await daemon();
  for (const version of [2, 3, 4, 5, 6, 7]) {
    await clock.advance(10_000);
    await commit(version);
  }
  // Half a minute after each was applied, it is taken.
  await becomes(prod, 4);
  expect(live(staging)).toBe(7);
});

test('a run that fails breaks it: the soak time begins with the first good run after it', async () => {
  const { app, commit, ran } = await daemon();
  await clock.advance(30_000);
  await ran('prod', 1);
  await commit(2);
  await clock.advance(20_000);
  staging.addFault({ when: { method: 'PATCH', times: 1 }, then: { status: 400 } });
  staging.addFault({ when: { method: 'POST', times: 1 }, then: { status: 400 } });
  await commit(3);
  expect(await waits(app)).toBe(
    'staging to be healthy, which it has not been since 2026-01-01 00:00:50Z (ReconciliationFailed)',
  );
  await clock.advance(15_000);
  expect(live(prod)).toBe(1);
  await commit(4);
  await clock.advance(29_500);
  expect(live(prod)).toBe(1);
  await clock.advance(500);
  await becomes(prod, 4);
});

test('a restart in the middle, on a folder that has moved on: what was soaking is taken when its time has come', async () => {
  const first = await daemon();
  await clock.advance(20_000);
  await first.stop();
  write(9);
  const second = await daemon();
  expect(live(staging)).toBe(9);
  await clock.advance(10_000);
  await second.ran('prod', 1);
  expect(live(prod)).toBe(1);
  await clock.advance(20_000);
  await becomes(prod, 9);
});

test('what staging takes back is taken back', async () => {
  const { app, commit, ran } = await daemon();
  await commit(2);
  await clock.advance(30_000);
  await ran('prod', 1);
  expect(live(prod)).toBe(2);
  await commit(1);
  await clock.advance(1_000);
  await ran('prod', 2);
  expect(live(prod)).toBe(1);
  expect(await waits(app)).toBeUndefined();
});

test('while the other target is suspended nothing new is taken, and drift is healed all the same', async () => {
  const { app, commit, ran } = await daemon();
  await clock.advance(30_000);
  await ran('prod', 1);
  await suspend(app.journal, 'staging', undefined, { reason: 'freeze' });
  await commit(2);
  await clock.advance(60_000);
  expect(await waits(app)).toBe('staging to be healthy, which it has not been since 2026-01-01 00:00:30Z (Suspended)');
  const action = prod.state.actions().find(({ name }) => name === 'a')!;
  prod.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 50 } });
  await requestReconcile(app.journal, 'prod', clock.now());
  await clock.advance(1_000);
  await becomes(prod, 1);
});

test('while the follower is suspended it takes nothing; then what is ready by then, without what was bad in between', async () => {
  const { app, commit, ran } = await daemon();
  await clock.advance(30_000);
  await ran('prod', 1);
  await commit(2);
  await suspend(app.journal, 'prod', undefined, { reason: 'something bad is on staging' });
  await clock.advance(10_000);
  await commit(3);
  await clock.advance(29_000);
  await ran('prod', 2);
  expect(live(prod)).toBe(1);
  await clock.advance(1_000);
  await ran('prod', 3);
  await resume(app.journal, 'prod', undefined);
  await requestReconcile(app.journal, 'prod', clock.now());
  await clock.advance(1_000);
  await becomes(prod, 3);
});

test('what another process applied is followed, too', async () => {
  const { app, ran } = await daemon();
  await clock.advance(30_000);
  await ran('prod', 1);
  write(2);
  const other = await opened();
  const config = await loaded();
  await other.reconcile(config.targets.find(({ name }) => name === 'staging')!, { mode: 'apply', trigger: 'apply' });
  await clock.advance(10_000);
  expect(await waits(app)).toMatch(/is taken at 2026-01-01 00:01:00Z$/);
  await clock.advance(20_000);
  await becomes(prod, 2);
});

test('by hand: it takes what is ready and says why, waits where nothing is, and a named revision goes before all that', async () => {
  const config = await loaded();
  const [late, early] = config.targets as [TargetConfig, TargetConfig];
  const by = { mode: 'apply', trigger: 'apply' } as const;
  const app = await opened();
  await expect(app.reconcile(late, by)).rejects.toThrow('waits for staging, to which nothing was applied yet');
  await app.reconcile(early, by);
  await expect(app.reconcile(late, by)).rejects.toBeInstanceOf(Waiting);
  expect(await app.journal.runs('prod', 5)).toEqual([]);
  clock.jump(30_000);
  write(2);
  const report = await app.reconcile(late, by);
  expect(live(prod)).toBe(1);
  expect(whyTaken(report.followed!, { ...inFull, revision: () => 'R' })).toBe(
    'takes R, which was applied to staging at 2026-01-01 00:00:00Z',
  );
  const named = await app.reconcile(late, { ...by, revision: await app.source.head() });
  expect([live(prod), named.followed]).toEqual([2, undefined]);
  // A person's own choice does not last: nothing but what staging has is for prod.
  await app.reconcile(late, by);
  expect(live(prod)).toBe(1);
});
