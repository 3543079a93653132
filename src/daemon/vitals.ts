/**
 * Whether the loop turns. Genesys or git being away is no illness, and neither is a long run, as long as it does
 * something: what counts is that ticks come when they are due, and that what was begun shows signs of life.
 */
export interface Vitals {
  /** The ticks of a new loop; what the last one began is of no concern any more. */
  begin(): void;
  /** A tick came; the next is due in so many milliseconds. */
  ticked(name: string, dueInMs: number, intervalMs: number): void;
  /** Something was begun, a run for its target; call what it answers when that ended. */
  began(what: 'poll'): () => void;
  began(what: 'run', target: string): () => void;
  /** A target's request was answered, its change made, or its turn came. */
  progress(target: string): void;
  /** A target's run waits for another one in its organisation: it gives no sign until it has its turn. */
  waits(target: string): void;
  /** What is stuck, in words; undefined while all is well. */
  stuck(): string | undefined;
}

/** git ends by itself within two minutes of silence, a request within two minutes and its pauses within two more. */
const longestSilence = { poll: 5 * 60_000, run: 15 * 60_000 };
const intervals = 3;

/** `now`: milliseconds of a clock that nobody sets. */
export function createVitals(now: () => number): Vitals {
  const ticks = new Map<string, { due: number; intervalMs: number }>();
  const polls = new Set<{ since: number }>();
  /** The last sign of each run in hand, by target: one that is busy does not speak for one that hangs. */
  const runs = new Map<string, number>();

  const sign = (target: string, at: number): void => {
    if (runs.has(target)) runs.set(target, at);
  };
  return {
    begin() {
      ticks.clear();
      polls.clear();
      runs.clear();
    },
    ticked(name, dueInMs, intervalMs) {
      ticks.set(name, { due: now() + dueInMs, intervalMs });
    },
    began(what: 'poll' | 'run', target?: string) {
      if (target === undefined || what === 'poll') {
        const poll = { since: now() };
        polls.add(poll);
        return () => polls.delete(poll);
      }
      runs.set(target, now());
      return () => runs.delete(target);
    },
    progress: (target) => sign(target, now()),
    waits: (target) => sign(target, Number.POSITIVE_INFINITY),
    stuck() {
      for (const [name, { due, intervalMs }] of ticks) {
        if (now() - due > intervals * intervalMs) return `the ${name} is overdue`;
      }
      const shortest = Math.min(...[...ticks.values()].map(({ intervalMs }) => intervalMs));
      const patience = (what: 'poll' | 'run'): number =>
        Math.max(longestSilence[what], Number.isFinite(shortest) ? intervals * shortest : 0);
      for (const { since } of polls) {
        if (now() - since > patience('poll')) return 'a poll neither ends nor does anything';
      }
      for (const [target, sign] of runs) {
        if (now() - sign > patience('run')) return `a run of "${target}" neither ends nor does anything`;
      }
      return undefined;
    },
  };
}
