import type { Contribution, Index, IndexEntry, Summary } from '../model/contracts.ts';
import type { InventoryEntry } from '../model/journal.ts';
import type { Problem } from '../model/problem.ts';
import type { ResourceId } from '../model/resource.ts';
import { nameTwice } from './plan-words.ts';

/** Whether an inventoried object that its list lacks is there after all. */
export type Presence = 'gone' | 'hidden' | { summary: Summary };

export interface Identity {
  contribution: Contribution;
  summary?: Summary;
  inventory?: InventoryEntry;
  /** The object is inventoried, and this client may not see it. */
  hidden?: InventoryEntry;
  /** What the owner had is gone, and this was made under its name by somebody else. */
  replaces?: InventoryEntry;
}

export interface IdentityInput {
  contributions: readonly Contribution[];
  lists: ReadonlyMap<string, readonly Summary[]>;
  inventory: readonly InventoryEntry[];
  /** By `type:id`. */
  presence: ReadonlyMap<string, Presence>;
  /** Ids pinned by the environment. */
  ids: Readonly<Record<ResourceId, string>>;
}

/**
 * Which live object each owner means: its pinned id, else its inventory id, else its natural key. So changing the name is
 * a rename, and two live matches are a problem, never a guess. An object whose owner changed its handle is found by key.
 */
export function identify(input: IdentityInput): { identities: Identity[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const byId = new Map<string, Summary>();
  const byKey = new Map<string, Summary[]>();
  for (const [type, summaries] of input.lists) {
    for (const summary of summaries) {
      byId.set(`${type}:${summary.id}`, summary);
      const key = `${type}:${summary.key}`;
      byKey.set(key, [...(byKey.get(key) ?? []), summary]);
    }
  }
  const inventoryById = new Map(input.inventory.map((entry) => [`${entry.type}:${entry.id}`, entry]));
  // An owner may have left entries of objects that are gone behind: the one that is there counts.
  const inventoryByOwner = new Map<string, InventoryEntry>();
  for (const entry of input.inventory) {
    const owner = `${entry.type}:${entry.owner}`;
    if (!inventoryByOwner.has(owner) || byId.has(`${entry.type}:${entry.id}`)) inventoryByOwner.set(owner, entry);
  }
  // Objects that are somebody's by id are nobody else's by name: a name may pass from one to another in one commit.
  const taken = new Set(
    input.contributions.flatMap(
      ({ by, target }) => input.ids[by] ?? inventoryByOwner.get(`${target.type}:${by}`)?.id ?? [],
    ),
  );

  function find(contribution: Contribution): Identity | undefined {
    const { by, target } = contribution;
    const pinned = input.ids[by];
    if (pinned !== undefined) {
      const summary = byId.get(`${target.type}:${pinned}`);
      if (summary !== undefined) return withInventory(contribution, summary);
      problems.push(pinnedProblem(by, pinned));
      return undefined;
    }
    const known = inventoryByOwner.get(`${target.type}:${by}`);
    if (known !== undefined) {
      const presence = input.presence.get(`${known.type}:${known.id}`);
      if (presence === 'hidden') return { contribution, hidden: known };
      const summary =
        byId.get(`${known.type}:${known.id}`) ?? (typeof presence === 'object' ? presence.summary : undefined);
      if (summary !== undefined) return { contribution, summary, inventory: known };
    }
    const matching = (byKey.get(`${target.type}:${target.key}`) ?? []).filter(({ id }) => !taken.has(id));
    if (matching.length > 1) {
      problems.push(ambiguous(contribution, matching));
      return undefined;
    }
    const found = matching[0];
    if (found !== undefined) {
      const identity = withInventory(contribution, found);
      // What this tool made for another handle is no work of somebody else's.
      const byHand = known?.key === target.key && identity.inventory === undefined;
      return byHand ? { ...identity, replaces: known } : identity;
    }
    return { contribution, ...(known === undefined ? {} : { inventory: known }) };
  }

  function withInventory(contribution: Contribution, summary: Summary): Identity {
    const inventory = inventoryById.get(`${contribution.target.type}:${summary.id}`);
    return { contribution, summary, ...(inventory === undefined ? {} : { inventory }) };
  }

  const found = input.contributions.flatMap((contribution) => find(contribution) ?? []);
  const twice = sameNew(found);
  problems.push(
    ...[...twice].map(([{ contribution }, others]) => nameTwice(contribution.target.name, contribution.by, others)),
  );
  return { identities: found.filter((one) => !twice.has(one)), problems };
}

/** Documents that would each make an object of one name, with the others: put together they would be one object's. */
function sameNew(identities: readonly Identity[]): Map<Identity, ResourceId[]> {
  const made = identities.filter(({ summary, hidden }) => summary === undefined && hidden === undefined);
  const byKey = Map.groupBy(made, ({ contribution: { target } }) => `${target.type}:${target.key}`);
  const twice = [...byKey.values()].filter((some) => some.length > 1);
  return new Map(
    twice.flatMap((some) =>
      some.map((one) => [one, some.filter((other) => other !== one).map(({ contribution }) => contribution.by)]),
    ),
  );
}

function pinnedProblem(resource: ResourceId, id: string): Problem {
  const message = `the environment pins ${resource} to the id ${id}, which no object has`;
  return { code: 'pinned-id-not-found', message, resource };
}

function ambiguous({ by, target }: Contribution, matching: readonly Summary[]): Problem {
  const ids = matching.map(({ id }) => id).join(', ');
  const message = `${matching.length} live objects are called "${target.name}" (${ids}); pin the right one under ids in the environment`;
  return { code: 'ambiguous-identity', message, resource: by, pointer: '/spec' };
}

/** The live summaries, overlaid with what this revision is about to make of them, and with what it is about to create. */
export function indexOf(
  lists: ReadonlyMap<string, readonly Summary[]>,
  identities: readonly Identity[],
  leaving: ReadonlySet<string> = new Set(),
): Index {
  const owned = new Map(
    identities.flatMap((one) =>
      one.summary ? [[`${one.contribution.target.type}:${one.summary.id}`, one] as const] : [],
    ),
  );
  const entries = new Map<string, IndexEntry[]>();
  const add = (entry: IndexEntry): void => {
    const list = entries.get(entry.type);
    if (list === undefined) entries.set(entry.type, [entry]);
    else list.push(entry);
  };
  for (const [type, summaries] of lists) {
    for (const live of summaries) {
      const owner = owned.get(`${type}:${live.id}`)?.contribution;
      const { id, key, name, attributes } = live;
      const goes = leaving.has(`${type}:${id}`) ? { leaving: true } : {};
      if (owner === undefined) add({ type, id, key, name, attributes, live, ...goes });
      else
        add({ ...owner.target, type, id, attributes: { ...attributes, ...owner.attributes }, live, owner: owner.by });
    }
  }
  const listed = new Set([...lists].flatMap(([type, summaries]) => summaries.map(({ id }) => `${type}:${id}`)));
  for (const { contribution, summary, hidden } of identities) {
    const { target, attributes = {}, by } = contribution;
    if (hidden !== undefined || (summary !== undefined && listed.has(`${target.type}:${summary.id}`))) continue;
    add({ ...target, attributes, owner: by, ...(summary === undefined ? {} : { id: summary.id, live: summary }) });
  }
  return {
    all: (type) => entries.get(type) ?? [],
    find: (type, key) => (entries.get(type) ?? []).filter((entry) => entry.key === key),
  };
}
