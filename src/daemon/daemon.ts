import type { Clock } from '../model/clock.ts';
import { asFailure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import { type HealthReport, serveHealth } from './health.ts';
import { schedule } from './schedule.ts';

/** What the daemon turns: one target, reconciled by whoever wired it. */
export interface DaemonTarget {
  name: string;
  /** Drift scan. */
  schedule: string;
  timeZone?: string;
  /** One run on the newest known revision. Never throws for what the run found; see its own log. */
  reconcile(reason: Trigger): Promise<void>;
}

export type Trigger = 'started' | 'revision' | 'schedule';

export interface DaemonInput {
  targets: readonly DaemonTarget[];
  /** Cron expression of the poll; a folder source has none and calls `onChange`. */
  poll?: string;
  /** Looks for a new revision; true where there is one. Throws where the source cannot be reached. */
  poller(): Promise<boolean>;
  watch?(onChange: () => void): Promise<() => Promise<void>>;
  /** `host:port`. */
  listen: string;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

/** The daemon is stuck when one poll has taken this long: git's own time limits are far shorter. */
const stuckAfterMs = 3 * 60_000;

/**
 * Runs until the signal aborts: once at the start, at once for a new revision, and on each target's schedule for drift.
 * A target never runs twice at a time, and no failure of a run or of the source ends the loop.
 */
export async function daemon(input: DaemonInput): Promise<void> {
  const { targets, clock, log, signal } = input;
  const queues = new Map(targets.map((target) => [target.name, new Turnstile()]));
  let pollingSince: number | undefined;

  const reconcile = (target: DaemonTarget, reason: Trigger): Promise<void> =>
    queues.get(target.name)!.enter(async () => {
      if (signal.aborted) return;
      try {
        await target.reconcile(reason);
      } catch (error) {
        const failure = asFailure(error);
        log.error({ target: target.name, reason: failure.reason, detail: failure.message }, 'reconciliation failed');
      }
    });
  const reconcileAll = async (reason: Trigger): Promise<void> => {
    await Promise.all(targets.map((target) => reconcile(target, reason)));
  };
  const look = async (): Promise<boolean> => {
    pollingSince = clock.now().getTime();
    try {
      return await input.poller();
    } catch (error) {
      const { reason, message } = asFailure(error);
      log.warn({ reason, detail: message }, 'source unavailable, the last revision stays in force');
      return false;
    } finally {
      pollingSince = undefined;
    }
  };
  const poll = async (): Promise<void> => {
    if (await look()) void reconcileAll('revision');
  };
  const report = (): HealthReport => {
    const healthy = pollingSince === undefined || clock.now().getTime() - pollingSince < stuckAfterMs;
    return { healthy, body: { status: healthy ? 'ok' : 'stuck', targets: targets.map(({ name }) => name) } };
  };

  const health = await serveHealth(input.listen, report);
  log.info({ address: health.address }, 'health served');
  let unwatch: (() => Promise<void>) | undefined;
  let ticks: ReturnType<typeof schedule> | undefined;
  try {
    await look();
    void reconcileAll('started');
    unwatch = await input.watch?.(() => void poll());
    ticks = schedule([
      ...(input.poll === undefined ? [] : [{ expression: input.poll, run: poll }]),
      ...targets.map((target) => ({
        expression: target.schedule,
        ...(target.timeZone === undefined ? {} : { timeZone: target.timeZone }),
        run: async () => {
          // A folder's events may be missed (a mount that is swapped, a watcher that failed): the schedule looks again.
          if (input.poll === undefined) await look();
          await reconcile(target, 'schedule');
        },
      })),
    ]);
    log.info({ targets: targets.map(({ name }) => name) }, 'daemon started');
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    log.info({}, 'stopping, finishing the write in hand');
  } finally {
    await ticks?.stop();
    await unwatch?.();
    await Promise.all([...queues.values()].map((queue) => queue.idle()));
    await health.close();
  }
}

/** Lets one task in at a time; while one waits, further ones join it, since they would do the same. */
class Turnstile {
  private running: Promise<void> | undefined;
  private waiting: Promise<void> | undefined;

  enter(task: () => Promise<void>): Promise<void> {
    if (this.running === undefined) {
      this.running = task().finally(() => {
        this.running = undefined;
      });
      return this.running;
    }
    this.waiting ??= this.running.then(() => {
      this.waiting = undefined;
      return this.enter(task);
    });
    return this.waiting;
  }

  async idle(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }
}
