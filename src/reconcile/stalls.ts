import { reasons } from '../model/failure.ts';
import type { Journal, Scope } from '../model/journal.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import type { Outcome, Plan } from '../model/plan.ts';
import type { Stall } from './policy.ts';
import { stateKey } from './state.ts';

function keyFor({ organization, target }: Scope): string {
  return `stalls:${organization}:${target}`;
}

/** What failed for good in earlier runs, by `type:key`. */
export async function loadStalls(journal: Journal, scope: Scope): Promise<Map<string, Stall>> {
  const kept = await journal.recall(keyFor(scope));
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
  const held = new Set(plan.held.map(({ object }) => stateKey(object.type, object.key)));
  const after = new Map([...before].filter(([key]) => held.has(key)));
  for (const { object, status, reason, message = '', receipt } of outcomes) {
    if (status !== 'failed' || reason === undefined || reasons[reason][0] !== 'NeedsHuman') continue;
    const key = stateKey(object.type, object.key);
    const change = plan.changes.find((one) => stateKey(one.object.type, one.object.key) === key);
    if (change === undefined) continue;
    const base = receipt.versionAfter ?? change.base;
    const fields = Object.fromEntries(change.fields.map(({ path, to }) => [path, to as Json]));
    const attempt = { action: change.action, fields, ...(base === undefined ? {} : { base }) };
    after.set(key, { reason, message, ...attempt, at: now.toISOString() });
  }
  if (before.size === 0 && after.size === 0) return;
  await journal.memorise(keyFor(scope), Object.fromEntries(after) as unknown as JsonObject);
}
