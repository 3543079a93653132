import type { Clock } from '../model/clock.ts';
import type { Intent } from '../model/contracts.ts';
import type { Journal } from '../model/journal.ts';
import { type Database, jsonOf, type Row, textOf } from './database.ts';
import { append } from './entries.ts';
import { checkLease } from './leases.ts';

type Intents = Pick<Journal, 'intend' | 'answered' | 'notFound' | 'openIntents' | 'settleIntent'>;

/** An intent is open from `intend` until its answer is known or it is settled; an `Unsettled` answer leaves it open. */
export function createIntents(db: Database, clock: Clock): Intents {
  return {
    intend: (intent, lease) =>
      db.write(() => {
        if (lease !== undefined) checkLease(db, lease, clock);
        const id = db.run(
          'INSERT INTO intents (runId, organization, target, intent, audit) VALUES (?, ?, ?, ?, NULL)',
          intent.runId,
          intent.organization,
          intent.target,
          JSON.stringify(intent),
        );
        append(db, intent.runId, 'change-intended', clock.now(), { id, ...intent });
        return { id, ...intent };
      }),
    answered: (intentId, receipt, error, objectId) =>
      db.write(() => {
        db.run(
          `UPDATE intents SET receipt = ?, reason = ?, message = ?, answeredAt = ?, open = ?,
             objectId = coalesce(?, objectId) WHERE id = ?`,
          receipt === undefined ? null : JSON.stringify(receipt),
          error?.reason ?? null,
          error?.message ?? null,
          clock.now().toISOString(),
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
      const sql = 'SELECT id, intent, target FROM intents WHERE open = 1 AND organization = ? ORDER BY id';
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

function intentOf(row: Row): Intent {
  return { id: Number(row['id']), ...jsonOf<Omit<Intent, 'id'>>(row, 'intent')! };
}
