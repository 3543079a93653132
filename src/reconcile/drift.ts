import type { DriftStory } from '../model/audit.ts';
import type { Clock } from '../model/clock.ts';
import { type Conflict, conflictsOf } from '../model/conflict.ts';
import type { DriftRecord, Scope } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import type { Change, Outcome, Plan } from '../model/plan.ts';
import type { Desired } from '../model/resource.ts';
import { isSame, type Moved, movedIn } from './drift-found.ts';
import { noteDrifts, noteEnds } from './drift-record.ts';
import { keyOf, tellDrift } from './drift-story.ts';
import type { Engine } from './run.ts';
import { type ObjectState, objectKey } from './state.ts';
import type { View } from './still.ts';
import { conflictIn, loadConflicts } from './two-masters.ts';

/** What policy has to know of drift beside the plan. */
export interface DriftFacts {
  /** ISO 8601: when each drift was seen first, by object. */
  seen: ReadonlyMap<string, string>;
  /** Objects that somebody else changes back again and again, by object. */
  conflicts: ReadonlyMap<string, Conflict>;
}

export interface Drift extends DriftFacts {
  /** The view with who moved it on each change that is drift. */
  view: View;
  /** Puts down what was found; for runs that are recorded. */
  note(): Promise<void>;
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

/** Finds what moved without a commit, asks who did it, and whether it was one time too many. A run without drift asks nothing. */
export async function findDrift(view: View, input: DriftInput): Promise<Drift> {
  const { engine, clock, desired, scope } = input;
  const { journal } = engine;
  const { plan, observed, memory } = view;
  const now = clock.now();
  const states = new Map<string, ObjectState>(observed.objects.map((state) => [objectKey(state.wish), state]));
  const moved = movedIn(plan, states, observed);
  const open = await openDrifts(input);
  const conflicts = await loadConflicts({ journal, scope, desired, states: observed.objects, now });
  const since = new Date(now.getTime() - dayMs).toISOString();
  const recent = moved.length === 0 ? [] : await journal.drifts(scope, { since });
  const known = [...open, ...recent.filter(({ ended }) => ended !== undefined)];
  const stories = await tellDrift(moved, { ...engine, journal, clock, scope, applied: memory.applied, known });
  for (const one of moved) {
    const state = one.key === undefined ? undefined : states.get(one.key);
    const at = keyOf(one);
    if (state === undefined || conflicts.standing.has(at)) continue;
    const story = stories.get(at);
    const countedSince = conflicts.countedSince.get(at);
    const found = conflictIn(one, state, { recent, story, countedSince, desired, now });
    if (found === undefined) continue;
    conflicts.standing.set(at, found);
    conflicts.facts.set(`${conflictsOf(scope)}${at}`, { ...found });
  }
  const byKey = keyed(moved);
  const before = (one: Moved): DriftRecord | undefined => open.find((record) => isSame(record, one));
  const drifts = moved.filter(({ key }) => key !== undefined);
  return {
    view: { ...view, plan: withStories(plan, byKey, stories) },
    seen: new Map(drifts.map((one) => [one.key!, before(one)?.at ?? now.toISOString()])),
    conflicts: new Map(
      drifts.flatMap((one) => {
        const conflict = conflicts.standing.get(keyOf(one));
        return conflict === undefined ? [] : [[one.key!, conflict] as const];
      }),
    ),
    note: async () => {
      for (const [key, fact] of conflicts.facts) await journal.memorise(key, fact);
      await noteDrifts({ moved, open, stories, plan, ...input });
    },
    healed: async (outcomes) => {
      await noteEnds(moved.length === 0 ? [] : await openDrifts(input), moved, outcomes, input);
    },
  };
}

async function openDrifts({ engine, scope }: DriftInput): Promise<DriftRecord[]> {
  return (await engine.journal.drifts(scope, { open: true })).filter(({ kind }) => kind === 'drift');
}

function keyed(moved: readonly Moved[]): Map<string, Moved> {
  return new Map(moved.flatMap((one) => (one.key === undefined ? [] : [[one.key, one] as const])));
}

/** Who moved it goes with the change from here on; it is no part of what is compared or approved. */
function withStories(plan: Plan, moved: ReadonlyMap<string, Moved>, stories: ReadonlyMap<string, DriftStory>): Plan {
  if (stories.size === 0) return plan;
  const told = <C extends Change>(change: C): C => {
    const one = moved.get(objectKey(change.object));
    const drift = one === undefined ? undefined : stories.get(keyOf(one));
    return drift === undefined ? change : { ...change, drift };
  };
  return { ...plan, changes: plan.changes.map(told), held: plan.held.map(told) };
}
