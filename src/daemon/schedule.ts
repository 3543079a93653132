import cron, { type Logger, type ScheduledTask } from 'node-cron';

export interface Tick {
  /** Six or five fields, as node-cron reads them. */
  expression: string;
  timeZone?: string;
  /** The longest offset from the moments that the expression names. */
  mostOffsetMs: number;
  run(): Promise<void>;
}

export interface Ticking {
  /** When it comes next, its offset included. */
  next(): Date | undefined;
  /** The shortest of its next gaps. */
  intervalMs: number;
  /** The wall clock was set: what waited for the old time waits for the new one. */
  renew(): Promise<void>;
  stop(): Promise<void>;
}

/** node-cron would print what it thinks of a late tick; how late the loop is, is for `/healthz` to say. */
const quiet: Logger = { info() {}, warn() {}, error() {}, debug() {} };

/**
 * Calls a tick on its schedule, never twice at once: one that is still running swallows the next. Each comes later than
 * the expression says by one offset, drawn once: many daemons do not ask at the same moment, and the gap between two
 * ticks stays what was configured. (node-cron's own random delay is another one each time.)
 */
export function schedule(tick: Tick, random: () => number): Ticking {
  let pending: { due: Date; timer: NodeJS.Timeout; skip: () => void } | undefined;
  const begun = (): ScheduledTask => {
    const made = cron.createTask(
      tick.expression,
      async () => {
        if (offset > 0 && !(await waited())) return;
        await tick.run();
      },
      { noOverlap: true, logger: quiet, ...(tick.timeZone === undefined ? {} : { timezone: tick.timeZone }) },
    );
    void made.start();
    return made;
  };
  const waited = (): Promise<boolean> =>
    new Promise((resolve) => {
      const end = (go: boolean): void => {
        pending = undefined;
        resolve(go);
      };
      const timer = setTimeout(() => end(true), offset);
      pending = { due: new Date(Date.now() + offset), timer, skip: () => end(false) };
    });
  let task = begun();
  const intervalMs = shortestGap(task.getNextRuns(4));
  const offset = offsetOf(intervalMs, tick.mostOffsetMs, random);
  let over = false;
  const end = async (): Promise<void> => {
    clearTimeout(pending?.timer);
    pending?.skip();
    await task.destroy();
  };
  return {
    next() {
      if (pending !== undefined) return pending.due;
      const next = task.getNextRun();
      return next === null ? undefined : new Date(next.getTime() + offset);
    },
    intervalMs,
    async renew() {
      await end();
      if (!over) task = begun();
    },
    async stop() {
      over = true;
      await end();
    },
  };
}

/** Up to a tenth of the interval. */
export function offsetOf(intervalMs: number, mostMs: number, random: () => number): number {
  return Math.floor(random() * Math.min(intervalMs / 10, mostMs));
}

function shortestGap(runs: readonly Date[]): number {
  const gaps = runs.slice(1).map((run, i) => run.getTime() - runs[i]!.getTime());
  return gaps.length === 0 ? 0 : Math.min(...gaps);
}

/** Why an expression is no schedule; undefined where it is one. */
export function invalidSchedule(expression: string): string | undefined {
  return cron.validate(expression) ? undefined : `"${expression}" is not a cron expression`;
}
