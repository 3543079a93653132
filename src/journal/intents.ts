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
          'INSERT INTO intents (runId, organization, target, intent) VALUES (?, ?, ?, ?)',
          intent.runId,
          intent.organization,
          intent.target,
          JSON.stringify(intent),
        );
        append(db, intent.runId, 'change-intended', clock.now(), { id, ...intent });
        return { id, ...intent };
      }),
    answered: (intentId, receipt, error) =>
      db.write(() => {
        db.run(
          'UPDATE intents SET receipt = ?, reason = ?, message = ?, answeredAt = ?, open = ? WHERE id = ?',
          receipt === undefined ? null : JSON.stringify(receipt),
          error?.reason ?? null,
          error?.message ?? null,
          clock.now().toISOString(),
          error?.reason === 'Unsettled' ? 1 : 0,
          intentId,
        );
      }),
    notFound: (intentId) =>
      db.write(() => {
        const now = clock.now().toISOString();
        // A clock that was set back would else have it looked for as much longer.
        db.run(
          'UPDATE intents SET looks = looks + 1, lookedSince = min(coalesce(lookedSince, ?), ?) WHERE id = ?',
          now,
          now,
          intentId,
        );
        const row = db.first('SELECT looks, lookedSince FROM intents WHERE id = ?', intentId)!;
        return { looks: Number(row['looks']), since: textOf(row, 'lookedSince')! };
      }),
    async openIntents(of) {
      const { organization, target } = typeof of === 'string' ? { organization: of } : of;
      const sql = 'SELECT id, intent, target FROM intents WHERE open = 1 AND organization = ? ORDER BY id';
      const rows = db.all(sql, organization).filter((row) => target === undefined || row['target'] === target);
      return rows.map(intentOf);
    },
    settleIntent: (intentId, outcome) =>
      db.write(() => {
        const at = clock.now().toISOString();
        db.run('UPDATE intents SET outcome = ?, settledAt = ?, open = 0 WHERE id = ?', outcome, at, intentId);
      }),
  };
}

function intentOf(row: Row): Intent {
  return { id: Number(row['id']), ...jsonOf<Omit<Intent, 'id'>>(row, 'intent')! };
}
