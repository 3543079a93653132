import { type Clock, systemClock } from '../../src/model/clock.ts';

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves time on and wakes, in order, whoever is due on the way; those may go to sleep again within the span. */
  advance(ms: number): Promise<void>;
  /** How many sleepers there are. */
  waiting(): number;
  /** Waits, in real time, until at least `count` sleepers are there. */
  untilWaiting(count?: number): Promise<void>;
  /** Moves time to the next sleeper whenever there is one, until the promise settles. Answers what it settles with. */
  drive<T>(promise: Promise<T>): Promise<T>;
  /** Sets the time without waking anybody, as an administrator or NTP does. */
  jump(ms: number): void;
}

interface Sleeper {
  due: number;
  wake(): void;
}

/** Lets sockets and promises get on. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function fakeClock(start: Date | string = '2026-01-01T00:00:00.000Z'): FakeClock {
  /** What the wall shows; sleepers go by `elapsed`, which only runs forward. */
  let wall = new Date(start).getTime();
  let elapsed = 0;
  const sleepers = new Set<Sleeper>();
  const next = (): Sleeper | undefined => [...sleepers].sort((a, b) => a.due - b.due)[0];
  const move = (to: number): void => {
    wall += to - elapsed;
    elapsed = to;
  };
  const wakeNext = async (limit: number): Promise<boolean> => {
    const sleeper = next();
    if (sleeper === undefined || sleeper.due > limit) return false;
    move(Math.max(elapsed, sleeper.due));
    sleepers.delete(sleeper);
    sleeper.wake();
    for (let i = 0; i < 3; i++) await breathe();
    return true;
  };
  return {
    now: () => new Date(wall),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const abort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          due: elapsed + ms,
          wake: () => {
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', abort, { once: true });
      }),
    async advance(ms) {
      const limit = elapsed + ms;
      await breathe();
      while (await wakeNext(limit));
      move(limit);
    },
    waiting: () => sleepers.size,
    async untilWaiting(count = 1) {
      while (sleepers.size < count) await breathe();
    },
    async drive(promise) {
      let settled = false;
      const done = (): void => {
        settled = true;
      };
      promise.then(done, done);
      while (!settled) {
        // Requests on loopback take a few turns; time moves only when nothing else has happened for some.
        for (let i = 0; i < 20 && !settled; i++) await breathe();
        if (!settled) await wakeNext(Number.POSITIVE_INFINITY);
      }
      return promise;
    },
    jump(ms) {
      wall += ms;
    },
  };
}

/** The system's clock with waits cut to a fiftieth: for what polls a sandbox whose jobs take milliseconds. */
export const hasty: Clock = {
  now: () => systemClock.now(),
  sleep: (ms, signal) => systemClock.sleep(ms / 50, signal),
};
