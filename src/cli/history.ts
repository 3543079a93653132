import type { App } from '../app.ts';
import type { RunRecord } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { type ExitCode, exit } from './exit.ts';
import { type Fold, foldRuns } from './fold-runs.ts';
import { type RunStyle, renderRun } from './render-run.ts';
import { openSession, print, type SessionOptions, stdoutPaint } from './session.ts';
import { count, hang, safe, terminalWidth } from './text.ts';
import { momentOf, stamp } from './when.ts';

export interface HistoryOptions extends SessionOptions {
  output: 'text' | 'json';
  limit: number;
  all?: boolean;
  since?: string;
}

/** A run with what it did, or a row of runs that did nothing. */
type Entry = Exclude<Fold, { type: 'run' }> | (Extract<Fold, { type: 'run' }> & { outcomes: Outcome[] });

interface TargetHistory {
  target: string;
  /** Newest first. */
  entries: Entry[];
}

/** What the runs of each target did or refused, newest first. Asks neither Genesys nor git. */
export async function historyCommand(options: HistoryOptions): Promise<ExitCode> {
  const since = options.since === undefined ? undefined : momentOf('--since', options.since, new Date(), 'back');
  const { app, targets } = await openSession(options, { readOnly: true, role: 'history' });
  try {
    const all: TargetHistory[] = [];
    for (const { name } of targets) all.push({ target: name, entries: await entriesOf(app, name, options, since) });
    if (options.output === 'json') {
      print(JSON.stringify(all, null, 2));
      return exit.ok;
    }
    const style = { paint: stdoutPaint(), width: terminalWidth(process.stdout) };
    const told: string[] = [];
    for (const one of all) told.push(renderHistory(one, { ...style, ...(await runningIn(app, one)) }));
    print(told.join('\n\n'));
    return exit.ok;
  } finally {
    await app.close();
  }
}

/** Reads further back until there is enough to tell: most runs of a daemon are quiet. */
async function entriesOf(
  { journal }: App,
  target: string,
  { limit, all = false }: HistoryOptions,
  since: Date | undefined,
): Promise<Entry[]> {
  const young = ({ startedAt }: RunRecord): boolean => since === undefined || new Date(startedAt) >= since;
  for (let far = 500; ; far *= 8) {
    const read = await journal.runs(target, far);
    const runs = read.filter(young);
    const folded = foldRuns(runs, all ? { all, limit } : { limit });
    // A fold at the end of what was read may go on behind it.
    const enough = folded.more || read.length < far || runs.length < read.length;
    if (!enough) continue;
    return Promise.all(
      folded.entries.map(async (entry) =>
        entry.type === 'run' ? { ...entry, outcomes: await journal.outcomes(entry.run.id) } : entry,
      ),
    );
  }
}

async function runningIn({ journal }: App, { entries }: TargetHistory): Promise<{ running?: string }> {
  const newest = entries[0];
  if (newest?.type !== 'run' || newest.run.status !== undefined || newest.run.organization === undefined) return {};
  const lease = await journal.lease(newest.run.organization);
  return lease === undefined ? {} : { running: lease.owner };
}

export function renderHistory({ target, entries }: TargetHistory, style: RunStyle): string {
  const { paint } = style;
  const title = paint('bold', safe(target));
  if (entries.length === 0) return `${title}\n\nno run yet that did or refused something`;
  return [title, ...entries.map((entry) => renderEntry(entry, style))].join('\n\n');
}

function renderEntry(entry: Entry, style: RunStyle): string {
  const { paint } = style;
  if (entry.type === 'quiet') {
    const span = entry.count === 1 ? stamp(entry.last) : `${stamp(entry.first)} to ${stamp(entry.last)}`;
    return hang('', paint('dim', `· ${count(entry.count, 'run')}, nothing to do, ${span}`), style.width);
  }
  const told = renderRun(entry.run, entry.outcomes, style);
  if (entry.same === undefined) return told;
  const before = count(entry.same.count, 'run');
  return `${told}\n${paint('dim', `    · ${before} before it came to the same, since ${stamp(entry.same.first)}`)}`;
}
