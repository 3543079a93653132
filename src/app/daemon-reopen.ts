import type { Clock } from '../model/clock.ts';
import { asFailure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import type { Generation } from './daemon-generation.ts';

/** What breaks again and again is opened at most this often: 10, 20, 40 seconds and so on, up to a minute. */
const firstMs = 10_000;
const longestMs = 60_000;
/** What has held for so long counts as well. */
const calmMs = 600_000;

interface ReopenDeps {
  /** Opens the journal anew, whichever configuration is in force by then. */
  open(): Promise<Generation>;
  clock: Clock;
  /** Milliseconds of a clock that nobody sets. */
  steady(): number;
  log: Log;
  stop: AbortSignal;
}

/** Answers the loop over a journal that could be opened again; undefined where the process is asked to stop before. */
export function createReopening({ open, clock, steady, log, stop }: ReopenDeps): () => Promise<Generation | undefined> {
  let last: number | undefined;
  let tries = 0;

  async function pause(): Promise<void> {
    if (last === undefined || steady() - last > calmMs) tries = 0;
    const gap = tries === 0 ? 0 : Math.min(longestMs, firstMs * 2 ** (tries - 1));
    const left = last === undefined ? 0 : last + gap - steady();
    if (left > 0) await clock.sleep(left, stop).catch(() => undefined);
    tries++;
  }

  return async () => {
    let told = false;
    for (;;) {
      await pause();
      if (stop.aborted) return undefined;
      last = steady();
      try {
        const made = await open();
        log.info({}, 'the journal is open again, a new loop begins');
        return made;
      } catch (error) {
        const { reason, message } = asFailure(error);
        if (!told) log.error({ reason, detail: message }, 'the journal cannot be opened, tried until it can');
        told = true;
      }
    }
  };
}
