import type { SentWrite, WriteMatch } from '../model/journal.ts';
import { actionsOf, type Expected } from './expected.ts';
import type { Verdict } from './match.ts';

/** One object's writes in one run, and what the audit log says of each. */
export interface ChangeWords {
  writes: { write: SentWrite; audit: WriteMatch }[];
  /** The least that is true of all of them. */
  match: WriteMatch['match'];
  why?: string;
}

export interface Weighing {
  /** Every write that was not refused. */
  writes: readonly SentWrite[];
  verdicts: ReadonlyMap<number, Verdict>;
  expected: Expected;
  now: Date;
  patienceMs: number;
  /** Why the record of a write cannot be there, where that is known. */
  whyNot(write: SentWrite): string | undefined;
  /** Whether what is known of a write is to be said once more. */
  isToldAgain?(write: SentWrite): boolean;
}

/** One object in one run. */
export function changeOf({ runId, object }: Pick<SentWrite, 'runId' | 'object'>): string {
  return `${runId} ${object.type} ${object.key}`;
}

export function isWaiting({ audit, refused }: SentWrite): boolean {
  return audit === undefined && refused !== true;
}

/** A change of which no step leaves a record of its own is done with after this. */
const besidesMs = 600_000;

/**
 * What can be said of changes by now: of those all of whose writes have found their records, or have waited long enough.
 * Nothing is said of the others, and nothing where all is as it was.
 */
export function weigh(given: Weighing): { settled: ChangeWords[]; waiting: SentWrite[] } {
  const settled: ChangeWords[] = [];
  const waiting: SentWrite[] = [];
  const changes = Map.groupBy(given.writes, changeOf);
  for (const writes of changes.values()) {
    const words = writes.map((write) => ({ write, audit: wordOf(write, writes, given) }));
    const known = words.filter((one): one is ChangeWords['writes'][number] => one.audit !== undefined);
    if (known.length < words.length)
      waiting.push(...words.filter(({ audit }) => audit === undefined).map(({ write }) => write));
    else if (known.some(({ write, audit }) => !same(write.audit, audit) || given.isToldAgain?.(write) === true))
      settled.push(together(known));
  }
  return { settled, waiting };
}

function wordOf(write: SentWrite, change: readonly SentWrite[], given: Weighing): WriteMatch | undefined {
  const { verdicts, expected, now, patienceMs, whyNot } = given;
  const { state, own, further } = verdicts.get(write.intentId) ?? { state: 'waiting', own: [], further: [] };
  const age = now.getTime() - Date.parse(write.at);
  const records = [...own, ...further];
  if (state === 'matched') return { match: 'matched', records };
  if (state === 'ambiguous') return ambiguous(records, own.length);
  if (state === 'none') {
    const isAlone = change.every((one) => actionsOf(one, expected).length === 0);
    return isAlone && further.length === 0 && age < besidesMs ? undefined : { match: 'matched', records };
  }
  // What was once known is not unsaid by a log that cannot be asked now.
  if (write.audit !== undefined) return write.audit;
  if (age < patienceMs) return undefined;
  if (own.length > 0) return ambiguous(records, own.length);
  const why = whyNot(write) ?? `no record of it was found within ${hours(patienceMs)}`;
  return { match: 'unmatched', records: further, why };
}

function ambiguous(records: string[], count: number): WriteMatch {
  const which = count === 1 ? 'one record may be of it, or of another' : `${count} records may be of it`;
  return { match: 'ambiguous', records, why: `${which}, and nothing tells them apart` };
}

function together(writes: ChangeWords['writes']): ChangeWords {
  const worst =
    writes.find(({ audit }) => audit.match === 'unmatched') ??
    writes.find(({ audit }) => audit.match === 'ambiguous') ??
    writes[0]!;
  const { match, why } = worst.audit;
  return { writes, match, ...(why === undefined ? {} : { why }) };
}

function same(one: WriteMatch | undefined, other: WriteMatch): boolean {
  return one !== undefined && one.match === other.match && one.records.join() === other.records.join();
}

function hours(ms: number): string {
  return ms >= 7_200_000 ? `${Math.round(ms / 3_600_000)} hours` : `${Math.round(ms / 60_000)} minutes`;
}
