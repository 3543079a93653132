import { conflictsIn, type DaemonBeat, daemonsAlive } from '../app/control.ts';
import type { Followed } from '../app/follow-facts.ts';
import type { App } from '../app.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import type { Reason } from '../model/failure.ts';
import type { DriftRecord, Lease, RunRecord, Scope } from '../model/journal.ts';
import { isObject } from '../model/json.ts';
import type { ObjectRef, Outcome } from '../model/plan.ts';
import { retryStalledAfterMs, stallsOf } from '../model/stall.ts';
import { isActive, type Suspension, suspensionsOf, wholeTarget } from '../model/suspension.ts';
import { telling } from './conditions.ts';

export interface StandingSuspension extends Suspension {
  /** `Kind/handle`; absent for the target as a whole. */
  resource?: string;
  /** Where it can be ended: by `resume`, or in the daemon's file. */
  where: 'journal' | 'configuration';
}

/** A change that failed in a way that waiting does not mend. */
export interface Stalled {
  /** `Kind/handle` where that is known, else the object's key. */
  name: string;
  /** Where that goes by its id: one document may be about several. */
  object?: ObjectRef;
  reason: Reason;
  message: string;
  since: string;
  /** When a run tries it again by itself. */
  againAt: string;
}

/** What the journal and the daemon's file know of a target. */
export interface Facts {
  target: string;
  /** As the daemon's file calls it. */
  organization?: string;
  region?: string;
  /** Whom it follows, and what it waits for there. */
  follows?: { soak: string; followed: Followed; suspended: boolean };
  now: Date;
  /** Newest first. */
  runs: readonly RunRecord[];
  /** What the last finished run changed, or could not. */
  outcomes: readonly Outcome[];
  /** The newest run that changed something, and what. */
  lastChange?: { run: RunRecord; outcomes: readonly Outcome[] };
  lease?: Lease;
  suspensions: readonly StandingSuspension[];
  stalled: readonly Stalled[];
  /** What is not as it was left, and not by a commit; newest first. */
  drifts: readonly DriftRecord[];
  /** How many objects are not healed, since somebody else changes them back again and again. */
  conflicts: number;
  daemons: readonly DaemonBeat[];
}

/** Far enough back for a revision that has been held or failed for weeks. */
const mostRuns = 5000;
/** So many runs that meant to change something are looked into for one that did. */
const mostLooks = 50;

export async function gatherFacts(app: App, target: TargetConfig, now: Date): Promise<Facts> {
  const { journal } = app;
  const { name, organization: called, region } = target;
  const runs = await journal.runs(name, mostRuns);
  const last = telling(runs)[0];
  const organization = runs.find((run) => run.organization !== undefined)?.organization;
  const lease = organization === undefined ? undefined : await journal.lease(organization);
  const change = await lastChange(journal, runs);
  const outcomes = last === undefined ? [] : await journal.outcomes(last.id);
  const follows = await followsOf(app, target, now);
  const named = [...runs.flatMap(({ held = [] }) => held), ...outcomes];
  return {
    target: name,
    ...(called === undefined ? {} : { organization: called }),
    ...(region === undefined ? {} : { region }),
    ...(follows === undefined ? {} : { follows }),
    now,
    runs,
    outcomes,
    ...(change === undefined ? {} : { lastChange: change }),
    ...(lease === undefined ? {} : { lease }),
    suspensions: await suspensionsIn(journal, target, now),
    stalled: organization === undefined ? [] : await stalledIn(journal, { organization, target: name }, named),
    drifts: organization === undefined ? [] : await driftsIn(journal, { organization, target: name }),
    conflicts: (await conflictsIn(journal, name)).length,
    daemons: await daemonsFor(journal, name, now),
  };
}

async function driftsIn(journal: App['journal'], scope: Scope): Promise<DriftRecord[]> {
  return (await journal.drifts(scope, { open: true })).filter(({ kind }) => kind === 'drift');
}

async function followsOf(app: App, target: TargetConfig, now: Date): Promise<Facts['follows']> {
  const { after } = target;
  const other = app.config.targets.find(({ name }) => name === after?.target);
  const followed = await app.follow(target);
  if (followed === undefined || after === undefined || other === undefined) return undefined;
  const rests = await suspensionsIn(app.journal, other, now);
  const suspended = rests.some(({ resource }) => resource === undefined);
  return { soak: after.soak ?? '0s', followed, suspended };
}

/** Those that gave a sign of life just now, and serve this target. */
export async function daemonsFor(journal: App['journal'], target: string, now: Date): Promise<DaemonBeat[]> {
  const alive = await daemonsAlive(journal, now);
  return alive.filter(({ targets }) => targets.some(({ name }) => name === target));
}

async function lastChange(journal: App['journal'], runs: readonly RunRecord[]): Promise<Facts['lastChange']> {
  const meant = runs.filter(({ summary }) => summary !== undefined && summary.create + summary.update + summary.delete);
  for (const run of meant.slice(0, mostLooks)) {
    const outcomes = (await journal.outcomes(run.id)).filter(({ status }) => status === 'applied');
    if (outcomes.length > 0) return { run, outcomes };
  }
  return undefined;
}

/** What rests now: by hand, and by the daemon's file. What ended by itself is not told. */
export async function suspensionsIn(
  journal: App['journal'],
  { name, suspend, suspendReason, suspendUntil }: TargetConfig,
  now: Date,
): Promise<StandingSuspension[]> {
  const kept = await journal.recallAll(suspensionsOf(name));
  const byHand = [...kept].map(([key, value]): StandingSuspension => {
    const what = key.slice(suspensionsOf(name).length);
    const about = what === wholeTarget ? {} : { resource: what };
    return { ...about, ...(isObject(value) ? (value as Suspension) : {}), where: 'journal' };
  });
  const configured: StandingSuspension = {
    ...(suspendReason === undefined ? {} : { reason: suspendReason }),
    ...(suspendUntil === undefined ? {} : { until: suspendUntil }),
    where: 'configuration',
  };
  return [...(suspend === true ? [configured] : []), ...byHand].filter((one) => isActive(one, now));
}

async function stalledIn(
  journal: App['journal'],
  scope: Scope,
  named: readonly { kind: string; name: string; object: ObjectRef }[],
): Promise<Stalled[]> {
  const kept = await journal.recall(stallsOf(scope));
  if (!isObject(kept) || Object.keys(kept).length === 0) return [];
  const inventory = await journal.inventory(scope);
  const owners = new Map<string, string>([
    // An object that was made, and not as it should be, is known to the run that tried only.
    ...named.map(({ kind, name, object: { type, id } }) => [`${type}:id:${id}`, `${kind}/${name}`] as const),
    ...inventory.map(({ type, id, owner }) => [`${type}:id:${id}`, owner] as const),
  ]);
  const objects: ObjectRef[] = [
    ...inventory.map(({ type, key, id }) => ({ type, key, id })),
    ...named.map(({ object }) => object),
  ];
  const byId = new Map<string, ObjectRef>(
    objects.flatMap((one) => (one.key === one.id ? [[`${one.type}:id:${one.id}`, one] as const] : [])),
  );
  return Object.entries(kept).map(([key, value]) => {
    const object = byId.get(key);
    const { reason, message, at } = value as unknown as { reason: Reason; message: string; at: string };
    const againAt = new Date(new Date(at).getTime() + retryStalledAfterMs).toISOString();
    return {
      name: owners.get(key) ?? key.replace(/^[^:]+:(new|id):/, ''),
      ...(object === undefined ? {} : { object }),
      reason,
      message,
      since: at,
      againAt,
    };
  });
}
