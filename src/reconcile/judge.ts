import type { Consumers } from '../model/contracts.ts';
import { Failure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import type { Journal, Scope } from '../model/journal.ts';
import { isObject } from '../model/json.ts';
import type { Change, Plan } from '../model/plan.ts';
import { type Desired, resourceId } from '../model/resource.ts';
import { type Suspension, suspensionsOf } from '../model/suspension.ts';
import { meaningOf } from './approve.ts';
import type { DriftFacts } from './drift.ts';
import { type Known, loadLeft } from './holders.ts';
import { askConsumers, takingAway, whyInUse } from './in-use.ts';
import type { Spending } from './limits.ts';
import { applyPolicy, type PolicyInput } from './policy.ts';
import { askOrRecall } from './recall-users.ts';
import type { Engine, RunOptions } from './run.ts';
import { loadStalls } from './stalls.ts';
import { objectKey } from './state.ts';
import type { View } from './still.ts';
import { loadMet } from './unseen-drift.ts';

export interface Judged {
  plan: Plan;
  /** Policy over a part of the plan that was made anew; of an approved plan, nothing passes that was not approved. */
  again(plan: Plan): Promise<Plan>;
  /** True where somebody who is to stop using the object, by this plan, has to be asked about once more before it goes. */
  usersToLeave(change: Change): boolean;
}

/** Gathers what policy looks at, the questions to Genesys included, and asks it; it is pure itself. */
export async function judge(
  engine: Engine,
  desired: Desired,
  options: RunOptions,
  { view, scope, reader, drift }: { view: View; scope: Scope; reader: Reader; drift?: DriftFacts },
): Promise<Judged> {
  const given = await factsFor(engine, desired, options, view, scope);
  const facts: PolicyInput = drift === undefined ? given : { ...given, drift };
  const known = knownOf(engine, view, scope);
  const first = applyPolicy(view.plan, facts);
  const states = new Map(view.observed.objects.map((state) => [objectKey(state.wish), state]));
  const ask = (changes: readonly Change[]): Promise<Map<string, Consumers>> =>
    askConsumers(changes, engine.types, (change) => states.get(objectKey(change.object)), reader, known);
  const asked = [...first.changes, ...first.held.filter(({ reason }) => reason === 'ChangeLimitExceeded')];
  const fresh = options.byHand === true || options.approve !== undefined;
  const consumers = await askOrRecall(takingAway(asked, engine.types), {
    ...{ engine, fresh, ask },
    planned: first.changes,
  });
  const informed: PolicyInput = { ...facts, consumers };
  const plan = consumers.size === 0 ? first : applyPolicy(view.plan, informed);
  const usersToLeave = usersOf(consumers);
  if (options.approve === undefined || isIdle(plan)) {
    return { plan, again: (part) => anew(part, informed), usersToLeave };
  }
  if (plan.approval !== options.approve) throw notApproved(plan, options.approve);
  const approved: PolicyInput = { ...informed, approved: true };
  const released = applyPolicy(view.plan, approved);
  if (options.mode === 'apply') await keepAllowance(engine.journal, scope, released, facts.spent);
  const passed = new Set(released.changes.map(meaningOf));
  return {
    plan: released,
    again: async (part) => onlyKnown(applyPolicy(part, approved), passed),
    // Of what a person approved to be deleted in spite of its users, they are not to leave.
    usersToLeave: (change) =>
      usersToLeave(change) && whyInUse(change, consumers.get(objectKey(change.object)), released.changes) === undefined,
  };

  /** What moved meanwhile may take away more than what was planned: then its users have not been asked about yet. */
  async function anew(part: Plan, input: PolicyInput): Promise<Plan> {
    const judged = applyPolicy(part, input);
    const more = await ask(judged.changes);
    return more.size === 0 ? judged : applyPolicy(part, { ...input, consumers: new Map([...consumers, ...more]) });
  }
}

/** A person approved these changes, and not what became of them since. */
function onlyKnown(part: Plan, known: ReadonlySet<string>): Plan {
  const message = 'it moved since the plan was approved, and the change would be another one now; look at `plan` again';
  return {
    ...part,
    changes: part.changes.filter((change) => known.has(meaningOf(change))),
    held: [
      ...part.held,
      ...part.changes
        .filter((change) => !known.has(meaningOf(change)))
        .map((change) => ({ ...change, reason: 'ApprovalMismatch' as const, message })),
    ],
  };
}

/** Where this run may look who holds the id of an object. */
export function knownOf({ types, journal }: Engine, { observed, memory }: View, scope: Scope): Known {
  return { objects: observed.objects, applied: memory.applied, types, left: () => loadLeft(journal, scope) };
}

function usersOf(consumers: ReadonlyMap<string, Consumers>): (change: Change) => boolean {
  return ({ object, action }) => action === 'delete' && (consumers.get(objectKey(object))?.users.length ?? 0) > 0;
}

/** Nothing to do and nothing that waits for an approval: it was given for what is done by now. */
function isIdle({ changes, approval }: Plan): boolean {
  return changes.length === 0 && approval === undefined;
}

function notApproved({ approval }: Plan, given: string): Failure {
  const now =
    approval === undefined
      ? 'nothing in the plan needs an approval now'
      : `the plan as it is now would need ${approval}; look at it again with \`plan\``;
  return new Failure('ApprovalMismatch', `the approval ${given} is for another plan, so nothing is written: ${now}`);
}

/** What each document says beside its wish. */
export function annotationsOf({ resources }: Desired): PolicyInput['annotations'] {
  return new Map(resources.map((resource) => [resourceId(resource), resource.annotations]));
}

async function factsFor(
  { journal, policy, clock, suspended }: Engine,
  desired: Desired,
  options: RunOptions,
  { memory, plan }: View,
  scope: Scope,
): Promise<PolicyInput> {
  const nothing = { changes: 0, deletes: 0 };
  const kept = await journal.recallAll(suspensionsOf(scope.target));
  const byHand = [...kept].map(
    ([key, value]) => [key.slice(suspensionsOf(scope.target).length), value as Suspension] as const,
  );
  const allowance = await journal.recall(allowanceKey(scope));
  const approvedBefore = isObject(allowance) && allowance['revision'] === desired.revision;
  // It was given for what the revision was to do then; who comes back to it later asks anew.
  if (isObject(allowance) && !approvedBefore && options.mode === 'apply')
    await journal.memorise(allowanceKey(scope), null);
  return {
    policy,
    now: clock.now(),
    annotations: annotationsOf(desired),
    inventory: new Map(memory.inventory.map((entry) => [`${entry.type}:${entry.id}`, entry])),
    claims: await journal.claims(scope.organization, scope.target),
    stalls: options.byHand === true ? new Map() : await loadStalls(journal, scope),
    suspensions: new Map([...(suspended === undefined ? [] : [['*', suspended] as const]), ...byHand]),
    spent: plan.changes.length === 0 ? nothing : await journal.spent(scope.target, desired.revision),
    ...(approvedBefore ? { allowance: allowance as unknown as Spending } : {}),
    emptySnapshot: desired.empty,
    met: await loadMet(journal, scope),
    ...(options.only === undefined ? {} : { only: options.only }),
  };
}

const allowanceKey = ({ organization, target }: Scope): string => `allowance:${organization}:${target}`;

/** What of an approved plan fails and is tried again was approved, too. */
async function keepAllowance(
  journal: Journal,
  scope: Scope,
  { changes, revision }: Plan,
  spent: Spending,
): Promise<void> {
  const deletes = changes.filter(({ action }) => action === 'delete').length;
  await journal.memorise(allowanceKey(scope), {
    revision,
    changes: spent.changes + changes.length,
    deletes: spent.deletes + deletes,
  });
}
