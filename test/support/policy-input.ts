import type { PolicyInput } from '../../src/reconcile/policy.ts';

/** What a policy is asked with where nothing else is known. */
export function inputFor(more: Partial<PolicyInput>): PolicyInput {
  const nothing = new Map<string, never>();
  return {
    policy: {},
    now: new Date('2026-01-01'),
    annotations: nothing,
    inventory: nothing,
    claims: nothing,
    stalls: nothing,
    suspensions: nothing,
    spent: { changes: 0, deletes: 0 },
    emptySnapshot: false,
    ...more,
  };
}
