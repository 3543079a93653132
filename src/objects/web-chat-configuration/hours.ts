import { isObject, type JsonObject } from '../../model/json.ts';
import { getAt } from '../../model/pointer.ts';
import type { Finding } from './organizations.ts';

const days = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

interface Range {
  i: number;
  day: string;
  start: number;
  end: number;
  /** `09:00-17:00`. */
  told: string;
}

/** Times that are none, ranges that end before they begin, and such as overlap. */
export function* hours(spec: JsonObject): Generator<Finding> {
  const list = getAt(spec, '/availability/rules');
  const rules = Array.isArray(list) ? list : [];
  const ranges: Range[] = [];
  for (const [i, rule] of rules.entries()) {
    if (!isObject(rule)) continue;
    const { dayOfWeek: day, startTime, endTime } = rule;
    const [start, end] = [minutesOf(startTime), minutesOf(endTime)];
    for (const name of ['startTime', 'endTime']) {
      // What is no time by its form the schema says.
      if (form.test(String(rule[name])) && minutesOf(rule[name]) === undefined)
        yield { code: 'availability-hours', message: `"${String(rule[name])}" is no time of a day`, at: at(i, name) };
    }
    if (start === undefined || end === undefined || typeof day !== 'string' || !days.includes(day)) continue;
    const told = `${String(startTime)}-${String(endTime)}`;
    if (end > start) ranges.push({ i, day, start, end, told });
    else {
      const message = `${told} of ${day} ends ${end === start ? 'when' : 'before'} it begins; hours over midnight are two rules`;
      yield { code: 'availability-hours', message, at: at(i, 'endTime') };
    }
  }
  for (const [n, later] of ranges.entries()) {
    const other = ranges
      .slice(0, n)
      .find(({ day, start, end }) => day === later.day && start < later.end && later.start < end);
    if (other === undefined) continue;
    const message = `${later.told} of ${later.day} overlaps ${other.told}; make them one range`;
    yield { code: 'availability-hours', message, at: at(later.i, 'startTime') };
  }
}

/** The tutorial sends such a schedule as it is; most likely nobody means it. */
export function* neverOpen(spec: JsonObject): Generator<Finding> {
  const rules = getAt(spec, '/availability/rules') ?? [];
  const schedule = getAt(spec, '/availability/schedule') ?? 'custom';
  if (schedule !== 'custom' || !Array.isArray(rules) || rules.length > 0) return;
  const message = 'the schedule is custom and has no rule, so the chat is never open';
  yield { code: 'availability-hours', message, at: '/availability/rules' };
}

const form = /^\d\d:\d\d$/;

function minutesOf(text: unknown): number | undefined {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(String(text)) ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

function at(i: number, name: string): string {
  return `/availability/rules/${i}/${name}`;
}
