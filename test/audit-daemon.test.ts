import { afterEach, expect, test } from 'vitest';
import { serveDaemon } from '../src/app/daemon.ts';
import { loadDaemonConfig, openApp } from '../src/app.ts';
import { demoSeed, type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { listening } from './support/audit-world.ts';
import { type Folder, folder } from './support/cli.ts';
import { fakeClock } from './support/clock.ts';

const patience = { timeout: 5_000 };
const env = { SECRET: 'sandbox-secret' };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function setUp(audit: object = {}) {
  const clock = fakeClock(new Date());
  const dir: Folder = folder();
  const sandbox: Sandbox = await startSandbox({
    ...{ rateLimit: 1_000_000, seed: demoSeed, activationMs: 1, now: () => clock.now().getTime() },
    audits: { delayMs: 10_000 },
  });
  closing.push(
    () => dir.remove(),
    () => sandbox.close(),
  );
  const schedule = { schedule: '0 0 1 1 *' };
  const file = dir.config(sandbox.url, { path: dir.actions('repo') }, schedule, { audit });
  const loaded = await loadDaemonConfig(file);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  const { config } = loaded;
  const audited = (): number => sandbox.requests().filter(({ path }) => path.includes('/audits/')).length;
  return { clock, sandbox, file, config, audited, ...listening() };
}

type World = Awaited<ReturnType<typeof setUp>>;

/** A daemon in this process, until its first run has ended; answers how to stop it, and where it listens. */
async function daemon({ clock, file, config, log, said }: World) {
  const stop = new AbortController();
  const runs = said('run finished').length;
  const served = said('health served').length;
  const done = serveDaemon({
    ...{ config, choose: () => config.targets, version: '', log, clock, signal: stop.signal },
    open: (_config, more) => openApp({ config, file, log, clock, env, ...more }),
  });
  const end = async (): Promise<void> => {
    stop.abort();
    await clock.drive(done);
  };
  closing.push(end);
  await expect.poll(() => said('run finished').length, patience).toBe(runs + 1);
  await clock.untilWaiting(3);
  return { end, at: String(said('health served')[served]!.fields['address']) };
}

test('the daemon looks a quarter of a minute after it wrote, and asks no more when all is matched', async () => {
  const world = await setUp();
  const { at } = await daemon(world);
  expect(world.audited()).toBe(0);
  await world.clock.advance(16_000);
  await expect.poll(() => world.said('change matched').length, patience).toBe(3);
  const asked = world.audited();
  await world.clock.advance(1_200_000);
  expect(world.audited()).toBe(asked);
  const metrics = await (await fetch(`${at}/metrics`)).text();
  expect(metrics).toContain('genesys_gitops_audited_changes_total{target="test",match="matched"} 3');
});

test('what was written before a restart is matched after it', async () => {
  const world = await setUp();
  await (await daemon(world)).end();
  expect(world.said('change matched')).toEqual([]);
  await world.clock.advance(60_000);
  await daemon(world);
  await world.clock.advance(6_000);
  await expect.poll(() => world.said('change matched').length, patience).toBe(3);
});

test('a run tells its own requests only, and where the log is not to be asked nothing is', async () => {
  const world = await setUp();
  const open = () => openApp({ ...world, env });
  const app = await open();
  closing.push(() => app.close());
  const target = app.config.targets[0]!;
  await app.reconcile(target, { mode: 'apply' });
  world.clock.jump(60_000);
  const [{ requests: quiet }, report] = await Promise.all([
    app.reconcile(target, { mode: 'apply' }),
    app.matchAudits(target),
  ]);
  expect(report).toMatchObject({ matched: 3, waiting: 0 });
  expect((await app.reconcile(target, { mode: 'apply' })).requests).toBe(quiet);
  expect((await app.journal.runs('test', 2))[0]!.requests).toBe(quiet);

  const off = await setUp({ enabled: false });
  const other = await openApp({ ...off, env });
  closing.push(() => other.close());
  await other.reconcile(other.config.targets[0]!, { mode: 'apply' });
  off.clock.jump(60_000);
  expect(await other.matchAudits(other.config.targets[0]!)).toBeUndefined();
  expect(off.audited()).toBe(0);
});
