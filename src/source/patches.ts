import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { formatPointer, getAt, type Pointer, removeAt } from '../model/pointer.ts';
import type { Origin } from './finding.ts';

/** Where the values of a patched document came from: the nearest entry above a pointer tells. */
export type Origins = Map<Pointer, Origin>;

/**
 * `patch` laid over `base`: maps merge, everything else replaces, `null` is a value (it clears). `origins` learns the
 * place in the environment of every value that came from there.
 */
export function merge(base: Json | undefined, patch: Json, from: Origin, origins: Origins, at: string[] = []): Json {
  const pointer = formatPointer(at);
  if (!isObject(patch) || !isObject(base)) {
    for (const known of origins.keys()) if (known.startsWith(`${pointer}/`)) origins.delete(known);
    origins.set(pointer, from);
    return patch;
  }
  const result: JsonObject = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    const below = { ...from, pointer: from.pointer + formatPointer([key]) };
    result[key] = merge(Object.hasOwn(base, key) ? base[key] : undefined, value, below, origins, [...at, key]);
  }
  return result;
}

/** The document without the field, so that it is not managed; undefined where there is no such field. */
export function unset(base: JsonObject, pointer: Pointer): JsonObject | undefined {
  return getAt(base, pointer) === undefined ? undefined : removeAt(base, pointer);
}

/** Where the value at a pointer of a resource's document was written. */
export function originOf(pointer: Pointer, document: { path: string; index: number }, origins?: Origins): Origin {
  for (let at = pointer; origins !== undefined; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = origins.get(at);
    if (found !== undefined) return { ...found, pointer: found.pointer + pointer.slice(at.length) };
    if (at === '') break;
  }
  return { path: document.path, index: document.index, pointer };
}
