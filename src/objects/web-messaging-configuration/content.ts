import { declaredFields, satisfied } from '../../model/compare.ts';
import { equal, isObject, type Json, type JsonObject } from '../../model/json.ts';
import { getAt, type Pointer, setAt } from '../../model/pointer.ts';
import { canonical, withoutNothing } from './canonical.ts';
import { contentOf } from './live.ts';
import { without } from './references.ts';

/** A content with some fields changed. What is cleared is left out: a PUT replaces all of it. */
export function changed(content: JsonObject, fields: readonly { path: Pointer; value: Json }[]): JsonObject {
  return fields.reduce<JsonObject>(
    (next, { path, value }) => (value === null ? without(next, path) : setAt(next, path, value)),
    content,
  );
}

/** Whether two versions say the same. */
export function same(a: JsonObject, b: JsonObject): boolean {
  return equal(essence(a), essence(b));
}

/** Whether a version says everything that was sent; what the server filled in beside that does not count. */
export function covers(version: JsonObject, sent: JsonObject): boolean {
  const live = essence(version);
  return declaredFields(essence(sent), []).every(({ path, value }) => {
    const now = getAt(live, path);
    return satisfied(value, now) || renders(path, value, now);
  });
}

/** The server may fill in fields of a list's items (the size of a file upload); the items themselves are those sent. */
export function renders(_path: Pointer, wanted: Json, live: Json | undefined): boolean {
  return Array.isArray(wanted) && Array.isArray(live) && holds(live, wanted);
}

function holds(live: Json | undefined, wanted: Json): boolean {
  if (Array.isArray(wanted)) {
    return Array.isArray(live) && live.length === wanted.length && wanted.every((item, i) => holds(live[i], item));
  }
  if (!isObject(wanted)) return equal(live, wanted);
  return isObject(live) && Object.entries(wanted).every(([name, value]) => holds(live[name], value));
}

function essence(version: JsonObject): JsonObject {
  return withoutNothing(canonical(contentOf(version))) as JsonObject;
}
