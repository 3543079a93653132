import { reasons } from '../model/failure.ts';
import type { Journal, Scope } from '../model/journal.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import type { Change, Outcome, Plan } from '../model/plan.ts';
import { type Stall, stallsOf } from '../model/stall.ts';
import { objectKey } from './state.ts';

/** What failed for good in earlier runs, by object. */
export async function loadStalls(journal: Journal, scope: Scope): Promise<Map<string, Stall>> {
  const kept = await journal.recall(stallsOf(scope));
  return new Map(Object.entries(isObject(kept) ? kept : {}) as [string, never][]);
}

/**
 * A change that failed for a reason that waiting does not mend is not tried again until its wish or its object moves, an
 * hour has passed, or a person asks. Stalls of objects that no longer need a change are forgotten.
 */
export async function noteStalls(
  journal: Journal,
  scope: Scope,
  plan: Plan,
  outcomes: readonly Outcome[],
  now: Date,
): Promise<void> {
  const before = await loadStalls(journal, scope);
  const held = new Set(plan.held.map(({ object }) => objectKey(object)));
  const after = new Map([...before].filter(([key]) => held.has(key)));
  for (const { object, status, reason, message = '', receipt } of outcomes) {
    if (status !== 'failed' || reason === undefined || reasons[reason][0] !== 'NeedsHuman') continue;
    const key = objectKey(object);
    const { type, key: name } = object;
    const same = (one: Change): boolean =>
      objectKey(one.object) === key ||
      (one.object.id === undefined && one.object.type === type && one.object.key === name);
    const change = plan.changes.find(same);
    if (change === undefined) continue;
    const base = receipt.versionAfter ?? change.base;
    const fields = Object.fromEntries(change.fields.map(({ path, to }) => [path, to as Json]));
    // What was made, but did not stay as written, is there to be updated.
    const action = reason === 'NotConverged' && object.id !== undefined ? 'update' : change.action;
    const { directives } = change;
    const how = directives === undefined ? {} : { directives };
    const attempt = { action, fields, ...how, ...(base === undefined ? {} : { base }) };
    after.set(key, { reason, message, ...attempt, at: now.toISOString() });
  }
  if (before.size === 0 && after.size === 0) return;
  await journal.memorise(stallsOf(scope), Object.fromEntries(after) as unknown as JsonObject);
}
