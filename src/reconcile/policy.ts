import type { Consumers } from '../model/contracts.ts';
import type { PolicyConfig } from '../model/daemon-config.ts';
import type { Reason } from '../model/failure.ts';
import type { InventoryEntry } from '../model/journal.ts';
import { equal, type Json } from '../model/json.ts';
import type { Change, Held, ObjectRef, Plan, Unchanged } from '../model/plan.ts';
import type { ResourceId } from '../model/resource.ts';
import { retryStalledAfterMs, type Stall } from '../model/stall.ts';
import type { Suspension } from '../model/suspension.ts';
import { withApproval } from './approve.ts';
import type { DriftFacts } from './drift.ts';
import { usedInCircle, usersLast, whyInUse } from './in-use.ts';
import { limit, type Spending } from './limits.ts';
import { drifted, splitDrifted } from './policy-drift.ts';
import { splitSuspended, suspended, targetSuspended } from './policy-suspended.ts';
import { withoutBrokenPromises } from './promises.ts';
import { objectKey } from './state.ts';
import { type Met, pausedUnseen } from './unseen-drift.ts';
import { withoutLacking } from './uses.ts';

/** Everything that a policy may look at beside the plan. Plain data; `now` is an argument. */
export interface PolicyInput {
  policy: PolicyConfig;
  now: Date;
  /** `genesys-gitops/*` annotations of the resources of this revision. */
  annotations: ReadonlyMap<ResourceId, Record<string, string>>;
  /** By `type:id`. Annotations of resources that left the repository stand in here. */
  inventory: ReadonlyMap<string, InventoryEntry>;
  /** Objects that other targets claim: `type:id` to target. */
  claims: ReadonlyMap<string, string>;
  /** What failed for good, by object, and is not tried again for now. */
  stalls: ReadonlyMap<string, Stall>;
  /** What people suspended by hand, by `Kind/handle`; the whole target by `*`. */
  suspensions: ReadonlyMap<ResourceId, Suspension>;
  /** Who uses the objects that this plan takes away, by object. */
  consumers?: ReadonlyMap<string, Consumers>;
  /** True where a person approved this very plan. */
  approved?: boolean;
  /** What this revision has changed and deleted in earlier runs, and how much of that a person approved. */
  spent: Spending;
  allowance?: Spending;
  /** True where some resource could not be planned: nothing is deleted then. */
  hasProblems?: boolean;
  /** Those resources. */
  broken?: ReadonlySet<ResourceId>;
  /** True where the snapshot holds no resource at all. */
  emptySnapshot: boolean;
  /** Only changes that these resources have a part in; nothing is deleted then. */
  only?: readonly ResourceId[];
  /** What writes met that this tool had not written. */
  met?: Met;
  /** What is known of drift beside the plan. */
  drift?: DriftFacts;
}

export const defaults = { mode: 'apply', adopt: 'identical', prune: false } as const;

type Verdict = { reason: Reason; message: string; until?: string } | undefined;
type Rule = (change: Change, input: PolicyInput) => Verdict;

/** A policy only removes: each rule may hold a change back, none may add or alter one. First word counts. */
const rules: Rule[] = [
  observing,
  targetSuspended,
  suspended,
  claimed,
  adoption,
  pruning,
  protectedByAnnotation,
  (change, input) => drifted(change, { ...input, ...input.drift }),
  pausedUnseen,
  takenAway,
  stalled,
];

/** The plan with what policy keeps back moved from `changes` to `held`, and with what nobody asked about removed. */
export function applyPolicy(plan: Plan, facts: PolicyInput): Plan {
  const asked = facts.only === undefined ? plan : narrow(plan, facts.only);
  const broken = new Set(plan.problems.flatMap(({ resource }) => resource ?? []));
  const input = { ...facts, hasProblems: plan.problems.length > 0, broken };
  const { kept, released } = releaseUnpruned(asked.changes, input);
  const passed: Change[] = [];
  const held: Held[] = [...asked.held];
  const parts = kept
    .flatMap((one) => splitSuspended(one, input))
    .flatMap((one) => splitDrifted(one, { ...input, ...input.drift }));
  for (const change of parts) {
    const verdict = rules.reduce<Verdict>((found, rule) => found ?? rule(change, input), undefined);
    if (verdict === undefined) passed.push(change);
    else held.push({ ...change, ...verdict });
  }
  // After the others: somebody who uses an object is changed by this plan only where nothing holds that back.
  const changes: Change[] = [];
  const circles = usedInCircle(passed, input.consumers ?? new Map());
  for (const change of passed) {
    const circle = circles.get(change);
    const verdict = circle === undefined ? inUse(change, input, passed) : { reason: 'InUse' as const, message: circle };
    if (verdict === undefined) changes.push(change);
    else held.push({ ...change, ...verdict });
  }
  const limited =
    input.approved === true ? { changes, held: [] } : limit(changes, { ...input, managed: input.inventory.size });
  const left = plan.changes.filter((change) => !asked.changes.includes(change));
  const undone = [...held, ...limited.held, ...left];
  const promised = withoutBrokenPromises(limited.changes, undone);
  const ready = withoutLacking(promised.changes, [...undone, ...promised.held]);
  const doomed = new Set(ready.changes.flatMap((change) => (change.action === 'delete' ? [keyOfId(change)] : [])));
  const alive = (one: Change | Unchanged): boolean => !doomed.has(keyOfId(one)) || isDelete(one);
  const unchanged = [...asked.unchanged, ...promised.unchanged];
  const unadopted = unchanged.flatMap((one) => holdAdoption(one, input));
  const heldKeys = new Set(unadopted.map(keyOfId));
  return withApproval({
    ...asked,
    // Nobody's wish for an object matters when the same plan deletes it.
    changes: usersLast(ready.changes.filter(alive), input.consumers ?? new Map()),
    unchanged: unchanged.filter((one) => alive(one) && !heldKeys.has(keyOfId(one))),
    held: [...held, ...limited.held, ...promised.held, ...ready.held, ...unadopted],
    warnings: [...asked.warnings, ...released],
  });
}

function keyOfId({ object }: { object: ObjectRef }): string {
  return `${object.type}:${object.id}`;
}

function isDelete(one: Change | Unchanged): boolean {
  return 'action' in one && one.action === 'delete';
}

function narrow(plan: Plan, only: readonly ResourceId[]): Plan {
  const asked = (one: { kind: string; name: string; fields?: { by: string }[] }): boolean =>
    only.includes(`${one.kind}/${one.name}`) || (one.fields ?? []).some(({ by }) => only.includes(by));
  return {
    ...plan,
    changes: plan.changes.filter((change) =>
      change.action === 'create'
        ? only.includes(`${change.kind}/${change.name}`)
        : change.action === 'update' && asked(change),
    ),
    held: plan.held.filter(asked),
    unchanged: plan.unchanged.filter(asked),
    problems: plan.problems.filter(({ resource }) => resource === undefined || only.includes(resource)),
  };
}

/**
 * An object whose document asked for it stays when the document goes: it is let go, and nothing is held. So does one that
 * we only adopted and that another target manages: it was never ours to delete.
 */
function releaseUnpruned(
  changes: readonly Change[],
  input: PolicyInput,
): { kept: Change[]; released: Plan['warnings'] } {
  const unpruned = changes.filter(
    (change) =>
      change.action === 'delete' &&
      (lastAnnotations(change, input)['genesys-gitops/prune'] === 'disabled' ||
        (input.inventory.get(keyOfId(change))?.adopted === true && input.claims.has(keyOfId(change)))),
  );
  return {
    kept: changes.filter((change) => !unpruned.includes(change)),
    released: unpruned.map(({ kind, name, object }) => ({
      code: 'released',
      message: `${kind}/${name} left the repository and is let go: its object stays, and is no longer managed by this target`,
      object,
    })),
  };
}

function observing(_change: Change, { policy }: PolicyInput): Verdict {
  if ((policy.mode ?? defaults.mode) !== 'observe') return undefined;
  return { reason: 'ObserveOnly', message: 'the policy of this target is mode: observe' };
}

function claimed({ object }: Change, { claims }: PolicyInput): Verdict {
  const other = object.id === undefined ? undefined : claims.get(`${object.type}:${object.id}`);
  if (other === undefined) return undefined;
  return { reason: 'OwnershipConflict', message: `target "${other}" manages this object` };
}

const neverAdopted = {
  reason: 'AdoptionRequired',
  message: 'the object exists and was not made by this tool; the policy is adopt: never',
} as const;

/** Taking over what is identical needs no write, but it needs leave: of the policy, and of whoever manages it already. */
function holdAdoption(one: Unchanged, input: PolicyInput): Held[] {
  if (one.adopt !== true) return [];
  const { kind, name, object } = one;
  const change: Change = { action: 'update', kind, name, object, cause: 'commit', fields: [], adopt: true };
  const never = (input.policy.adopt ?? defaults.adopt) === 'never' ? neverAdopted : undefined;
  const verdict = claimed(change, input) ?? never;
  return verdict === undefined ? [] : [{ ...change, ...verdict }];
}

function adoption(change: Change, { policy, annotations }: PolicyInput): Verdict {
  // What others wish of an object is no difference of its owner's.
  const owner = `${change.kind}/${change.name}`;
  if (change.adopt !== true) return undefined;
  const adopt = policy.adopt ?? defaults.adopt;
  if (adopt === 'never') return neverAdopted;
  const asked = annotations.get(owner)?.['genesys-gitops/adopt'] === 'enabled';
  const identical = change.fields.length > 0 && change.fields.every(({ by }) => by !== owner);
  if (adopt === 'always' || asked || identical) return undefined;
  return {
    reason: 'AdoptionRequired',
    message:
      'the object exists, was not made by this tool, and differs; annotate the document with genesys-gitops/adopt: enabled to take it over',
  };
}

function pruning(change: Change, input: PolicyInput): Verdict {
  if (change.action !== 'delete') return undefined;
  if (input.emptySnapshot) {
    return { reason: 'EmptySnapshot', message: 'the revision holds no resource at all, so nothing is deleted' };
  }
  if (input.hasProblems) {
    const message =
      'documents have problems, and what they were to become may be what is deleted here; mend them first';
    return { reason: 'DependencyNotReady', message };
  }
  const prune = input.policy.prune ?? defaults.prune;
  if (prune === false)
    return { reason: 'PruneDisabled', message: 'it left the repository; the policy is prune: false' };
  const adopted = input.inventory.get(`${change.object.type}:${change.object.id}`)?.adopted === true;
  if (!adopted || prune === 'all') return undefined;
  return {
    reason: 'PruneDisabled',
    message: 'it was adopted, not made by this tool; only prune: all deletes such objects',
  };
}

function protectedByAnnotation(change: Change, input: PolicyInput): Verdict {
  if (change.action !== 'delete' || lastAnnotations(change, input)['genesys-gitops/protect'] !== 'enabled')
    return undefined;
  return { reason: 'Protected', message: 'its document carried genesys-gitops/protect: enabled' };
}

/** A document with a problem wishes nothing for now: what it set is not reset for that. */
function takenAway(change: Change, { broken }: PolicyInput): Verdict {
  const was = change.fields.find((field) => field.was !== undefined && broken?.has(field.was) === true)?.was;
  if (was === undefined) return undefined;
  return {
    reason: 'DependencyNotReady',
    message: `${was} set a part of this until now, and has a problem; mend it first`,
  };
}

function lastAnnotations({ object }: Change, { inventory }: PolicyInput): Record<string, string> {
  return inventory.get(`${object.type}:${object.id}`)?.annotations ?? {};
}

function inUse(change: Change, { consumers, approved }: PolicyInput, planned: readonly Change[]): Verdict {
  return approved === true ? undefined : whyInUse(change, consumers?.get(objectKey(change.object)), planned);
}

function stalled(change: Change, { stalls, now }: PolicyInput): Verdict {
  const stall = stalls.get(objectKey(change.object));
  if (stall === undefined || stall.action !== change.action || stall.base !== change.base) return undefined;
  if (!change.fields.every(({ path, to }) => equal(stall.fields[path], to as Json))) return undefined;
  if (!equal(stall.directives ?? {}, change.directives ?? {})) return undefined;
  // A value that did not stay is left of what was written; any other failure was of the change as a whole.
  const whole = Object.keys(stall.fields).length === change.fields.length;
  if (!whole && stall.reason !== 'NotConverged') return undefined;
  if (now.getTime() - new Date(stall.at).getTime() >= retryStalledAfterMs) return undefined;
  return { reason: stall.reason, message: stall.message };
}
