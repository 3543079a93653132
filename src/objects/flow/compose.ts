import type { Composed, ComposedField } from '../../model/compose.ts';
import type { Index, IndexEntry, Use } from '../../model/contracts.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { keyOf, keyParts } from '../../model/key.ts';
import { formatPointer, parsePointer } from '../../model/pointer.ts';
import type { Problem } from '../../model/problem.ts';
import { didYouMean } from '../../model/suggest.ts';
import type { Call } from './model.ts';
import { outline } from './prepare.ts';
import { formatDuration } from './yaml/duration.ts';

/** How a FlowTimeout names steps: one by its name, or every one that calls a data action. */
export type Selector = { step: string; ms: number } | { category: string; action: string; ms: number };

/** Where selectors stand among the fields until they are resolved: `/select/<resource>/<nth>`. */
export function selectorPath(by: string, i: number): string {
  return formatPointer(['select', by, i]);
}

/** The field that holds a step's timeout. */
export function timeoutPath(key: string): string {
  return formatPointer(['timeouts', key]);
}

/**
 * Resolves the selectors of FlowTimeouts against the steps of the flow: those of its owner's file, else those that are
 * live. They go before what the file says of the same steps. Where one of them leads nowhere, nothing is wished of the
 * flow at all: to publish the file without it would reset what it set before.
 */
export function compose(wish: Composed, { live, index }: { live?: JsonObject; index: Index }): Composed {
  const selectors = wish.fields.filter(({ path }) => path.startsWith('/select/'));
  const rest = wish.fields.filter(({ path }) => !path.startsWith('/select/'));
  const text = textOf(rest) ?? textIn(live?.['content']);
  if (text === undefined)
    return { ...wish, fields: rest, problems: [...wish.problems, ...selectors.map(neverPublished(wish))] };
  const { calls } = outline(text, `the flow "${wish.name}"`);
  const uses = wish.owner === undefined ? usesOf(calls, index) : wish.uses;
  const warnings = lostFlows(wish, index);
  if (selectors.length === 0) return { ...wish, uses, warnings };

  const problems: Problem[] = [];
  const chosen = new Map<string, ComposedField & { value: string; named: boolean }>();
  for (const field of selectors) {
    const selector = ('value' in field ? field.value : null) as unknown as Selector;
    const found = calls.filter((call) => matches(selector, call));
    if (found.length === 0) problems.push(notFound(field, selector, wish.name, calls));
    for (const { key, title } of found) {
      const next = {
        by: field.by,
        path: timeoutPath(key),
        value: formatDuration(selector.ms),
        title,
        named: 'step' in selector,
      };
      const before = chosen.get(key);
      if (before === undefined || isMoreSpecific(next, before)) chosen.set(key, next);
      else if (!isMoreSpecific(before, next) && !(before.by === next.by && before.value === next.value)) {
        problems.push(twice(title, next.by, before.by, wish.name), twice(title, before.by, next.by, wish.name));
      }
      if (problems.length >= mostProblems) break;
    }
    if (problems.length >= mostProblems) break;
  }
  if (problems.length > 0)
    return { ...wish, fields: [], uses, warnings, problems: [...wish.problems, ...unique(problems)] };
  const governed = [...chosen.values()].map(({ named: _named, ...field }): ComposedField => field);
  const paths = new Set(governed.map(({ path }) => path));
  const fields = [...rest.filter(({ path }) => !paths.has(path)), ...governed];
  return { ...wish, uses, warnings, fields: fields.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** More are not looked for: a person mends the first ones first. */
const mostProblems = 100;

/** Flows that the file names and that are not there under any type that could be meant: Genesys will refuse the file. */
function lostFlows({ owner, name, uses }: Composed, index: Index): Problem[] {
  const flows = uses.filter(({ type }) => type === 'flow');
  if (owner === undefined || flows.length === 0) return [];
  const known = new Set(index.all('flow').map(({ key }) => key));
  const byName = Map.groupBy(flows, ({ key }) => keyParts(key).at(-1)!);
  const lost = [...byName].filter(([, candidates]) => !candidates.some(({ key }) => known.has(key)));
  return lost.map(([wanted]) => {
    const message = `"${name}" uses a flow "${wanted}", which is not there, neither live nor in this repository`;
    return { code: 'flow-not-found', message, resource: owner };
  });
}

/** Within one document a step that is named goes before "every step that calls it". */
function isMoreSpecific(a: { by: string; named: boolean }, b: { by: string; named: boolean }): boolean {
  return a.by === b.by && a.named && !b.named;
}

function textOf(fields: readonly ComposedField[]): string | undefined {
  const content = fields.find(({ path }) => path === '/content');
  return content !== undefined && 'value' in content ? textIn(content.value) : undefined;
}

function textIn(content: unknown): string | undefined {
  return isObject(content) && typeof content['text'] === 'string' ? content['text'] : undefined;
}

function matches(selector: Selector, call: Call): boolean {
  if ('step' in selector) return call.named && call.label === selector.step;
  return call.category === selector.category && call.action === selector.action;
}

/** The data actions that a flow calls, as the index knows them: live, or about to be made. */
export function usesOf(calls: readonly Call[], index: Index): Use[] {
  const found = new Map<string, Use>();
  for (const call of calls) {
    const entry = findAction(call, index);
    if (entry !== undefined) found.set(entry.key, { type: 'data-action', key: entry.key, look: true });
  }
  return [...found.values()];
}

/** By category and name; made once for each index, since a thousand flows look a few actions up each. */
const byAddress = new WeakMap<Index, Map<string, IndexEntry>>();

/** Flows address an action by its category, which is its integration's name unless somebody changed it, and its name. */
export function findAction(
  { category, action }: Pick<Call, 'category' | 'action'>,
  index: Index,
): IndexEntry | undefined {
  let known = byAddress.get(index);
  if (known === undefined) {
    known = new Map(index.all('data-action').map((entry) => [keyOf(categoryOf(entry), entry.name), entry]));
    byAddress.set(index, known);
  }
  return known.get(keyOf(category, action));
}

export function categoryOf({ attributes }: IndexEntry): string {
  return String(attributes['category'] ?? attributes['integration'] ?? '');
}

function notFound(field: ComposedField, selector: Selector, flow: string, calls: readonly Call[]): Problem {
  const steps = calls.map(({ title }) => title);
  const listed =
    steps.length === 0 ? 'it calls no data action at all' : `its steps that call data actions: ${listOf(steps)}`;
  const [wanted, names] =
    'step' in selector
      ? [
          `no step "${selector.step}" that calls a data action`,
          calls.filter(({ named }) => named).map(({ label }) => label),
        ]
      : [`no step that calls "${selector.category} / ${selector.action}"`, []];
  const hint = 'step' in selector ? didYouMean(selector.step, names) : '';
  const message = `the flow "${flow}" has ${wanted}${hint}; ${listed}`;
  return {
    code: 'step-not-found',
    message,
    resource: field.by,
    ...(field.at === undefined ? {} : { pointer: field.at }),
  };
}

const mostListed = 20;

function listOf(steps: readonly string[]): string {
  const more = steps.length > mostListed ? ` and ${steps.length - mostListed} more` : '';
  return `${steps
    .slice(0, mostListed)
    .map((step) => `"${step}"`)
    .join(', ')}${more}`;
}

function twice(key: string, by: string, other: string, flow: string): Problem {
  const message =
    by === other
      ? `the timeout of "${key}" in "${flow}" is given twice, with two values`
      : `the timeout of "${key}" in "${flow}" is also set by ${other}; a field has one owner`;
  return { code: 'field-owned-twice', message, resource: by, pointer: '/spec/steps' };
}

function unique(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.resource} ${problem.message}`, problem])).values()];
}

function neverPublished({ name }: Composed): (field: ComposedField) => Problem {
  return ({ by, at }) => ({
    code: 'flow-not-found',
    message: `the flow "${name}" was never published, so it has no timeouts to set`,
    resource: by,
    ...(at === undefined ? {} : { pointer: at }),
  });
}

/** The step of a timeout's field. */
export function stepOf(path: string): string | undefined {
  const [field, step] = parsePointer(path);
  return field === 'timeouts' ? step : undefined;
}
