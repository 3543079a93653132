import type { App } from '../app.ts';
import type { Removed, RunRecord } from '../model/journal.ts';
import { count } from './text.ts';
import { compareEntries } from './verify-entries.ts';
import type { LogFacts, LoggedRun } from './verify-log.ts';
import { stamp } from './when.ts';

/** What a comparison of the journal with itself and with logs came to. */
export interface Verdict {
  /** Finished runs whose entries were hashed again. */
  runs: number;
  /** Of these, those that a log tells of with a digest. */
  logged: number;
  /** Matches and drifts that a log tells of. */
  matches: number;
  differences: Difference[];
  /** What is no difference, and yet worth knowing. */
  remarks: string[];
}

export interface Difference {
  /**
   * `entries`: they are not those that the run finished with. `tables`: what reports read is not what the entries say.
   * `digest`: the log says another, or two. `match`: the log tells of an entry that is not there so.
   */
  what: 'entries' | 'tables' | 'digest' | 'not in the journal' | 'not in the log' | 'match' | 'log';
  runId?: string;
  /** `daemon.log:812`. */
  place?: string;
  message: string;
}

type Journal = App['journal'];

/** So many runs at a time. */
const page = 500;

/** Compares each finished run and all that reports read with the entries, and all of it with what logs say, within their time. */
export async function verify(
  { journal }: Pick<App, 'journal'>,
  log: LogFacts,
  targets?: ReadonlySet<string>,
): Promise<Verdict> {
  const found: Verdict = { runs: 0, logged: 0, matches: 0, differences: [], remarks: [] };
  const missing: RunRecord[] = [];
  const logging = new Set<string>();
  let later = 0;
  for await (const run of runsOf(journal, targets)) {
    const logged = log.runs.get(run.id);
    if (logged !== undefined) logging.add(sortOf(run));
    if (run.digest !== undefined) await compare(journal, run, logged, found);
    const { finishedAt, organization } = run;
    // Without an organisation it ended before it was a run: its failure was told without an id.
    if (finishedAt === undefined || organization === undefined || logged?.finished === true) continue;
    if (logged !== undefined || isIn(log, finishedAt)) missing.push(run);
    else if (log.spans.length > 0 && log.spans.every(({ to }) => finishedAt > to)) later++;
  }
  for await (const { runId, target, message } of journal.discrepancies()) {
    const isOther = target === undefined ? runId === undefined : targets?.has(target) === false;
    if (targets !== undefined && isOther) continue;
    found.differences.push({ what: 'tables', ...(runId === undefined ? {} : { runId }), message });
  }
  tellMissing(missing, logging, log, found);
  if (later > 0) found.remarks.push(`${count(later, 'run')} of the journal finished after the end of the logs`);
  const isRemoved = removals(await journal.removed(), log);
  await tellUnknown(journal, log, found, { targets, isRemoved });
  await compareEntries({ journal, log, found, targets, logging, isRemoved, isIn: (at) => isIn(log, at) });
  for (const one of log.contradictions) {
    if (targets === undefined || targets.has(log.runs.get(one.runId)?.target ?? '')) {
      found.differences.push({ what: 'digest', ...one });
    }
  }
  for (const place of log.unreadable) {
    found.differences.push({ what: 'log', place, message: 'the line is not whole, or is no line of the log' });
  }
  return found;
}

async function* runsOf(journal: Journal, targets: ReadonlySet<string> | undefined): AsyncGenerator<RunRecord> {
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const runs = await journal.runsWhere({ before, limit: page });
    for (const run of runs) if (targets === undefined || targets.has(run.target)) yield run;
    if (runs.length < page) return;
    before = runs.at(-1)!.seq;
  }
}

async function compare(journal: Journal, run: RunRecord, logged: LoggedRun | undefined, found: Verdict): Promise<void> {
  found.runs++;
  // What was tampered with may not even be readable.
  const again = await journal.digest(run.id).catch(() => undefined);
  const about = { runId: run.id, ...(logged === undefined ? {} : { place: logged.place }) };
  if (again !== run.digest) {
    const message =
      again === undefined
        ? 'the journal says that it finished, and has no entry for that which can be read'
        : `its entries have the digest ${again} now, and it finished with ${run.digest}`;
    found.differences.push({ what: 'entries', ...about, message });
  }
  if (logged?.digest === undefined) return;
  found.logged++;
  if (logged.digest === run.digest) return;
  const message = `the log says that it finished with the digest ${logged.digest}, and the journal with ${run.digest}`;
  found.differences.push({ what: 'digest', ...about, message });
}

function isIn({ spans }: LogFacts, at: string): boolean {
  return spans.some(({ from, to }) => at >= from && at <= to);
}

/** What makes runs log to one place: a daemon, or a person's `apply`. */
const sortOf = ({ trigger }: RunRecord): string => (trigger === 'apply' ? '`apply`' : 'a daemon');

/** What a daemon logs need not tell of what somebody applied by hand: that is logged elsewhere, or nowhere. */
function tellMissing(missing: readonly RunRecord[], logging: ReadonlySet<string>, log: LogFacts, found: Verdict): void {
  const elsewhere = new Map<string, number>();
  for (const run of missing) {
    const { id, finishedAt } = run;
    const [logged, sort] = [log.runs.get(id), sortOf(run)];
    if (logged === undefined && !logging.has(sort)) {
      elsewhere.set(sort, (elsewhere.get(sort) ?? 0) + 1);
      continue;
    }
    const which = logged === undefined ? 'the log does not know it' : 'the log has no line for its end';
    const message = `the journal says that it finished at ${stamp(finishedAt!)}, and ${which}`;
    found.differences.push({
      what: 'not in the log',
      runId: id,
      ...(logged === undefined ? {} : { place: logged.place }),
      message,
    });
  }
  for (const [sort, n] of elsewhere) {
    found.remarks.push(`${count(n, 'run')} by ${sort} within the time of the logs, which tell of none of that sort`);
  }
}

/** Runs of the logs that the journal does not have; what it has removed by itself is told as such. */
async function tellUnknown(
  journal: Journal,
  log: LogFacts,
  found: Verdict,
  { targets, isRemoved }: { targets: ReadonlySet<string> | undefined; isRemoved: ReturnType<typeof removals> },
): Promise<void> {
  let [gone, perhaps] = [0, 0];
  for (const [runId, logged] of log.runs) {
    const { place, at, target } = logged;
    if (targets !== undefined && target !== undefined && !targets.has(target)) continue;
    // What never ended never was: a plan tells of itself, and is no run of the journal.
    if (!logged.finished || logged.digest === undefined) continue;
    if ((await journal.run(runId)) !== undefined) continue;
    if (log.removed.has(runId)) gone++;
    else if (isRemoved({ runId, at, ...(logged.quiet === true ? { quiet: true } : {}) })) perhaps++;
    else {
      const message = `the log says that it ended at ${stamp(at)}, and the journal does not have it`;
      found.differences.push({ what: 'not in the journal', runId, place, message });
    }
  }
  if (gone > 0) found.remarks.push(`${count(gone, 'run')} of the logs were removed from the journal, as they were old`);
  if (perhaps > 0) {
    found.remarks.push(
      `${count(perhaps, 'run')} of the logs may have been removed from the journal, as they were old; a later log would say so, and is not given`,
    );
  }
}

/**
 * Whether what the log tells of may have been removed, as it was old. What the journal says of that is believed only where
 * the logs end before it: those that go on to then have a line for each run that was removed.
 */
function removals(
  removed: Removed | undefined,
  log: LogFacts,
): (one: { runId?: string; at: string; quiet?: true }) => boolean {
  const end =
    log.spans
      .map(({ to }) => to)
      .sort()
      .at(-1) ?? '';
  const at = removed?.at;
  const isBelieved = at !== undefined && !Number.isNaN(Date.parse(at)) && end < at;
  return ({ runId, at: when, quiet }) => {
    if (runId === undefined && log.removedBefore !== undefined && when < log.removedBefore) return true;
    if (runId !== undefined && log.removed.has(runId)) return true;
    if (!isBelieved || removed === undefined) return false;
    if (removed.changedBefore !== undefined && when < removed.changedBefore) return true;
    return quiet === true && when < removed.quietBefore;
  };
}
