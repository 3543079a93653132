import { unrecorded } from '../model/audit.ts';
import type { Clock } from '../model/clock.ts';
import type { Intent } from '../model/contracts.ts';
import type { RequestReceipt } from '../model/http.ts';
import type { Journal } from '../model/journal.ts';
import { type Database, jsonOf, type Row, textOf } from './database.ts';
import { append, bodyOf } from './entries.ts';
import { checkLease } from './leases.ts';

type Intents = Pick<Journal, 'intend' | 'answered' | 'notFound' | 'openIntents' | 'settleIntent'>;

/** An intent is open from `intend` until its answer is known or it is settled; an `Unsettled` answer leaves it open. */
export function createIntents(db: Database, clock: Clock): Intents {
  return {
    intend: (intent, lease) =>
      db.write(() => {
        if (lease !== undefined) checkLease(db, lease, clock);
        const { runId, organization, target, ...rest } = intent;
        const { seq } = append(db, runId, 'change-intended', clock.now(), rest);
        // What the entry says is not said again here, but for the time, by which writes are found.
        const id = db.run(
          'INSERT INTO intents (runId, organization, target, intent, entry, audit) VALUES (?, ?, ?, ?, ?, ?)',
          runId,
          organization,
          target,
          JSON.stringify({ at: intent.at }),
          seq,
          intent.unrecorded === true ? JSON.stringify(unrecorded) : null,
        );
        return { id, ...intent };
      }),
    answered: (intentId, receipt, error, objectId) =>
      db.write(() => {
        db.run(
          `UPDATE intents SET receipt = ?, reason = ?, message = ?, open = ?, objectId = coalesce(?, objectId)
           WHERE id = ?`,
          receipt === undefined ? null : JSON.stringify(withoutRequest(db, intentId, receipt)),
          error?.reason ?? null,
          error?.message ?? null,
          error?.reason === 'Unsettled' ? 1 : 0,
          objectId ?? null,
          intentId,
        );
      }),
    notFound: (intentId, mostMs) =>
      db.write(() => {
        const now = clock.now();
        const before = db.first('SELECT looks, lookedAt, lookedMs FROM intents WHERE id = ?', intentId)!;
        const last = textOf(before, 'lookedAt');
        // A clock that was set says nothing of how long it was looked for.
        const since = last === undefined ? 0 : now.getTime() - new Date(last).getTime();
        const looks = Number(before['looks']) + 1;
        const ms = Number(before['lookedMs']) + Math.min(mostMs, Math.max(0, since));
        const sql = 'UPDATE intents SET looks = ?, lookedAt = ?, lookedMs = ? WHERE id = ?';
        db.run(sql, looks, now.toISOString(), ms, intentId);
        return { looks, ms };
      }),
    async openIntents(organization) {
      const sql = `${intentColumns} FROM ${intentsWithEntries} WHERE open = 1 AND organization = ? ORDER BY id`;
      return db.all(sql, organization).map(intentOf);
    },
    settleIntent: (intentId, outcome, objectId) =>
      db.write(() => {
        const at = clock.now().toISOString();
        const sql =
          'UPDATE intents SET outcome = ?, settledAt = ?, open = 0, objectId = coalesce(?, objectId) WHERE id = ?';
        db.run(sql, outcome, at, objectId ?? null, intentId);
      }),
  };
}

/** What was sent stands in the intent already: it is told again only where the answer was to something else. */
function withoutRequest(db: Database, intentId: number, receipt: RequestReceipt): Partial<RequestReceipt> {
  const row = db.first(`${intentColumns} FROM ${intentsWithEntries} WHERE id = ?`, intentId);
  const { method, path } = row === undefined ? {} : intentOf(row);
  const { method: sent, pathTemplate, ...rest } = receipt;
  return { ...(sent === method ? {} : { method: sent }), ...(pathTemplate === path ? {} : { pathTemplate }), ...rest };
}

/** What `withoutRequest` made of it, or the receipt whole. */
export function receiptOf(row: Row, { method, path }: Intent): RequestReceipt | undefined {
  const kept = jsonOf<Partial<RequestReceipt>>(row, 'receipt');
  return kept && ({ method, pathTemplate: path, ...kept } as RequestReceipt);
}

/** For `intentOf`. */
export const intentColumns = 'SELECT id, i.runId, organization, target, intent, e.body, e.packed';
export const intentsWithEntries = 'intents i LEFT JOIN entries e ON e.seq = i.entry';

/** A row with its entry; what was intended before version 4 is told by the row alone. */
export function intentOf(row: Row): Intent {
  const rest = {
    ...jsonOf<Omit<Intent, 'id'>>(row, 'intent')!,
    ...(row['body'] === null ? {} : bodyOf<Omit<Intent, 'id' | 'runId' | 'organization' | 'target'>>(row)),
  };
  const [runId, organization, target] = [textOf(row, 'runId')!, textOf(row, 'organization')!, textOf(row, 'target')!];
  return { ...rest, id: Number(row['id']), runId, organization, target };
}
