import { createHash } from 'node:crypto';
import type { DriftRecord } from '../model/journal.ts';
import { equal, type Json, stable } from '../model/json.ts';
import { type Change, causeOfField, type FieldChange, type ObjectRef, type Plan } from '../model/plan.ts';
import type { Pointer } from '../model/pointer.ts';
import type { ResourceId } from '../model/resource.ts';
import { inShort } from './short-values.ts';
import { type ObjectState, type Observed, objectKey } from './state.ts';

/** Of an object that is not as it was left, and not by a commit: what was found together. */
export interface Moved {
  /** As its change has it; undefined where nobody wishes it any more, so that there is none. */
  key: string | undefined;
  /** With the id that it had, also where it is gone. */
  object: ObjectRef;
  resource: ResourceId;
  /** What moved. */
  fields: FieldChange[];
  deleted?: true;
  /** The id of what somebody deleted, where this is what was made by hand in its place. */
  replaces?: string;
  /** The live object's fingerprint. */
  base?: string;
  /** What is known of it; undefined where it is new. */
  record?: DriftRecord;
}

/**
 * All of a plan, before policy. What an earlier run found stands for itself, with its own story and time; beside it what
 * is new. `open`: drifts that have not ended.
 */
export function movedIn(
  { changes, held }: Plan,
  states: ReadonlyMap<string, ObjectState>,
  { vanished }: Pick<Observed, 'vanished'>,
  open: readonly DriftRecord[],
): Moved[] {
  const wished = [...changes, ...held].flatMap((change): Moved[] => {
    const { action, object, cause, base } = change;
    const key = objectKey(object);
    const resource = `${change.kind}/${change.name}`;
    const state = states.get(key);
    if (action === 'create') {
      const id = state?.inventory?.id;
      return cause !== 'drift' || id === undefined
        ? []
        : [{ key, object: { ...object, id }, resource, fields: [], deleted: true }];
    }
    const fields = driftIn(change);
    if (action !== 'update' || fields.length === 0) return [];
    const more = {
      ...(base === undefined ? {} : { base }),
      ...(state?.replaces === undefined ? {} : { replaces: state.replaces.id }),
    };
    return [{ key, object, resource, fields, ...more }];
  });
  const gone = vanished.map(({ type, id, key, owner }): Moved => {
    return { key: undefined, object: { type, id, key }, resource: owner, fields: [], deleted: true };
  });
  return [...wished, ...gone].flatMap((one) => asFound(one, open));
}

/** The fields of a change that live moved, whether or not what is wished of them is new as well. */
export function driftIn(change: Change): FieldChange[] {
  const moves = (field: FieldChange): boolean => ['drift', 'both'].includes(causeOfField(change, field));
  return change.fields.filter((field) => field.follows !== true && moves(field));
}

function asFound(moved: Moved, open: readonly DriftRecord[]): Moved[] {
  const known = open.filter((record) => isAbout(record, moved) && record.deleted === moved.deleted);
  if (moved.deleted === true) return [known[0] === undefined ? moved : { ...moved, record: known[0] }];
  let left = moved.fields;
  const parts: Moved[] = [];
  for (const record of known) {
    const told = left.filter((field) => tellsOf(record, field, moved.base));
    if (told.length === 0) continue;
    parts.push({ ...moved, fields: told, record });
    left = left.filter((field) => !told.includes(field));
  }
  return left.length === 0 ? parts : [...parts, { ...moved, fields: left }];
}

/**
 * True where a record tells of this very drift of a field. Our own write of another field gives the object another
 * fingerprint, so what was live counts.
 */
function tellsOf(record: DriftRecord, { path, from }: FieldChange, base: string | undefined): boolean {
  const field = record.fields.find((one) => one.path === path);
  if (field === undefined) return false;
  return (record.base !== undefined && record.base === base) || wasLive(record, field, from);
}

/** True where this is what was live of a field when the drift was found. */
export function wasLive(
  { marks }: Pick<DriftRecord, 'marks'>,
  { path, from }: DriftRecord['fields'][number],
  live: Json | undefined,
): boolean {
  const mark = marks?.[path];
  if (mark !== undefined) return live !== undefined && mark === markOf(live);
  return from === undefined ? live === undefined : live !== undefined && equal(from, live);
}

/** Of the values that a record does not keep, what they are known again by. */
export function marksOf(fields: readonly FieldChange[]): Record<Pointer, string> | undefined {
  const kept = new Set(inShort(fields).flatMap(({ path, from }) => (from === undefined ? [] : [path])));
  const long = fields.filter(({ path, from }) => from !== undefined && !kept.has(path));
  return long.length === 0 ? undefined : Object.fromEntries(long.map(({ path, from }) => [path, markOf(from!)]));
}

function markOf(value: Json): string {
  return createHash('sha256').update(stable(value)).digest('hex').slice(0, 16);
}

export function isAbout({ object }: Pick<DriftRecord, 'object'>, moved: Pick<Moved, 'object'>): boolean {
  return object.type === moved.object.type && object.id === moved.object.id;
}
