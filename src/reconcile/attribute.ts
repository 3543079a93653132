import type { Clock } from '../model/clock.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { InventoryEntry } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import type { Change, Commit, Plan } from '../model/plan.ts';
import { type Desired, type ResourceId, resourceId } from '../model/resource.ts';
import { type ObjectState, stateKey } from './state.ts';

/** The past of a revision, as its source tells it. */
export interface Past {
  /** The revision that was applied before, where one was. */
  since?: string;
  /** The newest commit that touched any of a resource's files, for each resource that the source can tell of. */
  commitsOf(
    paths: ReadonlyMap<ResourceId, readonly string[]>,
  ): Promise<{ commits: ReadonlyMap<ResourceId, Commit>; rewritten: boolean }>;
  /** The same of an earlier revision, with all of its history; absent where it is not asked. */
  commitsAt?(
    revision: string,
    paths: ReadonlyMap<ResourceId, readonly string[]>,
  ): Promise<ReadonlyMap<ResourceId, Commit>>;
}

export interface Attribution {
  /** By whose commit a change is wished: the newest of all resources with a part in it. */
  commitOf(change: Change): Promise<Commit | undefined>;
  /** What a person should know of the branch. */
  notes(): Promise<string[]>;
}

/** Milliseconds that the record of a change waits for its commit: a history that hangs stops nothing. */
const patienceMs = 5000;

interface AttributionInput {
  /** Its waits end when the run is asked to stop. */
  clock: Clock;
  desired: Desired;
  inventory: readonly InventoryEntry[];
  /** What is wished of each object, under any key. */
  states: ReadonlyMap<string, ObjectState>;
  past: Past | undefined;
  log: Log;
}

/**
 * Asks the history while the changes are being written, and for a few seconds at most. A deletion is attributed by the files that its document came from
 * when it was there. A history that cannot be read stops nothing.
 */
export function attribution(
  { changes }: Plan,
  { desired, inventory, states, past, log, clock }: AttributionInput,
): Attribution {
  // Drift has no commit: nobody committed that live should move.
  const wished = changes.filter(({ cause }) => cause !== 'drift');
  const moved = past?.since !== undefined && past.since !== desired.revision;
  if (past === undefined || (wished.length === 0 && !moved)) {
    return { commitOf: async () => undefined, notes: async () => [] };
  }
  const from = new Map(desired.resources.map((resource) => [resourceId(resource), resource.from]));
  const left = new Map(inventory.map(({ owner, paths = [] }) => [owner, paths]));
  const wishers = wishersIn(changes, [...states.values()]);
  const paths = new Map(wished.flatMap(wishers).map((by) => [by, from.get(by) ?? left.get(by) ?? []]));
  const asked = inTime(past.commitsOf(paths), { clock, log });
  return {
    async commitOf(change) {
      if (change.cause === 'drift') return undefined;
      const known = await asked;
      const all = wishers(change).flatMap((by) => known?.commits.get(by) ?? []);
      return all.sort((a, b) => (a.at < b.at ? 1 : -1))[0];
    },
    async notes() {
      if ((await asked)?.rewritten !== true) return [];
      const { revision } = desired;
      log.warn({ since: past.since }, 'the branch was rewritten, and is followed');
      return [`the branch was rewritten (force-push): ${past.since}, applied before, is not part of ${revision}`];
    },
  };
}

/** What the history says, unless it takes too long or cannot be read: then changes have no commit, and nothing stops. */
export async function inTime<T>(
  asked: Promise<T>,
  { clock, log }: Pick<AttributionInput, 'clock' | 'log'>,
): Promise<T | undefined> {
  const done = new AbortController();
  const late = clock.sleep(patienceMs, done.signal).then(() => {
    throw new Failure('SourceUnavailable', `the history was not told within ${patienceMs / 1000} s`);
  });
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    log.warn({ detail: asFailure(error).message }, 'history cannot be read, so changes are not attributed');
    return undefined;
  } finally {
    done.abort();
  }
}

/**
 * Who has a part in a change of a plan. Of a field that follows another object, also who wishes that one: where this plan
 * changes it, whoever has a part in that change; else it was changed in an earlier run, and its owner's files tell why.
 */
function wishersIn(changes: readonly Change[], states: readonly ObjectState[]): (change: Change) => ResourceId[] {
  const planned = new Map(changes.map((change) => [stateKey(change.object.type, change.object.key), change]));
  const known = new Map(states.map((state) => [stateKey(state.wish.type, state.wish.key), state]));
  const own = ({ kind, name, fields }: Change): ResourceId[] => [`${kind}/${name}`, ...fields.map(({ by }) => by)];
  return (change) => {
    // What moved meanwhile is planned anew, and knows the outcome by then.
    const first = planned.get(stateKey(change.object.type, change.object.key)) ?? change;
    const moved = new Set(first.fields.map(({ path }) => path));
    const wished = known.get(stateKey(change.object.type, change.object.key))?.wish.fields ?? [];
    const followed = wished.flatMap((field) => ('ref' in field && moved.has(field.path) ? [field.ref] : []));
    const others = followed.flatMap(({ type, key }) => {
      const other = planned.get(stateKey(type, key));
      const owner = known.get(stateKey(type, key))?.wish.owner;
      return other !== undefined ? own(other) : owner === undefined ? [] : [owner];
    });
    return [...new Set([...own(change), ...others])];
  };
}
