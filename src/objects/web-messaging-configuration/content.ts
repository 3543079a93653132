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

/**
 * Whether a version is what was sent: it says all of that, and nothing beside it but what the version before said in the same
 * place (a server may keep or fill in again what was left out). What else is there may be somebody's work.
 */
export function isOnly(version: JsonObject, sent: JsonObject, before: JsonObject = {}): boolean {
  return covers(version, sent) && explained(essence(version), essence(sent), essence(before));
}

function explained(now: Json, sent: Json | undefined, before: Json | undefined): boolean {
  if (equal(now, sent ?? before)) return true;
  if (Array.isArray(now)) {
    const [own, old] = [sent, before].map((list) => (Array.isArray(list) ? list : undefined));
    return own?.length === now.length && now.every((item, i) => explained(item, own[i], old?.[i]));
  }
  if (!isObject(now)) return false;
  return Object.entries(now).every(([name, value]) => explained(value, fieldOf(sent, name), fieldOf(before, name)));
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
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
