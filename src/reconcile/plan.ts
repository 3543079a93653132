import { satisfied } from '../model/compare.ts';
import type { ComposedField } from '../model/compose.ts';
import type { AppliedField } from '../model/journal.ts';
import { equal, isObject, type Json, type JsonObject } from '../model/json.ts';
import type {
  Cause,
  Change,
  FieldChange,
  KnownAfterApply,
  ObjectRef,
  Plan,
  Unchanged,
  Warning,
} from '../model/plan.ts';
import { dotted, getAt, type Pointer, setAt } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import { type ObjectState, type Observed, type Orphan, stateKey } from './state.ts';
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
 *   owner       yes       no             the same, marked `adopt`
 *   others      yes       -              update, or unchanged; never created, adopted or deleted
 *   others      no        -              nothing (their owner has a problem, which is told)
 *   nobody      yes       yes            delete; kept where the environment excludes its owner
 *
 * Policy (policy.ts) then takes away what may not be done.
 */
export function plan(input: PlanInput): Plan {
  const { observed } = input;
  const planner = new Map<ObjectState, Planned>();
  const byKey = new Map(observed.objects.map((state) => [stateKey(state.wish.type, state.wish.key), state]));
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

  /** What a reference stands for: the live attribute, or a promise where this plan is about to change it. */
  function resolve(field: ComposedField): Resolved {
    if ('value' in field) return { value: field.value };
    const { type, key } = field.ref;
    const referred = byKey.get(stateKey(type, key));
    if (referred === undefined) return { lost: 'is not there' };
    if (visiting.has(referred)) return { lost: 'refers back to it', circle: true };
    const { change, problems = [] } = visit(referred);
    const after = stateKey(type, key);
    const pending = change?.action === 'create' || change?.fields.some(({ path }) => path === `/${field.attribute}`);
    if (pending) return { value: { knownAfterApply: { type, key, attribute: field.attribute } }, after };
    const live = { id: referred.wish.id ?? null, ...(isObject(referred.live) ? referred.live : {}) };
    const value = getAt(live, `/${field.attribute}`);
    if (value === undefined || value === null)
      return { lost: problems.length > 0 ? 'has a problem itself' : 'is not there' };
    return { value, ...(change === undefined ? {} : { after }) };
  }

  const sameName = duplicateNames(observed.objects);
  const results = observed.objects.map((state) => {
    const problem = sameName.get(state);
    return problem === undefined ? visit(state) : { problems: [problem] };
  });
  const wishes = results.flatMap(({ change }) => (change === undefined ? [] : [change]));
  const ordered = orderUses(wishes, observed.objects);
  return {
    target: input.target,
    organization: input.organization,
    revision: input.revision,
    changes: [...ordered.changes, ...observed.orphans.filter(({ released }) => !released).map(planDelete)],
    held: [...results.flatMap(({ held }) => (held === undefined ? [] : [held])), ...ordered.held],
    unchanged: results.flatMap(({ unchanged }) => (unchanged === undefined ? [] : [unchanged])),
    problems: [...observed.problems, ...results.flatMap(({ problems }) => problems ?? []), ...ordered.problems],
    warnings: [
      ...observed.warnings.map(asWarning),
      ...results.flatMap(({ warnings }) => warnings ?? []),
      ...observed.orphans.filter(({ released }) => released).map(releasedWarning),
    ],
  };
}

/** Two owners that want one name for two objects: whichever is written last would be found under it. */
function duplicateNames(objects: readonly ObjectState[]): Map<ObjectState, Problem> {
  const owned = objects.filter(({ wish }) => wish.owner !== undefined);
  const byName = Map.groupBy(owned, ({ wish }) => stateKey(wish.type, wish.key));
  const twice = [...byName.values()].filter((states) => states.length > 1).flat();
  return new Map(
    twice.map((state) => {
      const { type, key, name, owner } = state.wish;
      const others = byName.get(stateKey(type, key))!.filter((other) => other !== state);
      const message = `"${name}" is also the name that ${others.map(({ wish }) => wish.owner).join(', ')} wants; a name has one owner`;
      return [state, { code: 'duplicate-name', message, resource: owner!, pointer: '/spec' }];
    }),
  );
}

interface Planned {
  change?: Change;
  held?: Plan['held'][number];
  unchanged?: Unchanged;
  problems?: Problem[];
  warnings?: Warning[];
}

/** A value, or why the reference leads nowhere. */
interface Resolved {
  value?: Json | KnownAfterApply;
  after?: string;
  lost?: string;
  /** True where following the reference comes back to where it began. */
  circle?: boolean;
}

function planObject(state: ObjectState, resolve: (field: ComposedField) => Resolved): Planned {
  const { wish, inventory } = state;
  const object = refOf(state);
  const [kind, name] = splitId(wish.owner ?? wish.by[0]!);
  const base = { kind, name, object };
  if (state.blocked !== undefined) {
    return { held: { ...base, action: 'update', cause: 'commit', fields: [], ...state.blocked } };
  }
  const resolved = wish.fields.map((field) => ({ field, ...resolve(field) }));
  const lost = resolved.filter((one) => one.value === undefined);
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
        const parts = state.type.differences?.(field.path, { wanted: value as Json, ...title });
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
    ({ field, value }) => !holds(state, field.path, value as Json, getAt(live, field.path)),
  );
  const frozen = differing.filter(({ field }) => state.type.immutable[field.path] !== undefined);
  if (frozen.length > 0) return { problems: frozen.map(({ field }) => immutable(field, state)) };
  const readOnly = state.summary?.readOnly;
  if (readOnly !== undefined) return { problems: [readOnlyProblem(state, readOnly)] };
  const adopt = wish.owner !== undefined && inventory === undefined ? { adopt: true } : {};
  const warnings = state.live === 'unreadable' ? { warnings: [unreadable(object)] } : {};
  if (differing.length === 0) return { unchanged: { ...base, ...sideWishes(state), ...adopt }, ...warnings, ...told };

  const fields = differing.map(({ field, value }): FieldChange => {
    const from = getAt(live, field.path);
    const title = field.title === undefined ? {} : { title: field.title };
    const compared = { ...comparison(state, field.path, value as Json, from), ...title };
    const parts = state.type.differences?.(field.path, compared);
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
  const fingerprint = isObject(state.live) ? state.type.fingerprintOf(state.live) : undefined;
  const renames = isRenamed(state, fields) ? { renames: true } : {};
  const cause = causeOf(state, fields, live);
  const change: Change = { ...base, action: 'update', cause, fields, ...adopt, ...extra, ...renames };
  return { change: { ...change, ...(fingerprint === undefined ? {} : { base: fingerprint }) }, ...warnings, ...told };
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

/** Live is what is wished, or what the server is known to have made of exactly this wish. */
export function holds(
  state: Pick<ObjectState, 'type' | 'applied'>,
  path: Pointer,
  wanted: Json,
  live: Json | undefined,
): boolean {
  const parts = state.type.differences?.(path, comparison(state, path, wanted, live));
  if (parts !== undefined) return parts.length === 0;
  if (satisfied(wanted, live)) return true;
  const applied = state.applied?.fields[path];
  return applied?.rendered !== undefined && equal(applied.wanted, wanted) && equal(applied.rendered, live);
}

function comparison(
  { applied }: Pick<ObjectState, 'applied'>,
  path: Pointer,
  wanted: Json,
  live: Json | undefined,
): { wanted: Json; live?: Json; applied?: AppliedField } {
  const known = applied?.fields[path];
  return { wanted, ...(live === undefined ? {} : { live }), ...(known === undefined ? {} : { applied: known }) };
}

/**
 * Per field: the wish is the one last applied, so live moved (drift); the wish is new and live is as we left it (commit);
 * or both moved. The change has the one cause that all its fields have, else `both`.
 */
function causeOf(state: ObjectState, fields: readonly FieldChange[], live: JsonObject): Cause {
  const causes = new Set(
    fields.map(({ path, to }): Cause => {
      const applied = state.applied?.fields[path];
      if (applied === undefined) return 'commit';
      // What we left would do: so it is live that moved.
      if (holds(state, path, to as Json, applied.rendered ?? applied.wanted)) return 'drift';
      return holds(state, path, applied.wanted, getAt(live, path)) ? 'commit' : 'both';
    }),
  );
  return causes.size === 1 ? [...causes][0]! : 'both';
}

function sideWishes(state: ObjectState): Pick<Unchanged, 'fields'> {
  const fields = state.wish.fields.flatMap((field) => {
    if (field.by === state.wish.owner || !('value' in field)) return [];
    const title = field.title === undefined ? {} : { title: field.title };
    return [{ path: field.path, ...title, value: field.value, by: field.by }];
  });
  return fields.length === 0 ? {} : { fields };
}

function planDelete({ entry, summary }: Orphan): Change {
  const [kind, name] = splitId(entry.owner);
  const object: ObjectRef = { type: entry.type, key: summary.key, id: entry.id };
  const base = summary.fingerprint === undefined ? {} : { base: summary.fingerprint };
  return { action: 'delete', kind, name, object, cause: 'commit', fields: [], ...base };
}

function refOf({ wish }: ObjectState): ObjectRef {
  return { type: wish.type, key: wish.key, ...(wish.id === undefined ? {} : { id: wish.id }) };
}

/** `DataAction/get-customer` as kind and handle. */
export function splitId(id: string): [string, string] {
  const slash = id.indexOf('/');
  return [id.slice(0, slash), id.slice(slash + 1)];
}

function incomplete({ wish, type }: ObjectState): Problem | undefined {
  const missing = type.required.filter(
    (path) => !wish.fields.some((field) => field.path === path || field.path.startsWith(`${path}/`)),
  );
  if (missing.length === 0) return undefined;
  const message = `no ${type.label} "${wish.name}" is there, and to make one the document must also declare ${missing.map(dotted).join(' and ')}`;
  return { code: 'incomplete-for-creation', message, resource: wish.owner!, pointer: '/spec' };
}

function immutable(field: ComposedField, { type, wish }: ObjectState): Problem {
  const message = `${dotted(field.path)} of "${wish.name}" cannot change: ${type.immutable[field.path]}`;
  return { code: 'immutable-field', message, resource: field.by, pointer: '/spec' };
}

function readOnlyProblem({ wish, type }: ObjectState, why: string): Problem {
  const message = `the ${type.label} "${wish.name}" cannot be changed: ${why}`;
  return { code: 'read-only-object', message, resource: wish.by[0]!, pointer: '/spec' };
}

function lostReference({ field, lost, circle }: Resolved & { field: ComposedField }): Problem {
  const to = 'ref' in field ? `${field.ref.type} "${field.ref.key}"` : 'something';
  const message = `${dotted(field.path)} refers to ${to}, which ${lost}`;
  return { code: circle ? 'reference-cycle' : 'reference-not-found', message, resource: field.by, pointer: '/spec' };
}

function unreadable(object: ObjectRef): Warning {
  const message = `${object.key} cannot be read back; what was last applied counts as live`;
  return { code: 'unreadable', message, object };
}

function releasedWarning({ entry, summary }: Orphan): Warning {
  const object = { type: entry.type, key: summary.key, id: entry.id };
  return { code: 'released', message: `${entry.owner} is let go: its object stays, and is no longer managed`, object };
}

function asWarning({ code, message, place }: Problem): Warning {
  return { code, message, ...(place === undefined ? {} : { place }) };
}
