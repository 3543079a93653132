import { durationOf } from '../model/duration.ts';
import { Failure, type Reason, reasons } from '../model/failure.ts';
import type { RunRecord } from '../model/journal.ts';

/** A revision that a target applied. */
export interface AppliedRevision {
  revision: string;
  /** ISO 8601: the end of the first run that applied it whole. */
  since: string;
  /** As in the run's record. */
  content?: string;
  /** The number under which it is kept readable; absent where something newer that may be taken has made it superfluous. */
  slot?: number;
}

/** What a target's runs say to those that follow it. */
export interface Standing {
  /** In the order of first application, oldest first. */
  applied: AppliedRevision[];
  /** The end of the first good run after the last break; absent before the first one, and while it is broken. */
  healthySince?: string;
  /** Since when it is not healthy, and why. */
  broken?: { since: string; reason: Reason };
}

/** So many revisions may wait to be taken at once; each is kept readable. */
const mostWaiting = 24;
/** So many are known, to tell a way back from a way on. */
const mostKnown = 100;

/**
 * True where a run tells of this process, of a call or of the way to Genesys, and not of the organisation: it ended as a
 * whole, for what passes by itself or stalls all of the target, or for an approval of another plan. A revision that a
 * person named may be on no branch at all, and tells nothing of what is.
 */
function saysNothing({ status, reason = 'ReconciliationFailed', organization, named }: RunRecord): boolean {
  if (organization === undefined || reason === 'ApprovalMismatch' || named === true) return true;
  // A newer build, which shares the journal, may give reasons that this one does not know.
  return status === 'failed' && Object.hasOwn(reasons, reason) && reasons[reason][0] !== 'NeedsHuman';
}

/**
 * One finished run more; runs come in the order in which they began.
 *
 * A whole run that succeeded has applied its revision, and heals. One that `failed` or `held` something breaks. Everything
 * else says nothing: `unreachable` runs and others that were cut short, those of `--only` that went well, and those that
 * ended before the organisation was looked at; a newer revision that was refused (`ValidationFailed`) is one of them, since
 * the good one stays in force.
 *
 * A revision that is applied again takes back what came after it: a branch that was rewound, a folder that was put back, or
 * a revert, after which the files are the same as before, whatever the commit is called.
 */
export function afterRun(standing: Standing, run: RunRecord, longestSoakMs: number): Standing {
  const { status, reason, partial, revision, content, finishedAt: at } = run;
  if (at === undefined || saysNothing(run)) return standing;
  const { applied, healthySince, broken } = standing;
  if (status === 'failed' || status === 'held') {
    return { applied, broken: broken ?? { since: at, reason: reason ?? 'ReconciliationFailed' } };
  }
  if (status !== 'succeeded' || partial === true) return standing;
  const known = applied.findLastIndex(
    (one) => one.revision === revision || (content !== undefined && one.content === content),
  );
  const isLast = known >= 0 && known === applied.length - 1;
  if (isLast && healthySince !== undefined) return standing;
  const all =
    known < 0 ? [...applied, { revision, since: at, ...(content && { content }) }] : applied.slice(0, known + 1);
  return { applied: isLast ? applied : withSlots(all, time(at) - longestSoakMs), healthySince: healthySince ?? at };
}

/**
 * Which of them may still be taken, and so stay readable: the newest that has soaked by any measure (`soakedBefore`), and
 * all after it. Where those are too many, some in the middle go, and never the oldest: a stream of commits would starve
 * whoever follows. What was let go once is not taken any more.
 */
function withSlots(applied: readonly AppliedRevision[], soakedBefore: number): AppliedRevision[] {
  const last = applied.length - 1;
  const readable = applied.filter(({ slot }, i) => slot !== undefined || i === last);
  const soaked = readable.findLastIndex(({ since }) => time(since) <= soakedBefore);
  let waiting = readable.slice(Math.max(0, soaked));
  while (waiting.length > mostWaiting) waiting = thinned(waiting);
  const taken = new Set(waiting.map(({ slot }) => slot));
  const free = Array.from({ length: mostWaiting }, (_, i) => i).filter((slot) => !taken.has(slot));
  const kept = applied.map((one): AppliedRevision => {
    const { slot, ...what } = one;
    return waiting.includes(one) ? { ...what, slot: slot ?? free.shift()! } : what;
  });
  let superfluous = Math.max(0, kept.length - mostKnown);
  return kept.filter(({ slot }) => slot !== undefined || superfluous-- <= 0);
}

/** Without the one that leaves the least gap for its age: short soaks need the young ones, long soaks any of the old. */
function thinned(waiting: readonly AppliedRevision[]): AppliedRevision[] {
  const times = waiting.map(({ since }) => time(since));
  const newest = times.at(-1)!;
  const gap = (i: number): number => (times[i + 1]! - times[i - 1]!) / (newest - times[i]! + 1);
  let least = 1;
  for (let i = 2; i < times.length - 1; i++) if (gap(i) < gap(least)) least = i;
  return waiting.filter((_, i) => i !== least);
}

/** The standing as if nothing in it came after `now`: a clock that was ahead once must not hold anybody up until then. */
export function notAfter({ applied, healthySince, broken }: Standing, now: Date): Standing {
  const capped = (at: string): string => (time(at) > now.getTime() ? now.toISOString() : at);
  return {
    applied: applied.map((one) => ({ ...one, since: capped(one.since) })),
    ...(healthySince === undefined ? {} : { healthySince: capped(healthySince) }),
    ...(broken === undefined ? {} : { broken: { ...broken, since: capped(broken.since) } }),
  };
}

/** Which revision a following target is to run on. */
export interface Choice {
  /** Absent where nothing is ready, and the target has nothing of its own. */
  revision?: string;
  /** Where `revision` is one that the other target applied: since when. */
  since?: string;
  /** What it takes next, as far as that can be told. */
  next?: { revision: string; since: string; readyAt?: string };
}

/**
 * The newest revision (by order of first application at the other target) that is ready: `soakMs` have passed since it
 * was applied there first, and since the end of the first good run after the last break. So a stream of commits is
 * followed at that distance. Nothing is ready while the other is not healthy; then the target keeps what it has, and that
 * is also what it does in the place of going back to an older one: where the soak time was made longer, for example.
 * It does go back to where the other went back to.
 */
export function choose(
  { applied, healthySince }: Standing,
  { current, soakMs, now }: { current?: string; soakMs: number; now: Date },
): Choice {
  const readyAt = ({ since }: AppliedRevision): number =>
    Math.max(time(since), healthySince === undefined ? Number.POSITIVE_INFINITY : time(healthySince)) + soakMs;
  const takes = (one: AppliedRevision): boolean => one.slot !== undefined;
  const ready = applied.findLastIndex((one) => takes(one) && readyAt(one) <= now.getTime());
  const has = applied.findIndex(({ revision }) => revision === current);
  const at = Math.max(ready, has);
  const waiting = applied.slice(at + 1).filter(takes);
  const soonest = Math.min(...waiting.map(readyAt));
  const next = waiting.findLast((one) => readyAt(one) === soonest);
  const revision = at < 0 ? current : applied[at]!.revision;
  return {
    ...(revision === undefined ? {} : { revision }),
    ...(at < 0 ? {} : { since: applied[at]!.since }),
    ...(next === undefined ? {} : { next: nextOf(next, soonest) }),
  };
}

function nextOf({ revision, since }: AppliedRevision, readyAt: number): NonNullable<Choice['next']> {
  return { revision, since, ...(Number.isFinite(readyAt) ? { readyAt: new Date(readyAt).toISOString() } : {}) };
}

function time(at: string): number {
  return new Date(at).getTime();
}

/** `soak` in milliseconds; the daemon's file was checked. */
export function soakOf({ soak = '0s' }: { soak?: string }): number {
  return durationOf(soak) ?? 0;
}

/** A target that follows another has nothing to run on yet: no run, and nothing to mend either. */
export class Waiting extends Failure {
  constructor(forWhat: string) {
    super('RevisionNotReady', `waits for ${forWhat}`);
  }
}
