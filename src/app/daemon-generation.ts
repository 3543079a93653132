import type { App } from '../app.ts';
import {
  type DaemonTarget,
  daemon,
  type LoopStatus,
  type Metrics,
  Revisions,
  type RunEnd,
  type Vitals,
  type Wish,
} from '../daemon/index.ts';
import type { Clock } from '../model/clock.ts';
import type { DaemonConfig, TargetConfig } from '../model/daemon-config.ts';
import { asFailure, type Failure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import { answerRequest, lastBeat, type ReconcileRequest, takeRequests } from './control.ts';
import { type AuditRounds, startRounds } from './daemon-audits.ts';
import { signOfLife } from './daemon-beat.ts';
import { candidatesOf } from './daemon-follow.ts';
import { createPins } from './daemon-pins.ts';
import { runner } from './daemon-run.ts';
import type { Tidying } from './daemon-tidy.ts';
import { goodRevision } from './past.ts';
import { thisProcess } from './this-process.ts';

const defaultPoll = '*/30 * * * * *';
const defaultSchedule = '*/5 * * * *';

/** SIGTERM is followed by SIGKILL, in most places after ten seconds or more; a request may hang for a minute. */
const grace = { stop: 7_000, reload: 30_000, note: 750, close: 500, audits: 500 };

/** What outlives a change of the configuration. */
export interface Lasting {
  metrics: Metrics;
  vitals: Vitals;
  tidy: Tidying;
  /** Which revision was read and found valid last, of any target. */
  known(revision: string): void;
  /** Why there is none for a target yet, where all is well all the same. */
  waits(why: string): void;
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
  /** Why the journal has to be opened anew; the loop has ended for it, or is about to. */
  broken(): Failure | undefined;
  /** `ok`, or why the journal can be read or written no more. */
  journal(): Promise<string>;
  close(): Promise<void>;
}

interface Begun {
  app: App;
  targets: readonly TargetConfig[];
  /** The app's own signal: its clients stop when it aborts. */
  ending: AbortController;
  /** It follows upon another configuration, or the same with another secret. */
  reloaded: boolean;
}

export function createGeneration({ app, targets, ending, reloaded }: Begun, lasting: Lasting): Generation {
  const { clock, log, metrics, stop } = lasting;
  const { journal, source, config } = app;
  const names = targets.map(({ name }) => name);
  const revisions = new Revisions();
  const pins = createPins(source, log);

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

  const end = (): void => ending.abort(new Error('asked to stop'));
  let audits: AuditRounds | undefined;
  let broken: Failure | undefined;
  let closed: Promise<void> | undefined;
  /** Why the last write failed: a read alone does not tell of a full disk. */
  let unwritten: string | undefined;

  function noticed(failure: Failure): void {
    if (failure.detail.reopen !== true || broken !== undefined || ending.signal.aborted) return;
    broken = failure;
    log.error({ detail: failure.message }, 'the journal has to be opened anew, the loop ends for it');
    end();
  }

  async function noticing<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      noticed(asFailure(error));
      throw error;
    }
  }

  async function giveSign(status: LoopStatus): Promise<void> {
    try {
      await noticing(signOfLife({ app, targets, ...lasting }, status));
      unwritten = undefined;
    } catch (error) {
      unwritten = asFailure(error).message;
      throw error;
    }
  }

  /** What an earlier process applied last is in force until something newer is good. */
  async function recallGood(): Promise<void> {
    for (const name of names) {
      const good = await noticing(journal.recall(goodRevision(name)));
      if (typeof good !== 'string') continue;
      revisions.worked(name, good);
      lasting.known(good);
    }
  }

  function target(config: TargetConfig): DaemonTarget {
    const { name, schedule = defaultSchedule, timeZone } = config;
    const candidates = candidatesOf(config, { app, revisions, clock });
    const wrote = (name: string): void => audits?.wrote(name);
    const runOne = runner(config, { ...lasting, app, revisions, candidates, pins, reloaded, wrote, failed: noticed });
    const reconcile = async (wish: Wish): Promise<RunEnd> => {
      const ended = await runOne(wish);
      void lasting.tidy({ journal, retention: app.config.retention, ending: ending.signal });
      return ended;
    };
    const { follows } = candidates;
    return {
      name,
      schedule,
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(follows === undefined ? {} : { follows }),
      reconcile,
    };
  }

  async function run(): Promise<void> {
    await recallGood().catch((error: unknown) =>
      log.warn({ detail: asFailure(error).message }, 'the last good revision cannot be recalled'),
    );
    await metrics.serve(names, (name) => app.stats(name));
    audits = startRounds({ app, targets, metrics, clock, log, signal: ending.signal });
    const git = 'url' in config.source ? config.source : undefined;
    const clean = await daemon({
      ...lasting,
      targets: targets.map(target),
      ...(git === undefined
        ? { watch: (changed: () => void) => source.watch(changed) }
        : { poll: git.poll ?? defaultPoll }),
      poller,
      requests: {
        take: () => noticing(takeRequests(journal, names)),
        answer: (request, { runId, status, reason, message }: RunEnd) =>
          answerRequest(journal, request as ReconcileRequest, {
            status,
            reason,
            ...(runId === undefined ? {} : { runId }),
            ...(message === undefined ? {} : { message }),
          }),
      },
      beat: giveSign,
      signal: ending.signal,
      patience: (over) => patience(lasting, over),
    });
    if (!clean) await cutOff(app, lasting);
    // What hangs is dropped with the connections; nothing is lost, the next start asks again.
    await within(grace.audits, audits.ended, clock);
  }

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
    broken: () => broken,
    journal: async () => broken?.message ?? unwritten ?? (await readable(journal)),
    close: () => {
      closed ??= close();
      return closed;
    },
  };

  async function close(): Promise<void> {
    if (stop.aborted) await lastBeat(journal, thisProcess).catch(() => undefined);
    // What hangs (git has its own time limits) does not keep the rest from going on.
    const closed = pins
      .done()
      .then(() => app.close())
      .catch((error: unknown) => log.warn({ detail: asFailure(error).message }, 'not closed'));
    await within(grace.close, closed, clock);
  }
}

/** Waits for the work, but no longer than this. */
async function within(ms: number, work: Promise<void>, clock: Clock): Promise<void> {
  const over = new AbortController();
  await Promise.race([work, clock.sleep(ms, over.signal).catch(() => undefined)]);
  over.abort();
}

async function readable(journal: App['journal']): Promise<string> {
  return journal.recall('ready').then(
    () => 'ok',
    (error: unknown) => asFailure(error).message,
  );
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
