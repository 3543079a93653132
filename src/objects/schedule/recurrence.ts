import { didYouMean } from '../../model/suggest.ts';
import { instantOf } from './times.ts';

/** Days in their order within a week that begins on Monday, as RFC 5545 has it where WKST is absent. */
export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const frequencies = ['SECONDLY', 'MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];

/** The parts of a rule (RFC 5545, 3.3.10) in the order in which they are written here; `signed` ones also count from the end. */
const parts: Readonly<Record<string, { min: number; max?: number; signed?: true; list?: true } | undefined>> = {
  FREQ: undefined,
  INTERVAL: { min: 1 },
  COUNT: { min: 1 },
  UNTIL: undefined,
  BYMONTH: { min: 1, max: 12, list: true },
  BYWEEKNO: { min: 1, max: 53, signed: true, list: true },
  BYYEARDAY: { min: 1, max: 366, signed: true, list: true },
  BYMONTHDAY: { min: 1, max: 31, signed: true, list: true },
  BYDAY: undefined,
  BYHOUR: { min: 0, max: 23, list: true },
  BYMINUTE: { min: 0, max: 59, list: true },
  BYSECOND: { min: 0, max: 60, list: true },
  BYSETPOS: { min: 1, max: 366, signed: true, list: true },
  WKST: undefined,
};
const names = Object.keys(parts);

/** Parts that have no meaning in a rule of these frequencies (RFC 5545, the table below 3.3.10). */
const meaningless: Readonly<Record<string, readonly string[]>> = {
  BYWEEKNO: frequencies.filter((one) => one !== 'YEARLY'),
  BYYEARDAY: ['DAILY', 'WEEKLY', 'MONTHLY'],
  BYMONTHDAY: ['WEEKLY'],
};

/** Characters of a rule, as the schema says; one that is longer is not looked into. */
export const longest = 1000;
/** Faults of one rule that are told. */
const mostFaults = 10;

const example = 'one looks like FREQ=WEEKLY;BYDAY=MO,TU';

function quoted(rule: string): string {
  return JSON.stringify(rule.length <= 60 ? rule : `${rule.slice(0, 57)}...`);
}

/** The parts as they are written, in capitals, without the prefix that calendars put before a rule. */
function split(rule: string): [name: string, value: string | undefined][] {
  const text = rule
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .replace(/;$/, '');
  return text.split(';').map((part) => {
    const [name = '', value] = part.split(/=(.*)/s);
    return [name.trim(), value?.trim()];
  });
}

/**
 * The one form of all texts that say the same: parts and lists in order, the interval said (as the admin pages write it), and
 * no WKST where it is the default. A rule with faults is left as it is.
 */
export function canonicalRule(rule: string): string {
  if (rule.trim() === '' || faultsOf(rule).length > 0) return rule;
  const given = new Map(split(rule));
  if (!given.has('INTERVAL')) given.set('INTERVAL', '1');
  if (given.get('WKST') === 'MO') given.delete('WKST');
  return names
    .flatMap((name) => {
      const value = given.get(name);
      return value === undefined ? [] : [`${name}=${canonicalValue(name, value)}`];
    })
    .join(';');
}

function canonicalValue(name: string, value: string): string {
  if (name === 'BYDAY') return unique(value.split(',').map(plainNumber)).sort(byDay).join(',');
  if (parts[name] === undefined) return value;
  return unique(value.split(',').map(plainNumber))
    .sort((a, b) => Number(a) - Number(b))
    .join(',');
}

/** Without a plus and without zeros in front; as a text, since a number may be longer than JavaScript's are exact. */
function plainNumber(text: string): string {
  return text.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1');
}

function byDay(a: string, b: string): number {
  const key = (day: string): [number, number] => [Number(day.slice(0, -2)), weekdays.indexOf(day.slice(-2))];
  const [[n, day], [m, other]] = [key(a), key(b)];
  return n - m || day - other;
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/** What is wrong with a rule, in words, the first few of it; nothing for a good one. */
export function faultsOf(rule: string): string[] {
  if (rule.length > longest) return [`it has ${rule.length} characters, and the most are ${longest}`];
  const faults = allFaultsOf(rule);
  const more = faults.length - mostFaults;
  return more <= 1 ? faults : [...faults.slice(0, mostFaults), `there are ${more} more faults in it`];
}

function allFaultsOf(rule: string): string[] {
  if (!split(rule).some(([name]) => names.includes(name))) return [`${quoted(rule)} is no rule; ${example}`];
  const faults: string[] = [];
  const given = new Map<string, string>();
  for (const [name, value = ''] of split(rule)) {
    if (!names.includes(name))
      faults.push(`it has no part ${name === '' ? 'without a name' : name}${didYouMean(name, names)}`);
    else if (given.has(name)) faults.push(`${name} is there twice`);
    else given.set(name, value);
  }
  const frequency = given.get('FREQ');
  if (frequency === undefined) faults.push(`FREQ is missing: one of ${frequencies.join(', ')}`);
  if (given.has('COUNT') && given.has('UNTIL')) faults.push('COUNT and UNTIL exclude each other');
  if (given.has('BYSETPOS') && ![...given.keys()].some((name) => name.startsWith('BY') && name !== 'BYSETPOS'))
    faults.push('BYSETPOS picks from what another BY... part gives, and there is none');
  for (const [name, value] of given) {
    const fault = faultOf(name, value, frequency);
    if (fault !== undefined) faults.push(fault);
    else if (meaningless[name]?.includes(frequency ?? '') === true)
      faults.push(`${name} has no place in a rule that is ${frequency}`);
  }
  return faults;
}

function faultOf(name: string, value: string, frequency: string | undefined): string | undefined {
  switch (name) {
    case 'FREQ':
      return frequencies.includes(value)
        ? undefined
        : `FREQ is "${value}"${didYouMean(value, frequencies)}; it is one of ${frequencies.join(', ')}`;
    case 'UNTIL':
      return untilOf(value) === undefined
        ? `UNTIL is "${value}", not a date such as 20261231 or 20261231T170000`
        : undefined;
    case 'WKST':
      return weekdays.includes(value) ? undefined : `WKST is "${value}"; days are ${weekdays.join(', ')}`;
    case 'BYDAY':
      return value
        .split(',')
        .map((day) => dayFault(day, frequency))
        .find((fault) => fault !== undefined);
    default:
      return numbersFault(name, value);
  }
}

/** `MO`, or `-1FR` (the last Friday) in rules by month or year. */
function dayFault(day: string, frequency: string | undefined): string | undefined {
  const [, number, name = ''] = /^([+-]?\d{1,2})?([A-Z]*)$/.exec(day) ?? [];
  if (!weekdays.includes(name)) return `BYDAY has "${day}"; days are ${weekdays.join(', ')}`;
  if (number === undefined) return undefined;
  const nth = Math.abs(Number(number));
  if (nth < 1 || nth > 53) return `BYDAY has "${day}"; the number is from 1 to 53, or from -53 to -1`;
  const counts = frequency === 'MONTHLY' || frequency === 'YEARLY';
  return counts ? undefined : `BYDAY has "${day}"; days have numbers only where FREQ is MONTHLY or YEARLY`;
}

function numbersFault(name: string, value: string): string | undefined {
  const { min, max, signed, list } = parts[name]!;
  const bad = value.split(list ? ',' : /$/).find((text) => {
    const number = signed ? Math.abs(Number(text)) : Number(text);
    const isInRange = number >= min && (max === undefined || number <= max);
    return !/^[+-]?\d+$/.test(text) || (!signed && /^[+-]/.test(text)) || !isInRange;
  });
  if (bad === undefined) return undefined;
  // RFC 5545 has no largest number of times.
  if (max === undefined) return `${name} has "${bad}"; it is ${min} or more`;
  return `${name} has "${bad}"; it is from ${min} to ${max}${signed ? `, or from -${max} to -${min}` : ''}`;
}

/** A day, or a time with or without the mark of UTC, as an instant for comparing with the times of the schedule. */
function untilOf(value: string): number | undefined {
  const [, year, month, day, hour = '23', minute = '59', second = '59'] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?$/.exec(value) ?? [];
  return year === undefined ? undefined : instantOf(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
}

/** When the rule ends; undefined where it says nothing of it that can be read. */
export function endOf(rule: string): number | undefined {
  const until = new Map(split(rule)).get('UNTIL');
  return until === undefined ? undefined : untilOf(until);
}

/** The days of the week that the rule names outright, in any frequency; none where it counts them. */
export function daysOf(rule: string): string[] {
  const days = new Map(split(rule)).get('BYDAY')?.split(',') ?? [];
  return days.every((day) => weekdays.includes(day)) ? days : [];
}

/** The same rule but for the form of its end: a day, a local time and one in UTC may each come back as another. */
export function sameButForEnd(a: string, b: string): boolean {
  const plain = (rule: string): string =>
    canonicalRule(rule).replace(
      /UNTIL=(\d{8})(?:T(\d{6})Z?)?/,
      (_whole, day: string, time = '000000') => `UNTIL=${day}T${time}`,
    );
  return plain(a) === plain(b);
}
