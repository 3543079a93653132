import type { Index, ObjectType } from '../model/contracts.ts';
import type { AppliedField, AppliedObject, InventoryEntry, Journal, Scope } from '../model/journal.ts';
import { isObject, type Json } from '../model/json.ts';
import type { Plan } from '../model/plan.ts';
import { dotted, getAt, type Pointer } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import type { ResourceId } from '../model/resource.ts';
import { redacted, sealedPointers, type Vault } from '../model/seal.ts';
import { holdsId, keepLeft } from './holders.ts';
import type { Ignored } from './ignore.ts';
import type { ObjectState } from './state.ts';

/** Fields of an object that nobody owns, which earlier runs set and nobody wishes any more: they stay as they are. */
export interface Left {
  object: AppliedObject;
  fields: readonly (readonly [Pointer, AppliedField])[];
  /** What is wished of other fields of it, where something is. */
  state?: ObjectState;
  /** True where it is not there any more: then there is nothing to tell. */
  gone: boolean;
}

/** A document with a problem wishes nothing for now: what it set is not let go for that. */
export function leftFields(
  objects: readonly ObjectState[],
  {
    applied,
    inventory,
    types,
    index,
    broken,
    ignored,
  }: {
    applied: readonly AppliedObject[];
    inventory: readonly InventoryEntry[];
    types: readonly ObjectType[];
    index: Index;
    broken: ReadonlySet<ResourceId>;
    ignored: Ignored;
  },
): Left[] {
  const owned = new Set(inventory.map(({ type, id }) => `${type}:${id}`));
  const states = new Map(objects.map((state) => [`${state.wish.type}:${state.wish.id}`, state]));
  return applied.flatMap((object): Left[] => {
    const at = `${object.type}:${object.id}`;
    const state = states.get(at);
    const type = types.find((one) => one.type === object.type);
    if (owned.has(at) || type === undefined || state?.wish.owner !== undefined) return [];
    // Where it cannot be read, it is not known which of its fields are meant.
    if (state !== undefined && (state.blocked !== undefined || !isObject(state.live))) return [];
    const wished = [...(state?.wish.fields ?? []), ...(state?.asked?.fields ?? [])].map(({ path }) => path);
    const fields = Object.entries(object.fields).filter(
      ([path, { by }]) =>
        !wished.some((one) => overlap(one, path)) &&
        (by === undefined ? broken.size === 0 : !broken.has(by) && !ignored.has(by)),
    );
    if (fields.length === 0) return [];
    const listed = index.all(object.type);
    const gone =
      type.unlisted !== true && listed.length > 0 && !listed.some(({ id, live }) => id === object.id && live);
    return [{ object, fields, gone, ...(state === undefined ? {} : { state }) }];
  });
}

function overlap(a: Pointer, b: Pointer): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/** What a plan says of them, once: a sentence for each field. */
export function tellLeft(
  left: readonly Left[],
  { types, index, vault }: { types: readonly ObjectType[]; index: Index; vault: Pick<Vault, 'redact'> },
): Problem[] {
  return left.flatMap(({ object, fields, state, gone }): Problem[] => {
    if (gone) return [];
    const entry = index.all(object.type).find(({ id }) => id === object.id);
    const called = state?.wish.name ?? entry?.name ?? object.id;
    const { label } = types.find(({ type }) => type === object.type)!;
    return fields.map(([path, { wanted, by }]) => {
      const value = state === undefined ? wanted : getAt(state.live as Json, path);
      const who = by === undefined ? 'nobody wishes it any more' : `${by} does not wish it any more`;
      const message = `no longer managed: ${dotted(path)} of the ${label} "${called}" stays ${inWords(path, value, vault)}; ${who}, and nothing resets it`;
      return { code: 'no-longer-managed', message };
    });
  });
}

/** Characters of JSON that stand in a sentence. */
const longest = 100;

function inWords(path: Pointer, value: Json | undefined, vault: Pick<Vault, 'redact'>): string {
  const text = value === undefined ? '' : JSON.stringify(redacted(value, vault));
  const isTold = value !== undefined && text.length <= longest && sealedPointers(value, path).length === 0;
  return isTold ? `at ${text}` : 'as it is';
}

/** It was told: what is remembered of it goes, but for who was given the id of something that is still ours. */
export async function forgetLeft(
  left: readonly Left[] = [],
  {
    journal,
    scope,
    inventory,
    plan,
  }: { journal: Journal; scope: Scope; inventory: readonly InventoryEntry[]; plan: Pick<Plan, 'changes'> },
): Promise<void> {
  if (left.length === 0 && !plan.changes.some(({ action }) => action === 'delete')) return;
  const given = left.flatMap(({ object, fields }): [string, string[]][] => {
    const ids = inventory.map(({ id }) => id).filter((id) => fields.some(([, { wanted }]) => holdsId(wanted, id)));
    return ids.length === 0 ? [] : [[`${object.type}:${object.id}`, ids]];
  });
  await keepLeft(journal, scope, new Map(given));
  // What others wish of the same object is remembered anew with each run, without these.
  const alone = left
    .filter(({ state }) => state === undefined)
    .map(({ object, fields }): AppliedObject => {
      const paths = new Set(fields.map(([path]) => path));
      const rest = Object.entries(object.fields).filter(([path]) => !paths.has(path));
      return { ...object, fields: Object.fromEntries(rest) };
    });
  await journal.setApplied(scope, alone);
}
