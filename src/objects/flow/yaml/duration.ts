import { isObject, type Json, stable } from '../../../model/json.ts';

/** The longest timeout that a flow may give a data action. */
const longestMs = 60 * 60_000;

const inMs = { m: 60_000, s: 1000, ms: 1 } as const;

/** The units of a duration literal of a flow: the exports use `ms`, `seconds` and `minutes`. */
const units: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  second: 1000,
  seconds: 1000,
  minute: 60_000,
  minutes: 60_000,
  hour: 3_600_000,
  hours: 3_600_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** What the unit of a duration literal is worth; undefined where it is none. */
export function unitMs(unit: string): number | undefined {
  return Object.hasOwn(units, unit) ? units[unit] : undefined;
}

/** A document's `15s`, `1m`, `2500ms` or `1m30s` in milliseconds; undefined where `durationFlaw` finds a flaw. */
export function parseDuration(text: string): number | undefined {
  return durationFlaw(text) === undefined ? written(text) : undefined;
}

/** What is wrong with a document's duration, as the end of a sentence; undefined where nothing is. */
export function durationFlaw(text: string): string | undefined {
  const positive = text.startsWith('-') ? written(text.slice(1)) : undefined;
  if (positive !== undefined) return `${quoted(text)} is negative; a timeout is at least 1ms`;
  const ms = written(text);
  if (ms === undefined) {
    return `${quoted(text)} is not a duration; write minutes, seconds or milliseconds in whole numbers: 1m, 15s, 2500ms or 1m30s`;
  }
  if (ms === 0) return `${quoted(text)} is no time at all; a timeout is at least 1ms`;
  if (ms > longestMs) return `${quoted(text)} is longer than 60 minutes, the longest that Genesys Cloud takes`;
  return undefined;
}

/** The one way in which a time is written: in the largest unit (minutes, seconds, milliseconds) that divides it. */
export function formatDuration(ms: number): string {
  const { amount, unit } = inUnit(ms);
  return `${amount}${unit}`;
}

/** A time in the largest unit that divides it. */
export function inUnit(ms: number): { amount: number; unit: keyof typeof inMs } {
  if (ms !== 0 && ms % inMs.m === 0) return { amount: ms / inMs.m, unit: 'm' };
  if (ms % inMs.s === 0) return { amount: ms / inMs.s, unit: 's' };
  return { amount: ms, unit: 'ms' };
}

/** The `timeout` of a `callData` step as one text; undefined where the step leaves it to the server. */
export function durationOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  const only = isObject(value) && Object.keys(value).length === 1 ? value : {};
  if (only['noValue'] === true) return undefined;
  if (typeof only['exp'] === 'string') return `= ${only['exp']}`;
  const ms = literalMs(only['lit']);
  return ms === undefined ? stable(value) : formatDuration(ms);
}

function literalMs(literal: Json | undefined): number | undefined {
  if (!isObject(literal) || Object.keys(literal).length === 0) return undefined;
  let sum = 0;
  for (const [unit, amount] of Object.entries(literal)) {
    const worth = unitMs(unit);
    if (worth === undefined || typeof amount !== 'number') return undefined;
    sum += worth * amount;
  }
  return sum;
}

function written(text: string): number | undefined {
  const found = /^(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (found === null || text === '') return undefined;
  const [, m, s, ms] = found;
  return Number(m ?? 0) * inMs.m + Number(s ?? 0) * inMs.s + Number(ms ?? 0);
}

/** Whatever stands there, in one short line. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
