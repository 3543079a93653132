import { isObject, type Json } from '../model/json.ts';
import type { FieldChange, Outcome } from '../model/plan.ts';
import type { Pointer } from '../model/pointer.ts';
import { sealedPointers } from '../model/seal.ts';

/** Characters of JSON that one value may have, and all values of one change together, to be kept with its record. */
const longest = 100;
const longestInAll = 2000;

/** Fields as records keep them: with what they were and are to be where that is short; what is long stays in the plan. */
export function inShort(fields: readonly FieldChange[]): NonNullable<Outcome['fields']> {
  let left = longestInAll;
  const kept = (value: FieldChange['from'] | FieldChange['to']): value is Json => {
    if (value === undefined || isPromise(value)) return false;
    const { length } = JSON.stringify(value);
    if (length > longest || length > left) return false;
    left -= length;
    return true;
  };
  return fields.map(({ path, title, by, from, to }) => ({
    path,
    ...(title === undefined ? {} : { title }),
    by,
    ...(kept(from) ? { from } : {}),
    ...(kept(to) ? { to } : {}),
  }));
}

/** So many values, of so many characters each, tell one write from another in the audit log. */
const mostSets = 10;
const longestSet = 60;

/** What a change is to set, where that is short and not sensitive; undefined where nothing is. */
export function setsOf(fields: readonly FieldChange[]): Record<Pointer, string> | undefined {
  const short = fields.flatMap(({ path, to }): [Pointer, string][] => {
    if (to === null || typeof to === 'object') return [];
    const text = String(to);
    return text.length > longestSet || sealedPointers(to, path).length > 0 ? [] : [[path, text]];
  });
  return short.length === 0 ? undefined : Object.fromEntries(short.slice(0, mostSets));
}

function isPromise(value: NonNullable<FieldChange['from'] | FieldChange['to']> | null): boolean {
  return isObject(value) && 'knownAfterApply' in value;
}
