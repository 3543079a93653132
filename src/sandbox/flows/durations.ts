import { isObject, type JsonObject } from '../json.ts';

/** The units of a duration, in milliseconds. */
const units: Record<string, number> = {
  ms: 1,
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
};

/** What is wrong with a value that must be a duration; absent ones are right. */
export function checkDuration(value: unknown): string[] {
  if (value === undefined) return [];
  if (!isObject(value)) return ['must be a value: lit, exp, var or noValue.'];
  if (!('lit' in value)) {
    const [key = ''] = Object.keys(value);
    return ['exp', 'var', 'noValue'].includes(key) ? [] : [`"${key}" is not a form of a value.`];
  }
  if (!isObject(value['lit'])) return ['a literal duration must name its units.'];
  return Object.entries(value['lit']).flatMap(([unit, amount]) => {
    if (!(unit in units)) return [`"${unit}" is not a unit of a duration.`];
    return typeof amount === 'number' && amount >= 0 ? [] : [`"${unit}" must be a number that is not negative.`];
  });
}

/** The same length in seconds, with milliseconds only if they are needed. */
export function inSeconds(value: JsonObject): JsonObject {
  const entries = Object.entries(value);
  const known = entries.every(([unit, amount]) => unit in units && typeof amount === 'number');
  if (!known || entries.length === 0) return value;
  const total = entries.reduce((sum, [unit, amount]) => sum + (units[unit] ?? 0) * (amount as number), 0);
  return total % 1000 === 0 ? { seconds: total / 1000 } : { ms: total };
}

/** True for `{minutes: 1}` and its like. */
export const isDuration = (value: unknown): value is JsonObject =>
  isObject(value) && Object.keys(value).length > 0 && Object.keys(value).every((unit) => unit in units);
