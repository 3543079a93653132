import { isObject, type Json, type JsonObject } from '../../../model/json.ts';

/** A flow's languages are declared by being there, also where nothing is said of them. */
const declaredByKey = new Set(['supportedLanguages']);

/**
 * True where nothing is set: absent, null, `noValue: true`, `none: true`, an empty map or list, and a map that holds
 * nothing but `noValue`. Not a map of keys that mean something by being there: `errorHandling: { disconnect: { none: true } }`.
 */
export function isUnset(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isObject(value)) return false;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]![0] === 'none') return entries[0]![1] === true;
  return entries.every(([key, child]) => (key === 'noValue' ? child === true : isObject(child) && isHollow(child)));
}

function isHollow(map: JsonObject): boolean {
  const { none } = map;
  return none === undefined && Object.keys(map).length > 0 && isUnset(map);
}

/** The server writes some numbers and switches as text, and some texts without quotes. Not within JSON, where both differ. */
export function sameScalar(a: Json | undefined, b: Json | undefined, exact = false): boolean {
  if (a === b) return true;
  if (exact || typeof a === typeof b || a === null || b === null || typeof a === 'object' || typeof b === 'object') {
    return false;
  }
  return (typeof a === 'string' || typeof b === 'string') && String(a) === String(b);
}

/** Maps of any keys: to have others is not to say something else. */
const dictionaries = /^(?:inputs|outputs|\w+Outputs)$/;

/**
 * Maps that say different things by their keys, not less of one thing: `{ lit: 5 }` and `{ noValue: true }`. `within` is the
 * key that they stand under.
 */
export function areAlternatives(a: JsonObject, b: JsonObject, within: string): boolean {
  if (dictionaries.test(within)) return false;
  const keys = Object.keys(a);
  return keys.length > 0 && Object.keys(b).length > 0 && !keys.some((key) => Object.hasOwn(b, key));
}

/** Whether live may be without the key, though it is declared. `within` is the key that the map itself stands under. */
export function mayLack(key: string, value: Json, within: string): boolean {
  if (declaredByKey.has(within)) return false;
  return isUnset(value) || (key === 'description' && value === '');
}

/** True where values of this key are compared to the letter. */
export function isExact(key: string): boolean {
  return key === 'json' || key.startsWith('jsonVariable') || key.startsWith('jsonCollection');
}

/** How to compare, and what was found of items of lists: they are asked for again at each depth. */
export interface Rule {
  /** Everything counts, also what only live has. */
  whole: boolean;
  seen: WeakMap<object, { live: Json; same: boolean }>;
}

/** Whether live has everything that is declared; it may have more keys, but no more items. With `whole`: the same. */
export function conforms(want: Json, live: Json | undefined, rule: Rule, key = '', exact = false): boolean {
  if (want === live) return true;
  if (!rule.whole && isUnset(want) && isUnset(live)) return true;
  if (Array.isArray(want)) {
    if (!Array.isArray(live) || want.length !== live.length) return false;
    return want.every((item, i) => sameItem(item, live[i]!, rule, key, exact));
  }
  if (!isObject(want) || !isObject(live)) return !rule.whole && sameScalar(want, live, exact);
  if (rule.whole ? Object.keys(want).length !== Object.keys(live).length : areAlternatives(want, live, key))
    return false;
  return Object.entries(want).every(([name, value]) =>
    Object.hasOwn(live, name)
      ? conforms(value, live[name], rule, name, exact || isExact(name))
      : !rule.whole && mayLack(name, value, key),
  );
}

/** The same for items of lists. */
export function sameItem(want: Json, live: Json, rule: Rule, key: string, exact: boolean): boolean {
  if (!isObject(want) || !isObject(live)) return conforms(want, live, rule, key, exact);
  const known = rule.seen.get(want);
  if (known?.live === live) return known.same;
  const same = conforms(want, live, rule, key, exact);
  rule.seen.set(want, { live, same });
  return same;
}
