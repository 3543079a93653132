import { ApiError, invalid } from '../errors.ts';

const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?$/;
const days = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const dayMs = 86_400_000;

/** A local date and time with its milliseconds. @throws ApiError 400 on anything else, one with a zone included */
export function localTime(text: string): string {
  const at = local.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  if (Number.isNaN(at) || !iso(at).startsWith(text.slice(0, 16))) throw new ApiError('invalid.date');
  return iso(at);
}

/** @throws ApiError 400 on a text that is no recurrence rule at all */
export function checkRule(rrule: string): void {
  if (rrule === '' || /^(?:RRULE:)?(?:[A-Z]+=[^;=]+;)*FREQ=[A-Z]+(?:;[A-Z]+=[^;=]+)*$/i.test(rrule)) return;
  throw invalid(`${rrule} is not a valid recurrence rule`, 'rrule');
}

/**
 * Both times so many days later that the first day is one of those that the rule names: what the API does with a start that
 * does not fit (Terraform provider, pull request 1430). That the end moves along is UNCONFIRMED.
 */
export function onItsDay<T extends { start: string; end: string; rrule: string }>(schedule: T): T {
  const named = /(?:^|;)BYDAY=([A-Z,]+)(?:;|$)/.exec(schedule.rrule.toUpperCase())?.[1]?.split(',') ?? [];
  const first = Date.parse(`${schedule.start}Z`);
  for (let later = 0; later < 7; later += 1) {
    const day = days[new Date(first + later * dayMs).getUTCDay()]!;
    if (named.length > 0 && !named.includes(day)) continue;
    const moved = (text: string): string => iso(Date.parse(`${text}Z`) + later * dayMs);
    return { ...schedule, start: moved(schedule.start), end: moved(schedule.end) };
  }
  return schedule;
}

/** As Java prints a local date and time: what is zero at the end is left out. */
export function shortened(time: string): string {
  return time.replace(/(?::00)?\.000$/, '');
}

/** The same rule as another writer would put it: parts and days the other way round, the interval said, UNTIL in UTC. */
export function rewritten(rrule: string): string {
  if (rrule === '') return rrule;
  const parts = rrule
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';');
  const whole = parts.some((part) => part.startsWith('INTERVAL=')) ? parts : [...parts, 'INTERVAL=1'];
  return whole
    .map((part) => part.replace(/^BYDAY=.*/, (text) => `BYDAY=${text.slice(6).split(',').reverse().join(',')}`))
    .map((part) => part.replace(/^UNTIL=(\d{8})$/, 'UNTIL=$1T000000Z'))
    .reverse()
    .join(';');
}

const iso = (at: number): string => new Date(at).toISOString().slice(0, -1);
