import type { App } from '../app.ts';
import { daemon, type Metrics, Revisions, type RunEnd, type Vitals } from '../daemon/index.ts';
import type { Clock } from '../model/clock.ts';
import type { DaemonConfig, TargetConfig } from '../model/daemon-config.ts';
import { asFailure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import { answerRequest, lastBeat, type ReconcileRequest, takeRequests } from './control.ts';
import { holder, signOfLife } from './daemon-beat.ts';
import { goodRevision, runner } from './daemon-run.ts';

const defaultPoll = '*/30 * * * * *';
const defaultSchedule = '*/5 * * * *';

/** SIGTERM is followed by SIGKILL, in most places after ten seconds or more; a request may hang for a minute. */
const grace = { stop: 7_000, reload: 30_000, note: 750, close: 500 };

/** What outlives a change of the configuration. */
export interface Lasting {
  metrics: Metrics;
  vitals: Vitals;
  /** Which revision was read and found valid last, of any target. */
  known(revision: string): void;
  version: string;
  startedAt: string;
  random: () => number;
  clock: Clock;
  log: Log;
  /** The process is asked to stop. */
  stop: AbortSignal;
}

/** What lives as long as one configuration is in force. */
export interface Generation {
  config: DaemonConfig;
  app: App;
  targets: readonly TargetConfig[];
  /** Turns the loop until `end`; runs in hand finish their write. */
  run(): Promise<void>;
  end(): void;
  close(): Promise<void>;
}

/** `ending` is the app's own signal: its clients stop when it aborts. */
export function createGeneration(
  app: App,
  targets: readonly TargetConfig[],
  ending: AbortController,
  lasting: Lasting,
): Generation {
  const { clock, log, metrics, stop } = lasting;
  const { journal, source, config } = app;
  const names = targets.map(({ name }) => name);
  const revisions = new Revisions();

  async function poller(): Promise<boolean> {
    try {
      const isNew = revisions.see(await source.head());
      metrics.polled(isNew ? 'new' : 'unchanged');
      return isNew;
    } catch (error) {
      const { reason, message } = asFailure(error);
      if (!ending.signal.aborted) {
        log.warn({ reason, detail: message }, 'source unavailable, the last revision stays in force');
      }
      metrics.polled('failed');
      return false;
    }
  }

  async function run(): Promise<void> {
    for (const name of names) {
      // What an earlier process applied last is in force until something newer is good.
      const good = await journal.recall(goodRevision(name));
      if (typeof good !== 'string') continue;
      revisions.worked(name, good);
      lasting.known(good);
    }
    await metrics.serve(names, (name) => app.stats(name));
    const git = 'url' in config.source ? config.source : undefined;
    const clean = await daemon({
      ...lasting,
      targets: targets.map((target) => ({
        name: target.name,
        schedule: target.schedule ?? defaultSchedule,
        ...(target.timeZone === undefined ? {} : { timeZone: target.timeZone }),
        reconcile: runner(target, { ...lasting, app, revisions }),
      })),
      ...(git === undefined
        ? { watch: (changed: () => void) => source.watch(changed) }
        : { poll: git.poll ?? defaultPoll }),
      poller,
      requests: {
        take: () => takeRequests(journal, names),
        answer: (request, { runId, status, reason, message }: RunEnd) =>
          answerRequest(journal, request as ReconcileRequest, {
            status,
            reason,
            ...(runId === undefined ? {} : { runId }),
            ...(message === undefined ? {} : { message }),
          }),
      },
      beat: (status) => signOfLife({ app, targets, ...lasting }, status),
      signal: ending.signal,
      patience: (over) => patience(lasting, over),
    });
    if (!clean) await cutOff(app, lasting);
  }

  const end = (): void => ending.abort(new Error('asked to stop'));
  return {
    config,
    app,
    targets,
    async run() {
      if (stop.aborted) return;
      stop.addEventListener('abort', end, { once: true });
      await run().finally(() => stop.removeEventListener('abort', end));
    },
    end,
    async close() {
      if (stop.aborted) await lastBeat(journal, holder).catch(() => undefined);
      // What hangs (git has its own time limits) does not keep the rest from going on.
      const over = new AbortController();
      const closed = app
        .close()
        .catch((error: unknown) => log.warn({ detail: asFailure(error).message }, 'not closed'));
      await Promise.race([closed, clock.sleep(grace.close, over.signal).catch(() => undefined)]);
      over.abort();
    },
  };
}

/** A stop is waited for from the moment when it was asked for, even in the middle of a reload. */
async function patience({ stop, clock }: Lasting, over: AbortSignal): Promise<void> {
  await clock.sleep(grace.reload, AbortSignal.any([stop, over])).catch(() => undefined);
  if (stop.aborted && !over.aborted) await clock.sleep(grace.stop, over).catch(() => undefined);
}

/** Drops the connections, so that what hangs ends; what became of its writes is found out at the next start. */
async function cutOff(app: App, { clock, log }: Lasting): Promise<void> {
  log.warn({}, 'something in hand did not end in time and is cut off; open writes are looked up at the next start');
  app.disconnect();
  await clock.sleep(grace.note);
}
