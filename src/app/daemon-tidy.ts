import { durationOf } from '../model/duration.ts';
import { asFailure } from '../model/failure.ts';
import type { Journal } from '../model/journal.ts';
import type { Log } from '../model/log.ts';

const everyMs = 24 * 3_600_000;

/** Which journal, for how long what changed something is kept there (default: for ever), and when its time is over. */
export interface Tidied {
  journal: Pick<Journal, 'tidy'>;
  retention?: string | undefined;
  ending: AbortSignal;
}

/** To be called after each run, which need not wait for it: the journal is tidied after the first one, and then once a day. */
export type Tidying = (tidied: Tidied) => Promise<void>;

/** `steady`: milliseconds of a clock that nobody sets. */
export function createTidying(now: () => Date, steady: () => number, log: Log): Tidying {
  let last: number | undefined;
  return async ({ journal, retention, ending }) => {
    if (last !== undefined && steady() - last < everyMs) return;
    last = steady();
    try {
      await journal.tidy(now(), retention === undefined ? undefined : durationOf(retention));
    } catch (error) {
      // It was closed in the middle: the next daemon goes on where this one stopped.
      if (ending.aborted) return;
      log.warn({ detail: asFailure(error).message }, 'the journal could not be tidied, tried again in a day');
    }
  };
}
