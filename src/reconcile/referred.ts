import type { Index } from '../model/contracts.ts';
import type { JsonObject } from '../model/json.ts';
import { resourceId } from '../model/resource.ts';
import type { ObserveInput } from './observe.ts';
import { readOthers } from './read.ts';
import { type ObjectState, stateKey } from './state.ts';

/**
 * What wishes refer to and nobody here wishes anything of, by its natural key, read where it is live. `unclear` where a
 * document of this revision is about it, and wishes nothing of it since it has a problem.
 */
export async function readReferred(
  objects: readonly ObjectState[],
  index: Index,
  input: ObserveInput,
): Promise<Map<string, JsonObject | 'unclear'>> {
  const wished = new Set(objects.map(({ wish }) => stateKey(wish.type, wish.key)));
  const refs = objects.flatMap(({ wish }) => wish.fields.flatMap((field) => ('ref' in field ? [field.ref] : [])));
  const byKey = new Map(refs.map((ref) => [stateKey(ref.type, ref.key), ref]));
  const found = [...byKey].flatMap(([at, ref]) => {
    const type = input.types.find((one) => one.type === ref.type);
    const entry = index.find(ref.type, ref.key)[0];
    return wished.has(at) || type === undefined || entry?.id === undefined ? [] : [{ at, type, entry }];
  });
  if (found.length === 0) return new Map();
  const resources = new Set(input.desired.resources.map(resourceId));
  const ours = new Set(
    input.memory.inventory.flatMap(({ type, id, owner }) => (resources.has(owner) ? [`${type}:${id}`] : [])),
  );
  const live = await readOthers(found, input);
  return new Map(
    found.map(({ at, type, entry }) => {
      const key = `${type.type}:${entry.id}`;
      return [at, ours.has(key) ? 'unclear' : { id: entry.id!, ...live.get(key) }];
    }),
  );
}
