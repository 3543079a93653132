import type { ComposedField } from '../model/compose.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { keyParts } from '../model/key.ts';
import type { Change, FieldChange, ObjectRef, Plan, Unchanged, Warning } from '../model/plan.ts';
import { getAt, setAt } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import { differencesAt, holds, ignoredDifferences, withCauses } from './compared.ts';
import {
  asWarning,
  duplicateNames,
  immutable,
  incomplete,
  lostReference,
  notInForce,
  overwrites,
  readOnlyProblem,
  releasedWarning,
  unreadable,
} from './plan-words.ts';
import { namedFor } from './policy-suspended.ts';
import { type Resolved, resolver } from './resolve.ts';
import type { ObjectState, Observed, Orphan } from './state.ts';
import { orderUses } from './uses.ts';

export interface PlanInput {
  target: string;
  organization: { id: string; name: string };
  revision: string;
  observed: Observed;
}

/**
 * Desired against live, and nothing else: no request, no log, no clock. What comes of an object:
 *
 *   wished by   live      in inventory   result
 *   owner       no        -              create (cause drift where it is in the inventory: somebody deleted it)
 *   owner       yes       yes            update, or unchanged
 *   owner       yes       no             the same, marked `adopt` (as drift of what it replaces, where somebody deleted that and made it)
 *   others      yes       -              update, or unchanged; never created, adopted or deleted
 *   others      no        -              nothing (their owner has a problem, which is told)
 *   nobody      yes       yes            delete; kept where the environment excludes its owner
 *
 * Policy (policy.ts) then takes away what may not be done.
 */
export function plan(input: PlanInput): Plan {
  const { observed } = input;
  const planner = new Map<ObjectState, Planned>();
  const visiting = new Set<ObjectState>();

  function visit(state: ObjectState): Planned {
    const known = planner.get(state);
    if (known !== undefined) return known;
    visiting.add(state);
    const planned = planObject(state, resolve);
    visiting.delete(state);
    planner.set(state, planned);
    return planned;
  }

  const resolve = resolver(observed, (state) => (visiting.has(state) ? 'circle' : visit(state)));

  const sameName = duplicateNames(observed.objects);
  const results = observed.objects.map((state) => {
    const problem = sameName.get(state);
    return problem === undefined ? visit(state) : { problems: [problem] };
  });
  const wishes = results.flatMap(({ change }) => (change === undefined ? [] : [change]));
  const unfit = observed.objects.filter(
    (state, i) =>
      results[i]!.held !== undefined || results[i]!.problems !== undefined || ignoredDifferences(state).length > 0,
  );
  const ordered = orderUses(wishes, observed.objects, unfit);
  const deletes = observed.orphans.filter(({ released }) => !released).map(planDelete);
  return {
    target: input.target,
    organization: input.organization,
    revision: input.revision,
    changes: [...ordered.changes, ...deletes.flatMap(({ change }) => change ?? [])],
    held: [
      ...results.flatMap(({ held }) => (held === undefined ? [] : [held])),
      ...ordered.held,
      ...deletes.flatMap(({ held }) => held ?? []),
    ],
    unchanged: results.flatMap(({ unchanged }) => (unchanged === undefined ? [] : [unchanged])),
    problems: [...observed.problems, ...results.flatMap(({ problems }) => problems ?? []), ...ordered.problems],
    warnings: [
      ...observed.warnings.map(asWarning),
      ...results.flatMap(({ warnings }) => warnings ?? []),
      ...observed.orphans.filter(({ released }) => released).map(releasedWarning),
    ],
  };
}

interface Planned {
  change?: Change;
  held?: Plan['held'][number];
  unchanged?: Unchanged;
  problems?: Problem[];
  warnings?: Warning[];
}

function planObject(state: ObjectState, resolve: (field: ComposedField) => Resolved): Planned {
  const { wish, inventory } = state;
  const object = refOf(state);
  const [kind, name] = splitId(wish.owner ?? wish.by[0]!);
  const { checks } = state;
  const base = { kind, name, object, ...(checks === undefined ? {} : { checks }) };
  if (state.blocked !== undefined) {
    return { held: { ...base, action: 'update', cause: 'commit', fields: [], ...state.blocked } };
  }
  const resolved = wish.fields.map((field) => ({ field, ...resolve(field) }));
  const lost = resolved.filter((one) => one.value === undefined && (one.stays !== true || state.live === undefined));
  const problems = lost.map(lostReference);
  // A field that two want is taken from neither; the rest of an object that is there goes on.
  const nothingLeft = wish.fields.length === 0 || state.live === undefined;
  if (problems.length > 0 || (wish.problems.length > 0 && nothingLeft)) {
    return { problems: [...wish.problems, ...problems] };
  }
  const told = wish.problems.length > 0 ? { problems: wish.problems } : {};
  const after = [...new Set(resolved.flatMap((one) => one.after ?? []))];
  const { directives } = wish;
  const extra = {
    ...(after.length > 0 ? { after } : {}),
    ...(wish.whole === undefined ? {} : { whole: wish.whole }),
    ...(Object.keys(directives).length > 0 ? { directives } : {}),
  };

  if (state.live === undefined) {
    if (wish.owner === undefined) return {};
    const missing = incomplete(state);
    if (missing !== undefined) return { problems: [missing] };
    const fields = resolved
      .filter((one) => one.value !== null)
      .map(({ field, value }): FieldChange => {
        const title = field.title === undefined ? {} : { title: field.title };
        const parts = differencesAt({ type: state.type }, field, value as Json, undefined);
        return {
          path: field.path,
          to: value as Json,
          by: field.by,
          ...title,
          ...(parts === undefined ? {} : { parts }),
        };
      });
    return { change: { ...base, action: 'create', cause: inventory ? 'drift' : 'create', fields, ...extra } };
  }

  const live = baseline(state);
  const differing = resolved.filter(
    ({ field, value }) => value !== undefined && !holds(state, field.path, value as Json, getAt(live, field.path)),
  );
  const frozen = differing.filter(({ field }) => state.type.immutable[field.path] !== undefined);
  if (frozen.length > 0) return { problems: frozen.map(({ field }) => immutable(field, state)) };
  const readOnly = state.summary?.readOnly;
  if (readOnly !== undefined) return { problems: [readOnlyProblem(state, readOnly)] };
  const adopt = wish.owner !== undefined && inventory === undefined ? { adopt: true } : {};
  const warnings = state.live === 'unreadable' ? { warnings: [unreadable(object, state.applied === undefined)] } : {};
  const { pending } = state;
  if (differing.length === 0 && pending !== undefined) return { held: notInForce({ ...base, pending }) };
  if (differing.length === 0) return { unchanged: { ...base, ...sideWishes(state), ...adopt }, ...warnings, ...told };

  const fields = differing.map(({ field, value }): FieldChange => {
    const from = getAt(live, field.path);
    const title = field.title === undefined ? {} : { title: field.title };
    const parts = differencesAt(state, field, value as Json, from);
    return {
      path: field.path,
      ...(from === undefined ? {} : { from }),
      to: value as Json,
      by: field.by,
      ...title,
      ...(parts === undefined ? {} : { parts }),
      ...formerOf(state, field),
    };
  });
  const fingerprint = isObject(state.live) ? state.type.fingerprintOf(state.live) : state.applied?.fingerprint;
  const renames = isRenamed(state, fields) ? { renames: true } : {};
  const followed = differing.map(({ field, cause = 'drift' }) => ('ref' in field ? cause : undefined));
  const changed = fields.map((field, i) => ({ field, followed: followed[i] }));
  const caused = withCauses(state, changed, live);
  const whose = wish.owner === undefined ? { ...namedFor(fields), shared: true as const } : {};
  const change: Change = { ...base, ...whose, action: 'update', ...caused, ...adopt, ...extra, ...renames };
  const { versionOf } = state.type;
  const version = isObject(state.live) && versionOf !== undefined ? (versionOf(state.live) ?? null) : undefined;
  const known = {
    ...(fingerprint === undefined ? {} : { base: fingerprint }),
    ...(version === undefined ? {} : { version }),
    ...(pending === undefined ? {} : { pending }),
  };
  const planned = { ...change, ...known };
  // What cannot be read back may be as it is wished: only what is seen to differ is held for it.
  if (wish.holds !== undefined && isObject(state.live)) return { held: { ...planned, ...wish.holds }, ...told };
  const spared = wish.whole === true ? ignoredDifferences(state) : [];
  if (spared.length > 0) return { held: { ...planned, ...overwrites(spared) }, ...told };
  return { change: planned, ...warnings, ...told };
}

/** Whether those that use the object by its name would no longer, or not yet, find it. */
function isRenamed({ type, wish, summary }: ObjectState, fields: readonly FieldChange[]): boolean {
  if (summary !== undefined && summary.key !== wish.key) return true;
  return fields.some(({ path }) => type.referredBy?.includes(path) === true);
}

/** Who set a field until now, where that is somebody else. */
function formerOf({ applied }: ObjectState, { path, by }: ComposedField): Pick<FieldChange, 'was'> {
  const was = applied?.fields[path]?.by;
  return was === undefined || was === by ? {} : { was };
}

/** The last applied payload counts as live where the object cannot be read back. */
function baseline(state: ObjectState): JsonObject {
  if (isObject(state.live)) return state.live;
  const fields = Object.entries(state.applied?.fields ?? {});
  return fields.reduce<JsonObject>((object, [path, { wanted }]) => setAt(object, path, wanted), {});
}

function sideWishes(state: ObjectState): Pick<Unchanged, 'fields'> {
  const fields = state.wish.fields.flatMap((field) => {
    if (field.by === state.wish.owner || !('value' in field) || field.ignored !== undefined) return [];
    const title = field.title === undefined ? {} : { title: field.title };
    return [{ path: field.path, ...title, value: field.value, by: field.by }];
  });
  return fields.length === 0 ? {} : { fields };
}

function planDelete({ entry, summary }: Orphan): Planned {
  const [kind, name] = splitId(entry.owner);
  const object: ObjectRef = { type: entry.type, key: summary.key, id: entry.id, ...nameOf(summary) };
  const base = summary.fingerprint === undefined ? {} : { base: summary.fingerprint };
  const change: Change = { action: 'delete', kind, name, object, cause: 'commit', fields: [], ...base };
  return summary.blocked === undefined ? { change } : { held: { ...change, ...summary.blocked } };
}

function refOf({ wish }: ObjectState): ObjectRef {
  return { type: wish.type, key: wish.key, ...(wish.id === undefined ? {} : { id: wish.id }), ...nameOf(wish) };
}

/** Only where the key does not say it. */
function nameOf({ key, name }: { key: string; name: string }): Pick<ObjectRef, 'name'> {
  return name === key || name === keyParts(key).at(-1) ? {} : { name };
}

/** `DataAction/get-customer` as kind and handle. */
export function splitId(id: string): [string, string] {
  const slash = id.indexOf('/');
  return [id.slice(0, slash), id.slice(slash + 1)];
}
