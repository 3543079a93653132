import type { Json, JsonObject } from '../../model/json.ts';
import { isObject } from '../../model/json.ts';

/** One input or output, canonical: an input says whether it is required, and no description is an empty one. */
export type Slot = JsonObject & { name: string; datatype: string };

export type SlotList = 'inputs' | 'outputs';

export const slotLists: readonly SlotList[] = ['inputs', 'outputs'];

/** Inputs or outputs in the form in which they are compared and sent; undefined where there is no list. */
export function slotsOf(list: Json | undefined, which: SlotList): Slot[] | undefined {
  if (!Array.isArray(list)) return undefined;
  return list.filter(isObject).map(({ name, datatype, required, description }) => ({
    name: String(name),
    datatype: String(datatype),
    ...(which === 'inputs' ? { required: required === true } : {}),
    ...(typeof description === 'string' && description !== '' ? { description } : {}),
  }));
}

/** The names of a document's inputs or outputs. */
export function namesOf(list: Json | undefined, which: SlotList): string[] {
  return (slotsOf(list, which) ?? []).map(({ name }) => name);
}
