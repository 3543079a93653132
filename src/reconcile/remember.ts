import type { ObjectType } from '../model/contracts.ts';
import type { AppliedObject, InventoryEntry, Journal, Scope } from '../model/journal.ts';
import { equal, isObject } from '../model/json.ts';
import type { Change, FieldChange, Plan } from '../model/plan.ts';
import { type Desired, type Resource, type ResourceId, resourceId } from '../model/resource.ts';
import { checkpointOf, checkpointsFor, checkpointsOf } from './context.ts';
import type { ListMemo } from './memo.ts';
import type { Memory } from './observe.ts';
import { type ObjectState, type Observed, objectKey } from './state.ts';
import { appliedFields, type Verified } from './verify.ts';

interface RememberInput {
  journal: Journal;
  scope: Scope;
  desired: Desired;
  states: ReadonlyMap<string, ObjectState>;
}

export interface Rememberer {
  /** As soon as a create has an id: it is ours, whatever its verification comes to. */
  created(change: Change, id: string): Promise<void>;
  /** After a verified change: what was wished, and the object as it now is, so that the next run reads nothing. */
  remember(change: Change, id: string, verified: Verified): Promise<void>;
}

export function rememberer({
  journal,
  scope,
  desired,
  states,
  inventory,
  now,
}: RememberInput & { inventory: readonly InventoryEntry[]; now(): Date }): Rememberer {
  const resources = resourcesOf(desired);

  async function own(state: ObjectState, id: string, adopt: boolean): Promise<void> {
    const entry = entryFor(state, id, resources, adopt);
    if (entry === undefined) return;
    await journal.remember(scope, entry);
    // An object that took the place of another (deleted by hand, or pinned anew) is its owner's only one.
    const others = inventory.filter((one) => one.type === entry.type && one.owner === entry.owner && one.id !== id);
    for (const other of others) await journal.forget(scope, other.type, other.id);
  }

  return {
    async created(change, id) {
      const state = states.get(objectKey(change.object));
      // What is made anew is made by us, whatever was there before.
      if (state !== undefined) await own(withoutInventory(state), id, false);
    },
    async remember(change, id, { live, version }) {
      const { type } = change.object;
      if (change.action === 'delete') return journal.forget(scope, type, id);
      const state = states.get(objectKey(change.object));
      if (state === undefined) return;
      const fingerprint = live === undefined ? version : state.type.fingerprintOf(live);
      const made = change.action === 'create';
      await Promise.all([
        own(made ? withoutInventory(state) : state, id, change.adopt === true),
        journal.setApplied(scope, [
          appliedOf(state, id, desired.revision, live, { fingerprint, written: change.fields }),
        ]),
        live === undefined || fingerprint === undefined
          ? undefined
          : journal.keepDetails(scope.organization, [{ type, id, fingerprint, live, readAt: now().toISOString() }]),
      ]);
    },
  };
}

function withoutInventory({ inventory: _inventory, ...state }: ObjectState): ObjectState {
  return state;
}

/** Annotations count from the run that first saw them, also where the object's own change fails or is held. */
export async function rememberAnnotations({ journal, scope, desired, states }: RememberInput): Promise<void> {
  const resources = resourcesOf(desired);
  for (const { inventory, wish } of states.values()) {
    if (inventory === undefined || wish.owner === undefined || inventory.id !== wish.id) continue;
    const entry = entryFor({ wish, inventory }, inventory.id, resources, false);
    if (entry !== undefined && !sameEntry(entry, inventory)) await journal.remember(scope, entry);
  }
}

/** Identical objects are taken over without a write, and wishes that live met already count as applied. */
export async function rememberUnchanged(input: RememberInput & { plan: Plan }): Promise<void> {
  const { journal, scope, desired, states, plan } = input;
  const resources = resourcesOf(desired);
  const applied: AppliedObject[] = [];
  for (const { object, adopt } of plan.unchanged) {
    const state = states.get(objectKey(object));
    if (state === undefined || object.id === undefined) continue;
    const entry = entryFor(state, object.id, resources, adopt === true);
    if (entry !== undefined && !sameEntry(entry, state.inventory)) await journal.remember(scope, entry);
    const live = isObject(state.live) ? state.live : undefined;
    const before = state.applied?.id === object.id ? state.applied : undefined;
    // Of what cannot be read back, the version that we made last is all that is known.
    const fingerprint = state.live === 'unreadable' ? before?.fingerprint : undefined;
    const next = appliedOf(state, object.id, desired.revision, live, { fingerprint, written: [] });
    if (!equal(next.fields as never, (before?.fields ?? {}) as never)) applied.push(next);
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

/** What was read of other people's objects that are gone: an organisation's past does not pile up here. */
export async function forgetUnlisted(
  {
    journal,
    scope,
    types,
    reader,
    wanted,
  }: {
    journal: Journal;
    scope: Scope;
    types: readonly ObjectType[];
    reader: ListMemo;
    wanted: ReadonlyMap<string, readonly string[]>;
  },
  { inventory, details }: Memory,
): Promise<void> {
  for (const type of types.filter(({ managed }) => managed)) {
    const known = details.get(type.type);
    if (known === undefined || known.size === 0) continue;
    // The run has asked for this list already, so it costs no request.
    const there = type.unlisted === true ? reader.look(type, wanted.get(type.type) ?? []) : type.list(reader);
    // What has no list was looked for by what this target knows of; other targets know of more.
    const others = type.unlisted === true ? await journal.known(scope.organization) : [];
    const present = new Set([...(await there), ...inventory, ...others].map(({ id }) => id));
    if ([...known.keys()].some((id) => !present.has(id))) {
      await journal.forgetDetails(scope.organization, type.type, present);
    }
  }
}

/**
 * What interrupted attempts wrote down is of use as long as the object is there: a commit may be taken back, and what was
 * begun for it (a draft) still be ours. A change that succeeds forgets it by itself.
 */
export async function forgetCheckpoints(
  journal: Journal,
  scope: Scope,
  { changes, held }: Plan,
  inventory: readonly InventoryEntry[],
): Promise<void> {
  const open = await journal.openIntents(scope.organization);
  const wanted = new Set([
    ...[...changes, ...held, ...open].flatMap(({ object }) => checkpointsFor(scope, object)),
    // Its key may be one that it had before; who settled its creation has moved what it kept to its id.
    ...inventory.map((object) => checkpointOf(scope, object)),
  ]);
  for (const key of (await journal.recallAll(checkpointsOf(scope))).keys()) {
    if (!wanted.has(key)) await journal.memorise(key, null);
  }
}

function appliedOf(
  state: ObjectState,
  id: string,
  revision: string,
  live: Verified['live'],
  { fingerprint, written }: { fingerprint?: string | undefined; written: readonly FieldChange[] },
): AppliedObject {
  const fields = appliedFields(state, live, written);
  return { type: state.wish.type, id, revision, fields, ...(fingerprint === undefined ? {} : { fingerprint }) };
}

function entryFor(
  { wish, inventory }: Pick<ObjectState, 'wish' | 'inventory'>,
  id: string,
  resources: ReadonlyMap<ResourceId, Resource>,
  adopt: boolean,
): InventoryEntry | undefined {
  if (wish.owner === undefined) return undefined;
  const { annotations: notes = {}, from: paths } = resources.get(wish.owner) ?? {};
  const adopted = adopt || inventory?.adopted === true;
  return {
    type: wish.type,
    id,
    owner: wish.owner,
    adopted,
    key: wish.key,
    ...(Object.keys(notes).length === 0 ? {} : { annotations: notes }),
    ...(paths === undefined ? {} : { paths }),
  };
}

function sameEntry(a: InventoryEntry, b: InventoryEntry | undefined): boolean {
  return (
    b !== undefined &&
    equal(
      { ...a, annotations: a.annotations ?? {}, paths: a.paths ?? [] },
      { ...b, annotations: b.annotations ?? {}, paths: b.paths ?? [] },
    )
  );
}

function resourcesOf(desired: Desired): Map<ResourceId, Resource> {
  return new Map(desired.resources.map((resource) => [resourceId(resource), resource]));
}
