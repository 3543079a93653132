import { satisfied } from '../../model/compare.ts';
import type { AppliedField } from '../../model/journal.ts';
import { isObject, type Json } from '../../model/json.ts';
import type { Difference } from '../../model/plan.ts';
import type { Pointer } from '../../model/pointer.ts';

/** Fields that refer to another object, and hold its name beside its id. */
const references: readonly Pointer[] = ['/flow', '/supportedContent'];

/**
 * References differ by what they refer to, and are told by its name, where it is known; one that is on its way to be active
 * is no other.
 */
export function differences(
  path: Pointer,
  { wanted, live, title, applied }: { wanted: Json; live?: Json; title?: string; applied?: AppliedField },
): Difference[] | undefined {
  if (!['/status', '/configuration/id', ...references].includes(path)) return undefined;
  // Where another status was wished before, it is that one that it is on its way to.
  const isOther = path === '/status' && applied !== undefined && applied.wanted !== wanted;
  if (live !== undefined && (satisfied(wanted, live) || (!isOther && renders(path, wanted, live)))) return [];
  if (live === undefined && wanted === null) return [];
  return [
    {
      at: title ?? path.slice(1),
      ...(live === undefined || live === null ? {} : { from: nameIn(live) }),
      ...(wanted === null ? {} : { to: nameIn(wanted) }),
    },
  ];
}

/**
 * A reference is its id, whatever the name beside it. What was written becomes active after it was written; what is to be off
 * is off or is not, since `Pending` is also what one is called that comes on.
 */
export function renders(path: Pointer, wanted: Json, live: Json | undefined): boolean {
  if (path === '/status') return wanted === 'Active' && live === 'Pending';
  return references.includes(path) && isObject(wanted) && isObject(live) && wanted['id'] === live['id'];
}

function nameIn(value: Json): Json {
  return isObject(value) ? (value['name'] ?? value['id'] ?? null) : value;
}
