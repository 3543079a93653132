import type { RunRecord } from '../model/journal.ts';
import { stable } from '../model/json.ts';

/** Runs that a person wants to read, and in one line each row of runs that they do not. */
export type Fold =
  | { type: 'run'; run: RunRecord; same?: { count: number; first: string } }
  | { type: 'quiet'; count: number; first: string; last: string };

/**
 * Newest first, as they come. Runs with nothing to do are counted; so are those that could do as little, for the same
 * reason, as the run after them. At most `limit` runs are told; `more` where that ended it, after the first `read` runs.
 */
export function foldRuns(
  runs: readonly RunRecord[],
  { limit, all = false }: { limit: number; all?: boolean },
): { entries: Fold[]; more: boolean; read: number } {
  const entries: Fold[] = [];
  let runsTold = 0;
  for (const [read, run] of runs.entries()) {
    const last = entries.at(-1);
    if (!all && isQuiet(run)) {
      if (last?.type === 'quiet') Object.assign(last, { count: last.count + 1, first: run.startedAt });
      else entries.push({ type: 'quiet', count: 1, first: run.startedAt, last: run.startedAt });
      continue;
    }
    // Between two refusals of a bad revision a daemon applies the last good one, and finds nothing to do.
    const told = last?.type === 'quiet' ? entries.at(-2) : last;
    if (!all && told?.type === 'run' && idle(run) && saying(run) === saying(told.run)) {
      told.same = { count: (told.same?.count ?? 0) + 1, first: run.startedAt };
      continue;
    }
    if (runsTold === limit) return { entries, more: true, read };
    runsTold++;
    entries.push({ type: 'run', run });
  }
  return { entries, more: false, read: runs.length };
}

function changes({ summary }: RunRecord): number {
  return summary === undefined ? 0 : summary.create + summary.update + summary.delete;
}

function isQuiet(run: RunRecord): boolean {
  const { status, notes = [], activationMs } = run;
  return status === 'succeeded' && changes(run) === 0 && notes.length === 0 && activationMs === undefined;
}

/** Nothing was to be written, or nothing could be. */
function idle(run: RunRecord): boolean {
  return run.status !== undefined && run.status !== 'succeeded' && changes(run) === 0;
}

/** What a run came to, but for the time. */
function saying({ revision, status, reason, message, summary, held, approval, notes }: RunRecord): string {
  const parts = { revision, status, reason, message, summary, held, approval, notes };
  return stable(JSON.parse(JSON.stringify(parts)));
}
