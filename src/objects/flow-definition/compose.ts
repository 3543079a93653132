import type { Composed, ComposedField } from '../../model/compose.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { parsePointer } from '../../model/pointer.ts';
import type { Problem } from '../../model/problem.ts';
import { didYouMean } from '../../model/suggest.ts';
import { fieldPath } from './live.ts';
import { type Selector, selectorIn, selects } from './selector.ts';
import { type Settable, settable } from './steps.ts';

/** A wish for what a selector finds, until it is known which steps those are. */
interface Wanted {
  field: ComposedField;
  selector: Selector;
  what: Settable;
}

/**
 * Turns wishes for selectors (`/select/<selector>/<what>`) into wishes for the steps that are live. A resource of which one
 * selector leads nowhere, or meets another's at one step, wishes nothing of the flow: half of a wish may be worse than none.
 */
export function compose(wish: Composed, { live }: { live?: JsonObject }): Composed {
  const wanted = wish.fields.flatMap(wantedIn);
  const rest = wish.fields.filter((field) => wantedIn(field).length === 0);
  if (wanted.length === 0 || live === undefined) return { ...wish, fields: rest };
  const steps = live['steps'];
  if (!isObject(steps))
    return { ...wish, fields: rest, problems: [...wish.problems, ...unique(wanted.map(noSteps(wish)))] };

  const found = wanted.map((one) => ({ ...one, keys: keysOf(one.selector, steps) }));
  const fields = found.flatMap(({ field, what, keys }) =>
    keys.map((key): ComposedField => ({ ...field, path: fieldPath(key, what), title: `${key} › ${what}` })),
  );
  const problems = unique([
    ...found.filter(({ keys }) => keys.length === 0).map((one) => notFound(one, wish.name, steps)),
    ...[...Map.groupBy(fields, ({ path }) => path).values()].flatMap((some) => twice(some, wish.name)),
  ]);
  const broken = new Set(problems.map(({ resource }) => resource));
  const kept = fields.filter(({ by }) => !broken.has(by));
  const several = found.filter(({ field, keys }) => keys.length > 1 && !broken.has(field.by));
  return {
    ...wish,
    fields: [...rest, ...kept].sort((a, b) => (a.path < b.path ? -1 : 1)),
    problems: [...wish.problems, ...problems],
    warnings: [...(wish.warnings ?? []), ...unique(several.map((one) => allChanged(one, wish.name)))],
  };
}

function wantedIn(field: ComposedField): Wanted[] {
  const [select, text = '', named] = parsePointer(field.path);
  const selector = selectorIn(text);
  const what = settable.find((one) => one === named);
  return select !== 'select' || selector === undefined || what === undefined ? [] : [{ field, selector, what }];
}

function keysOf(selector: Selector, steps: JsonObject): string[] {
  return Object.entries(steps).flatMap(([key, step]) => (isObject(step) && selects(selector, step) ? [key] : []));
}

function told({ field: { by, at } }: Pick<Wanted, 'field'>): Pick<Problem, 'resource' | 'pointer'> {
  return { resource: by, ...(at === undefined ? {} : { pointer: at }) };
}

function noSteps({ name }: Composed): (one: Wanted) => Problem {
  const message = `the definition of the flow "${name}" has no steps, so nothing can be set in it; look whether flowId is the id of the right flow`;
  return (one) => ({ code: 'invalid-flow', message, ...told(one) });
}

function notFound(one: Wanted, flow: string, steps: JsonObject): Problem {
  const keys = Object.keys(steps);
  const listed = keys.length === 0 ? 'it has no data-action step at all' : `its data-action steps: ${listOf(keys)}`;
  const message = `the flow "${flow}" has no data-action step ${wordsFor(one.selector, steps)}; ${listed}`;
  return { code: 'step-not-found', message, ...told(one) };
}

function wordsFor(selector: Selector, steps: JsonObject): string {
  const all = Object.entries(steps).filter((entry): entry is [string, JsonObject] => isObject(entry[1]));
  const texts = (field: 'name' | 'actionId'): string[] => all.map(([, step]) => String(step[field] ?? ''));
  if ('name' in selector) return `called "${selector.name}"${didYouMean(selector.name, texts('name'))}`;
  const { actionId } = selector;
  const named = all.filter(([, step]) => step['actionId'] === actionId).map(([key]) => key);
  const words = `without a name that calls the action ${actionId}`;
  if (named.length > 0) return `${words} (${listOf(named)} does, and is selected by its name)`;
  return `${words}${didYouMean(actionId, texts('actionId'))}`;
}

const mostListed = 20;

function listOf(keys: readonly string[]): string {
  const more = keys.length > mostListed ? ` and ${keys.length - mostListed} more` : '';
  return `${keys
    .slice(0, mostListed)
    .map((key) => `"${key}"`)
    .join(', ')}${more}`;
}

/** Of several wishes for one field of one step, one problem for each. */
function twice(fields: readonly ComposedField[], flow: string): Problem[] {
  if (fields.length < 2) return [];
  return fields.map((field): Problem => {
    const others = [...new Set(fields.filter((one) => one !== field).map(({ by }) => by))].join(', ');
    const message = `"${field.title}" in "${flow}" is also set by ${others}; a field has one owner`;
    return { code: 'field-owned-twice', message, ...told({ field }) };
  });
}

function allChanged({ selector, keys, ...one }: Wanted & { keys: readonly string[] }, flow: string): Problem {
  const which = 'name' in selector ? `called "${selector.name}"` : `without a name that call ${selector.actionId}`;
  const message = `the flow "${flow}" has ${keys.length} data-action steps ${which}, and all of them are set: ${listOf(keys)}`;
  return { code: 'steps-of-one-name', message, ...told(one) };
}

/** Several fields of one selector say the same. */
function unique(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((one) => [`${one.resource} ${one.pointer} ${one.message}`, one])).values()];
}
