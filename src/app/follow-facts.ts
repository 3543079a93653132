import type { Clock } from '../model/clock.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { asFailure } from '../model/failure.ts';
import type { Journal, RunRecord } from '../model/journal.ts';
import { isObject, type Json } from '../model/json.ts';
import type { Log } from '../model/log.ts';
import type { Source } from '../source/index.ts';
import { afterRun, type Choice, choose, notAfter, type Standing, soakOf } from './follow.ts';
import { goodRevision } from './past.ts';

/**
 * How targets follow each other, by the journal: what was applied where, and for how long that has been healthy. The runs
 * are the truth; a fact of each followed target sums up those that cannot change any more, so that nobody reads them all.
 */

/** A standing with the newest run in it. */
interface Kept extends Standing {
  upTo?: { id: string; startedAt: string };
}

export const standingKey = (target: string): string => `standing:${target}`;

/** Runs that are looked at for those after the kept ones. The last one only where there is no fact yet. */
const looks = [20, 200, 5000];
/** So many runs that changed nothing of it are summed up anew; a fact for each would be a write for each. */
const mostUnkept = 15;

/** How a target stands for those that follow it. */
export async function standingOf(
  journal: Journal,
  target: string,
  targets: readonly TargetConfig[],
  now: Date,
): Promise<Standing> {
  return (await summedUp(journal, target, longestSoak(target, targets), now)).standing;
}

async function summedUp(
  journal: Journal,
  target: string,
  longestSoakMs: number,
  now: Date,
): Promise<{ kept: Kept; standing: Standing; settled: Kept; runs: number }> {
  const kept = keptOf(await journal.recall(standingKey(target)));
  const since = await runsSince(journal, target, kept.upTo);
  const fold = (from: Standing, runs: readonly RunRecord[]): Standing =>
    runs.reduceRight((standing, run) => notAfter(afterRun(standing, run, longestSoakMs), now), notAfter(from, now));
  const sure = since.slice(unsettled(since));
  const upTo = sure[0] === undefined ? kept.upTo : { id: sure[0].id, startedAt: sure[0].startedAt };
  const settled = fold(kept, sure);
  const standing = fold(settled, since.slice(0, since.length - sure.length));
  return { kept, standing, settled: { ...settled, ...(upTo && { upTo }) }, runs: sure.length };
}

/** Newest first. */
async function runsSince(journal: Journal, target: string, upTo: Kept['upTo']): Promise<RunRecord[]> {
  for (const far of looks) {
    const runs = await journal.runs(target, far);
    const at = upTo === undefined ? -1 : runs.findIndex(({ id }) => id === upTo.id);
    if (at >= 0) return runs.slice(0, at);
    if (runs.length < far || far === looks.at(-1)) {
      // That run may have been tidied away.
      return upTo === undefined ? runs : runs.filter(({ startedAt }) => startedAt > upTo.startedAt);
    }
  }
  return [];
}

/**
 * How many of the newest runs may still come to another end. One without an end is over, however that was, when a later
 * one has finished that had the right to write.
 */
function unsettled(runs: readonly RunRecord[]): number {
  const engine = runs.findIndex(
    ({ finishedAt, organization }) => finishedAt !== undefined && organization !== undefined,
  );
  const newer = engine < 0 ? runs : runs.slice(0, engine);
  return newer.findLastIndex(({ finishedAt }) => finishedAt === undefined) + 1;
}

function keptOf(fact: Json | undefined): Kept {
  return isObject(fact) && Array.isArray(fact['applied']) ? (fact as unknown as Kept) : { applied: [] };
}

function longestSoak(target: string, targets: readonly TargetConfig[]): number {
  return Math.max(0, ...targets.flatMap(({ after }) => (after?.target === target ? [soakOf(after)] : [])));
}

/** A target that follows another, at one moment. */
export interface Followed {
  /** The other target. */
  other: string;
  soakMs: number;
  standing: Standing;
  choice: Choice;
  /** The revision that it was brought to last, or as far towards as it went. */
  current?: string;
}

/** What a following target is to run on; undefined where it follows nobody. Nothing is written. */
export async function follow(
  journal: Journal,
  { name, after }: Pick<TargetConfig, 'name' | 'after'>,
  targets: readonly TargetConfig[],
  now: Date,
): Promise<Followed | undefined> {
  if (after === undefined) return undefined;
  const standing = await standingOf(journal, after.target, targets, now);
  const taken = await lastTaken(journal, name);
  const current = taken === undefined ? {} : { current: taken };
  const soakMs = soakOf(after);
  return { other: after.target, soakMs, standing, choice: choose(standing, { soakMs, now, ...current }), ...current };
}

async function lastTaken(journal: Journal, target: string): Promise<string | undefined> {
  for (const far of [1, 20, 200]) {
    const runs = await journal.runs(target, far);
    const found = runs.find(({ summary, partial }) => summary !== undefined && partial !== true);
    if (found !== undefined) return found.revision;
  }
  const good = await journal.recall(goodRevision(target));
  return typeof good === 'string' ? good : undefined;
}

/**
 * To be called when a whole run of a target has come to an end: what it runs on, and what it applied and is soaking for
 * others, stays readable, whatever becomes of the branch. What fails here is tried again after the next run.
 */
export async function keepForFollowing(
  { name, after }: TargetConfig,
  revision: string,
  targets: readonly TargetConfig[],
  { journal, source, log, clock }: { journal: Journal; source: Pick<Source, 'pin'>; log: Log; clock: Clock },
): Promise<void> {
  try {
    if (after !== undefined) await source.pin(name, revision);
    if (!targets.some((other) => other.after?.target === name)) return;
    const { kept, settled, runs } = await summedUp(journal, name, longestSoak(name, targets), clock.now());
    const before = slotsOf(kept);
    for (const [slot, soaking] of slotsOf(settled)) {
      if (before.get(slot) !== soaking) await source.pin(`${name}/${slot}`, soaking);
    }
    // The fact comes after the pins: killed in between, the next run pins once more.
    if (runs > mostUnkept || changed(kept, settled)) {
      await journal.memorise(standingKey(name), settled as unknown as Json);
    }
  } catch (error) {
    log.warn(
      { target: name, detail: asFailure(error).message },
      'what soaks cannot be kept, tried again after the next run',
    );
  }
}

function slotsOf({ applied }: Standing): Map<number, string> {
  return new Map(applied.flatMap(({ slot, revision }) => (slot === undefined ? [] : [[slot, revision] as const])));
}

function changed({ upTo: _old, ...kept }: Kept, { upTo: _new, ...settled }: Kept): boolean {
  return JSON.stringify(kept) !== JSON.stringify(settled);
}
