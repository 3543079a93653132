import type { Composed } from '../../model/compose.ts';
import type { Use } from '../../model/contracts.ts';
import type { AppliedObject } from '../../model/journal.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { keyParts } from '../../model/key.ts';
import { getAt } from '../../model/pointer.ts';
import type { Problem } from '../../model/problem.ts';
import { differences, met } from './compare.ts';
import { stepOf } from './compose.ts';
import type { Call } from './model.ts';
import { outline } from './prepare.ts';
import { formatDuration, parseDuration } from './yaml/duration.ts';

export interface Reviewed {
  wish: Composed;
  live?: JsonObject;
  applied?: AppliedObject;
}

/** What a person should know of a flow before it is published. */
export function review(object: Reviewed, used: (use: Use) => JsonObject | undefined): Problem[] {
  return [...unmanagedOf(object), ...shadowed(object, used)];
}

/**
 * At a first meeting nobody knows whether what only live has is Genesys's default or somebody's: it is no difference, and
 * a publish would reset it. Once our text was published, every later change of it is drift.
 */
function unmanagedOf({ wish, live, applied }: Reviewed): Problem[] {
  const known = applied?.fields['/content'];
  // Told at a first meeting, and again when they would go; not in every run between.
  if (wish.owner === undefined || known?.written === true) return [];
  if (known !== undefined && !differs({ wish, ...(live && { live }), ...(applied && { applied }) })) return [];
  const { extras } = met(wished(wish, '/content'), live?.['content']);
  if (extras.length === 0) return [];
  const message = `"${wish.name}" has ${extras.length === 1 ? 'a setting' : 'settings'} that the file does not speak of; publishing sets them to Genesys's defaults: ${extras.join(', ')}`;
  return [{ code: 'unmanaged', message, resource: wish.owner }];
}

function differs({ wish, live, applied }: Reviewed): boolean {
  return wish.fields.some((field) => {
    if (!('value' in field)) return false;
    const [now, before] = [getAt(live, field.path), applied?.fields[field.path]];
    const compared = {
      wanted: field.value,
      ...(now === undefined ? {} : { live: now }),
      ...(before && { applied: before }),
    };
    return (differences(field.path, compared)?.length ?? 0) > 0;
  });
}

function wished({ fields }: Composed, path: string): Json | undefined {
  const field = fields.find((one) => one.path === path);
  return field !== undefined && 'value' in field ? field.value : undefined;
}

/**
 * A step of the flow gives up after its own timeout, whatever the data action's is: a shorter one means that a late answer
 * is never heard. Both are compared as they will be after this plan.
 */
function shadowed({ wish, live }: Reviewed, used: (use: Use) => JsonObject | undefined): Problem[] {
  const actions = wish.uses.filter(({ type }) => type === 'data-action');
  const secondsOf = ({ category, action }: Call): unknown => {
    const named = actions.filter(({ key }) => keyParts(key).at(-1) === action);
    // Its category is its integration's name unless somebody changed it.
    const use = named.find(({ key }) => keyParts(key)[0] === category) ?? named[0];
    return use === undefined ? undefined : getAt(used(use), '/config/timeoutSeconds');
  };
  const timeouts = new Map(
    wish.fields.flatMap((field) => {
      const step = stepOf(field.path);
      return step === undefined || !('value' in field) ? [] : [[step, { value: field.value, by: field.by }] as const];
    }),
  );
  const text = getAt(wished(wish, '/content') ?? live?.['content'], '/text');
  if (typeof text !== 'string') return [];
  return outline(text, `the flow "${wish.name}"`).calls.flatMap((call): Problem[] => {
    const own = timeouts.get(call.key);
    // Of a flow that is somebody else's, only what we set is ours to judge.
    if (own === undefined) return [];
    const step = typeof own.value === 'string' ? parseDuration(own.value) : undefined;
    const action = secondsOf(call);
    if (step === undefined || typeof action !== 'number' || step >= action * 1000) return [];
    const message = `"${call.title}" of "${wish.name}" gives up after ${formatDuration(step)}, but the data action "${call.action}" may take ${action}s: a late answer is never heard`;
    return [{ code: 'timeout-shadowed', message, resource: own.by }];
  });
}
