import { durationOf } from '../model/duration.ts';
import { Refusal } from './exit.ts';

export { stamp } from '../model/moment.ts';

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const words = [
  ['week', units.w],
  ['day', units.d],
  ['hour', units.h],
  ['minute', units.m],
  ['second', units.s],
] as const;

const shorts = [
  ['w', units.w],
  ['d', units.d],
  ['h', units.h],
  ['min', units.m],
] as const;

/** `3 minutes ago`, `in 2 hours`, `now`. */
export function relative(at: string | Date, now: Date): string {
  const ms = new Date(at).getTime() - now.getTime();
  // So that what was 60 minutes ahead a moment ago is an hour.
  const [word, size] = words.find(([, each]) => Math.abs(ms) >= (ms > 0 ? each * 0.99 : each)) ?? ['second', 0];
  if (size === 0 || Number.isNaN(ms)) return 'now';
  // What is ahead is rounded, so that a poll in 29.6 seconds is one in 30; what is past has passed in full.
  const n = ms > 0 ? Math.round(ms / size) : Math.floor(-ms / size);
  const said = `${n} ${word}${n === 1 ? '' : 's'}`;
  return ms > 0 ? `in ${said}` : `${said} ago`;
}

/** `12 min`: how far away a moment is, ahead or back, in few columns. */
export function away(at: string | Date, now: Date): string {
  const ms = Math.abs(new Date(at).getTime() - now.getTime());
  const [short, size] = shorts.find(([, each]) => ms >= each * 0.99) ?? ['s', units.s];
  return Number.isNaN(ms) ? '?' : `${Math.round(ms / size)} ${short}`;
}

const instant = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** A date, an instant, or a duration counted from now (`ahead`) or back from it. Throws a Refusal that shows the forms. */
export function momentOf(option: string, text: string, now: Date, direction: 'ahead' | 'back'): Date {
  const span = durationOf(text);
  if (span !== undefined) return new Date(now.getTime() + (direction === 'ahead' ? span : -span));
  const [whole, year, month, day] = instant.exec(text) ?? [];
  const date = new Date(whole ?? '');
  // 30 February is a mistake, and no way to write 2 March.
  const exists = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (whole !== undefined && exists && !Number.isNaN(date.getTime())) return date;
  throw new Refusal(
    `${option} ${JSON.stringify(text)} is no time; write 2026-12-24, 2026-12-24T18:00:00Z, or a duration such as 90m, 2h or 3d`,
  );
}
