/**
 * One allowance window as the answers' headers show it: `inin-ratelimit-count` used of `inin-ratelimit-allowed`, and
 * `inin-ratelimit-reset` seconds to its end. Fixed windows of one minute; before the first header 300 a minute
 * (`client.credentials.token.rate.per.minute`). Pure but for its own state: time is an argument, in milliseconds.
 */
export interface RateWindow {
  /** Requests of ours that fit into one window. */
  limit(): number;
  /** Milliseconds until one more request fits; 0: now. */
  wait(now: number): number;
  take(now: number): void;
  /** The last one taken was not sent. */
  giveBack(): void;
  observe(headers: Record<string, string | string[] | undefined>, now: number, inFlight: number): void;
  /** Milliseconds to the end of the window where a header told it. */
  left(now: number): number | undefined;
  /** Requests that may be sent in one window, and those left in this one; empty before the first header. */
  state(now: number): { allowed?: number; left?: number };
}

const minute = 60_000;
/** Headers count whole seconds, so the end that they tell varies by that much and by the time under way. */
const blur = 5_000;

export function createWindow(percent: number): RateWindow {
  let allowed = 300;
  let used = 0;
  /** The highest count that an answer of this window told. */
  let counted = 0;
  let endsAt = 0;
  let told = false;
  let known = false;

  const limit = (): number => Math.max(1, Math.floor((allowed * percent) / 100));
  /** Begins a new window where the old one is over, or where the clock was set back so far that it never would be. */
  const roll = (now: number): void => {
    if (now < endsAt && endsAt - now <= minute + blur) return;
    used = 0;
    endsAt = now + minute;
    told = false;
  };

  return {
    limit,
    wait(now) {
      roll(now);
      return used < limit() ? 0 : endsAt - now;
    },
    take(now) {
      roll(now);
      used++;
    },
    giveBack() {
      used = Math.max(0, used - 1);
    },
    observe(headers, now, inFlight) {
      const count = number(headers['inin-ratelimit-count']);
      const newAllowed = number(headers['inin-ratelimit-allowed']);
      const reset = number(headers['inin-ratelimit-reset']);
      if (newAllowed !== undefined && newAllowed > 0) {
        allowed = newAllowed;
        known = true;
      }
      if (count === undefined || reset === undefined || reset > minute / 1000 + 1) return;
      roll(now);
      // A server may round the seconds down: only the end of the next second is sure to lie in the next window.
      const end = now + (reset + 1) * 1000;
      if (told && end < endsAt - blur) return; // an answer of the window before, late
      if (!told || end > endsAt + blur) {
        // Whether the others under way are in `count` is not known: count them as not.
        used = count + Math.max(0, inFlight - 1);
        counted = count;
        endsAt = end;
        told = true;
      } else {
        counted = Math.max(counted, count);
        // With nothing else under way the server's count is exact; else what we sent may not be in it yet.
        used = inFlight <= 1 ? counted : Math.max(used, count);
        endsAt = Math.min(endsAt, end);
      }
    },
    left: (now) => (told && endsAt > now ? endsAt - now : undefined),
    state(now) {
      if (!known) return {};
      roll(now);
      return { allowed: limit(), left: Math.max(0, limit() - used) };
    },
  };
}

function number(value: string | string[] | undefined): number | undefined {
  const n = typeof value === 'string' ? Number.parseInt(value, 10) : Number.NaN;
  return Number.isFinite(n) && n >= 0 ? n : undefined;
}
