import type { Clock } from '../model/clock.ts';
import { asFailure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';

export interface Pulse {
  everyMs: number;
  work(): Promise<void>;
  /** For the log, constant. */
  failed: string;
}

/** Does the work at once and then again and again until the signal aborts. A failure is told once, until it is over. */
export async function pulse(
  { everyMs, work, failed }: Pulse,
  clock: Clock,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  let failing = false;
  while (!signal.aborted) {
    try {
      await work();
      failing = false;
    } catch (error) {
      const { reason, message } = asFailure(error);
      if (!failing) log.warn({ reason, detail: message }, failed);
      failing = true;
    }
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}
