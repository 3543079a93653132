import { isObject } from '../model/json.ts';
import type { Change, FieldChange, Held, Unchanged } from '../model/plan.ts';
import { notInForce } from './plan-words.ts';
import { stateKey } from './state.ts';

/**
 * What waits for the outcome of a change that is not made now. An update does without that field, and what is left of it
 * goes on: its object stays with what it has. A create cannot, and is held.
 */
export function withoutBrokenPromises(
  changes: readonly Change[],
  undone: readonly Change[],
): { changes: Change[]; held: Held[]; unchanged: Unchanged[] } {
  const missing = new Set(undone.map(({ object }) => stateKey(object.type, object.key)));
  const broken = ({ to }: FieldChange): boolean => {
    if (!isObject(to as never)) return false;
    const promise = (to as { knownAfterApply?: { type: string; key: string } }).knownAfterApply;
    return promise !== undefined && missing.has(stateKey(promise.type, promise.key));
  };
  const result: ReturnType<typeof withoutBrokenPromises> = { changes: [], held: [], unchanged: [] };
  for (const change of changes) {
    const fields = change.fields.filter((field) => !broken(field));
    if (fields.length === change.fields.length) result.changes.push(change);
    else if (change.action === 'create') {
      const message = 'what it refers to is held back or not part of this run';
      result.held.push({ ...change, reason: 'DependencyNotReady', message });
    } else if (fields.length > 0) result.changes.push({ ...change, fields });
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
