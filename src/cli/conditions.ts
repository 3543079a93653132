import { partiesInWords } from '../model/drift-words.ts';
import { type Reason, reasons } from '../model/failure.ts';
import type { DriftRecord, RunRecord } from '../model/journal.ts';
import type { ObjectRef, Outcome } from '../model/plan.ts';
import { describe } from './render-plan.ts';
import type { Facts } from './status-facts.ts';
import { count } from './text.ts';

/** In Flux's words. */
export interface Condition {
  type: 'Ready' | 'Reconciling' | 'Stalled' | 'Healthy' | 'Drifted';
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  /** ISO 8601: since when it has been so, where the journal tells. */
  since?: string;
}

/** Runs that say how a target stands. That a call was refused, with an approval for another plan, says nothing of it. */
export function telling(runs: readonly RunRecord[]): RunRecord[] {
  return runs.filter(({ status, reason }) => status !== undefined && reason !== 'ApprovalMismatch');
}

/**
 * The run that tells most. A daemon that refused the newest revision has gone on with the last good one: the refusal is
 * what counts.
 */
export function tellingRun(finished: readonly RunRecord[]): RunRecord | undefined {
  const [last, before] = finished;
  return before?.reason === 'ValidationFailed' && before.revision !== last?.revision ? before : last;
}

export function conditionsOf(facts: Facts): Condition[] {
  return [ready(facts), reconciling(facts), stalled(facts), healthy(facts), drifted(facts)];
}

/** A long run, or a daemon that is started again, is no reason to doubt what the last run found. */
const patienceMs = { daemon: 15 * 60_000, without: 5 * 60_000 };
const byDaemon: readonly string[] = ['started', 'revision', 'schedule', 'follow-up', 'request'];

/** Why the last run does not tell any more how a target stands. Who applies by hand only has no daemon to miss. */
function stale({ daemons, target, now }: Facts, last: RunRecord): { since: string; message: string } | undefined {
  const { finishedAt = last.startedAt, trigger = '' } = last;
  const age = (at: string): number => now.getTime() - new Date(at).getTime();
  if (daemons.length === 0) {
    if (!byDaemon.includes(trigger) || age(finishedAt) <= patienceMs.without) return undefined;
    return { since: finishedAt, message: 'no daemon is alive on this journal, and the last run was by one' };
  }
  const own = daemons.flatMap(({ targets }) => targets).filter(({ name }) => name === target);
  // With several daemons one writes and the others stand by: what any of them waits for in vain counts.
  const due = own.flatMap(({ overdueSince }) => overdueSince ?? []).sort()[0];
  if (due === undefined || finishedAt >= due || age(due) <= patienceMs.daemon) return undefined;
  return { since: due, message: 'a run was due then, and none has finished since' };
}

/** The newest revision is applied, whole. */
function ready(facts: Facts): Condition {
  const { runs, outcomes } = facts;
  const finished = telling(runs);
  const run = tellingRun(finished);
  if (run === undefined) {
    // What it waits for is told beside it.
    const waits = { type: 'Ready', status: 'Unknown', reason: 'RevisionNotReady', message: '' } as const;
    if (facts.follows !== undefined) return waits;
    return { type: 'Ready', status: 'Unknown', reason: 'NotRunYet', message: 'no run has finished yet' };
  }
  const status = run.status === 'succeeded' ? 'True' : 'False';
  const doubt = status === 'True' ? stale(facts, finished[0]!) : undefined;
  if (doubt !== undefined) return { type: 'Ready', status: 'Unknown', reason: 'Stale', ...doubt };
  const reason = run.reason ?? 'ReconciliationSucceeded';
  return { type: 'Ready', status, reason, message: run.message ?? counts(run, outcomes), ...sinceOf(finished, run) };
}

/** Back to the oldest run in a row that came to the same. */
function sinceOf(finished: readonly RunRecord[], run: RunRecord): { since?: string } {
  let oldest = run;
  for (const one of finished.slice(finished.indexOf(run))) {
    // Between two refusals of a bad revision the last good one is applied.
    if (run.reason === 'ValidationFailed' && one.revision !== run.revision) continue;
    if (one.status !== run.status || one.reason !== run.reason) break;
    oldest = one;
  }
  return oldest.finishedAt === undefined ? {} : { since: oldest.finishedAt };
}

/** A run is on its way just now, in whichever process. */
function reconciling({ runs, lease, daemons, target }: Facts): Condition {
  const newest = runs[0];
  const unfinished = newest !== undefined && newest.status === undefined ? newest : undefined;
  // A sign of life is some seconds old; what the journal says of a run that ended since is newer.
  const ended = runs.find(({ finishedAt }) => finishedAt !== undefined)?.finishedAt ?? '';
  const own = daemons.flatMap(({ targets }) => targets).filter(({ name }) => name === target);
  const running = own.find(({ runningSince = '' }) => runningSince > ended);
  if (unfinished !== undefined && lease?.owner === unfinished.id) {
    const since = unfinished.startedAt;
    return { type: 'Reconciling', status: 'True', reason: 'Progressing', message: `by ${lease.holder}`, since };
  }
  if (running?.runningSince !== undefined) {
    const message = 'by the daemon';
    return { type: 'Reconciling', status: 'True', reason: 'Progressing', message, since: running.runningSince };
  }
  if (unfinished === undefined) return { type: 'Reconciling', status: 'False', reason: 'Idle', message: '' };
  const message = 'the last run ended without a word; the next one looks what became of its writes';
  return { type: 'Reconciling', status: 'False', reason: 'Interrupted', message, since: unfinished.startedAt };
}

/** Something does not mend by waiting. */
function stalled({ stalled: all, runs }: Facts): Condition {
  const finished = telling(runs);
  const run = tellingRun(finished);
  // A newer build on the same journal may give reasons that this one does not know.
  const next = run?.reason && Object.hasOwn(reasons, run.reason) ? reasons[run.reason][0] : undefined;
  const whole = run?.reason === 'ValidationFailed' || next === 'TargetStalled';
  if (run !== undefined && whole) {
    const reason: Reason = run.reason!;
    return { type: 'Stalled', status: 'True', reason, message: run.message ?? '', ...sinceOf(finished, run) };
  }
  const oldest = all.map(({ since }) => since).sort()[0];
  if (oldest === undefined) return { type: 'Stalled', status: 'False', reason: 'NothingStalled', message: '' };
  const names = all.length === 1 ? ` (${all[0]!.name})` : '';
  const message = `${count(all.length, 'change')} failed in a way that waiting does not mend${names}`;
  return { type: 'Stalled', status: 'True', reason: all[0]!.reason, message, since: oldest };
}

/** What was written, and is not what is served. */
const notInForce: readonly Reason[] = ['ActivationFailed', 'ActivationPending'];

/** Genesys could be reached, and whatever was written stayed and is in force. What policy holds back is no illness. */
function healthy({ runs, outcomes }: Facts): Condition {
  const last = telling(runs)[0];
  if (last === undefined) return { type: 'Healthy', status: 'Unknown', reason: 'NotRunYet', message: '' };
  const broken = outcomes.find(({ status }) => status !== 'applied');
  const failed = last.status === 'failed' || last.status === 'unreachable';
  // Documents with problems are no illness of the organisation.
  const ofDocuments = last.reason === 'ValidationFailed' || last.reason === 'ReconciliationFailed';
  const late = notInForce.flatMap((reason) => last.held?.find((one) => one.reason === reason) ?? [])[0];
  if (broken === undefined && late !== undefined && (!failed || ofDocuments)) {
    const since = { since: last.finishedAt ?? last.startedAt };
    return {
      type: 'Healthy',
      status: 'False',
      reason: late.reason,
      message: `${late.kind}/${late.name}: ${late.message}`,
      ...since,
    };
  }
  if (broken === undefined && (!failed || ofDocuments)) {
    return { type: 'Healthy', status: 'True', reason: 'HealthCheckSucceeded', message: '' };
  }
  const reason = broken?.reason ?? last.reason ?? 'ReconciliationFailed';
  const missed = outcomes.filter(({ status }) => status !== 'applied').length;
  const message = missed > 0 ? `${count(missed, 'change')} could not be made` : (last.message ?? '');
  return { type: 'Healthy', status: 'False', reason, message };
}

/** What is held for drift, the gravest first. */
const ofDrift: readonly Reason[] = ['OwnershipConflict', 'Drifted', 'DriftPaused'];
/** So many objects are named. */
const mostDrifted = 3;

/** Live state is not as it was left, and not by a commit; a moment later it is healed, or held. */
function drifted({ runs, drifts, conflicts }: Facts): Condition {
  const last = telling(runs)[0];
  if (last === undefined) return { type: 'Drifted', status: 'Unknown', reason: 'NotRunYet', message: '' };
  const oldest = drifts.at(-1);
  if (oldest === undefined) return { type: 'Drifted', status: 'False', reason: 'NoDrift', message: '' };
  const held = (last.held ?? []).filter(({ object }) => drifts.some((one) => sameObject(one.object, object)));
  const masters = conflicts > 0 ? ofDrift : ofDrift.slice(1);
  const reason = masters.find((one) => held.some((entry) => entry.reason === one)) ?? 'Drifted';
  const named = drifts.slice(0, mostDrifted).map(driftOf);
  const more = drifts.length - named.length;
  const message = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return { type: 'Drifted', status: 'True', reason, message, since: oldest.at };
}

function driftOf({ resource, object, story, deleted }: DriftRecord): string {
  const parties = partiesInWords(story === undefined ? [] : [story]);
  const what = `${resourceInWords(resource, object)} ${deleted === true ? 'deleted' : 'changed'}`;
  return parties === undefined ? `${what} (the audit log does not say by whom)` : `${what} by ${parties}`;
}

/** A resource may have several objects that go by their ids: two web chats of one document, for example. */
function resourceInWords(resource: string | undefined, object: ObjectRef): string {
  if (resource === undefined) return describe(object);
  return object.key === object.id ? `${resource} ${describe(object)}` : resource;
}

function sameObject(a: ObjectRef, b: ObjectRef): boolean {
  return a.type === b.type && (a.id === undefined || b.id === undefined ? a.key === b.key : a.id === b.id);
}

/** What a finished run did and found, as far as there is anything to say. */
function counts({ summary }: RunRecord, outcomes: readonly Outcome[]): string {
  if (summary === undefined) return '';
  const { unchanged, held } = summary;
  const made = outcomes.filter((one) => one.status === 'applied').length;
  const missed = outcomes.length - made;
  const parts = [
    ...(made > 0 ? [`${count(made, 'change')} made`] : []),
    ...(missed > 0 ? [`${missed} not made`] : []),
    ...(held > 0 ? [`${held} held`] : []),
    `${unchanged} unchanged`,
  ];
  return parts.join(', ');
}
