import { type App, InvalidSnapshot, type TargetReport } from '../app.ts';
import type { Again, Metrics, Revisions, RunEnd, Vitals, Wish } from '../daemon/index.ts';
import type { Clock } from '../model/clock.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { asFailure, Failure, type Reason, reasons } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import type { Outcome, Plan } from '../model/plan.ts';
import type { Desired } from '../model/resource.ts';
import { retryStalledAfterMs } from '../model/stall.ts';
import type { Candidates } from './daemon-follow.ts';
import type { Pins } from './daemon-pins.ts';
import { Waiting } from './follow.ts';
import { goodRevision } from './past.ts';

export interface RunDeps {
  app: App;
  revisions: Revisions;
  candidates: Candidates;
  pins: Pins;
  metrics: Metrics;
  vitals: Vitals;
  clock: Clock;
  log: Log;
  /** A reload: a permission or a secret that was missing may be there now. */
  reloaded?: boolean;
  /** Told of each change that was attempted. */
  wrote?(target: string): void;
  /** Told of each failure that ended a run. */
  failed?(failure: Failure): void;
  /** A revision was read and found valid, or was so before. */
  known(revision: string): void;
  /** There is none to read yet: the target that this one follows has not made any ready. */
  waits(why: string): void;
}

/** What the loop calls for a target: one run, measured, on the best revision that there is for it, or else the next. */
export function runner(target: TargetConfig, deps: RunDeps): (wish: Wish) => Promise<RunEnd> {
  /** What stalled is tried again until it was, once. */
  let fresh = deps.reloaded === true;
  return async (asked) => {
    const began = performance.now();
    const wish = fresh ? { ...asked, byHand: true } : asked;
    const { end, plan, waits } = await tryRevisions(target, wish, deps);
    // Nothing ran.
    if (waits === true) return end;
    if (plan !== undefined) fresh = false;
    deps.metrics.ran(target.name, end, (performance.now() - began) / 1000, plan);
    return end;
  };
}

interface Ended {
  end: RunEnd;
  plan?: Plan;
  /** For another target. */
  waits?: boolean;
}

async function tryRevisions(target: TargetConfig, wish: Wish, deps: RunDeps): Promise<Ended> {
  const { candidates, log } = deps;
  const lost: Failure[] = [];
  try {
    for (const revision of await candidates.find()) {
      try {
        const report = await reconcile(target, revision, wish, deps);
        const end = { ...endOfReport(report, deps.clock.now()), ...(await activationOf(target, report, deps)) };
        return { plan: report.plan, end: lost[0] === undefined ? end : withSooner(endOfFailure(lost[0]), end) };
      } catch (error) {
        const failure = asFailure(error);
        // A revision that is bad or cannot be fetched must not keep the last good one from being in force.
        if (error instanceof InvalidSnapshot) logRefused(log, target.name, error.desired);
        else if (failure.reason !== 'SourceUnavailable') throw error;
        else log.warn({ target: target.name, revision, detail: failure.message }, 'revision cannot be read');
        lost.push(failure);
      }
    }
    // That one cannot be read may pass; that one is bad will not.
    throw lost.find(({ reason }) => reason === 'SourceUnavailable') ?? lost[0] ?? new Failure('Unexpected', 'no run');
  } catch (error) {
    const failure = asFailure(error);
    if (failure instanceof Waiting) {
      log.info({ target: target.name, detail: failure.message }, 'waiting for another target');
      deps.waits(failure.message);
      return { waits: true, end: { status: 'held', reason: failure.reason, message: failure.message } };
    }
    deps.failed?.(failure);
    if (!lost.includes(failure) || failure.class === 'Retry') logFailed(log, target.name, failure);
    return { end: endOfFailure(failure) };
  }
}

async function reconcile(target: TargetConfig, revision: string, wish: Wish, deps: RunDeps): Promise<TargetReport> {
  const { app, revisions, metrics, vitals, known } = deps;
  const options = {
    mode: 'apply' as const,
    revision,
    trigger: wish.trigger,
    ...(wish.byHand === true ? { byHand: true } : {}),
    resolved: known,
    turn: (has: boolean) => (has ? vitals.progress(target.name) : vitals.waits(target.name)),
    looked: () => vitals.progress(target.name),
    progress: (outcome: Outcome) => {
      vitals.progress(target.name);
      metrics.changed(target.name, outcome);
      if (outcome.receipt.requests.length > 0) deps.wrote?.(target.name);
    },
  };
  const report = await app.reconcile(target, options);
  if (revisions.worked(target.name, revision)) await keep(target.name, revision, deps);
  return report;
}

/** The run's record tells it also where an earlier run had written what this one saw in force. */
async function activationOf(
  { name }: TargetConfig,
  { runId }: TargetReport,
  { app }: RunDeps,
): Promise<{ activationMs?: number }> {
  const [last] = await app.journal.runs(name, 1);
  if (last?.id !== runId || last.activationMs === undefined) return {};
  return { activationMs: last.activationMs };
}

/** What worked stays in force, whatever comes: across restarts, and when the branch is rewritten. */
async function keep(target: string, revision: string, { app, pins, log }: RunDeps): Promise<void> {
  pins.keep(target, revision);
  try {
    await app.journal.memorise(goodRevision(target), revision);
  } catch (error) {
    log.warn({ target, revision, detail: asFailure(error).message }, 'the last good revision cannot be kept');
  }
}

/** What stalled is tried again after an hour; a schedule of days must not make it a day. */
const atLatest = { after: retryStalledAfterMs };
/** A timer may go off a little early. */
const justAfterMs = 100;

function endOfReport({ runId, status, reason, outcomes, plan }: TargetReport, now: Date): RunEnd {
  // What says when it is over is waited for until then: to ask before would be in vain.
  const timed = plan.held.flatMap(({ until }) => (until === undefined ? [] : [new Date(until).getTime()]));
  const unwell = [
    ...outcomes.filter((outcome) => outcome.status !== 'applied'),
    ...plan.held.filter(({ until }) => until === undefined),
  ];
  const passing = unwell.some((one) => one.reason !== undefined && passes(one.reason));
  if (passing) return { runId, status, reason, again: {} };
  if (status === 'succeeded') return { runId, status, reason };
  const soonest = timed.reduce((first, at) => Math.min(first, at - now.getTime() + justAfterMs), atLatest.after);
  return { runId, status, reason, again: { after: Math.max(soonest, 0) } };
}

function endOfFailure(failure: Failure): RunEnd {
  const { reason, message, detail } = failure;
  const soon = detail.after === undefined ? {} : { after: detail.after };
  return {
    status: reason === 'LeaseHeld' ? 'held' : failure.class === 'Retry' ? 'unreachable' : 'failed',
    reason,
    message,
    again: passes(reason) ? soon : atLatest,
  };
}

/** The first, followed up as early as either: what names no time comes within seconds. */
function withSooner(end: RunEnd, { again: other }: RunEnd): RunEnd {
  const far = ({ after = 0 }: Again): number => after;
  if (other === undefined || (end.again !== undefined && far(end.again) <= far(other))) return end;
  return { ...end, again: other };
}

/** What time may mend, or somebody who does not have to tell this process: a journal, a secret, a permission. */
function passes(reason: Reason): boolean {
  const [next] = reasons[reason];
  return next === 'TryLater' || next === 'Retry' || next === 'TargetStalled';
}

function logFailed(log: Log, target: string, { reason, message }: Failure): void {
  const said = { target, reason, detail: message };
  // Two daemons on one organisation are meant to be: the second waits.
  if (reason === 'LeaseHeld') log.debug(said, 'another process writes, waiting for it');
  else log.error(said, 'reconciliation failed');
}

function logRefused(log: Log, target: string, { revision, problems }: Desired): void {
  for (const { code, message, place } of problems) {
    log.error({ target, revision, code, detail: message, place }, 'problem in the config repository');
  }
  log.error({ target, revision, problems: problems.length }, 'revision refused, the last good one stays in force');
}
