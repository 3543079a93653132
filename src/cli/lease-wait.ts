import { type Clock, systemClock } from '../model/clock.ts';
import { asFailure } from '../model/failure.ts';

export interface Patience {
  /** How long to go on asking while somebody else writes; 0: not at all. */
  seconds: number;
  signal: AbortSignal;
  waiting(why: string): void;
  clock?: Clock;
}

/** Where nothing says when to ask again. */
const pauseMs = 5_000;
/** A lease that was given up is free at once, and not only at its next heartbeat. */
const longestMs = 2_000;

/** The work, tried again while another process holds the lease and there is time left. */
export async function patiently<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const { seconds, signal, waiting, clock = systemClock } = patience;
  const until = clock.now().getTime() + seconds * 1000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const { reason, detail, message } = asFailure(error);
      const left = until - clock.now().getTime();
      if (reason !== 'LeaseHeld' || left <= 0 || signal.aborted) throw error;
      waiting(message);
      const pause = Math.min(detail.after ?? pauseMs, longestMs, left);
      await clock.sleep(pause, signal).catch(() => undefined);
      if (signal.aborted) throw error;
    }
  }
}
