import { equal, type Json } from '../../model/json.ts';
import type { Difference } from '../../model/plan.ts';
import type { Pointer } from '../../model/pointer.ts';
import { scriptDifferences } from './script-differences.ts';
import { type Slot, type SlotList, slotLists, slotsOf } from './spec.ts';

/** A script differs by its lines; inputs and outputs by name, and their order makes no difference. */
export function differences(path: Pointer, { wanted, live }: { wanted: Json; live?: Json }): Difference[] | undefined {
  if (path === '/script') {
    if (typeof wanted !== 'string') return undefined;
    return scriptDifferences(typeof live === 'string' ? live : undefined, wanted);
  }
  const which = slotLists.find((one) => path === `/${one}`);
  return which === undefined
    ? undefined
    : slotDifferences(which, slotsOf(wanted, which) ?? [], slotsOf(live, which) ?? []);
}

function slotDifferences(which: SlotList, wanted: readonly Slot[], live: readonly Slot[]): Difference[] {
  const [now, then] = [live, wanted].map((slots) => new Map(slots.map((slot) => [slot.name, slot])));
  const names = [...new Set([...then!.keys(), ...now!.keys()])];
  const found = names.flatMap((name): Difference[] => {
    const [from, to] = [now!.get(name), then!.get(name)];
    if (from === undefined || to === undefined) {
      return [{ at: `${which} › ${name}`, ...(from && { from: short(from) }), ...(to && { to: short(to) }) }];
    }
    return ['datatype', 'required', 'description'].flatMap((field): Difference[] => {
      const [a, b] = [from[field], to[field]];
      if (equal(a, b)) return [];
      const at = `${which} › ${name} › ${field}`;
      return [{ at, ...(a === undefined ? {} : { from: a }), ...(b === undefined ? {} : { to: b }) }];
    });
  });
  const isTwice = live.length !== now!.size;
  return found.length === 0 && isTwice ? [{ at: which, from: 'names that are there twice' }] : found;
}

/** `integer, required`. */
function short({ datatype, required }: Slot): string {
  return required === true ? `${datatype}, required` : datatype;
}
