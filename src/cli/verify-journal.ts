import { createHash } from 'node:crypto';
import type { App } from '../app.ts';
import type { Removed, RunRecord } from '../model/journal.ts';
import { stable } from '../model/json.ts';
import { count } from './text.ts';
import type { LogFacts, LoggedRun } from './verify-log.ts';
import { stamp } from './when.ts';

/** What a comparison of the journal with itself and with logs came to. */
export interface Verdict {
  /** Finished runs whose entries were hashed again. */
  runs: number;
  /** Of these, those that a log tells of with a digest. */
  logged: number;
  /** Matches that a log tells of. */
  matches: number;
  differences: Difference[];
  /** What is no difference, and yet worth knowing. */
  remarks: string[];
}

export interface Difference {
  /** `entries`: they are not those that the run finished with. `digest`: the log says another. */
  what: 'entries' | 'digest' | 'not in the journal' | 'not in the log' | 'match' | 'log';
  runId?: string;
  /** `daemon.log:812`. */
  place?: string;
  message: string;
}

type Journal = App['journal'];

/** So many runs at a time. */
const page = 500;

/** Compares each finished run with its entries, and all of it with what logs say, within their time. */
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
  tellMissing(missing, logging, log, found);
  if (later > 0) found.remarks.push(`${count(later, 'run')} of the journal finished after the end of the logs`);
  await tellUnknown(journal, log, found, targets);
  await compareMatches(journal, log, found, targets);
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
  const again = await journal.digest(run.id);
  const about = { runId: run.id, ...(logged === undefined ? {} : { place: logged.place }) };
  if (again !== run.digest) {
    const message =
      again === undefined
        ? 'the journal says that it finished, and has no entry for that'
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

/** Runs of the logs that the journal does not have; what it may have removed by itself is told as such. */
async function tellUnknown(
  journal: Journal,
  log: LogFacts,
  found: Verdict,
  targets: ReadonlySet<string> | undefined,
): Promise<void> {
  const removed = await journal.removed();
  let gone = 0;
  for (const [runId, logged] of log.runs) {
    const { place, at, target } = logged;
    if (targets !== undefined && target !== undefined && !targets.has(target)) continue;
    // What never ended never was: a plan tells of itself, and is no run of the journal.
    if (!logged.finished || logged.digest === undefined) continue;
    if ((await journal.run(runId)) !== undefined) continue;
    if (mayBeRemoved(logged, removed)) gone++;
    else {
      const message = `the log says that it ended at ${stamp(at)}, and the journal does not have it`;
      found.differences.push({ what: 'not in the journal', runId, place, message });
    }
  }
  if (gone > 0) found.remarks.push(`${count(gone, 'run')} of the logs were removed from the journal, as they were old`);
}

function mayBeRemoved({ at, quiet }: LoggedRun, removed: Removed | undefined): boolean {
  if (removed === undefined) return false;
  return (
    (removed.changedBefore !== undefined && at < removed.changedBefore) || (quiet === true && at < removed.quietBefore)
  );
}

/** Each line that tells of a match names the entry by its digest. */
async function compareMatches(
  journal: Journal,
  log: LogFacts,
  found: Verdict,
  targets: ReadonlySet<string> | undefined,
): Promise<void> {
  const wanted = Map.groupBy(log.matches, ({ runId }) => runId);
  const digests = new Map<string, Set<string>>();
  if (wanted.size > 0) {
    for await (const { runId, type, at, body } of journal.entries()) {
      if (type !== 'audit-matched' || !wanted.has(runId)) continue;
      const digest = createHash('sha256')
        .update(`${stable({ at, body, type })}\n`)
        .digest('hex');
      digests.set(runId, (digests.get(runId) ?? new Set()).add(digest));
    }
  }
  for (const [runId, told] of wanted) {
    const run = await journal.run(runId);
    if (run === undefined || (targets !== undefined && !targets.has(run.target))) continue;
    for (const { entry, place } of told) {
      found.matches++;
      if (digests.get(runId)?.has(entry) === true) continue;
      const message = `the log tells of a match with the entry ${entry}, which the journal does not have so`;
      found.differences.push({ what: 'match', runId, place, message });
    }
  }
}
