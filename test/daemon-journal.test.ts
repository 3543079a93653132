import { afterEach, expect, test } from 'vitest';
import { serveDaemon } from '../src/app/daemon.ts';
import { createTidying } from '../src/app/daemon-tidy.ts';
import { type App, loadDaemonConfig, openApp } from '../src/app.ts';
import { Failure } from '../src/model/failure.ts';
import type { Journal } from '../src/model/journal.ts';
import { type Log, silent } from '../src/model/log.ts';
import type { Sandbox } from '../src/sandbox/index.ts';
import type { Folder } from './support/cli.ts';
import { fakeClock } from './support/clock.ts';
import { useSandbox } from './support/sandbox.ts';

const patience = { timeout: 5_000 };

let sandbox: Sandbox;
let dir: Folder;
const stop = { now: new AbortController(), done: Promise.resolve() };
useSandbox((made) => {
  ({ sandbox, dir } = made);
});
afterEach(async () => {
  stop.now.abort();
  await stop.done;
});

/** What fails in the journal of a daemon, and what it says meanwhile. */
interface World {
  /** The method of the journal that fails, and how. */
  failing: { method?: keyof Journal; failure?: Failure; opening?: Failure };
  opened: number;
  closed: number;
  said: string[];
  at: string;
}

/** A daemon in this process; its clock is the test's, so that pauses do not take any time. */
async function daemon(clock = fakeClock(new Date())): Promise<World & { clock: typeof clock }> {
  const file = dir.config(sandbox.url, { path: dir.actions('repo') }, { schedule: '0 0 1 1 *' });
  const loaded = await loadDaemonConfig(file);
  if ('problems' in loaded) throw new Error('bad config');
  const address = Promise.withResolvers<string>();
  const world: World = { failing: {}, opened: 0, closed: 0, said: [], at: '' };
  const say = (details: object, message: string): void => {
    world.said.push(message);
    if ('address' in details) address.resolve(String(details.address));
  };
  const log: Log = { ...silent, info: say, warn: say, error: say, child: () => log };
  stop.now = new AbortController();
  const open = async (_config: unknown, more: object): Promise<App> => {
    if (world.failing.opening !== undefined) throw world.failing.opening;
    world.opened++;
    const app = await openApp({
      config: loaded.config,
      file,
      log,
      clock,
      env: { SECRET: 'sandbox-secret' },
      ...more,
    });
    const journal = new Proxy(app.journal, {
      get: (from, name: keyof Journal) =>
        name === world.failing.method ? () => Promise.reject(world.failing.failure) : from[name],
    });
    const close = async (): Promise<void> => {
      world.closed++;
      await app.close();
    };
    return { ...app, journal, close };
  };
  const { signal } = stop.now;
  const setup = { config: loaded.config, choose: () => loaded.config.targets, open, version: '', log, signal, clock };
  stop.done = serveDaemon(setup);
  world.at = await address.promise;
  // The first run is over; both pulses and the look at the audit log wait for their next time.
  await expect.poll(() => said(world, 'run finished'), patience).toBe(1);
  await clock.untilWaiting(3);
  return Object.assign(world, { clock });
}

async function ready({ at }: World): Promise<[number, unknown]> {
  const answer = await fetch(`${at}/readyz`);
  return [answer.status, ((await answer.json()) as { journal: string }).journal];
}

const damaged = new Failure('JournalUnavailable', 'the journal is damaged', { reopen: true });
const full = new Failure('JournalUnavailable', 'the disk is full');
const said = (world: World, words: string): number => world.said.filter((one) => one.includes(words)).length;

test.each(['memorise', 'recallAll'] as const)('where %s says so, the journal is opened anew', async (method) => {
  const world = await daemon();
  await expect.poll(() => ready(world), patience).toEqual([200, 'ok']);
  world.failing = { method, failure: damaged, opening: new Failure('JournalUnavailable', 'another process has it') };
  await world.clock.advance(10_000);
  await expect.poll(() => world.closed, patience).toBe(1);
  await expect.poll(() => said(world, 'the journal cannot be opened'), patience).toBe(1);
  expect(await ready(world)).toEqual([503, 'the journal is damaged']);
  expect((await fetch(`${world.at}/healthz`)).status).toBe(200);

  world.failing = {};
  await world.clock.drive(expect.poll(() => world.opened, patience).toBe(2));
  await expect.poll(() => ready(world), patience).toEqual([200, 'ok']);
  expect([said(world, 'the journal cannot be opened'), said(world, 'the journal is open again')]).toEqual([1, 1]);
  expect(world.closed).toBe(1);
});

test('a full disk: reads go on, and the daemon is unready until a write succeeds', async () => {
  const world = await daemon();
  await expect.poll(() => ready(world), patience).toEqual([200, 'ok']);
  world.failing = { method: 'memorise', failure: full };
  await world.clock.advance(10_000);
  await expect.poll(() => ready(world), patience).toEqual([503, 'the disk is full']);
  world.failing = {};
  await world.clock.advance(10_000);
  await expect.poll(() => ready(world), patience).toEqual([200, 'ok']);
  expect(world.opened).toBe(1);
});

test('the journal is tidied after the first run and then daily; a failure ends nothing', async () => {
  let steady = 0;
  const times: [Date, number | undefined][] = [];
  const journal: Pick<Journal, 'tidy'> = {
    async tidy(...asked) {
      times.push(asked as [Date, number | undefined]);
      throw full;
    },
  };
  const now = new Date();
  const tidy = createTidying(
    () => now,
    () => steady,
    silent,
  );
  for (const hours of [0, 1, 23, 24, 25, 48]) {
    steady = hours * 3_600_000;
    await tidy({ journal, retention: hours === 48 ? '400d' : undefined, ending: new AbortController().signal });
  }
  expect(times).toEqual([
    [now, undefined],
    [now, undefined],
    [now, 400 * 24 * 3_600_000],
  ]);
});
