import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { formatPointer, type Pointer } from '../model/pointer.ts';

/** Places that a schema marks with a keyword of ours; `*` stands for any key or item. */
export interface Mark {
  path: readonly string[];
  value: Json;
}

/** Every place of a prepared schema that carries the keyword (`x-file`, `x-secret`, `x-environment-only`). */
export function marks(schema: JsonObject, keyword: string): Mark[] {
  const found: Mark[] = [];
  const walk = (at: Json | undefined, path: string[]): void => {
    if (!isObject(at)) return;
    const value = at[keyword];
    if (value !== undefined) found.push({ path, value });
    for (const [key, child] of Object.entries(isObject(at['properties']) ? at['properties'] : {})) {
      walk(child, [...path, key]);
    }
    walk(at['additionalProperties'], [...path, '*']);
    walk(at['items'], [...path, '*']);
    for (const list of [at['anyOf'], at['oneOf'], at['allOf']]) {
      if (Array.isArray(list)) for (const branch of list) walk(branch, path);
    }
  };
  walk(schema, []);
  return found;
}

/** The values at a mark, with their pointers. */
export function valuesAt(value: Json | undefined, path: readonly string[]): { pointer: Pointer; value: Json }[] {
  const found: { pointer: Pointer; value: Json }[] = [];
  const walk = (at: Json | undefined, i: number, done: (string | number)[]): void => {
    const part = path[i];
    if (part === undefined) {
      if (at !== undefined) found.push({ pointer: formatPointer(done), value: at });
    } else if (Array.isArray(at)) {
      if (part === '*') for (const [n, item] of at.entries()) walk(item, i + 1, [...done, n]);
    } else if (isObject(at)) {
      if (part !== '*') walk(Object.hasOwn(at, part) ? at[part] : undefined, i + 1, [...done, part]);
      else for (const [key, item] of Object.entries(at)) walk(item, i + 1, [...done, key]);
    }
  };
  walk(value, 0, []);
  return found;
}
