import type { App } from '../app.ts';
import type { ChangeFilter, RunRecord } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { commandFor } from './command-line.ts';
import { type ExitCode, exit, Refusal } from './exit.ts';
import { type Fold, foldRuns } from './fold-runs.ts';
import { resourceNamed } from './kinds.ts';
import { type Others, type RunStyle, renderRun } from './render-run.ts';
import { onlyTarget, openSession, print, type SessionOptions, stdoutPaint } from './session.ts';
import { count, hang, safe, terminalWidth } from './text.ts';
import { momentOf, stamp } from './when.ts';

export interface HistoryOptions extends SessionOptions {
  output: 'text' | 'json';
  limit: number;
  all?: boolean;
  since?: string;
  until?: string;
  resource?: string;
  author?: string;
  revision?: string;
  before?: string;
}

/** What of a run's changes is told: all, or what somebody asked for. */
type Wanted = Pick<ChangeFilter, 'resource' | 'author' | 'revision' | 'since' | 'until' | 'before'>;

/** A run with what it did, or a row of runs that did nothing. `others`: its changes that were not asked for. */
type Entry =
  | Exclude<Fold, { type: 'run' }>
  | (Extract<Fold, { type: 'run' }> & { outcomes: Outcome[]; others?: Others });

interface TargetHistory {
  target: string;
  /** Newest first. */
  entries: Entry[];
  /** The run before which the next page goes on; absent where there is nothing older. */
  before?: string;
}

/** What the runs of each target did or refused, newest first. Asks neither Genesys nor git. */
export async function historyCommand(options: HistoryOptions): Promise<ExitCode> {
  const now = new Date();
  const moment = (option: string, text: string): string => momentOf(option, text, now, 'back').toISOString();
  const { since, until, resource, author, revision } = options;
  const wanted: Wanted = {
    ...(since === undefined ? {} : { since: moment('--since', since) }),
    ...(until === undefined ? {} : { until: moment('--until', until) }),
    ...(resource === undefined ? {} : { resource: resourceNamed(resource) }),
    ...(author === undefined ? {} : { author }),
    ...(revision === undefined ? {} : { revision: revisionNamed(revision) }),
  };
  const { app, targets } = await openSession(options, { readOnly: true, role: 'history' });
  try {
    if (options.before !== undefined) {
      onlyTarget(targets, '--before goes on with one target');
      wanted.before = await positionOf(app, options.before);
    }
    const all: TargetHistory[] = [];
    for (const { name } of targets) all.push(await historyOf(app, name, options, wanted));
    if (options.output === 'json') {
      print(JSON.stringify(all, null, 2));
      return exit.ok;
    }
    const isFiltered = Object.keys(wanted).length > 0;
    const style = { paint: stdoutPaint(), width: terminalWidth(process.stdout), isFiltered };
    const told: string[] = [];
    for (const one of all) {
      const older = one.before === undefined ? {} : { older: olderThan(one, one.before, options) };
      told.push(renderHistory(one, { ...style, ...older, ...(await runningIn(app, one)) }));
    }
    print(told.join('\n\n'));
    return exit.ok;
  } finally {
    await app.close();
  }
}

/** Any other text would find nothing, and look like an answer. */
function revisionNamed(text: string): string {
  if (text.includes('@') || /^[0-9a-f]{7,}$/.test(text)) return text;
  throw new Refusal(
    `--revision ${JSON.stringify(text)}: a revision looks like main@sha1:<hex>; or give at least 7 digits of its commit`,
  );
}

async function positionOf({ journal }: App, runId: string): Promise<number> {
  const run = await journal.run(runId);
  if (run !== undefined) return run.seq;
  throw new Refusal(
    `--before ${JSON.stringify(runId)}: the journal has no such run; give its id, or the first 8 characters`,
  );
}

function olderThan({ target }: TargetHistory, before: string, options: HistoryOptions): string {
  const given = [
    ['--resource', options.resource],
    ['--author', options.author],
    ['--revision', options.revision],
    ['--since', options.since],
  ].flatMap(([name, value]) => (value === undefined ? [] : [name!, value]));
  return commandFor('history', options, target, ...given, ...(options.all ? ['--all'] : []), '--before', before);
}

/** So many runs are read at first, and then more and more, up to so many: most runs of a daemon are quiet. */
const [firstPage, largestPage] = [200, 2000];

async function historyOf(
  { journal }: App,
  target: string,
  { limit, all = false }: HistoryOptions,
  wanted: Wanted,
): Promise<TargetHistory> {
  const runs: (RunRecord & { seq: number })[] = [];
  for (let page = firstPage; ; page = Math.min(4 * page, largestPage)) {
    const before = runs.at(-1)?.seq ?? wanted.before;
    const read = await journal.runsWhere({
      target,
      ...wanted,
      ...(before === undefined ? {} : { before }),
      limit: page,
    });
    runs.push(...read);
    const folded = foldRuns(runs, all ? { all, limit } : { limit });
    // A fold at the end of what was read may go on behind it.
    if (!folded.more && read.length === page) continue;
    const entries: Entry[] = [];
    for (const entry of folded.entries) {
      entries.push(entry.type === 'run' ? told(entry, await journal.outcomes(entry.run.id), wanted) : entry);
    }
    const last = folded.more ? runs[folded.read - 1] : undefined;
    return { target, entries, ...(last === undefined ? {} : { before: last.id.slice(0, 8) }) };
  }
}

function told(entry: Extract<Fold, { type: 'run' }>, outcomes: Outcome[], { resource, author }: Wanted): Entry {
  const folded = (text: string): string => text.normalize('NFC').toLowerCase();
  const has = (text: string, part: string): boolean => folded(text).includes(folded(part));
  const some = outcomes.filter(({ kind, name, fields = [], commit }) => {
    const by = [`${kind}/${name}`, ...fields.map((field) => field.by)];
    const who = commit === undefined ? [] : [commit.author.name, commit.author.email];
    return (
      (resource === undefined || by.includes(resource)) && (author === undefined || who.some((one) => has(one, author)))
    );
  });
  if (some.length === outcomes.length) return { ...entry, outcomes };
  const applied = (all: readonly Outcome[]): number => all.filter(({ status }) => status === 'applied').length;
  const others = applied(outcomes) - applied(some);
  const notApplied = outcomes.length - some.length - others;
  return { ...entry, outcomes: some, others: { applied: others, notApplied } };
}

async function runningIn({ journal }: App, { entries }: TargetHistory): Promise<{ running?: string }> {
  const newest = entries[0];
  if (newest?.type !== 'run' || newest.run.status !== undefined || newest.run.organization === undefined) return {};
  const lease = await journal.lease(newest.run.organization);
  return lease === undefined ? {} : { running: lease.owner };
}

export function renderHistory(
  { target, entries }: TargetHistory,
  style: RunStyle & { older?: string; isFiltered?: boolean },
): string {
  const { paint, older, isFiltered = false } = style;
  const title = paint('bold', safe(target));
  const none = isFiltered ? 'no run fits these filters' : 'no run yet that did or refused something';
  if (entries.length === 0) return `${title}\n\n${none}`;
  const next = older === undefined ? [] : [paint('dim', `older: ${older}`)];
  return [title, ...entries.map((entry) => renderEntry(entry, style)), ...next].join('\n\n');
}

function renderEntry(entry: Entry, style: RunStyle): string {
  const { paint } = style;
  if (entry.type === 'quiet') {
    const span = entry.count === 1 ? stamp(entry.last) : `${stamp(entry.first)} to ${stamp(entry.last)}`;
    return hang('', paint('dim', `· ${count(entry.count, 'run')}, nothing to do, ${span}`), style.width);
  }
  const { run, outcomes, others, same } = entry;
  const before =
    same === undefined ? [] : [`${count(same.count, 'run')} before it came to the same, since ${stamp(same.first)}`];
  const left = others === undefined ? [] : [`${count(others.applied + others.notApplied, 'other change')} of this run`];
  const below = [...left, ...before].map((text) => hang('    ', paint('dim', `· ${text}`), style.width, 2));
  return [renderRun(run, outcomes, { ...style, ...(others && { others }) }), ...below].join('\n');
}
