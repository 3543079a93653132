import type { AuditRecord } from '../model/audit.ts';
import type { Clock } from '../model/clock.ts';
import type { Intent } from '../model/contracts.ts';
import type { RequestReceipt } from '../model/http.ts';
import type { Journal, SentWrite, WriteMatch } from '../model/journal.ts';
import type { ObjectRef } from '../model/plan.ts';
import { compact, type Database, jsonOf, type Row, textOf } from './database.ts';
import { append } from './entries.ts';

type Writes = Pick<
  Journal,
  'oldestUnmatched' | 'writesSince' | 'writesOf' | 'writesSentAs' | 'keepMatches' | 'auditRecords'
>;

/** The body of `audit-matched`: what the audit log says of one object's writes in one run. */
interface Matched {
  object: ObjectRef;
  writes: ({ intent: number; step: string } & WriteMatch)[];
  /** Whole, so that an export has them, and the entry's digest covers them. */
  records: AuditRecord[];
}

/** As the index `intentsWaiting` says it: what is known to have changed nothing waits for no record. */
const waiting = `audit IS NULL AND (open = 1 OR (outcome IS NULL AND reason IS NULL) OR outcome = 'applied')`;

const columns = 'SELECT id, intent, target, receipt, reason, outcome, open, objectId, audit FROM intents';

export function createWrites(db: Database, clock: Clock): Writes {
  return {
    async oldestUnmatched(organization) {
      const sql = `SELECT intent ->> '$.at' AS at FROM intents WHERE organization = ? AND ${waiting} ORDER BY id LIMIT 1`;
      const row = db.first(sql, organization);
      return row === undefined ? undefined : textOf(row, 'at');
    },
    async writesSince(organization, since) {
      const sql = `${columns} WHERE organization = ? AND intent ->> '$.at' >= ? ORDER BY intent ->> '$.at', id`;
      return db.all(sql, organization, since).map(writeOf);
    },
    async writesOf(runId) {
      return db.all(`${columns} WHERE runId = ? ORDER BY id`, runId).map(writeOf);
    },
    async writesSentAs(correlationId) {
      const sql = `${columns} WHERE receipt IS NOT NULL AND receipt ->> '$.correlationId' = ? ORDER BY id`;
      return db.all(sql, correlationId).map(writeOf);
    },
    keepMatches: (organization, matches, records) =>
      db.write(() => {
        const byId = new Map(records.map((record) => [record.id, record]));
        const all: { runId: string; object: ObjectRef; digest: string }[] = [];
        for (const { runId, object, some } of byObject(matches)) {
          const writes = some.map(({ write, audit }) => ({ intent: write.intentId, step: write.step, ...audit }));
          const told = new Set(writes.flatMap((write) => write.records));
          const body: Matched = { object, writes, records: [...told].flatMap((id) => byId.get(id) ?? []) };
          const { seq, digest } = append(db, runId, 'audit-matched', clock.now(), body);
          for (const { write, audit } of some) {
            db.run('UPDATE intents SET audit = ? WHERE id = ?', JSON.stringify(audit), write.intentId);
          }
          for (const { id } of body.records) {
            const sql = 'INSERT OR REPLACE INTO auditRecords (organization, id, entry) VALUES (?, ?, ?)';
            db.run(sql, organization, id, seq);
          }
          all.push({ runId, object, digest });
        }
        return all;
      }),
    async auditRecords(organization, ids) {
      const sql = `SELECT body FROM entries JOIN auditRecords ON seq = entry WHERE organization = ? AND id = ?`;
      return ids.flatMap((id) => {
        const row = db.first(sql, organization, id);
        return (row && jsonOf<Matched>(row, 'body')!.records.find((record) => record.id === id)) ?? [];
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
  const { bodyHash: _hash, object, ...intent } = jsonOf<Omit<Intent, 'id'>>(row, 'intent')!;
  const objectId = textOf(row, 'objectId');
  const open = row['open'] === 1;
  const outcome = textOf(row, 'outcome');
  const refused =
    !open && (outcome === 'not-applied' || (outcome === undefined && textOf(row, 'reason') !== undefined));
  return compact<SentWrite>({
    ...intent,
    target: textOf(row, 'target')!,
    object: objectId === undefined ? object : { ...object, id: objectId },
    intentId: Number(row['id']),
    receipt: jsonOf<RequestReceipt>(row, 'receipt'),
    refused: refused ? true : undefined,
    open: open ? true : undefined,
    audit: jsonOf<WriteMatch>(row, 'audit'),
  });
}
