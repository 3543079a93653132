import type { TargetReport } from '../app.ts';
import type { Acceptance, Index, Kind } from '../model/contracts.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import { type Change, causeOfField, type FieldChange, type Plan } from '../model/plan.ts';
import { getAt, type Pointer } from '../model/pointer.ts';
import type { Place, Problem } from '../model/problem.ts';
import { type ResourceId, resourceId } from '../model/resource.ts';
import { kinds } from '../objects/kinds.ts';
import type { Observation } from '../reconcile/observe.ts';
import { type ObjectState, objectKey } from '../reconcile/state.ts';
import type { ToEdit } from '../source/accept/index.ts';
import { locate } from '../source/index.ts';
import type { TargetDrift } from './drift.ts';

/** What cannot be written, and where it stands. */
export interface Unwritten {
  resource: ResourceId;
  pointer?: Pointer;
  place?: Place;
  why: string;
}

/** What would make the repository wish what is live. */
export interface Edits {
  edits: ToEdit[];
  removed: ResourceId[];
  unwritten: Unwritten[];
}

/** The edits that accept what drifted, as each resource with a part in it says. */
export function editsFor({ report, observed, drifted }: TargetDrift): Edits {
  const all: Edits = { edits: [], removed: [], unwritten: [] };
  for (const { change, fields, deleted } of drifted) {
    const owner = `${change.kind}/${change.name}`;
    const state = stateOf(change, observed);
    if (deleted) all.removed.push(owner);
    else if (observed === undefined || state === undefined || !isObject(state.live)) {
      all.unwritten.push({ resource: owner, why: 'what is live cannot be read back' });
    } else {
      // What the repository changed as well is a conflict: to take what is live would silently undo a commit.
      for (const { path: at, by } of fields.filter((field) => causeOfField(change, field) === 'both')) {
        const why = 'a commit that is not applied yet changed it as well; decide which of them counts';
        const { place } = locate(report.desired, { code: 'schema', message: why, resource: by, pointer: `/spec${at}` });
        all.unwritten.push({ resource: by, pointer: `/spec${at}`, why, ...(place === undefined ? {} : { place }) });
      }
      const moved = fields.filter((field) => causeOfField(change, field) === 'drift');
      const edits = acceptances(state, state.live, moved, { report, index: observed.index });
      all.edits.push(...edits.map((edit) => underNewName(edit, renameIn(change, fields))));
    }
  }
  return all;
}

interface Rename {
  from: string;
  to: string;
}

/** From the name that the repository has to the one that is live. */
function renameIn(change: Change, fields: readonly FieldChange[]): Rename | undefined {
  const name = fields.find((field) => field.path === '/name' && causeOfField(change, field) === 'drift');
  return typeof name?.to === 'string' && typeof name.from === 'string' ? { from: name.to, to: name.from } : undefined;
}

/** What is new in a list and names an object that was renamed as well: no document has that name yet for `renamesFor` to find. */
function underNewName(edit: ToEdit, rename: Rename | undefined): ToEdit {
  const { acceptance } = edit;
  if (rename === undefined || !('add' in acceptance)) return edit;
  const add = acceptance.add.map((item) =>
    isObject(item) && item['name'] === rename.from ? { ...item, name: rename.to } : item,
  );
  return { ...edit, acceptance: { ...acceptance, add } };
}

/** What followed an object whose drift is accepted would go after it: it is set to what it has. */
export function pinsFor({ changes, held }: Plan, { report, observed }: TargetDrift): ToEdit[] {
  const followed = [...report.plan.changes, ...report.plan.held].flatMap((change) =>
    change.fields.flatMap((field) => (field.follows === true ? [keyOf(change, field)] : [])),
  );
  return [...changes, ...held].flatMap((change) => {
    const state = stateOf(change, observed);
    const fields = change.fields.filter((field) => followed.includes(keyOf(change, field)) && isKnown(field));
    if (observed === undefined || state === undefined || !isObject(state.live) || fields.length === 0) return [];
    return acceptances(state, state.live, fields, { report, index: observed.index });
  });
}

function isKnown({ to }: FieldChange): boolean {
  return !(isObject(to) && 'knownAfterApply' in to);
}

function stateOf({ object }: Change, observed: Observation | undefined): ObjectState | undefined {
  return observed?.objects.find(({ wish }) => objectKey(wish) === objectKey(object));
}

/** What every resource with a part in an object would have to say. */
function acceptances(
  { summary, applied, wish }: ObjectState,
  live: JsonObject,
  moved: readonly FieldChange[],
  { report: { desired }, index }: { report: TargetReport; index: Index },
): ToEdit[] {
  return wish.by.flatMap((by) => {
    const resource = desired.resources.find((one) => resourceId(one) === by);
    const kind = kinds.find((one) => one.name === resource?.kind);
    if (resource === undefined || kind === undefined) return [];
    const known = { ...(summary === undefined ? {} : { summary }), ...(applied === undefined ? {} : { applied }) };
    const fields = moved.filter((field) => field.by === by);
    const accepted = acceptedBy(kind, resource, { live, ...known, fields, index });
    return accepted.map((acceptance) => ({ resource: by, acceptance }));
  });
}

function acceptedBy(kind: Kind, ...[resource, drift]: Parameters<NonNullable<Kind['accept']>>): Acceptance[] {
  if (kind.accept !== undefined) return kind.accept(resource, drift);
  return drift.fields.map(({ path: at }) => ({
    pointer: `/spec${at}`,
    why: `what is live of a ${kind.name} cannot be written into its document`,
  }));
}

/**
 * Objects are referred to by their names: where one was renamed by hand, the documents that name it have a problem with the
 * patch, at the very place where the old name stands. They get the new one.
 */
export function renamesFor(problems: readonly Problem[], { report: { desired }, drifted }: TargetDrift): ToEdit[] {
  const names = new Map(
    drifted.flatMap(({ change, fields }) => {
      const rename = renameIn(change, fields);
      return rename === undefined ? [] : [[rename.from, rename.to] as const];
    }),
  );
  return problems.flatMap(({ resource: by, pointer }): ToEdit[] => {
    const resource = desired.resources.find((one) => resourceId(one) === by);
    if (by === undefined || pointer === undefined || resource === undefined) return [];
    const value = names.get(String(getAt({ spec: resource.spec }, pointer)));
    return typeof value === 'string' ? [{ resource: by, acceptance: { pointer, value } }] : [];
  });
}

/**
 * Lists that name what somebody deleted have a problem with the patch, at the very place: they get shorter. One that would
 * be empty stays as it is and is told, since an empty list may mean everything; so does one that is edited otherwise.
 */
export function shortenedFor(
  problems: readonly Problem[],
  edits: readonly ToEdit[],
  { report: { desired }, drifted }: TargetDrift,
): ToEdit[] {
  const names = drifted.flatMap(({ change, deleted }) => {
    const name = change.fields.find((field) => field.path === '/name')?.to;
    return deleted && typeof name === 'string' ? [name] : [];
  });
  const found = problems.flatMap(({ resource: by, pointer }) => {
    const spec = desired.resources.find((one) => resourceId(one) === by)?.spec;
    if (by === undefined || pointer === undefined || spec === undefined) return [];
    if (!names.includes(String(getAt({ spec }, pointer)))) return [];
    const [, at, index] = /^(\/spec\/.*?)\/(\d+)(?:\/name)?$/.exec(pointer) ?? [];
    const list = at === undefined ? undefined : getAt({ spec }, at);
    return Array.isArray(list) && at !== undefined ? [{ by, at, index: Number(index), list }] : [];
  });
  return [...Map.groupBy(found, ({ by, at }) => `${by} ${at}`).values()].flatMap((group): ToEdit[] => {
    const [{ by, at, list }] = group as [(typeof group)[number]];
    const value = list.filter((_item, i) => !group.some(({ index }) => index === i));
    const isEdited = edits.some(({ resource, acceptance: { pointer } }) => {
      return resource === by && (pointer === at || pointer.startsWith(`${at}/`));
    });
    return value.length === 0 || isEdited ? [] : [{ resource: by, acceptance: { pointer: at, value } }];
  });
}

/** A field of a plan's change, in whatever plan. */
export function keyOf({ object }: Change, { by, path: at }: FieldChange): string {
  return `${objectKey(object)} ${by} ${at}`;
}
