import type { Clock } from '../model/clock.ts';
import type { Journal } from '../model/journal.ts';
import type { Commit } from '../model/plan.ts';
import type { ResourceId } from '../model/resource.ts';
import type { Past } from '../reconcile/attribute.ts';
import type { Source } from '../source/index.ts';

/** The fact of the journal in which the last good revision of a target stands. */
export const goodRevision = (target: string): string => `good-revision:${target}`;

/** So many runs back is looked for one that succeeded. */
const farEnough = 200;

/** The same question is asked again and again while one commit reaches all targets; git takes its time for each answer. */
const sharedMs = 60_000;

/** A source's history, of which targets that ask the same within a minute share the answer. */
export function sharedHistory(source: Pick<Source, 'history'>, clock: Clock): Pick<Source, 'history'> {
  const answers = new Map<string, { until: number; answer: ReturnType<Source['history']> }>();
  return {
    history(range, paths) {
      const now = clock.now().getTime();
      for (const [key, { until }] of answers) if (until <= now || until > now + sharedMs) answers.delete(key);
      const key = JSON.stringify([range.from, range.to, [...paths].sort()]);
      const known = answers.get(key);
      if (known !== undefined) return known.answer;
      const answer = source.history(range, paths);
      answers.set(key, { until: now + sharedMs, answer });
      answer.catch(() => answers.delete(key));
      return answer;
    },
  };
}

/** What the source can tell of how a target came to a revision; `named`: a person asked for just this one. */
export async function pastOf(
  source: Pick<Source, 'history'>,
  journal: Journal,
  target: string,
  { revision, named }: { revision: string; named: boolean },
): Promise<Past> {
  const since = named ? undefined : await lastApplied(journal, target);
  return {
    ...(since === undefined ? {} : { since }),
    async commitsOf(wanted) {
      const all = [...new Set([...wanted.values()].flat())];
      const recent = await source.history({ ...(since === undefined ? {} : { from: since }), to: revision }, all);
      const found = newestOf(wanted, recent.commits);
      // What was held, or failed, until now may have been committed long before the last applied revision.
      const older = [...wanted].filter(([by, paths]) => paths.length > 0 && !found.has(by));
      if (older.length === 0 || since === undefined) return { commits: found, rewritten: recent.rewritten };
      const before = await source.history({ to: revision }, [...new Set(older.flatMap(([, paths]) => paths))]);
      return {
        commits: new Map([...found, ...newestOf(new Map(older), before.commits)]),
        rewritten: recent.rewritten,
      };
    },
    async commitsAt(at, wanted) {
      const { commits } = await source.history({ to: at }, [...new Set([...wanted.values()].flat())]);
      return newestOf(wanted, commits);
    },
  };
}

async function lastApplied(journal: Journal, target: string): Promise<string | undefined> {
  // Nearly always it is the last one.
  for (const far of [1, farEnough]) {
    const runs = await journal.runs(target, far);
    const found = runs.find(({ status, partial }) => status === 'succeeded' && partial !== true);
    if (found !== undefined) return found.revision;
  }
  return undefined;
}

/** Commits come newest first. */
function newestOf(
  wanted: ReadonlyMap<ResourceId, readonly string[]>,
  commits: readonly (Commit & { touched: string[] })[],
): Map<ResourceId, Commit> {
  const newest = new Map<string, Commit>();
  for (const { touched, ...commit } of commits) {
    for (const path of touched) if (!newest.has(path)) newest.set(path, commit);
  }
  const order = new Map(commits.map(({ sha }, i) => [sha, i]));
  return new Map(
    [...wanted].flatMap(([by, paths]) => {
      const all = paths.flatMap((path) => newest.get(path) ?? []);
      const first = all.sort((a, b) => order.get(a.sha)! - order.get(b.sha)!)[0];
      return first === undefined ? [] : [[by, first] as const];
    }),
  );
}
