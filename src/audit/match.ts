import type { AuditRecord } from '../model/audit.ts';
import type { SentWrite } from '../model/journal.ts';
import { assign } from './assign.ts';
import { belongings } from './belongings.ts';
import { type Candidate, candidatesOf, type Expected, groupsOf } from './candidates.ts';
import { actionsOf } from './expected.ts';
import { clockOffset, isBefore } from './times.ts';
import type { Told } from './told.ts';

export interface MatchInput {
  /** Every write that was made as this client to the organisation in a time, whatever became of it; in any order. */
  writes: readonly SentWrite[];
  /** The audit records of that time, in any order; some may be there twice, and more may come. */
  records: readonly AuditRecord[];
  /** The OAuth client of the writes. Records of others are none of theirs. */
  clientId: string;
  expected: Expected;
  /** `Matching.learnt` of earlier ones. */
  told?: Told;
}

/**
 * `matched`: `own` is its record and nobody else's. `ambiguous`: there are enough records, and which is whose cannot be told.
 * `waiting`: its record is not there yet, or cannot be told from another's before more are. `none`: it leaves no record of
 * its own.
 */
export interface Verdict {
  state: 'matched' | 'ambiguous' | 'waiting' | 'none';
  /** Ids: its own record, or those that may be its own. */
  own: string[];
  /** Ids of what else the change caused. */
  further: string[];
}

export interface Matching {
  /** By intent id. Refused writes changed nothing, and have none. */
  verdicts: ReadonlyMap<number, Verdict>;
  /** Ids of all records that are, or may be, of these writes. */
  ours: ReadonlySet<string>;
  /** Records of our client about entity types that are managed here, which no write can have made; oldest first. */
  strangers: AuditRecord[];
  /** Of which fields these records are known to tell. */
  learnt: string[];
}

/** More than what may speak for single pairs together. */
const perRecord = (writes: number): number => writes + 1;

/**
 * Says which audit records tell of which writes. Pure. A record can be a write's if it is of our client, of that entity,
 * with an action that the write leaves, from the time of the write, and if no value in it contradicts. Of writes and records
 * that may be each other's, only what follows in every possible way counts as matched (`assign`).
 */
export function match({ writes, records, clientId, expected, told = new Set() }: MatchInput): Matching {
  const own = unique(records).filter((record) => record.clientId === clientId && record.status !== 'FAILURE');
  const sent = writes.filter(({ refused }) => refused !== true).sort((a, b) => a.intentId - b.intentId);
  const offset = clockOffset(sent);
  const { candidates, learnt } = candidatesOf({ writes: sent, records: own, expected, offset, told });
  const verdicts = new Map<number, Verdict>();
  for (const write of sent) {
    // Of a type that is not known here nothing is known of its records either.
    const isNone = expected.has(write.object.type) && actionsOf(write, expected).length === 0;
    const state = isNone ? 'none' : 'waiting';
    verdicts.set(write.intentId, { state, own: [], further: [] });
  }
  for (const group of groupsOf(candidates)) {
    for (const [intentId, verdict] of judge(group, offset)) verdicts.set(intentId, verdict);
  }
  const { companions, parts, strangers } = belongings({ sent, own, expected, offset, candidates, verdicts });
  const mayBe = new Set([...verdicts.values()].flatMap(({ own }) => own));
  const ours = new Set([...mayBe, ...parts.map(({ id }) => id)]);
  for (const [intentId, found] of companions) {
    for (const { id } of found) ours.add(id);
    verdicts.get(intentId)!.further.push(...found.map(({ id }) => id));
  }
  return { verdicts, ours, strangers, learnt };
}

/** Writes and records that may be each other's, and nobody else's. */
function judge(group: readonly Candidate[], offset: number | undefined): [number, Verdict][] {
  const writes = [...new Set(group.map(({ write }) => write))].sort((a, b) => a.intentId - b.intentId);
  const records = [...new Set(group.map(({ record }) => record))].sort(byTime);
  const weights = new Map(
    group.map(({ write, record, supported }) => [
      `${write.intentId} ${record.id}`,
      perRecord(writes.length) + (supported ? 1 : 0),
    ]),
  );
  const found = assign({
    writes: writes.length,
    records: records.length,
    weight: (w, r) => weights.get(`${writes[w]!.intentId} ${records[r]!.id}`) ?? 0,
    writesInOrder: (one, other) => isBefore(writes[one]!, writes[other]!, offset),
    recordsInOrder: (one, other) => Date.parse(records[one]!.at) < Date.parse(records[other]!.at),
  });
  return writes.map((write, n) => {
    const record = found[n];
    // Whether an open write happened is not known: what looks like its record may be another's.
    if (record !== undefined && write.open !== true) {
      return [write.intentId, { state: 'matched', own: [records[record]!.id], further: [] }];
    }
    const possible = group.filter((one) => one.write === write).map((one) => one.record.id);
    const state = records.length < writes.length || write.open === true ? 'waiting' : 'ambiguous';
    return [write.intentId, { state, own: possible, further: [] }];
  });
}

function unique(records: readonly AuditRecord[]): AuditRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()].sort(byTime);
}

function byTime(one: AuditRecord, other: AuditRecord): number {
  return Date.parse(one.at) - Date.parse(other.at) || (one.id < other.id ? -1 : 1);
}
