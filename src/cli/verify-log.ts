import { isObject, type JsonObject } from '../model/json.ts';
import { Refusal } from './exit.ts';
import { linesOf } from './log-lines.ts';
import { stamp } from './when.ts';

/** What exported logs say of runs. Times are ISO 8601. */
export interface LogFacts {
  /** By run id. */
  runs: Map<string, LoggedRun>;
  /** Lines that tell of an entry of the journal, with its digest. */
  entries: LoggedEntry[];
  /** Ids of runs that the journal removed as they were old. */
  removed: Set<string>;
  /** Up to when it removed what belongs to no run. */
  removedBefore?: string;
  /** Lines that contradict earlier ones. */
  contradictions: { runId: string; place: string; message: string }[];
  /** From when to when each file is. */
  spans: { file: string; from: string; to: string }[];
  /** Lines that could not be read, as `file:line`. */
  unreadable: string[];
  lines: number;
}

export interface LoggedRun {
  /** `daemon.log:812`: of the line that ended it, or else of the first that tells of it. */
  place: string;
  target?: string;
  /** When it ended, or was told of last. */
  at: string;
  /** Whether a line tells of its end. */
  finished: boolean;
  digest?: string;
  /** True where it had nothing to change. */
  quiet?: true;
}

export interface LoggedEntry {
  /** Absent for what belongs to no run. */
  runId?: string;
  target?: string;
  digest: string;
  at: string;
  place: string;
}

/** Reads JSON Lines as the daemon writes them; what a container platform puts before each line, or around it, is taken off. */
export async function readLogs(files: readonly string[]): Promise<LogFacts> {
  const facts: LogFacts = {
    runs: new Map(),
    entries: [],
    removed: new Set(),
    contradictions: [],
    spans: [],
    unreadable: [],
    lines: 0,
  };
  for (const file of files) {
    let from: string | undefined;
    let to: string | undefined;
    try {
      for await (const { number, text } of linesOf(file)) {
        if (text?.trim() === '') continue;
        facts.lines++;
        const said = text === undefined ? undefined : parsed(text);
        if (said === undefined) {
          facts.unreadable.push(`${file}:${number}`);
          continue;
        }
        const at = timeOf(said);
        if (at !== undefined) {
          from = from === undefined || at < from ? at : from;
          to = to === undefined || at > to ? at : to;
        }
        note(facts, said, { at: at ?? to ?? '', place: `${file}:${number}` });
      }
    } catch (error) {
      throw new Refusal(`--log ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (from !== undefined && to !== undefined) facts.spans.push({ file, from, to });
  }
  return facts;
}

function parsed(line: string): JsonObject | undefined {
  const start = line.indexOf('{');
  if (start < 0) return undefined;
  try {
    const value: unknown = JSON.parse(line.slice(start));
    if (!isObject(value)) return undefined;
    // Docker's `json-file` driver.
    return typeof value['log'] === 'string' && !('msg' in value) ? parsed(value['log']) : value;
  } catch {
    return undefined;
  }
}

function timeOf({ time }: JsonObject): string | undefined {
  const date = new Date(typeof time === 'string' || typeof time === 'number' ? time : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Lines that tell of the end of a run. */
const ends = ['run finished', 'run failed'];
/** Lines that tell of what is learnt of a run, or beside runs, maybe long after and in another file; each names its entry. */
const learnt = [
  'change matched',
  'change not matched',
  'drift found',
  'drift explained',
  'another process with our client',
];
const removals = ['old runs are removed from the journal', 'old entries of no run are removed from the journal'];

function note(facts: LogFacts, said: JsonObject, { at, place }: { at: string; place: string }): void {
  const { runId, target, msg, digest, entry, summary, runs, before: removedBefore } = said;
  if (typeof msg !== 'string') return;
  if (removals.includes(msg)) {
    if (Array.isArray(runs)) for (const id of runs) facts.removed.add(String(id));
    if (typeof removedBefore === 'string' && removedBefore > (facts.removedBefore ?? ''))
      facts.removedBefore = removedBefore;
    return;
  }
  const whose = typeof target === 'string' ? { target } : {};
  if (learnt.includes(msg)) {
    const run = typeof runId === 'string' ? { runId } : {};
    if (typeof entry === 'string') facts.entries.push({ ...run, ...whose, digest: entry, at, place });
    return;
  }
  if (typeof runId !== 'string') return;
  const before = facts.runs.get(runId);
  const finished = ends.includes(msg);
  if (before?.finished === true) {
    if (finished) contradict(facts, before, { runId, at, digest, place });
    return;
  }
  if (before !== undefined && !finished) {
    before.at = at;
    return;
  }
  facts.runs.set(runId, {
    place,
    ...whose,
    at,
    finished,
    ...(typeof digest === 'string' ? { digest } : {}),
    ...(isQuiet(summary) ? { quiet: true } : {}),
  });
}

/** A run ends once: the first line counts, as a log can be added to by whoever may write to its end. */
function contradict(
  facts: LogFacts,
  first: LoggedRun,
  { runId, at, digest, place }: { runId: string; at: string; digest: unknown; place: string },
): void {
  if (digest === first.digest || typeof digest !== 'string') return;
  const message = `the log tells of its end again, at ${stamp(at)} with the digest ${digest}; the first line, ${first.place}, says ${first.digest ?? 'none'}`;
  facts.contradictions.push({ runId, place, message });
}

function isQuiet(summary: unknown): boolean {
  if (!isObject(summary)) return false;
  const { create, update, delete: remove } = summary;
  return create === 0 && update === 0 && remove === 0;
}
