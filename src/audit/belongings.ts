import type { AuditRecord } from '../model/audit.ts';
import type { SentWrite } from '../model/journal.ts';
import { type Candidate, type Expected, kindOf } from './candidates.ts';
import { actionsOf, entityTypesOf } from './expected.ts';
import { isJob, lateMs, type Span, underWay, windowOf, within } from './times.ts';

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

interface Belongings {
  /** What a change caused beside its own record, by intent id. */
  companions: Map<number, AuditRecord[]>;
  /** What came with a record that may be one of several writes'. */
  parts: AuditRecord[];
  /** What no write can have caused. */
  strangers: AuditRecord[];
}

/** Whose those of our client's records are that are no write's own. */
export function belongings(given: Given): Belongings {
  const { own, candidates, verdicts } = given;
  const taken = new Set([...verdicts.values()].flatMap(({ state, own }) => (state === 'waiting' ? [] : own)));
  const mayBe = new Set([...verdicts.values()].flatMap(({ state, own }) => (state === 'matched' ? [] : own)));
  const claimed = new Set(candidates.map(({ record }) => record.id));
  const open = new Set(candidates.flatMap(({ record: { id, transaction } }) => transaction ?? id));
  const changes = changesOf(given);
  const byTransaction = transactionsOf(given);
  const managed = new Set([...given.expected.values()].flatMap(entityTypesOf));
  const found: Belongings = { companions: new Map(), parts: [], strangers: [] };
  for (const record of own) {
    if (taken.has(record.id)) continue;
    const caused = record.transaction === undefined ? undefined : byTransaction.get(record.transaction);
    const spans = new Set(record.entities.flatMap((id) => changes.get(id) ?? []));
    const isClaimed = claimed.has(record.id);
    const write = caused ?? [...spans].map((span) => companionOf(record, span, { isClaimed, given })).find(Boolean);
    const isPart = record.transaction !== undefined && record.transaction !== record.id && open.has(record.transaction);
    const isOpen = isClaimed && mayBe.has(record.id);
    if (write !== undefined) {
      found.companions.set(write.intentId, [...(found.companions.get(write.intentId) ?? []), record]);
    } else if (isPart) found.parts.push(record);
    else if (!isOpen && managed.has(record.entityType) && !mayBeMade(record, given)) found.strangers.push(record);
  }
  return found;
}

interface ChangeSpan extends Span {
  writes: readonly SentWrite[];
  /** Their own records, of those that are matched. */
  records: readonly AuditRecord[];
}

/**
 * The write beside whose record this one came. What says that it is part of another deed is no write's; and what does not say of
 * what it is part was made while the change was, from where the change was made, and is nothing that another request leaves.
 */
function companionOf(
  record: AuditRecord,
  change: ChangeSpan,
  { isClaimed, given: { expected, verdicts, offset } }: { isClaimed: boolean; given: Given },
): SentWrite | undefined {
  const { writes, records } = change;
  const isOfItsOwn = record.transaction !== undefined;
  const isOfStep = Object.values(expected.get(writes[0]!.object.type)?.audited ?? {})
    .flat()
    .includes(kindOf(record));
  const to = change.to + (isOfItsOwn || isOfStep ? 0 : lateMs);
  if (!within(record, { from: change.from, to }) || !isFromThere(record, records)) return undefined;
  const alike = writes.filter((write) => actionsOf(write, expected).includes(kindOf(record)));
  // Each write has its own; of a log that tells no transactions, one more that says nothing else may have come beside it.
  if (alike.length > 0) {
    const areMatched = alike.every((one) => verdicts.get(one.intentId)?.state === 'matched');
    if (!isClaimed || isOfItsOwn || !areMatched) return undefined;
  }
  // An entity that is made or deleted takes a write that makes or deletes it.
  const isOfEntity = records.some(({ entityType }) => entityType === record.entityType);
  const makes = record.action === 'Create' ? 'create' : record.action === 'Delete' ? 'delete' : undefined;
  if (makes !== undefined && isOfEntity && writes.every(({ action }) => action !== makes)) return undefined;
  return writes.findLast((write) => Date.parse(record.at) >= windowOf(write, offset).from) ?? writes[0];
}

function isFromThere({ remoteIp }: AuditRecord, records: readonly AuditRecord[]): boolean {
  const known = records.flatMap((one) => one.remoteIp);
  return known.length === 0 || remoteIp.length === 0 || remoteIp.some((ip) => known.includes(ip));
}

/** From the first request of a change to its last answer or record, by object id. */
function changesOf({ sent, own, offset, verdicts }: Given): Map<string, ChangeSpan[]> {
  const known = sent.filter(({ object }) => object.id !== undefined);
  const byId = new Map(own.map((record) => [record.id, record]));
  const changes = new Map<string, ChangeSpan[]>();
  for (const writes of Map.groupBy(known, ({ runId, object }) => `${runId} ${object.type} ${object.id}`).values()) {
    const found = writes.map((write) => {
      const { state, own: ids } = verdicts.get(write.intentId)!;
      return { write, records: state === 'matched' ? ids.flatMap((id) => byId.get(id) ?? []) : [] };
    });
    const from = Math.min(...writes.map((write) => windowOf(write, offset).from));
    const to = Math.max(
      ...found.map(({ write, records }) => {
        // A job is over with its record; without one it may still run.
        if (records.length === 0 && isJob(write)) return windowOf(write, offset).to;
        return Math.max(underWay(write, offset).to, ...records.map(({ at }) => Date.parse(at)));
      }),
    );
    const id = writes[0]!.object.id!;
    const span = { from, to, writes, records: found.flatMap(({ records }) => records) };
    changes.set(id, [...(changes.get(id) ?? []), span]);
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
