import { asFailure } from '../model/failure.ts';
import type { DaemonInput, DaemonTarget } from './types.ts';

/** Wakes targets that follow others when there is a revision for them to take. */
export interface Wakes {
  /** A run of this target has ended: what it and those that follow it wait for may be another now. */
  ended(target: string): void;
  /** When a target may take what it waits for. */
  next(target: string): Date | undefined;
  /** Looks every ten seconds: other processes run targets, too. Resolves when the loop has ended. */
  turn(): Promise<void>;
}

const lookMs = 10_000;
/** Where the clock on the wall is set, and beyond what a timer can count. */
const longestMs = 3_600_000;
/** Whatever is said to be due: nobody is woken more often. */
const shortestMs = 1_000;

type WakesDeps = Pick<DaemonInput, 'targets' | 'clock' | 'log' | 'signal'> & {
  wake(target: string): void;
};

export function createWakes({ targets, clock, log, signal, wake }: WakesDeps): Wakes {
  const following = targets.filter(({ follows }) => follows !== undefined);
  const timers = new Map<string, { due: Date; stop: AbortController }>();
  const failing = new Set<string>();
  /** Milliseconds since 1970. */
  const woken = new Map<string, number>();

  async function look({ name, follows }: DaemonTarget): Promise<void> {
    if (signal.aborted) return;
    try {
      set(name, await follows!.due());
      failing.delete(name);
    } catch (error) {
      if (!failing.has(name))
        log.warn({ target: name, detail: asFailure(error).message }, 'cannot be followed just now');
      failing.add(name);
    }
  }

  function set(name: string, due: Date | undefined): void {
    const before = timers.get(name);
    if (before?.due.getTime() === due?.getTime()) return;
    before?.stop.abort();
    timers.delete(name);
    if (due === undefined || signal.aborted) return;
    const now = clock.now().getTime();
    const earliest = Math.min(now, woken.get(name) ?? 0) + shortestMs;
    const wait = Math.max(due.getTime(), earliest) - now;
    if (wait <= 0) {
      woken.set(name, now);
      wake(name);
      return;
    }
    const stop = new AbortController();
    timers.set(name, { due, stop });
    clock.sleep(Math.min(wait, longestMs), AbortSignal.any([signal, stop.signal])).then(
      () => {
        timers.delete(name);
        void look(targets.find((target) => target.name === name)!);
      },
      () => {},
    );
  }

  return {
    ended(target) {
      for (const one of following) if (one.name === target || one.follows!.target === target) void look(one);
    },
    next: (target) => timers.get(target)?.due,
    async turn() {
      while (following.length > 0 && !signal.aborted) {
        await clock.sleep(lookMs, signal).catch(() => undefined);
        for (const one of following) await look(one);
      }
    },
  };
}
