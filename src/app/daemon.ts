import type { App } from '../app.ts';
import { type Clock, systemClock } from '../model/clock.ts';
import type { DaemonConfig, TargetConfig } from '../model/daemon-config.ts';
import { asFailure } from '../model/failure.ts';
import type { RequestSeen } from '../model/http.ts';
import type { Log } from '../model/log.ts';
import type { Generation } from './daemon-generation.ts';
import type { Loaded } from './daemon-reload.ts';

const refused = 'configuration refused, the one in force stays';
const defaultListen = '127.0.0.1:9464';
/** Some file systems tell nobody when a file changes. */
const recheckMs = 30_000;

export interface DaemonSetup {
  config: DaemonConfig;
  /** The targets of a configuration that this process is for; throws a Failure where there is none of a name. */
  choose(config: DaemonConfig): TargetConfig[];
  /** Opens an app for a configuration; asks neither Genesys nor git yet. */
  open(
    config: DaemonConfig,
    more: { signal: AbortSignal; onRequest(target: string, seen: RequestSeen): void },
  ): Promise<App>;
  /** Where the configuration stands, to be read again when it changes. */
  reload?: { file: string; load(): Promise<Loaded> };
  version: string;
  log: Log;
  signal: AbortSignal;
  /** Answers 0 <= x < 1, for jitter. */
  random?: () => number;
  clock?: Clock;
}

/**
 * The daemon, until the signal aborts: a loop over one configuration after the other. Probes and metrics outlive a
 * change of the configuration. Throws where the first one cannot be used; a later one is refused and told.
 */
export async function serveDaemon(setup: DaemonSetup): Promise<void> {
  const { createMetrics, createVitals, pulse, serve } = await import('../daemon/index.ts');
  const { createGeneration } = await import('./daemon-generation.ts');
  const { checkSchedules } = await import('./daemon-check.ts');
  const { probesOf } = await import('./daemon-probes.ts');
  const { createTidying } = await import('./daemon-tidy.ts');
  const { createReopening } = await import('./daemon-reopen.ts');
  const { log, version, signal: stop, random = Math.random, clock = systemClock } = setup;
  const steady = (): number => performance.now();
  const metrics = createMetrics({ version, node: process.version }, clock);
  const vitals = createVitals(steady);
  const tidy = createTidying(() => clock.now(), steady, log);
  let revision: string | undefined;
  const known = (read: string): void => {
    revision = read;
  };
  const waits = (why: string): void => {
    revision ??= why;
  };
  const startedAt = clock.now().toISOString();
  const lasting = { metrics, vitals, tidy, known, waits, version, random, clock, log, stop, startedAt };

  async function generation(config: DaemonConfig, reloaded: boolean): Promise<Generation> {
    const targets = setup.choose(config);
    checkSchedules({ ...config, targets });
    const ending = new AbortController();
    const onRequest = (target: string, seen: RequestSeen): void => {
      vitals.progress(target);
      metrics.requested(target, seen);
    };
    const app = await setup.open(config, { signal: ending.signal, onRequest });
    return createGeneration({ app, targets, ending, reloaded }, lasting);
  }
  let current = await generation(setup.config, false);
  let next: Generation | undefined;
  /** While the journal is opened anew: with which configuration. */
  let awaiting: { config: DaemonConfig; reloaded: boolean } | undefined;
  async function adopt(config: DaemonConfig): Promise<void> {
    if (awaiting !== undefined) {
      checkSchedules({ ...config, targets: setup.choose(config) });
      awaiting = { config, reloaded: true };
      return;
    }
    const made = await generation(config, true);
    const overtaken = next;
    next = made;
    log.info({}, 'configuration changed, a new loop begins');
    current.end();
    await overtaken?.close();
  }

  const probes = probesOf({ vitals, metrics, known: () => revision, current: () => current, stop });
  let bound: { listen: string; close(): Promise<void> } | undefined;
  /** A new address is taken before the old one is given up. */
  async function bind(listen = defaultListen): Promise<void> {
    if (listen === bound?.listen) return;
    try {
      const { address, close } = await serve(listen, probes);
      log.info({ address }, 'health served');
      const before = bound;
      bound = { listen, close };
      await before?.close();
    } catch (error) {
      if (bound === undefined) throw error;
      log.error({ listen, detail: asFailure(error).message }, 'cannot listen there, the old address stays');
    }
  }

  const closing: (() => Promise<void>)[] = [];
  try {
    await bind(current.config.listen);
    if (setup.reload !== undefined) {
      const { watchConfiguration } = await import('./daemon-reload.ts');
      const { check, close } = await watchConfiguration({ ...setup.reload, config: setup.config, adopt, metrics, log });
      closing.push(close);
      void pulse(
        { everyMs: recheckMs, work: check, failed: 'the configuration cannot be looked at' },
        clock,
        log,
        stop,
      );
    }
    const reopened = createReopening({
      open: () => generation(awaiting!.config, awaiting!.reloaded),
      clock,
      steady,
      log,
      stop,
    });
    for (;;) {
      await current.run();
      if (stop.aborted) break;
      if (next === undefined && current.broken() !== undefined) {
        // Whoever has the file open, this process too, keeps it from being set aside or made anew.
        awaiting = { config: current.config, reloaded: false };
        await current.close();
        vitals.begin();
        next = await reopened();
        const { config } = awaiting;
        awaiting = undefined;
        // It changed once more while the journal was opened.
        if (next !== undefined && next.config !== config) {
          await adopt(config).catch((error: unknown) => log.error({ detail: asFailure(error).message }, refused));
        }
      }
      if (next === undefined) break;
      const before = current;
      current = next;
      next = undefined;
      await before.close();
      await bind(current.config.listen);
    }
  } finally {
    for (const close of closing) await close();
    await Promise.all([current.close(), next?.close()]);
    await bound?.close();
  }
}

/** The daemon over an app that is open already, whose configuration stays as it is; the caller closes it. */
export async function runDaemon(
  app: App,
  targets: readonly TargetConfig[],
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const open = async (): Promise<App> => ({ ...app, close: async () => {} });
  await serveDaemon({ config: app.config, choose: () => [...targets], open, version: '', log, signal });
}
