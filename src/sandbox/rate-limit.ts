import { ApiError } from './errors.ts';

const windowMs = 60_000;

/** What the headers `inin-ratelimit-*` say. */
export interface RateState {
  count: number;
  allowed: number;
  /** Seconds to the end of the window. */
  reset: number;
}

/** Counts requests per key in windows of one minute; a window begins with its first request. */
export interface RateLimit {
  /** Counts one request; undefined when there is no limit. */
  take(key: string): RateState | undefined;
}

/** @param allowed requests a minute; 0 for no limit */
export function rateLimit(allowed: number, now: () => number): RateLimit {
  const windows = new Map<string, { start: number; count: number }>();
  return {
    take(key) {
      if (allowed === 0) return undefined;
      const time = now();
      let window = windows.get(key);
      if (!window || time - window.start >= windowMs) {
        window = { start: time, count: 0 };
        windows.set(key, window);
      }
      window.count += 1;
      return { count: window.count, allowed, reset: Math.max(1, Math.ceil((window.start + windowMs - time) / 1000)) };
    },
  };
}

export function rateHeaders(state: RateState): Record<string, string> {
  return {
    'inin-ratelimit-count': String(state.count),
    'inin-ratelimit-allowed': String(state.allowed),
    'inin-ratelimit-reset': String(state.reset),
  };
}

/** The 429 answer; `limit` names the limit that was hit, as the error body of the API may. */
export function tooMany(state: RateState, saysWhen: boolean): ApiError {
  const key = 'client.credentials.token.rate.per.minute';
  const limit = { key, namespace: 'platform.api', value: state.allowed };
  if (!saysWhen) return new ApiError('too.many.requests', { limit: String(state.allowed), window: '60' }, { limit });
  const seconds = String(state.reset);
  return new ApiError('too.many.requests.retry.after', { seconds }, { limit, headers: { 'retry-after': seconds } });
}
