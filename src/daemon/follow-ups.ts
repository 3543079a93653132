import type { Clock } from '../model/clock.ts';

/** Present where a run came to an end that may be another one soon; `after` (milliseconds) where that is known. */
export type Again = { after?: number };

export interface FollowUps {
  /** A run ended: without `again` the count begins anew. `untilNextMs`: when the schedule comes anyway. */
  ended(target: string, again: Again | undefined, untilNextMs: number | undefined): void;
  /** A run begins, for whatever reason. */
  cancel(target: string): void;
  next(target: string): Date | undefined;
  stop(): void;
}

const first = 10_000;
/** Beside a schedule of days, an hour is soon. */
const longest = 3_600_000;
/** Nobody is asked more often than this, whatever a server says. */
const shortest = 100;

/** Runs sooner than the schedule would, after what only time can mend. */
export function createFollowUps(clock: Clock, run: (target: string) => void): FollowUps {
  const tries = new Map<string, number>();
  const timers = new Map<string, { due: Date; stop: AbortController }>();

  function cancel(target: string): void {
    timers.get(target)?.stop.abort();
    timers.delete(target);
  }

  return {
    cancel,
    ended(target, again, untilNextMs) {
      cancel(target);
      if (again === undefined) {
        tries.delete(target);
        return;
      }
      const before = tries.get(target) ?? 0;
      if (again.after === undefined) tries.set(target, before + 1);
      const delay = followUpDelay(before, again.after, untilNextMs);
      if (delay === undefined) return;
      const stop = new AbortController();
      timers.set(target, { due: new Date(clock.now().getTime() + delay), stop });
      clock.sleep(delay, stop.signal).then(
        () => {
          timers.delete(target);
          run(target);
        },
        () => {},
      );
    },
    next: (target) => timers.get(target)?.due,
    stop() {
      for (const target of [...timers.keys()]) cancel(target);
    },
  };
}

/** Milliseconds until the follow-up; undefined where the schedule comes first. `before`: follow-ups in a row so far. */
export function followUpDelay(
  before: number,
  after: number | undefined,
  untilNextMs: number | undefined,
): number | undefined {
  const wanted = after ?? first * 2 ** before;
  const delay = Math.min(longest, Math.max(shortest, wanted));
  return untilNextMs !== undefined && delay >= untilNextMs ? undefined : delay;
}
