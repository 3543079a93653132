import type { DriftStory } from '../model/audit.ts';
import type { Clock } from '../model/clock.ts';
import { type Conflict, conflictsOf } from '../model/conflict.ts';
import type { DriftRecord, Scope } from '../model/journal.ts';
import type { Json } from '../model/json.ts';
import type { Log } from '../model/log.ts';
import type { Change, Outcome, Plan } from '../model/plan.ts';
import type { Pointer } from '../model/pointer.ts';
import type { Desired } from '../model/resource.ts';
import { type Moved, movedIn } from './drift-found.ts';
import { noteDrifts, noteEnds } from './drift-record.ts';
import { tellDrift, together } from './drift-story.ts';
import type { Engine } from './run.ts';
import { type ObjectState, type Observed, objectKey, stateKey } from './state.ts';
import type { View } from './still.ts';
import { conflictIn, conflictKey, loadConflicts } from './two-masters.ts';

/** What policy has to know of drift beside the plan. */
export interface DriftFacts {
  /** What was found of each object, by object: who moved which fields, and when that was seen first. */
  found: ReadonlyMap<string, readonly FoundDrift[]>;
  /** Objects that somebody else changes back again and again, by object. */
  conflicts: ReadonlyMap<string, Conflict>;
}

/** A drift of some fields of an object; of none, where it was deleted. */
export interface FoundDrift {
  fields: ReadonlySet<Pointer>;
  /** ISO 8601. */
  seen: string;
  story?: DriftStory;
}

export interface Drift extends DriftFacts {
  /** The view with who moved it on each change that is drift. */
  view: View;
  /** Puts down what was found; for runs that are recorded. */
  note(judged: Plan): Promise<void>;
  /** The same of objects that moved in the middle of the run and were planned anew: the plan, with who moved them, and its note. */
  again(plan: Plan, observed: Observed): Promise<{ plan: Plan; note(judged: Plan): Promise<void> }>;
  /** Puts down what of it this run healed. */
  healed(outcomes: readonly Outcome[]): Promise<void>;
}

export interface DriftInput {
  engine: Engine;
  clock: Clock;
  desired: Desired;
  scope: Scope;
  runId: string;
  log: Log;
}

const dayMs = 86_400_000;

/** A change waits for the audit log no longer than this in the middle of a run, in milliseconds: records arrive later anyway. */
const patienceInRunMs = 5000;

/** Finds what moved without a commit, asks who did it, and whether it was one time too many. A run without drift asks nothing. */
export async function findDrift(view: View, input: DriftInput): Promise<Drift> {
  const { engine, clock } = input;
  const { journal } = engine;
  const found = new Map<string, FoundDrift[]>();
  const conflicts = new Map<string, Conflict>();
  const all: Moved[] = [];

  async function look(plan: Plan, observed: Observed, patienceMs?: number): Promise<Looked> {
    const now = clock.now();
    const looked = await lookAt({ plan, observed, now, ...(patienceMs && { patienceMs }) }, view, input);
    all.push(...looked.moved);
    for (const [key, some] of Map.groupBy(looked.moved, (one) => one.key)) {
      if (key === undefined) continue;
      found.set(
        key,
        some.map((one) => foundOf(one, looked.stories.get(one), now)),
      );
    }
    for (const [key, conflict] of looked.conflicts) conflicts.set(key, conflict);
    return looked;
  }

  async function note({ facts, ...looked }: Looked, judged: Plan): Promise<void> {
    for (const [key, fact] of facts) await journal.memorise(key, fact);
    await noteDrifts({ ...input, ...looked, judged });
  }

  const first = await look(view.plan, view.observed);
  return {
    found,
    conflicts,
    view: { ...view, plan: withStories(first, found) },
    note: (judged) => note(first, judged),
    async again(plan, observed) {
      const looked = await look(plan, observed, patienceInRunMs);
      const ids = new Set(observed.objects.map(({ wish }) => `${wish.type}:${wish.id}`));
      const open = looked.open.filter(({ object }) => ids.has(`${object.type}:${object.id}`));
      return { plan: withStories(looked, found), note: (judged) => note({ ...looked, open }, judged) };
    },
    healed: async (outcomes) => {
      await noteEnds(all.length === 0 ? [] : await openDrifts(input), all, outcomes, input);
    },
  };
}

interface Looked {
  moved: Moved[];
  open: DriftRecord[];
  states: ObjectState[];
  plan: Plan;
  stories: ReadonlyMap<Moved, DriftStory>;
  /** By object. */
  conflicts: ReadonlyMap<string, Conflict>;
  /** To put down where the run may. */
  facts: ReadonlyMap<string, Json>;
}

async function lookAt(
  { plan, observed, now, patienceMs }: { plan: Plan; observed: Observed; now: Date; patienceMs?: number },
  { memory }: View,
  input: DriftInput,
): Promise<Looked> {
  const { engine, clock, desired, scope } = input;
  const { journal } = engine;
  const states = new Map<string, ObjectState>(observed.objects.map((state) => [objectKey(state.wish), state]));
  const open = await openDrifts(input);
  const moved = movedIn(plan, states, observed, open);
  const kept = await loadConflicts({ journal, scope, desired, states: observed.objects, now });
  const since = new Date(now.getTime() - dayMs).toISOString();
  const recent = moved.length === 0 ? [] : await journal.drifts(scope, { since });
  const known = [...open, ...recent.filter(({ ended }) => ended !== undefined)];
  const asked = { ...engine, journal, clock, scope, applied: memory.applied, known };
  const stories = await tellDrift(moved, { ...asked, ...(patienceMs && { patienceMs }) });
  const conflicts = new Map<string, Conflict>();
  for (const one of moved) {
    const state = one.key === undefined ? undefined : states.get(one.key);
    if (state === undefined) continue;
    const at = conflictKey(one);
    const countedSince = kept.countedSince.get(at);
    const standing = kept.standing.get(at);
    const conflict =
      standing ?? conflictIn(one, state, { recent, story: stories.get(one), countedSince, desired, now });
    if (conflict === undefined) continue;
    conflicts.set(one.key!, conflict);
    if (standing === undefined) kept.facts.set(`${conflictsOf(scope)}${at}`, { ...conflict });
  }
  return { moved, open, states: observed.objects, plan, stories, conflicts, facts: kept.facts };
}

async function openDrifts({ engine, scope }: DriftInput): Promise<DriftRecord[]> {
  return (await engine.journal.drifts(scope, { open: true })).filter(({ kind }) => kind === 'drift');
}

function foundOf({ fields, record }: Moved, story: DriftStory | undefined, now: Date): FoundDrift {
  const paths = new Set(fields.map(({ path }) => path));
  return { fields: paths, seen: record?.at ?? now.toISOString(), ...(story === undefined ? {} : { story }) };
}

/**
 * Who moved it goes with the change from here on; it is no part of what is compared or approved. What is as it was left, and
 * only goes after something that was moved, has the story of that.
 */
function withStories({ plan, states }: Looked, found: ReadonlyMap<string, readonly FoundDrift[]>): Plan {
  const storyOf = ({ object }: Change): DriftStory | undefined =>
    together((found.get(objectKey(object)) ?? []).flatMap(({ story }) => story ?? []));
  const byKey = new Map([...plan.changes, ...plan.held].map((one) => [stateKey(one.object.type, one.object.key), one]));
  const followed = (change: Change): DriftStory | undefined => {
    const paths = new Set(change.fields.flatMap(({ follows, path }) => (follows === true ? [path] : [])));
    if (paths.size === 0) return undefined;
    const state = states.find(({ wish }) => objectKey(wish) === objectKey(change.object));
    for (const field of state?.wish.fields ?? []) {
      if (!paths.has(field.path) || !('ref' in field)) continue;
      const other = byKey.get(stateKey(field.ref.type, field.ref.key));
      const story = other === undefined ? undefined : storyOf(other);
      if (story !== undefined) return { ...story, follows: `${other!.kind}/${other!.name}` };
    }
    return undefined;
  };
  const told = <C extends Change>(change: C): C => {
    const drift = storyOf(change) ?? followed(change);
    return drift === undefined ? change : { ...change, drift };
  };
  return { ...plan, changes: plan.changes.map(told), held: plan.held.map(told) };
}
