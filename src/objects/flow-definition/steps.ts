import { isObject, type Json, type JsonObject } from '../../model/json.ts';

/** A data-action step of a flow definition. */
export interface Step {
  /** By which it is known here: the names on the way to it, `Menu › Lookup`. */
  key: string;
  name?: string;
  actionId?: string;
  /** As it stands in the definition: by identity, to be found again. */
  step: JsonObject;
}

interface Found {
  trail: readonly string[];
  step: JsonObject;
}

/**
 * The data-action steps at any depth, in the order of the definition. Where containers, cases, loops and sub-flows keep their
 * steps is not published, so all that a definition holds is walked, but for what a data-action step itself is set to: its
 * inputs may look like anything.
 */
export function stepsOf(definition: JsonObject): Step[] {
  const found: Found[] = [];
  for (const child of Object.values(definition)) walk(child, [], found);
  return withKeys(found);
}

function walk(value: Json, trail: readonly string[], found: Found[]): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, trail, found);
    return;
  }
  if (!isObject(value)) return;
  const label = labelOf(value);
  const here = label === undefined ? trail : [...trail, label];
  if (isStep(value)) found.push({ trail: here, step: value });
  for (const [key, child] of Object.entries(value)) {
    if (key !== 'settings' || !isStep(value)) walk(child, here, found);
  }
}

function isStep({ type }: JsonObject): boolean {
  return type === 'data-action';
}

/** What people call a part of a flow; positions are no part of it, since they move when somebody inserts something. */
function labelOf(part: JsonObject): string | undefined {
  const { type } = part;
  const name = textOf(part['name']);
  if (name !== undefined) return name;
  if (isStep(part)) return `action ${textOf(part['actionId']) ?? 'without an id'}`;
  return textOf(type);
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Steps with the same names on their way are told apart by their ids, where each has one, and else by their number in the
 * order of the flow. Every other step keeps its key whatever is inserted, moved or removed around it.
 */
function withKeys(found: readonly Found[]): Step[] {
  const groups = [...Map.groupBy(found, ({ trail }) => trail.join(' › '))];
  const taken = new Set(groups.map(([title]) => title));
  const numbers = new Map<string, number>();
  const keys = new Map<JsonObject, string>();
  for (const [title, some] of groups) {
    const ids = some.map(({ step }) => textOf(step['id']));
    const byId = some.length > 1 && !ids.includes(undefined) && new Set(ids).size === ids.length;
    for (const [i, { step }] of some.entries()) {
      if (i === 0 && !byId) keys.set(step, title);
      else keys.set(step, free(byId ? `${title} [${ids[i]}]` : title, taken, numbers));
    }
  }
  return found.map(({ step }) => {
    const [name, actionId] = [textOf(step['name']), textOf(step['actionId'])];
    return {
      key: keys.get(step)!,
      ...(name === undefined ? {} : { name }),
      ...(actionId === undefined ? {} : { actionId }),
      step,
    };
  });
}

/** `numbers`: where to go on for each title, since thousands may share one. */
function free(wanted: string, taken: Set<string>, numbers: Map<string, number>): string {
  let key = wanted;
  let n = numbers.get(wanted) ?? 2;
  for (; taken.has(key); n++) key = `${wanted} (${n})`;
  numbers.set(wanted, n);
  taken.add(key);
  return key;
}

/** What of a step may be wished. */
export const settable = ['timeout', 'actionId', 'inputs', 'outputs'] as const;
export type Settable = (typeof settable)[number];

/** The step with another value; `settings` is made where it is missing (tutorial 2), and null takes the value out. */
export function changed(step: JsonObject, what: Settable, value: Json): JsonObject {
  if (what === 'actionId') return { ...step, actionId: value };
  const { [what]: _before, ...without } = isObject(step['settings']) ? step['settings'] : {};
  if (value === null) return { ...step, settings: without };
  const settings = isObject(step['settings']) ? step['settings'] : {};
  return { ...step, settings: { ...settings, [what]: value } };
}

/** The definition with some of its steps replaced, and every other value, and the order of keys, as it came. */
export function withSteps(definition: JsonObject, steps: ReadonlyMap<JsonObject, JsonObject>): JsonObject {
  return replaced(definition, steps) as JsonObject;
}

function replaced(value: Json, steps: ReadonlyMap<JsonObject, JsonObject>): Json {
  if (Array.isArray(value)) return value.map((item) => replaced(item, steps));
  if (!isObject(value)) return value;
  const own = steps.get(value) ?? value;
  return Object.fromEntries(Object.entries(own).map(([key, child]) => [key, replaced(child, steps)]));
}
