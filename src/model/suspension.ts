import { stamp } from './moment.ts';

/** Why something is left alone for now, and until when. */
export interface Suspension {
  reason?: string;
  /** ISO 8601; without it, until somebody resumes it. */
  until?: string;
  /** Who asked for it, where that is known. */
  by?: string;
  /** ISO 8601. */
  at?: string;
}

/** The key prefix of a target's suspensions in the journal; `Kind/handle` follows, or `*` for the target as a whole. */
export const suspensionsOf = (target: string): string => `suspension:${target}:`;
export const wholeTarget = '*';

/** True while it counts. */
export function isActive({ until }: Suspension, now: Date): boolean {
  return until === undefined || new Date(until) > now;
}

/** `target "prod" is suspended by ann since 2026-01-01 00:00:00Z: maintenance (until ...)`, in one sentence. */
export function suspensionInWords(what: string, { reason, until, by, at }: Suspension): string {
  const who = by === undefined ? '' : ` by ${by}`;
  const since = at === undefined ? '' : ` since ${stamp(at)}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  const end = until === undefined ? '' : ` (until ${stamp(until)})`;
  return `${what} is suspended${who}${since}${why}${end}`;
}
