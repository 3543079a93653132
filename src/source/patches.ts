import { isObject, type Json } from '../model/json.ts';
import { formatPointer, type Pointer, parsePointer } from '../model/pointer.ts';
import type { Origin } from './finding.ts';

/** Where the values of a patched document came from: the nearest entry above a pointer tells. */
export type Origins = Map<Pointer, Origin>;

/**
 * `patch` laid over `base`, which is changed in place: maps merge, everything else replaces, `null` is a value (it clears). `origins` learns the
 * place in the environment of every value that came from there.
 */
export function merge(base: Json | undefined, patch: Json, from: Origin, origins: Origins, at: string[] = []): Json {
  const pointer = formatPointer(at);
  if (!isObject(patch) || !isObject(base)) {
    if (isObject(base)) forgetBelow(pointer, origins);
    origins.set(pointer, from);
    return patch;
  }
  for (const [key, value] of Object.entries(patch)) {
    const below = { ...from, pointer: from.pointer + formatPointer([key]) };
    base[key] = merge(Object.hasOwn(base, key) ? base[key] : undefined, value, below, origins, [...at, key]);
  }
  return base;
}

/**
 * Takes the field out of the document, so that it is not managed; false where there is no such field. Who misses it finds the
 * place in the environment.
 */
export function unset(document: Json, pointer: Pointer, from: Origin, origins: Origins): boolean {
  const parts = parsePointer(pointer);
  const last = parts.pop();
  let at: Json | undefined = document;
  for (const part of parts) at = isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  if (last === undefined || !isObject(at) || !Object.hasOwn(at, last)) return false;
  delete at[last];
  forgetBelow(pointer, origins);
  origins.set(pointer, from);
  return true;
}

function forgetBelow(pointer: Pointer, origins: Origins): void {
  for (const known of origins.keys()) if (known.startsWith(`${pointer}/`)) origins.delete(known);
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
