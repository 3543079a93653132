import { type Composed, compose } from '../model/compose.ts';
import type { Contribution, Index, IndexEntry, Kind, ObjectType, Summary } from '../model/contracts.ts';
import { asFailure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import type { AppliedObject, CachedDetail, InventoryEntry } from '../model/journal.ts';
import type { Json } from '../model/json.ts';
import { getAt, setAt } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import { type Desired, isExcluded, resourceId } from '../model/resource.ts';
import type { Vault } from '../model/seal.ts';
import { type Activation, stillPending } from './activation.ts';
import { withChecks } from './checks.ts';
import { type Identity, identify, indexOf, type Presence } from './identify.ts';
import { ignoredBy, unknownIgnored } from './ignore.ts';
import { leftFields, tellLeft } from './left-fields.ts';
import type { ListMemo } from './memo.ts';
import { type ReadInput, readStates } from './read.ts';
import { readReferred } from './referred.ts';
import { composeState, noticesOf, review } from './review.ts';
import { type ObjectState, type Observed, ownerKey, stateKey } from './state.ts';

/** What was known before this run. */
export interface Memory {
  inventory: InventoryEntry[];
  applied: AppliedObject[];
  /** By type, then id. */
  details: ReadonlyMap<string, ReadonlyMap<string, CachedDetail>>;
  /** Creates whose answer was lost and which nothing settled yet, by key and by owner: held, never sent again. */
  unsettled: ReadonlySet<string>;
  /** What was written and had not taken effect when it was last looked at. */
  activations: ReadonlyMap<string, Activation>;
}

export interface ObserveInput {
  desired: Desired;
  kinds: readonly Kind[];
  types: readonly ObjectType[];
  reader: ListMemo;
  memory: Memory;
  vault: Vault;
  now: Date;
  keep: ReadInput['keep'];
  looked?: ReadInput['looked'];
}

export interface Observation extends Observed {
  /** What `compose` looks names up in, should an object have to be observed anew. */
  index: Index;
}

/** Lists, reads what moved, and puts the wishes for each object beside what is live. The one place that reads for planning. */
export async function observe(input: ObserveInput): Promise<Observation> {
  const { desired, kinds, memory } = input;
  const types = neededTypes(input);
  const wanted = wantedIds(input);
  const list = (type: ObjectType): Promise<Summary[]> =>
    type.unlisted === true
      ? input.reader.look(type, wanted.get(type.type) ?? [], (memory.details.get(type.type)?.size ?? 0) > 0)
      : type.list(input.reader);
  const lists = new Map(await Promise.all(types.map(async (type) => [type.type, await list(type)] as const)));
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const collect = (asked: (kind: Kind) => boolean, index: Index): Contribution[] =>
    desired.resources.flatMap((resource) => {
      const kind = kinds.find((one) => one.name === resource.kind && one.surface === resource.surface);
      if (kind === undefined || !asked(kind)) return [];
      const contributed = kind.contribute(resource, index);
      problems.push(...contributed.problems);
      warnings.push(...(contributed.warnings ?? []));
      // A resource with a problem wishes nothing: half of a wish may be worse than none.
      return contributed.problems.length > 0 ? [] : contributed.contributions;
    });

  const presence = await lookForMissing(input, lists);
  // Referenced types first: who owns a flow sees the actions that the same commit brings.
  const identities: Identity[] = [];
  const staged = new Set<string>();
  for (const { type } of types) {
    const index = indexOf(lists, identities, leaving(input, identities, staged));
    const contributions = collect((kind) => kind.owns && kind.object === type, index);
    const { inventory } = memory;
    const identified = identify({ contributions, lists, inventory, presence, ids: desired.ids });
    problems.push(...identified.problems);
    identities.push(...identified.identities);
    staged.add(type);
  }
  const index = indexOf(lists, identities, leaving(input, identities, staged));
  const others = collect((kind) => !kind.owns, index);

  const read = await readStates(statesOf(identities, others, index, input), input);
  const composed = read.map((state) => composeState(state, index));
  const { objects, warnings: unexpected } = withChecks(composed, index, input.types);
  const [referred, pending] = await Promise.all([
    readReferred(objects, index, input),
    stillPending(objects, memory.activations, input.reader),
  ]);
  warnings.push(...noticesOf(objects), ...(await review(objects, index, input)));
  warnings.push(...unexpected, ...unknownIgnored(objects, desired.resources));
  const broken = new Set(
    [...problems, ...objects.flatMap(({ wish }) => wish.problems)].flatMap((one) => one.resource ?? []),
  );
  const ignored = ignoredBy(desired.resources);
  const left = desired.empty ? [] : leftFields(objects, { ...memory, types: input.types, index, broken, ignored });
  warnings.push(...tellLeft(left, { types: input.types, index, vault: input.vault }));
  return { ...pending, index, referred, left, ...leftovers(input, lists, presence, objects), problems, warnings };
}

/** Inventoried objects whose owner is no longer in the repository, and which nobody else owns now: as `type:id`. */
function leaving(
  { memory, desired }: ObserveInput,
  identities: readonly Identity[],
  staged: ReadonlySet<string>,
): Set<string> {
  const owned = new Set(identities.map(({ contribution, summary }) => `${contribution.target.type}:${summary?.id}`));
  const owners = new Set(desired.resources.map(resourceId));
  return new Set(
    memory.inventory
      .filter(({ type, id, owner }) => staged.has(type) && !owners.has(owner) && !owned.has(`${type}:${id}`))
      .map(({ type, id }) => `${type}:${id}`),
  );
}

/**
 * Types that a resource or the inventory is about, with those that they always refer to and those that a resource names
 * something of; in the order of references. Each costs its list in every run.
 */
function neededTypes({ desired, kinds, types, memory }: ObserveInput): ObjectType[] {
  const wanted = new Set(memory.inventory.map(({ type }) => type));
  for (const resource of desired.resources) {
    for (const kind of kinds.filter(({ name }) => name === resource.kind)) {
      const named = (kind.wants?.(resource) ?? []).map(({ type }) => type);
      for (const type of [kind.object, ...(kind.looksUp?.(resource) ?? []), ...named]) wanted.add(type);
    }
  }
  const ordered: ObjectType[] = [];
  const take = (name: string): void => {
    const type = types.find((one) => one.type === name);
    if (type === undefined || ordered.includes(type)) return;
    for (const other of type.refersTo) take(other);
    for (const other of type.mayReferTo ?? []) if (wanted.has(other)) take(other);
    ordered.push(type);
  };
  for (const name of wanted) take(name);
  return ordered;
}

/** Ids that documents name, and those of what is ours, by type: for what has no list. */
export function wantedIds({
  desired,
  kinds,
  memory,
}: Pick<ObserveInput, 'desired' | 'kinds' | 'memory'>): Map<string, string[]> {
  const named = desired.resources.flatMap(
    (resource) => kinds.find(({ name }) => name === resource.kind)?.wants?.(resource) ?? [],
  );
  const byType = Map.groupBy([...named, ...memory.inventory], ({ type }) => type);
  return new Map([...byType].map(([type, some]) => [type, [...new Set(some.map(({ id }) => id))]]));
}

/** Lists lag and roles see less than all: an inventoried object that is not listed is asked for by id before it counts as gone. */
async function lookForMissing(
  { memory, types, reader }: ObserveInput,
  lists: ReadonlyMap<string, readonly Summary[]>,
): Promise<Map<string, Presence>> {
  const ids = new Map([...lists].map(([type, list]) => [type, new Set(list.map(({ id }) => id))]));
  const missing = memory.inventory.filter(({ type, id }) => ids.get(type)?.has(id) === false);
  const asked = missing.map(async (entry): Promise<[string, Presence]> => {
    const type = types.find((one) => one.type === entry.type)!;
    // To list what has no list was to ask for it by id.
    const presence = type.unlisted === true ? 'gone' : await presenceOf(type, entry, reader);
    return [`${entry.type}:${entry.id}`, presence];
  });
  return new Map(await Promise.all(asked));
}

async function presenceOf(type: ObjectType, entry: InventoryEntry, reader: Reader): Promise<Presence> {
  try {
    const live = await type.read(reader, { id: entry.id });
    if (live === undefined) return 'gone';
    const summary: Summary = { id: entry.id, key: entry.key, name: entry.key, attributes: {} };
    return { summary };
  } catch (error) {
    if (asFailure(error).reason === 'PermissionMissing') return 'hidden';
    throw error;
  }
}

/** One state per object: its contributions composed, with what the inventory and the last apply know of it. */
function statesOf(
  identities: readonly Identity[],
  others: readonly Contribution[],
  index: Index,
  input: ObserveInput,
): ObjectState[] {
  const groups = new Map<string, Contribution[]>();
  const put = (contribution: Contribution, id: string | undefined): void => {
    const { type, key } = contribution.target;
    const at = id === undefined ? `${type}:key:${key}` : `${type}:id:${id}`;
    groups.set(at, [
      ...(groups.get(at) ?? []),
      { ...contribution, target: { ...contribution.target, ...(id ? { id } : {}) } },
    ]);
  };
  const hidden = new Map<string, InventoryEntry>();
  for (const one of identities) {
    const id = one.summary?.id ?? one.hidden?.id;
    if (one.hidden !== undefined) hidden.set(one.hidden.id, one.hidden);
    put(one.contribution, id);
  }
  for (const contribution of others) put(contribution, contribution.target.id);

  const entries = new Map<string, IndexEntry>(
    input.types.flatMap(({ type }) => index.all(type).map((e) => [`${type}:${e.id}`, e] as const)),
  );
  const inventory = new Map(input.memory.inventory.map((entry) => [`${entry.type}:${entry.id}`, entry]));
  const inventoryOf = new Map(
    identities.flatMap(({ contribution, inventory: e }) => (e ? [[contribution.by, e] as const] : [])),
  );
  const replacedBy = new Map(
    identities.flatMap(({ contribution, replaces }) => (replaces ? [[contribution.by, replaces] as const] : [])),
  );
  const applied = new Map(input.memory.applied.map((object) => [`${object.type}:${object.id}`, object]));
  const ignored = ignoredBy(input.desired.resources);
  return [...groups.values()].map((contributions): ObjectState => {
    const type = input.types.find((one) => one.type === contributions[0]!.target.type)!;
    const wish = sealWish(compose(contributions), type, input.vault);
    const at = `${wish.type}:${wish.id}`;
    const summary = entries.get(at)?.live;
    const known = inventory.get(at) ?? (wish.owner === undefined ? undefined : inventoryOf.get(wish.owner));
    const replaces = wish.owner === undefined ? undefined : replacedBy.get(wish.owner);
    const before = applied.get(at) ?? (replaces && applied.get(`${replaces.type}:${replaces.id}`));
    return {
      wish,
      type,
      ...(summary === undefined ? {} : { summary }),
      ...(known === undefined ? {} : { inventory: known }),
      ...(before === undefined ? {} : { applied: before }),
      ...(replaces === undefined ? {} : { replaces }),
      ...(ignored.size > 0 && wish.by.some((by) => ignored.has(by)) ? { ignored } : {}),
      ...(summary?.blocked === undefined ? {} : { blocked: summary.blocked }),
      ...(wish.id !== undefined && hidden.has(wish.id) ? { blocked: notVisible(wish) } : {}),
      ...(isUnsettled(wish, input.memory) ? { blocked: unsettled(wish) } : {}),
    };
  });
}

function isUnsettled({ type, key, owner }: Composed, memory: Memory): boolean {
  return (
    memory.unsettled.has(stateKey(type, key)) || (owner !== undefined && memory.unsettled.has(ownerKey(type, owner)))
  );
}

function notVisible({ name }: Composed): NonNullable<ObjectState['blocked']> {
  const message = `"${name}" exists, but this client may no longer see it; nothing is made in its place`;
  return { reason: 'NotVisible', message };
}

function unsettled({ name }: Composed): NonNullable<ObjectState['blocked']> {
  const message = `the answer to the creation of "${name}" was lost, and the object has not shown up yet; it is looked for again, not sent again`;
  return { reason: 'Unsettled', message };
}

/** Wishes and live state are sealed alike, so that they compare and neither shows. */
export function sealWish(wish: Composed, type: ObjectType, vault: Vault): Composed {
  const sealed = (path: string, value: Json): Json =>
    getAt(vault.seal(setAt({}, path, value), type.sensitive, 'wish'), path) ?? null;
  return {
    ...wish,
    fields: wish.fields.map((field) =>
      'value' in field ? { ...field, value: sealed(field.path, field.value) } : field,
    ),
    onCreate: wish.onCreate.map(({ path, value }) => ({ path, value: sealed(path, value) })),
  };
}

/** Inventoried objects that nobody wishes: still live, or gone without us. One that we may not see is neither. */
function leftovers(
  { memory, desired }: ObserveInput,
  lists: ReadonlyMap<string, readonly Summary[]>,
  presence: ReadonlyMap<string, Presence>,
  objects: readonly ObjectState[],
): Pick<Observed, 'orphans' | 'vanished'> {
  const wished = new Set(objects.flatMap(({ wish }) => (wish.owner && wish.id ? [`${wish.type}:${wish.id}`] : [])));
  const stillThere = new Set(desired.resources.map(resourceId));
  const unwished = memory.inventory.filter(
    // A resource that is there, but whose wish came to nothing (a bad reference), keeps its object.
    ({ type, id, owner }) => !wished.has(`${type}:${id}`) && !stillThere.has(owner),
  );
  // In the order of references, so that deletions, in reverse, take what refers first.
  const order = [...lists.keys()];
  unwished.sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
  const listed = new Map<string, Summary>(
    [...lists].flatMap(([type, list]) => list.map((summary) => [`${type}:${summary.id}`, summary] as const)),
  );
  const found = unwished.map((entry) => {
    const at = `${entry.type}:${entry.id}`;
    return { entry, presence: listed.has(at) ? { summary: listed.get(at)! } : presence.get(at) };
  });
  return {
    orphans: found.flatMap(({ entry, presence: is }) =>
      typeof is === 'object'
        ? [{ entry, summary: is.summary, released: isExcluded(desired.excluded, entry.owner) }]
        : [],
    ),
    vanished: found.filter(({ presence: is }) => is === 'gone').map(({ entry }) => entry),
  };
}
