import { asFailure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import type { Source } from '../source/index.ts';

/** Keeps what targets run on readable, in the background. */
export interface Pins {
  /** The last wish of a target counts. */
  keep(target: string, revision: string): void;
  done(): Promise<void>;
}

/**
 * One after the other: git takes its time for each, one commit may reach fifty targets at once, and the next revision is
 * not to be read behind them all. What was fetched stays readable for a while without a pin.
 */
export function createPins(source: Pick<Source, 'pin'>, log: Log): Pins {
  const wished = new Map<string, string>();
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (const [target, revision] of wished) {
      wished.delete(target);
      try {
        await source.pin(target, revision);
      } catch (error) {
        log.warn({ target, revision, detail: asFailure(error).message }, 'the last good revision cannot be kept');
      }
    }
    working = undefined;
  }

  return {
    keep(target, revision) {
      wished.set(target, revision);
      working ??= work();
    },
    done: async () => working,
  };
}
