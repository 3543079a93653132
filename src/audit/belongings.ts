import type { AuditRecord } from '../model/audit.ts';
import type { SentWrite } from '../model/journal.ts';
import { type Candidate, type Expected, kindOf } from './candidates.ts';
import { actionsOf, entityTypesOf } from './expected.ts';
import { lateMs, type Span, underWay, windowOf, within } from './times.ts';

interface Given {
  /** Writes that were not refused, in the order in which they were sent. */
  sent: readonly SentWrite[];
  /** Our client's records, oldest first. */
  own: readonly AuditRecord[];
  expected: Expected;
  offset: number | undefined;
  candidates: readonly Candidate[];
  verdicts: ReadonlyMap<number, { state: string; own: readonly string[] }>;
}

/** What of our client's records is no write's own record: what a change caused beside it, by intent id, and what none did. */
export function belongings(given: Given): { companions: Map<number, AuditRecord[]>; strangers: AuditRecord[] } {
  const { own, candidates, verdicts } = given;
  const taken = new Set([...verdicts.values()].flatMap(({ state, own }) => (state === 'waiting' ? [] : own)));
  const claimed = new Set(candidates.map(({ record }) => record.id));
  const changes = changesOf(given);
  const byTransaction = transactionsOf(given);
  const managed = new Set([...given.expected.values()].flatMap(entityTypesOf));
  const companions = new Map<number, AuditRecord[]>();
  const strangers: AuditRecord[] = [];
  for (const record of own) {
    if (taken.has(record.id)) continue;
    const write = companionOf(record, { changes, byTransaction, isClaimed: claimed.has(record.id), given });
    if (write !== undefined) companions.set(write.intentId, [...(companions.get(write.intentId) ?? []), record]);
    else if (!claimed.has(record.id) && managed.has(record.entityType) && !mayBeMade(record, given)) {
      strangers.push(record);
    }
  }
  return { companions, strangers };
}

interface ChangeSpan extends Span {
  writes: readonly SentWrite[];
}

/** The write to whose record, or in whose time, this one came. */
function companionOf(
  record: AuditRecord,
  {
    changes,
    byTransaction,
    isClaimed,
    given,
  }: {
    changes: ReadonlyMap<string, readonly ChangeSpan[]>;
    byTransaction: ReadonlyMap<string, SentWrite>;
    isClaimed: boolean;
    given: Given;
  },
): SentWrite | undefined {
  const { expected, verdicts } = given;
  const caused = record.transaction === undefined ? undefined : byTransaction.get(record.transaction);
  if (caused !== undefined) return caused;
  const spans = new Set(record.entities.flatMap((id) => changes.get(id) ?? []));
  for (const { writes, ...span } of spans) {
    if (!within(record, span)) continue;
    const alike = writes.filter((write) => actionsOf(write, expected).includes(kindOf(record)));
    // One that may be a write's own waits until that is known; one that cannot be, though it looks like one, is not ours.
    const isFree = isClaimed
      ? alike.every((one) => verdicts.get(one.intentId)?.state === 'matched')
      : alike.length === 0;
    if (!isFree) continue;
    return writes.findLast((write) => Date.parse(record.at) >= windowOf(write, given.offset).from) ?? writes[0];
  }
  return undefined;
}

/** From the first request of a change to its last answer or record, by object id. */
function changesOf({ sent, own, offset, verdicts }: Given): Map<string, ChangeSpan[]> {
  const known = sent.filter(({ object }) => object.id !== undefined);
  const times = new Map(own.map(({ id, at }) => [id, Date.parse(at)]));
  const changes = new Map<string, ChangeSpan[]>();
  for (const writes of Map.groupBy(known, ({ runId, object }) => `${runId} ${object.type} ${object.id}`).values()) {
    const from = Math.min(...writes.map((write) => windowOf(write, offset).from));
    const to = Math.max(
      ...writes.map((write) => {
        const { state, own: found } = verdicts.get(write.intentId)!;
        const told = state === 'matched' ? found.map((id) => times.get(id) ?? 0) : [];
        // A job is over with its record; without one it may still run.
        return told.length === 0 ? windowOf(write, offset).to : Math.max(underWay(write, offset).to, ...told) + lateMs;
      }),
    );
    const id = writes[0]!.object.id!;
    changes.set(id, [...(changes.get(id) ?? []), { from, to, writes }]);
  }
  return changes;
}

/** The transactions that our writes began, each with its write. */
function transactionsOf({ sent, own, verdicts }: Given): Map<string, SentWrite> {
  const records = new Map(own.map((record) => [record.id, record]));
  const transactions = new Map<string, SentWrite>();
  for (const write of sent) {
    const verdict = verdicts.get(write.intentId);
    if (verdict?.state !== 'matched') continue;
    for (const id of verdict.own) {
      const transaction = records.get(id)?.transaction;
      if (transaction !== undefined) transactions.set(transaction, write);
    }
  }
  return transactions;
}

/** Of an object that was made and whose id nobody knows yet, any record of that kind and time may be. */
function mayBeMade(record: AuditRecord, { sent, expected, offset }: Given): boolean {
  return sent.some(
    (write) =>
      write.object.id === undefined &&
      entityTypesOf(expected.get(write.object.type) ?? {}).includes(record.entityType) &&
      within(record, windowOf(write, offset)),
  );
}
