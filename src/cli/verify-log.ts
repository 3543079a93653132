import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isObject, type JsonObject } from '../model/json.ts';
import { Refusal } from './exit.ts';

/** What exported logs say of runs. Times are ISO 8601. */
export interface LogFacts {
  /** By run id. */
  runs: Map<string, LoggedRun>;
  /** Lines that tell of an entry of the journal, with its digest. */
  matches: { runId: string; entry: string; place: string }[];
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

/** Reads JSON Lines as the daemon writes them; what a container platform puts before each line, or around it, is taken off. */
export async function readLogs(files: readonly string[]): Promise<LogFacts> {
  const facts: LogFacts = { runs: new Map(), matches: [], spans: [], unreadable: [], lines: 0 };
  for (const file of files) {
    let from: string | undefined;
    let to: string | undefined;
    let number = 0;
    try {
      for await (const line of createInterface({
        input: createReadStream(file),
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        number++;
        if (line.trim() === '') continue;
        facts.lines++;
        const said = parsed(line);
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
/** Lines that tell of a match, whose entry they name by its digest. */
const matched = ['change matched', 'change not matched'];

function note(facts: LogFacts, said: JsonObject, { at, place }: { at: string; place: string }): void {
  const { runId, target, msg, digest, entry, summary } = said;
  if (typeof runId !== 'string' || typeof msg !== 'string') return;
  if (matched.includes(msg)) {
    if (typeof entry === 'string') facts.matches.push({ runId, entry, place });
    // It may be told long after the run, and in another file.
    return;
  }
  const before = facts.runs.get(runId);
  const finished = ends.includes(msg);
  if (before !== undefined && !finished) {
    if (!before.finished) before.at = at;
    return;
  }
  facts.runs.set(runId, {
    place,
    ...(typeof target === 'string' ? { target } : {}),
    at,
    finished,
    ...(typeof digest === 'string' ? { digest } : {}),
    ...(isQuiet(summary) ? { quiet: true } : {}),
  });
}

function isQuiet(summary: unknown): boolean {
  if (!isObject(summary)) return false;
  const { create, update, delete: remove } = summary;
  return create === 0 && update === 0 && remove === 0;
}
