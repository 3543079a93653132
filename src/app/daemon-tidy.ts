import { asFailure } from '../model/failure.ts';
import type { Journal } from '../model/journal.ts';
import type { Log } from '../model/log.ts';

const everyMs = 24 * 3_600_000;

/** To be called after each run: the journal is tidied after the first one, and then once a day. */
export type Tidying = (journal: Journal) => Promise<void>;

/** `steady`: milliseconds of a clock that nobody sets. */
export function createTidying(now: () => Date, steady: () => number, log: Log): Tidying {
  let last: number | undefined;
  return async (journal) => {
    if (last !== undefined && steady() - last < everyMs) return;
    last = steady();
    try {
      await journal.tidy(now());
    } catch (error) {
      log.warn({ detail: asFailure(error).message }, 'the journal could not be tidied, tried again in a day');
    }
  };
}
