import { createHash } from 'node:crypto';
import type { Reason } from '../model/failure.ts';
import { type Json, stable } from '../model/json.ts';
import type { Change, Plan } from '../model/plan.ts';
import { objectKey } from './state.ts';

/** What `apply --approve` can release: a person has looked at the size of the plan, or at who uses what goes. */
const releasable: readonly Reason[] = ['ChangeLimitExceeded', 'InUse'];

/**
 * The plan with its hash, where something is held that an approval would release. The hash is over what would be done if
 * it were approved, and to which organisation: the same whenever, in whatever order and from whichever commit it is
 * planned, another as soon as one value differs. Sensitive values count by their HMAC.
 */
export function withApproval(plan: Plan): Plan {
  if (!plan.held.some(({ reason }) => releasable.includes(reason))) return plan;
  const waiting = plan.held.filter(({ reason }) => releasable.includes(reason));
  // Who uses what goes is part of what was looked at.
  const users = waiting.flatMap(({ reason, message, object }) =>
    reason === 'InUse' ? [[objectKey(object), message]] : [],
  );
  const meaning = [
    ...[...plan.changes, ...waiting].map(meaningOf).sort(),
    stable(users.map((one) => one.join(' ')).sort()),
  ];
  const hash = createHash('sha256').update(stable([plan.organization.id, plan.target, meaning]));
  return { ...plan, approval: hash.digest('hex').slice(0, 16) };
}

/** What one change would do; of a deletion also the version of what is lost. */
export function meaningOf({ action, object, fields, adopt, base }: Change): string {
  const values = fields.map(({ path, from, to }) => ({ path, from: from ?? null, to: to as Json }));
  values.sort((a, b) => (a.path < b.path ? -1 : 1));
  const doomed = action === 'delete' ? { base: base ?? null } : {};
  return stable({ action, object: objectKey(object), key: object.key, values, adopt: adopt === true, ...doomed });
}
