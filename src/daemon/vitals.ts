/**
 * Whether the loop turns. Genesys or git being away is no illness, and neither is a long run, as long as it does
 * something: what counts is that ticks come when they are due, and that what was begun shows signs of life.
 */
export interface Vitals {
  /** The ticks of a new loop; what the last one began is of no concern any more. */
  begin(): void;
  /** A tick came; the next is due in so many milliseconds. */
  ticked(name: string, dueInMs: number, intervalMs: number): void;
  /** Something was begun; call what it answers when that ended. */
  began(what: 'poll' | 'run'): () => void;
  /** A request was answered, a change made. */
  progress(): void;
  /** What is stuck, in words; undefined while all is well. */
  stuck(): string | undefined;
}

/** git ends by itself within two minutes of silence, a request within two minutes and its pauses within two more. */
const longestSilence = { poll: 5 * 60_000, run: 15 * 60_000 };
const intervals = 3;

/** `now`: milliseconds of a clock that nobody sets. */
export function createVitals(now: () => number): Vitals {
  const ticks = new Map<string, { due: number; intervalMs: number }>();
  const inHand = new Set<{ what: 'poll' | 'run'; since: number }>();
  let lastSign = now();

  return {
    begin() {
      ticks.clear();
      inHand.clear();
      lastSign = now();
    },
    ticked(name, dueInMs, intervalMs) {
      ticks.set(name, { due: now() + dueInMs, intervalMs });
    },
    began(what) {
      const one = { what, since: now() };
      inHand.add(one);
      if (what === 'run') lastSign = now();
      return () => {
        inHand.delete(one);
        if (what === 'run') lastSign = now();
      };
    },
    progress() {
      lastSign = now();
    },
    stuck() {
      for (const [name, { due, intervalMs }] of ticks) {
        if (now() - due > intervals * intervalMs) return `the ${name} is overdue`;
      }
      const shortest = Math.min(...[...ticks.values()].map(({ intervalMs }) => intervalMs));
      const patience = (what: 'poll' | 'run'): number =>
        Math.max(longestSilence[what], Number.isFinite(shortest) ? intervals * shortest : 0);
      for (const { what, since } of inHand) {
        const sign = what === 'poll' ? since : Math.max(since, lastSign);
        if (now() - sign > patience(what)) return `a ${what} neither ends nor does anything`;
      }
      return undefined;
    },
  };
}
