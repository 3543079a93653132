import type { Acceptance, Drifted } from '../../model/contracts.ts';
import { equal, isEmpty, isObject, type Json } from '../../model/json.ts';
import { getAt, type Pointer } from '../../model/pointer.ts';
import type { Resource } from '../../model/resource.ts';
import { type SlotList, slotLists, slotsOf } from './spec.ts';
import { acceptUses } from './used-by.ts';

/** What moved, as a document says it: the script in its file, inputs and outputs with those as they were that are the same. */
export function accept(resource: Resource, drift: Drifted): Acceptance[] {
  const { live, fields } = drift;
  if (fields.some(({ path }) => path.startsWith('/steps/'))) return acceptUses(resource, drift);
  return fields.flatMap(({ path }): Acceptance[] => {
    const now = getAt(live, path);
    const pointer: Pointer = `/spec${path}`;
    if (path === '/script') {
      if (typeof now === 'string') return [{ pointer, text: now }];
      return [{ pointer, why: `${String(live['unreadable'] ?? 'nothing is live')}, so it cannot stand in a file` }];
    }
    if (path === '/language') {
      return [{ pointer: '/spec/script', why: `live it is ${String(now)}, and only python3 is known here` }];
    }
    const which = slotLists.find((one) => path === `/${one}`);
    if (which !== undefined) return [{ pointer, value: slotsLike(resource.spec[which], now, which) }];
    if (path === '/name')
      return [typeof now === 'string' ? { pointer, value: now } : { pointer, why: 'it has no name' }];
    if (path === '/description' || path.startsWith('/definition/')) {
      return [{ pointer, value: isEmpty(now) ? null : now! }];
    }
    return [];
  });
}

/** Those that are live, each as it is written where it says the same. */
function slotsLike(before: Json | undefined, live: Json | undefined, which: SlotList): Json {
  const known = new Map((Array.isArray(before) ? before : []).filter(isObject).map((slot) => [slot['name'], slot]));
  return (slotsOf(live, which) ?? []).map((slot) => {
    const one = known.get(slot.name);
    if (one !== undefined && equal(slotsOf([one], which)![0], slot)) return one;
    const { required, ...rest } = slot;
    return { ...rest, ...(required === true ? { required } : {}) };
  });
}
