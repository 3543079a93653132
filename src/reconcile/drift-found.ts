import type { DriftRecord } from '../model/journal.ts';
import { equal, type Json } from '../model/json.ts';
import { type Change, causeOfField, type FieldChange, type ObjectRef, type Plan } from '../model/plan.ts';
import type { ResourceId } from '../model/resource.ts';
import { inShort } from './short-values.ts';
import { type ObjectState, type Observed, objectKey } from './state.ts';

/** An object that is not as it was left, and not by a commit. */
export interface Moved {
  /** As its change has it; undefined where nobody wishes it any more, so that there is none. */
  key: string | undefined;
  /** With the id that it had, also where it is gone. */
  object: ObjectRef;
  resource: ResourceId;
  /** What moved. */
  fields: FieldChange[];
  deleted?: true;
  /** The live object's fingerprint. */
  base?: string;
}

/** All of a plan, before policy. */
export function movedIn(
  { changes, held }: Plan,
  states: ReadonlyMap<string, ObjectState>,
  { vanished }: Pick<Observed, 'vanished'>,
): Moved[] {
  const wished = [...changes, ...held].flatMap((change): Moved[] => {
    const { action, object, cause, base } = change;
    const key = objectKey(object);
    const resource = `${change.kind}/${change.name}`;
    if (action === 'create') {
      const id = states.get(key)?.inventory?.id;
      return cause !== 'drift' || id === undefined
        ? []
        : [{ key, object: { ...object, id }, resource, fields: [], deleted: true }];
    }
    const fields = driftIn(change);
    if (action !== 'update' || fields.length === 0) return [];
    return [{ key, object, resource, fields, ...(base === undefined ? {} : { base }) }];
  });
  const gone = vanished.map(({ type, id, key, owner }): Moved => {
    return { key: undefined, object: { type, id, key }, resource: owner, fields: [], deleted: true };
  });
  return [...wished, ...gone];
}

/** The fields of a change that live moved, whether or not what is wished of them is new as well. */
export function driftIn(change: Change): FieldChange[] {
  const moves = (field: FieldChange): boolean => ['drift', 'both'].includes(causeOfField(change, field));
  return change.fields.filter((field) => field.follows !== true && moves(field));
}

/**
 * True where a record tells of this very drift. Our own write of another field gives the object another fingerprint, so
 * what was live counts where the record has it.
 */
export function isSame(record: DriftRecord, moved: Moved): boolean {
  if (!isAbout(record, moved) || record.deleted !== moved.deleted) return false;
  const now = new Map(inShort(moved.fields).map((field) => [field.path, field]));
  if (record.fields.length !== now.size || !record.fields.every(({ path }) => now.has(path))) return false;
  if (record.base === moved.base) return true;
  return record.fields.every(({ path, from }) => {
    return from !== undefined && equal(from, now.get(path)?.from as Json | undefined);
  });
}

/** True where all that a record tells of is still so, perhaps beside more. */
export function stillHolds(record: DriftRecord, moved: Moved): boolean {
  if (!isAbout(record, moved) || record.deleted !== moved.deleted) return false;
  const now = new Map(moved.fields.map((field) => [field.path, field]));
  return record.fields.every(({ path, from }) => {
    const field = now.get(path);
    return field !== undefined && (from === undefined || equal(from, field.from as Json | undefined));
  });
}

export function isAbout({ object }: Pick<DriftRecord, 'object'>, moved: Pick<Moved, 'object'>): boolean {
  return object.type === moved.object.type && object.id === moved.object.id;
}
