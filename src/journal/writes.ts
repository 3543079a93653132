import type { AuditRecord } from '../model/audit.ts';
import type { Clock } from '../model/clock.ts';
import type { Journal, SentWrite, WriteMatch } from '../model/journal.ts';
import type { ObjectRef } from '../model/plan.ts';
import { compact, type Database, jsonOf, type Row, textOf } from './database.ts';
import { append, bodyOf, type Via } from './entries.ts';
import { intentColumns, intentOf, intentsWithEntries, receiptOf } from './intents.ts';

type Writes = Pick<
  Journal,
  'oldestUnmatched' | 'writesSince' | 'writesOf' | 'writesSentAs' | 'keepMatches' | 'matchedBy' | 'auditRecords'
>;

/** The body of `audit-matched`: what the audit log says of one object's writes in one run. */
interface Matched extends Via {
  object: ObjectRef;
  writes: ({ intent: number; step: string } & WriteMatch)[];
  /** Whole, so that an export has them, and the entry's digest covers them. */
  records: AuditRecord[];
}

/** As the index `intentsWaiting` says it: what is known to have changed nothing waits for no record. */
export const waiting = `audit IS NULL AND (open = 1 OR (outcome IS NULL AND reason IS NULL) OR outcome = 'applied')`;

/** `audit` is the number of the entry that says it; of before version 4, and of what leaves no record, what it says. */
const columns = `
  ${intentColumns}, receipt, reason, outcome, open, objectId, audit, m.body AS toldBody, m.packed AS toldPacked
  FROM ${intentsWithEntries} LEFT JOIN entries m ON m.seq = CAST(audit AS INTEGER)`;

export function createWrites(db: Database, clock: Clock, via: Via): Writes {
  return {
    async oldestUnmatched(organization) {
      const sql = `SELECT intent ->> '$.at' AS at FROM intents WHERE organization = ? AND ${waiting} ORDER BY id LIMIT 1`;
      const row = db.first(sql, organization);
      return row === undefined ? undefined : textOf(row, 'at');
    },
    async writesSince(organization, since) {
      const sql = `${columns} WHERE i.organization = ? AND intent ->> '$.at' >= ? ORDER BY intent ->> '$.at', id`;
      return db.all(sql, organization, since).map(writeOf);
    },
    async writesOf(runId) {
      const own = `SELECT seq FROM entries WHERE runId = ? AND type = 'change-intended'`;
      const old = db.all(`${columns} WHERE i.runId = ? AND i.entry IS NULL ORDER BY id`, runId);
      return [...old, ...db.all(`${columns} WHERE i.entry IN (${own}) ORDER BY id`, runId)].map(writeOf);
    },
    async writesSentAs(correlationId) {
      const sql = `${columns} WHERE receipt IS NOT NULL AND receipt ->> '$.correlationId' = ? ORDER BY id`;
      return db.all(sql, correlationId).map(writeOf);
    },
    keepMatches: (_organization, matches, records) =>
      db.write(() => {
        const byId = new Map(records.map((record) => [record.id, record]));
        const all: { runId: string; object: ObjectRef; digest: string }[] = [];
        for (const { runId, object, some } of byObject(matches)) {
          const writes = some.map(({ write, audit }) => ({ intent: write.intentId, step: write.step, ...audit }));
          const told = new Set(writes.flatMap((write) => write.records));
          const body: Matched = { object, writes, records: [...told].flatMap((id) => byId.get(id) ?? []), ...via };
          const { seq, digest } = append(db, runId, 'audit-matched', clock.now(), body);
          for (const { write } of some) {
            db.run('UPDATE intents SET audit = ? WHERE id = ?', String(seq), write.intentId);
          }
          for (const { id } of body.records) {
            db.run('INSERT INTO auditRecords (id, entry) VALUES (?, ?)', id, seq);
          }
          all.push({ runId, object, digest });
        }
        return all;
      }),
    async matchedBy(auditId) {
      const sql = `
        SELECT runId, body, packed FROM auditRecords a JOIN entries e ON e.seq = a.entry WHERE a.id = ? ORDER BY e.seq`;
      const found = db.all(sql, auditId).map((row) => {
        return { runId: textOf(row, 'runId')!, object: bodyOf<Matched>(row).object };
      });
      // A later word on the same writes is an entry of its own.
      return [...new Map(found.map((one) => [`${one.runId}:${one.object.type}:${one.object.key}`, one])).values()];
    },
    async auditRecords(organization, ids) {
      const sql = `
        SELECT body, packed FROM auditRecords a JOIN entries e ON e.seq = a.entry JOIN runs r ON r.id = e.runId
        WHERE a.id = ? AND r.organization = ?`;
      return ids.flatMap((id) => {
        const row = db.first(sql, id, organization);
        return (row && bodyOf<Matched>(row).records.find((record) => record.id === id)) ?? [];
      });
    },
  };
}

/** In the order in which they come first. */
function byObject(matches: Parameters<Journal['keepMatches']>[1]): {
  runId: string;
  object: ObjectRef;
  some: { write: SentWrite; audit: WriteMatch }[];
}[] {
  const groups = new Map<string, ReturnType<typeof byObject>[number]>();
  for (const one of matches) {
    const { runId, object } = one.write;
    const key = `${runId}:${object.type}:${object.key}`;
    const group = groups.get(key) ?? { runId, object, some: [] };
    // A later write of the object may know the id that an earlier one did not.
    groups.set(key, { ...group, object: { ...group.object, ...object }, some: [...group.some, one] });
  }
  return [...groups.values()];
}

function writeOf(row: Row): SentWrite {
  const whole = intentOf(row);
  const { id, bodyHash: _hash, object, ...intent } = whole;
  const objectId = textOf(row, 'objectId');
  const open = row['open'] === 1;
  const outcome = textOf(row, 'outcome');
  const refused =
    !open && (outcome === 'not-applied' || (outcome === undefined && textOf(row, 'reason') !== undefined));
  return compact<SentWrite>({
    ...intent,
    object: objectId === undefined ? object : { ...object, id: objectId },
    intentId: id,
    receipt: receiptOf(row, whole),
    refused: refused ? true : undefined,
    open: open ? true : undefined,
    audit: auditOf(row, id),
  });
}

function auditOf(row: Row, intentId: number): WriteMatch | undefined {
  if (row['toldBody'] === null) return jsonOf<WriteMatch>(row, 'audit');
  const { writes } = bodyOf<Matched>({ body: row['toldBody']!, packed: row['toldPacked']! });
  const told = writes.find(({ intent }) => intent === intentId);
  if (told === undefined) return undefined;
  const { intent: _intent, step: _step, ...audit } = told;
  return audit;
}
