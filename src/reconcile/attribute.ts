import { asFailure } from '../model/failure.ts';
import type { InventoryEntry } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import type { Change, Commit, Plan } from '../model/plan.ts';
import { type Desired, type ResourceId, resourceId } from '../model/resource.ts';

/** The newest commit that touched any of a resource's files, for each resource that the source can tell of. */
export type CommitsOf = (paths: ReadonlyMap<ResourceId, readonly string[]>) => Promise<ReadonlyMap<ResourceId, Commit>>;

/**
 * By whose commit each change is wished: the newest of all resources with a part in it. A deletion is attributed by the
 * files that its document came from when it was there. A history that cannot be read stops nothing.
 */
export async function attribution(
  { changes }: Plan,
  {
    desired,
    inventory,
    commitsOf,
    log,
  }: {
    desired: Desired;
    inventory: readonly InventoryEntry[];
    commitsOf: CommitsOf | undefined;
    log: Log;
  },
): Promise<(change: Change) => Commit | undefined> {
  // Drift has no commit: nobody committed that live should move.
  const wished = changes.filter(({ cause }) => cause !== 'drift');
  if (commitsOf === undefined || wished.length === 0) return () => undefined;
  const from = new Map(desired.resources.map((resource) => [resourceId(resource), resource.from]));
  const left = new Map(inventory.map(({ owner, paths = [] }) => [owner, paths]));
  const paths = new Map(wished.flatMap(wishers).map((by) => [by, from.get(by) ?? left.get(by) ?? []]));
  try {
    const commits = await commitsOf(paths);
    return (change) => {
      if (change.cause === 'drift') return undefined;
      const all = wishers(change).flatMap((by) => commits.get(by) ?? []);
      return all.sort((a, b) => (a.at < b.at ? 1 : -1))[0];
    };
  } catch (error) {
    log.warn({ detail: asFailure(error).message }, 'history cannot be read, so changes are not attributed');
    return () => undefined;
  }
}

function wishers({ kind, name, fields }: Change): ResourceId[] {
  return [...new Set([`${kind}/${name}`, ...fields.map(({ by }) => by)])];
}
