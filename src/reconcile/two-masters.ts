import { createHash } from 'node:crypto';
import type { DriftStory } from '../model/audit.ts';
import { asConflict, type Conflict, conflictsOf, resumedAt } from '../model/conflict.ts';
import { partiesInWords } from '../model/drift-words.ts';
import type { DriftRecord, Journal, Scope } from '../model/journal.ts';
import { type Json, stable } from '../model/json.ts';
import type { Desired } from '../model/resource.ts';
import { resourceId } from '../model/resource.ts';
import { isAbout, type Moved } from './drift-found.ts';
import type { ObjectState } from './state.ts';

/** Who changes the same field back so often within this time is another master of it: milliseconds. */
const windowMs = 3_600_000;
const oftenEnough = 3;

export interface Conflicts {
  /** What holds healing back, by `conflictKey`. */
  standing: Map<string, Conflict>;
  /** Facts to put down where the run may: new conflicts, and those that ended. */
  facts: Map<string, Json>;
}

interface ConflictInput {
  journal: Journal;
  scope: Scope;
  desired: Desired;
  states: Iterable<ObjectState>;
  now: Date;
}

/** What stands of earlier runs. Another wish, or other annotations, end a conflict: what drifted before counts no more. */
export async function loadConflicts({ journal, scope, desired, states, now }: ConflictInput): Promise<
  Conflicts & {
    /** Since when drifts of an object count, where something ended, by `conflictKey`. */
    countedSince: Map<string, string>;
  }
> {
  const kept = await journal.recallAll(conflictsOf(scope));
  const standing = new Map<string, Conflict>();
  const facts = new Map<string, Json>();
  const countedSince = new Map<string, string>();
  if (kept.size === 0) return { standing, facts, countedSince };
  const byId = new Map(
    [...states].flatMap((state) => {
      const { type, id, key } = state.wish;
      return [[`${type}:${id}`, state] as const, [deletedKey({ type, key }), state] as const];
    }),
  );
  for (const [key, fact] of kept) {
    const at = key.slice(conflictsOf(scope).length);
    const state = byId.get(at);
    const conflict = asConflict(fact);
    const since = resumedAt(fact);
    if (state === undefined || (conflict === undefined && isPast(since, now))) facts.set(key, null);
    else if (conflict !== undefined && conflict.wish === wishOf(state, desired)) standing.set(at, conflict);
    else if (conflict !== undefined) {
      facts.set(key, { resumedAt: now.toISOString() });
      countedSince.set(at, now.toISOString());
    } else if (since !== undefined) countedSince.set(at, since);
  }
  return { standing, facts, countedSince };
}

function isPast(since: string | undefined, now: Date): boolean {
  return since === undefined || now.getTime() - new Date(since).getTime() > windowMs;
}

/** By what a conflict is kept: what is made anew has another id each time, so deleting goes by the name. */
export function conflictKey({ object, deleted }: Moved): string {
  return deleted === true ? deletedKey(object) : `${object.type}:${object.id}`;
}

function deletedKey({ type, key }: { type: string; key: string }): string {
  return `${type}:deleted:${key}`;
}

/** A conflict, where this drift is one time too many of the same field, or of deleting it; `recent` are the drifts of the last hour. */
export function conflictIn(
  moved: Moved,
  state: ObjectState,
  {
    recent,
    story,
    countedSince,
    desired,
    now,
  }: {
    recent: readonly DriftRecord[];
    story: DriftStory | undefined;
    countedSince: string | undefined;
    desired: Desired;
    now: Date;
  },
): Conflict | undefined {
  const from = new Date(now.getTime() - windowMs).toISOString();
  const healed = recent.filter(
    (record) =>
      record.kind === 'drift' &&
      record.ended?.how === 'healed' &&
      record.at > from &&
      record.at > (countedSince ?? '') &&
      (moved.deleted === true ? isDeletionOf(record, moved) : isAbout(record, moved)),
  );
  const times = (path: string): number => healed.filter(({ fields }) => fields.some((one) => one.path === path)).length;
  const fields = moved.fields.map(({ path }) => path).filter((path) => times(path) >= oftenEnough - 1);
  const deleted = moved.deleted === true && healed.length >= oftenEnough - 1;
  if (fields.length === 0 && !deleted) return undefined;
  const stories = [story, ...healed.map((record) => record.story)].filter((one) => one !== undefined);
  return {
    at: now.toISOString(),
    fields,
    ...(deleted ? { deleted } : {}),
    party: partiesInWords(stories) ?? 'somebody of whom the audit log does not say who',
    resources: state.wish.by,
    wish: wishOf(state, desired),
  };
}

function isDeletionOf({ deleted, object, resource }: DriftRecord, moved: Moved): boolean {
  return deleted === true && object.type === moved.object.type && resource === moved.resource;
}

/** What is wished of an object, and the annotations of who wishes it, as a hash. What is live has no part in it. */
function wishOf({ wish, asked = wish }: ObjectState, { resources }: Desired): string {
  const notes = resources
    .filter((resource) => wish.by.includes(resourceId(resource)))
    .map((resource) => [resourceId(resource), resource.annotations] as const);
  const fields = asked.fields.map((field) => ({ ...field }));
  const text = stable([fields, Object.fromEntries(notes)] as unknown as Json);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
