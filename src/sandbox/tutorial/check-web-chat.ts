import { isObject, type JsonObject } from '../json.ts';
import type { FieldFault } from './refusals.ts';
import type { TutorialWorld } from './tutorial-world.ts';

/** What is wrong with a value, or undefined. */
type Rule = (value: unknown) => string | undefined;

const text: Rule = (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a text');
const flag: Rule = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const colour: Rule = (value) =>
  typeof value === 'string' && /^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$/.test(value) ? undefined : 'must be a hex colour';
const oneOf =
  (...allowed: string[]): Rule =>
  (value) =>
    allowed.includes(value as string) ? undefined : `must be one of ${allowed.join(', ')}`;
const days = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
const time: Rule = (value) =>
  typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? undefined : 'must be a time as 09:00';
const ratio: Rule = (value) =>
  typeof value === 'number' && value >= 4.5 && value <= 21 ? undefined : 'must be a number between 4.5 and 21';
const pixels: Rule = (value) => {
  const size = Number(/^(\d+)px$/.exec(String(value))?.[1]);
  return size >= 14 && size <= 24 ? undefined : 'must be a size between 14px and 24px';
};
const delay: Rule = (value) =>
  Number.isInteger(value) && (value as number) >= 0 ? undefined : 'must be an integer of 0 or more';
const texts: Rule = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? undefined : 'must be a list of texts';
const messages: Rule = (value) => {
  if (texts(value) !== undefined) return texts(value);
  const list = value as string[];
  if (list.length < 1 || list.length > 3) return 'must have one to three messages';
  return list.some((one) => [...one].length > 150) ? 'must have messages of at most 150 characters' : undefined;
};

/** Fields by their path; those with an exclamation mark have to be there. The limits are those of tutorial 4. */
const rules: Record<string, Rule> = {
  'widget.theme.colors.primary!': colour,
  'widget.theme.colors.background': colour,
  'widget.theme.typography.fontSize!': pixels,
  'widget.theme.typography.fontFamily': text,
  'widget.accessibility.wcagLevel': oneOf('A', 'AA', 'AAA'),
  'widget.accessibility.contrastRatio!': ratio,
  'widget.accessibility.ariaLiveRegion': oneOf('off', 'polite', 'assertive'),
  'greetings.enabled': flag,
  'greetings.messages!': messages,
  'greetings.delayMs': delay,
  'availability.schedule': text,
  'features.audiences': texts,
  'features.dynamicRouting': flag,
};

/** Every fault of a configuration at once; unknown fields are none. */
export function faultsOf({ featureFlags }: TutorialWorld, body: JsonObject): FieldFault[] {
  const faults = Object.entries(rules).flatMap(([name, rule]) => {
    const field = name.replace('!', '');
    const value = at(body, field);
    if (value === undefined) return name === field ? [] : [{ field, message: 'is required' }];
    return told(field, rule(value));
  });
  return [...faults, ...ofHours(at(body, 'availability.rules')), ...ofFlags(at(body, 'features.flags'), featureFlags)];
}

function ofHours(hours: unknown): FieldFault[] {
  const root = 'availability.rules';
  if (hours === undefined) return [];
  if (!Array.isArray(hours)) return [{ field: root, message: 'must be a list' }];
  return hours.flatMap((one, i) => {
    const field = `${root}[${i}]`;
    if (!isObject(one)) return [{ field, message: 'must be an object' }];
    const { dayOfWeek, startTime, endTime } = one;
    const faults = [
      ...told(`${field}.dayOfWeek`, oneOf(...days)(dayOfWeek)),
      ...told(`${field}.startTime`, time(startTime)),
      ...told(`${field}.endTime`, time(endTime)),
    ];
    const backwards = faults.length === 0 && (endTime as string) <= (startTime as string);
    return backwards ? [{ field: `${field}.endTime`, message: 'must be after startTime' }] : faults;
  });
}

function ofFlags(flags: unknown, supported: readonly string[] | undefined): FieldFault[] {
  const root = 'features.flags';
  if (flags === undefined) return [];
  if (!isObject(flags)) return [{ field: root, message: 'must be an object' }];
  return Object.entries(flags).flatMap(([name, value]) => {
    const known = supported?.includes(name) ?? true;
    return told(`${root}.${name}`, known ? flag(value) : 'is not a supported feature flag');
  });
}

const told = (field: string, message: string | undefined): FieldFault[] =>
  message === undefined ? [] : [{ field, message }];

const at = (body: JsonObject, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), body);
