import type { Change, FieldChange, Held, Unchanged } from '../model/plan.ts';
import { notInForce } from './plan-words.ts';
import { promisedTo, withFields } from './policy-suspended.ts';
import { stateKey } from './state.ts';

/**
 * What waits for the outcome of a change that is not made now. An update does without that field, and what is left of it
 * goes on: its object stays with what it has. A create cannot, and is held. Who wishes something of an object that is not his,
 * and names what is not made, waits with all of it (`withoutLacking`).
 */
export function withoutBrokenPromises(
  changes: readonly Change[],
  undone: readonly Change[],
): { changes: Change[]; held: Held[]; unchanged: Unchanged[] } {
  const missing = new Set(undone.map(({ object }) => stateKey(object.type, object.key)));
  const unmade = new Set(
    undone.flatMap(({ action, object }) => (action === 'create' ? [stateKey(object.type, object.key)] : [])),
  );
  const brokenIn = (field: FieldChange, change: Change): boolean =>
    [...promisedTo([field])].some((key) => missing.has(key) && !(change.shared === true && unmade.has(key)));
  const result: ReturnType<typeof withoutBrokenPromises> = { changes: [], held: [], unchanged: [] };
  for (const change of changes) {
    const fields = change.fields.filter((field) => !brokenIn(field, change));
    if (fields.length === change.fields.length) result.changes.push(change);
    else if (change.action === 'create') {
      const message = 'what it refers to is held back or not part of this run';
      result.held.push({ ...change, reason: 'DependencyNotReady', message });
    } else if (fields.length > 0) result.changes.push(withFields(change, fields));
    else if (change.pending !== undefined) {
      const { kind, name, object, pending } = change;
      result.held.push(notInForce({ kind, name, object, pending }));
    } else {
      const { kind, name, object, adopt } = change;
      result.unchanged.push({ kind, name, object, ...(adopt === undefined ? {} : { adopt }) });
    }
  }
  return result;
}
