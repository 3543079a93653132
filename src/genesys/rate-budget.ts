import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { createWindow } from './rate-window.ts';
import type { RawAnswer } from './transport.ts';

/** Writes go before reads, reads before background scans. */
export type Priority = 'write' | 'read' | 'background';

export interface RateBudget {
  /**
   * Resolves when one request may be sent; `release` when its answer is there. Throws `RateLimited` where Genesys asked
   * for a pause that is longer than a request may wait.
   */
  acquire(priority: Priority): Promise<void>;
  release(): void;
  /** Instead of `release`: nothing was sent after all. */
  giveBack(): void;
  /** Learns from the `inin-ratelimit-*` headers of an answer. */
  observe(answer: Pick<RawAnswer, 'status' | 'headers'>): void;
  /**
   * After a 429: everybody waits `after` milliseconds; where unknown, until the window ends, else longer each time.
   * `refusals`: what that was when the request left. False where it left before the pause that lasts already: then the
   * 429 tells nothing new.
   */
  pause(after: number | undefined, refusals?: number): boolean;
  /** 429s in a row, each after the pause for the one before. */
  refusals(): number;
  /** What this client permits itself in the current window and what is left of it; empty before the first header. */
  state(): { allowed?: number; left?: number };
  /** Milliseconds during which requests were held back for the allowance or a pause. */
  throttledMs(): number;
  /** Fails everybody who waits or comes later with this. */
  close(reason: Failure): void;
}

export interface RateBudgetOptions {
  clock: Clock;
  /** Share of the allowance to use, in percent. */
  percent: number;
  /** Most requests under way at once; by default 16, and more where the allowance is high. */
  concurrency?: number | undefined;
}

interface Waiter {
  start(): void;
  fail(error: Failure): void;
}

/** Longest pause that a request sits out; for a longer one it fails, so that the run can say so. */
const longestPause = 120_000;

/** After this long somebody asks again, whatever was said: a date that our clock or theirs has wrong is a year away. */
const mostPause = 5 * 60_000;

/** One for all: each answer wakes whoever sleeps, and without it each would make an exception with a stack. */
const woken = new Failure('RateLimited', 'the pause is over');

/** Answers that take half a second must not keep a high allowance (some have 6000 a minute) from being used. */
const enough = (perMinute: number): number => Math.min(64, Math.max(16, Math.ceil(perMinute / 120)));

export function createRateBudget({ clock, percent, concurrency }: RateBudgetOptions): RateBudget {
  const queues: Record<Priority, Waiter[]> = { write: [], read: [], background: [] };
  const window = createWindow(percent);
  let inFlight = 0;
  let throttled = 0;
  let pausedUntil = 0;
  let pausedFor = 0;
  let refusals = 0;
  let pumping = false;
  let wake = new AbortController();
  let closed: Failure | undefined;

  const full = (): boolean => inFlight >= (concurrency ?? enough(window.limit()));
  const now = (): number => clock.now().getTime();
  /** A clock that was set back must not prolong a pause. */
  const pauseLeft = (): number => {
    const left = pausedUntil - now();
    return left > pausedFor ? 0 : Math.max(0, left);
  };
  const wait = (): number => Math.max(pauseLeft(), window.wait(now()));
  const next = (): Waiter | undefined => queues.write.shift() ?? queues.read.shift() ?? queues.background.shift();
  const waiters = (): number => queues.write.length + queues.read.length + queues.background.length;

  function take(): void {
    inFlight++;
    window.take(now());
  }

  /** Starts whoever may start; sleeps while the allowance is used up. One at a time. */
  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    while (closed === undefined && waiters() > 0 && !full()) {
      const ms = wait();
      if (pauseLeft() > longestPause) failAll(rateLimited(pauseLeft()));
      else if (ms > 0) await rest(ms);
      else {
        take();
        next()!.start();
      }
    }
    pumping = false;
  }

  async function rest(ms: number): Promise<void> {
    wake = new AbortController();
    const began = now();
    await clock.sleep(ms, wake.signal).catch(() => undefined);
    throttled += Math.min(ms, Math.max(0, now() - began));
  }

  function failAll(error: Failure): void {
    for (let waiter = next(); waiter !== undefined; waiter = next()) waiter.fail(error);
  }

  return {
    acquire(priority) {
      if (closed !== undefined) return Promise.reject(closed);
      if (waiters() === 0 && !full() && wait() === 0) {
        take();
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        queues[priority].push({ start: resolve, fail: reject });
        void pump();
      });
    },
    release() {
      inFlight--;
      void pump();
    },
    giveBack() {
      window.giveBack();
      inFlight--;
      void pump();
    },
    observe({ status, headers }) {
      if (status !== 429) refusals = 0;
      window.observe(headers, now(), inFlight);
      if (window.wait(now()) === 0 && pauseLeft() === 0) wake.abort(woken);
    },
    pause(after, before = refusals) {
      const news = before >= refusals;
      if (news) refusals++;
      const asked = after ?? window.left(now()) ?? Math.min(60_000, 1000 * 2 ** (refusals - 1));
      const ms = Math.min(asked, mostPause);
      if (ms > pauseLeft()) {
        pausedUntil = now() + ms;
        pausedFor = ms;
        wake.abort(woken);
      }
      return news;
    },
    refusals: () => refusals,
    state: () => window.state(now()),
    throttledMs: () => throttled,
    close(reason) {
      closed = reason;
      failAll(reason);
      wake.abort(woken);
    },
  };
}

function rateLimited(after: number): Failure {
  return new Failure(
    'RateLimited',
    `Genesys asked for a pause of ${Math.ceil(after / 1000)} s; trying again after it.`,
    {
      after,
    },
  );
}
