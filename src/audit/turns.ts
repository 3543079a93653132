import type { AuditDeps } from './deps.ts';

/** After one question that had no answer in time, and at most after several, nobody asks for so long. Milliseconds. */
const shortestMs = 60_000;
const longestMs = 3_600_000;

/**
 * Who moved something is asked by one run or round at a time of an organisation: a log that does not answer would else be
 * asked by every run, and each waits, and what was given up goes on asking.
 */
export interface Turns {
  /** True while what was given up still goes on, and for a while after. */
  isSilent(): boolean;
  /** True while somebody asks. */
  isTaken(): boolean;
  /** When those before have ended. */
  take<T>(ask: () => Promise<T>): Promise<T>;
  /** That nobody waited any longer for the answer, or that it came. */
  givenUp(): void;
  answered(): void;
}

const known = new WeakMap<AuditDeps['journal'], Map<string, Turns>>();

export function turnsOf({
  journal,
  organization,
  clock,
}: Pick<AuditDeps, 'journal' | 'organization' | 'clock'>): Turns {
  const all = known.get(journal) ?? new Map<string, Turns>();
  known.set(journal, all);
  const turns = all.get(organization) ?? createTurns(() => clock.now().getTime());
  all.set(organization, turns);
  return turns;
}

function createTurns(now: () => number): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let isGivenUp = false;
  let silentMs = 0;
  let silentUntil = 0;
  return {
    // A clock that went back would else keep it silent for ever.
    isSilent: () => isGivenUp || (now() < silentUntil && silentUntil - now() <= longestMs),
    isTaken: () => waiting > 0,
    take(ask) {
      waiting++;
      const asked = last.then(ask);
      last = asked
        .catch(() => undefined)
        .finally(() => {
          waiting--;
          if (waiting === 0) isGivenUp = false;
        });
      return asked;
    },
    givenUp() {
      isGivenUp = waiting > 0;
      silentMs = Math.min(Math.max(shortestMs, silentMs * 2), longestMs);
      silentUntil = now() + silentMs;
    },
    answered() {
      silentMs = 0;
      silentUntil = 0;
    },
  };
}
