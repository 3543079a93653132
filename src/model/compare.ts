import { equal, isEmpty, isObject, type Json } from './json.ts';
import { formatPointer, matches, type Pointer } from './pointer.ts';

/** Whether live already is what is wished. `null` and every other "nothing" equal live absent, null and empty. */
export function satisfied(wanted: Json, live: Json | undefined): boolean {
  if (isEmpty(wanted)) return isEmpty(live);
  return equal(wanted, live);
}

/**
 * A spec as the list of its declared fields. Maps of the API's fixed fields are entered; the pointers in `whole`
 * (user-keyed maps, JSON Schemas), lists and scalars are fields of their own, compared and replaced whole.
 * An empty map that is not `whole` declares nothing.
 */
export function declaredFields(
  value: Json,
  whole: readonly Pointer[],
  at: readonly string[] = [],
): { path: Pointer; value: Json }[] {
  if (!isObject(value) || whole.some((pattern) => matches(pattern, at))) return [{ path: formatPointer(at), value }];
  return Object.entries(value).flatMap(([key, child]) => declaredFields(child, whole, [...at, key]));
}
