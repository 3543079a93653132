import type { AppliedObject, InventoryEntry, Journal, Scope } from '../model/journal.ts';
import { equal, isObject } from '../model/json.ts';
import type { Change, Plan } from '../model/plan.ts';
import { type Desired, resourceId } from '../model/resource.ts';
import { type ObjectState, type Observed, stateKey } from './state.ts';
import { appliedFields, type Verified } from './verify.ts';

interface RememberInput {
  journal: Journal;
  scope: Scope;
  desired: Desired;
  states: ReadonlyMap<string, ObjectState>;
}

/** After a verified change: what is ours, what was wished, and the object as it now is, so that the next run reads nothing. */
export function rememberer({
  journal,
  scope,
  desired,
  states,
  now,
}: RememberInput & { now(): Date }): (change: Change, id: string, verified: Verified) => Promise<void> {
  const annotations = annotationsOf(desired);
  return async (change, id, { live }) => {
    const { type, key } = change.object;
    if (change.action === 'delete') return journal.forget(scope, type, id);
    const state = states.get(stateKey(type, key));
    if (state === undefined) return;
    const fingerprint = live === undefined ? undefined : state.type.fingerprintOf(live);
    const entry = entryFor(state, id, annotations, change.adopt === true);
    await Promise.all([
      entry === undefined ? undefined : journal.remember(scope, entry),
      journal.setApplied(scope, [appliedOf(state, id, desired.revision, live, fingerprint)]),
      live === undefined || fingerprint === undefined
        ? undefined
        : journal.keepDetails(scope.organization, [{ type, id, fingerprint, live, readAt: now().toISOString() }]),
    ]);
  };
}

/** Identical objects are taken over without a write, and wishes that live met already count as applied. */
export async function rememberUnchanged(input: RememberInput & { plan: Plan }): Promise<void> {
  const { journal, scope, desired, states, plan } = input;
  const annotations = annotationsOf(desired);
  const applied: AppliedObject[] = [];
  for (const { object, adopt } of plan.unchanged) {
    const state = states.get(stateKey(object.type, object.key));
    if (state === undefined || object.id === undefined) continue;
    const entry = entryFor(state, object.id, annotations, adopt === true);
    if (entry !== undefined && !sameEntry(entry, state.inventory)) await journal.remember(scope, entry);
    const live = isObject(state.live) ? state.live : undefined;
    const next = appliedOf(state, object.id, desired.revision, live, undefined);
    if (!equal(next.fields as never, (state.applied?.fields ?? {}) as never)) applied.push(next);
  }
  if (applied.length > 0) await journal.setApplied(scope, applied);
}

/** What is gone without us, or let go, is no longer ours. */
export async function forgetVanished({
  journal,
  scope,
  observed,
  plan,
}: {
  journal: Journal;
  scope: Scope;
  observed: Observed;
  plan: Plan;
}): Promise<void> {
  const released = plan.warnings.flatMap(({ code, object }) => (code === 'released' && object?.id ? [object] : []));
  for (const { type, id } of observed.vanished) await journal.forget(scope, type, id);
  for (const { type, id } of released) await journal.forget(scope, type, id!);
}

function appliedOf(
  state: ObjectState,
  id: string,
  revision: string,
  live: Verified['live'],
  fingerprint: string | undefined,
): AppliedObject {
  const fields = appliedFields(state.wish.fields, live);
  return { type: state.wish.type, id, revision, fields, ...(fingerprint === undefined ? {} : { fingerprint }) };
}

function entryFor(
  { wish, inventory }: ObjectState,
  id: string,
  annotations: ReadonlyMap<string, Record<string, string>>,
  adopt: boolean,
): InventoryEntry | undefined {
  if (wish.owner === undefined) return undefined;
  const notes = annotations.get(wish.owner) ?? {};
  const adopted = adopt || inventory?.adopted === true;
  return {
    type: wish.type,
    id,
    owner: wish.owner,
    adopted,
    key: wish.key,
    ...(Object.keys(notes).length === 0 ? {} : { annotations: notes }),
  };
}

function sameEntry(a: InventoryEntry, b: InventoryEntry | undefined): boolean {
  return (
    b !== undefined && equal({ ...a, annotations: a.annotations ?? {} }, { ...b, annotations: b.annotations ?? {} })
  );
}

function annotationsOf(desired: Desired): Map<string, Record<string, string>> {
  return new Map(desired.resources.map((resource) => [resourceId(resource), resource.annotations]));
}
