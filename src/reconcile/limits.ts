import type { PolicyConfig } from '../model/daemon-config.ts';
import type { Change, Held } from '../model/plan.ts';

/** How many objects were, or may be, changed and deleted for one revision. */
export interface Spending {
  changes: number;
  deletes: number;
}

export interface LimitInput {
  policy: PolicyConfig;
  /** What this revision has changed and deleted already, in earlier runs. */
  spent: Spending;
  /** What a person has approved for this revision: as much may be spent, whatever the policy says. */
  allowance?: Spending;
  /** How many objects this target manages. */
  managed: number;
}

export const limits = { maxChanges: 100, maxDeletes: 5, maxDeletesPercent: 30 } as const;

/** With fewer objects than these a share says nothing: one of two is half of all. */
const fewestForPercent = 10;

/**
 * Limits count objects, for each revision, all or nothing: a plan that is too large waits for a person, a part of it does
 * not slip through, now or bit by bit. Drift counts in the plan that heals it, and is not held against its revision.
 */
export function limit(changes: readonly Change[], input: LimitInput): { changes: Change[]; held: Held[] } {
  const deletes = changes.filter(({ action }) => action === 'delete');
  const tooMany = whyTooManyDeletes(deletes.length, input);
  const rest = tooMany === undefined ? [...changes] : changes.filter(({ action }) => action !== 'delete');
  const held = tooMany === undefined ? [] : hold(deletes, tooMany);
  const tooMuch = whyTooManyChanges(rest, input);
  return tooMuch === undefined ? { changes: rest, held } : { changes: [], held: [...held, ...hold(rest, tooMuch)] };
}

function whyTooManyDeletes(count: number, { policy, spent, allowance, managed }: LimitInput): string | undefined {
  const all = spent.deletes + count;
  if (count === 0 || all <= (allowance?.deletes ?? 0)) return undefined;
  const maxDeletes = policy.maxDeletes ?? limits.maxDeletes;
  const said = `${objects(count)} would be deleted${already(spent.deletes)}`;
  if (all > maxDeletes) return `${said}; policy.maxDeletes is ${maxDeletes}`;
  const percent = policy.maxDeletesPercent ?? limits.maxDeletesPercent;
  const before = managed + spent.deletes;
  if (before < fewestForPercent || all * 100 <= percent * before) return undefined;
  return `${said}, of ${before}; policy.maxDeletesPercent is ${percent}`;
}

function whyTooManyChanges(changes: readonly Change[], { policy, spent, allowance }: LimitInput): string | undefined {
  const maxChanges = Math.max(policy.maxChanges ?? limits.maxChanges, allowance?.changes ?? 0);
  const wished = changes.filter(({ cause }) => cause !== 'drift').length;
  if (changes.length > maxChanges) return `${objects(changes.length)} would change; policy.maxChanges is ${maxChanges}`;
  if (wished === 0 || spent.changes + wished <= maxChanges) return undefined;
  return `${objects(wished)} would change${already(spent.changes)}; policy.maxChanges is ${maxChanges}`;
}

function objects(count: number): string {
  return count === 1 ? '1 object' : `${count} objects`;
}

function already(spent: number): string {
  return spent === 0 ? '' : `, after ${spent} for this revision already`;
}

function hold(changes: readonly Change[], message: string): Held[] {
  return changes.map((change) => ({ ...change, reason: 'ChangeLimitExceeded', message }));
}
