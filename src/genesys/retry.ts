import type { Failure } from '../model/failure.ts';
import type { Parts } from './call.ts';

/** Tries of one request, the first included. */
export const mostAttempts = 5;
/** No new try begins later than this after the first, in milliseconds. */
export const longestRetrying = 60_000;

/**
 * Milliseconds before the next try: full jitter over 1, 2, 4, 8, ... seconds, at most 20 s, and never less than what
 * the server asked for (which is bounded as well).
 */
export function backoff(attempt: number, random: () => number, askedFor = 0): number {
  const ceiling = Math.min(20_000, 1000 * 2 ** (attempt - 1));
  return Math.max(Math.round(random() * ceiling), Math.min(askedFor, 30_000));
}

/**
 * `Retry-After` in milliseconds: seconds or an HTTP date. Genesys's `too.many.requests.retry.after` says the seconds in
 * its message instead (specification). Undefined where neither tells.
 */
export function retryAfter(header: string | string[] | undefined, now: Date, message = ''): number | undefined {
  const text = typeof header === 'string' ? header.trim() : '';
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  if (seconds !== undefined) return seconds > 0 ? seconds * 1000 : undefined;
  const date = text === '' ? Number.NaN : Date.parse(text);
  if (!Number.isNaN(date)) return Math.max(1000, date - now.getTime());
  const said = /(\d+)\]?\s*seconds?\b/i.exec(message)?.[1];
  return said === undefined || said === '0' ? undefined : Number(said) * 1000;
}

/** Sleeps before another try where one is allowed and may help. */
export async function again(
  { clock, count, log, random, signal }: Parts,
  { attempts, begun }: { attempts: number; begun: number },
  failure: Failure,
  repeatable: boolean,
): Promise<boolean> {
  const elapsed = clock.now().getTime() - begun;
  if (!repeatable || failure.class !== 'Retry' || attempts >= mostAttempts || elapsed > longestRetrying) return false;
  count('retries');
  log.debug({ attempts, reason: failure.reason }, 'genesys request failed, trying again');
  await clock.sleep(backoff(attempts, random, failure.detail.after), signal);
  return true;
}
