import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';

/** A clock whose waits end when the run is asked to stop. */
export function stoppable(clock: Clock, signal: AbortSignal | undefined): Clock {
  const stopped = (): never => {
    throw new Failure('Interrupted', 'the run was asked to stop');
  };
  const either = (own: AbortSignal | undefined): AbortSignal | undefined =>
    own === undefined || signal === undefined ? (own ?? signal) : AbortSignal.any([own, signal]);
  return { now: () => clock.now(), sleep: (ms, own) => clock.sleep(ms, either(own)).catch(stopped) };
}

/** The same reader or writer, whose waits end with the clock's. */
export function waitingBy<T extends Reader>(reader: T, clock: Clock): T {
  return { ...reader, wait: (ms: number) => clock.sleep(ms) };
}
