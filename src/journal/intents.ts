import type { Clock } from '../model/clock.ts';
import type { Intent } from '../model/contracts.ts';
import type { Journal } from '../model/journal.ts';
import type { JsonObject } from '../model/json.ts';
import { type Database, jsonOf, type Row } from './database.ts';
import { append } from './entries.ts';

type Intents = Pick<Journal, 'intend' | 'answered' | 'checkpoint' | 'openIntents' | 'settleIntent'>;

/** An intent is open from `intend` until its answer is known or it is settled; an `Unsettled` answer leaves it open. */
export function createIntents(db: Database, clock: Clock): Intents {
  return {
    intend: (wish) =>
      db.write(() => {
        const { checkpoint, ...intent } = wish;
        const id = db.run(
          'INSERT INTO intents (runId, organization, target, intent, checkpoint) VALUES (?, ?, ?, ?, ?)',
          wish.runId,
          wish.organization,
          wish.target,
          JSON.stringify(intent),
          checkpoint === undefined ? null : JSON.stringify(checkpoint),
        );
        append(db, wish.runId, 'change-intended', clock.now(), { id, ...wish });
        return { id, ...wish };
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
    checkpoint: (intentId, data) =>
      db.write(() => {
        db.run('UPDATE intents SET checkpoint = ? WHERE id = ?', JSON.stringify(data), intentId);
      }),
    async openIntents({ organization, target }) {
      const rows = db.all(
        'SELECT id, intent, checkpoint FROM intents WHERE open = 1 AND organization = ? AND target = ? ORDER BY id',
        organization,
        target,
      );
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
  const intent = jsonOf<Omit<Intent, 'id' | 'checkpoint'>>(row, 'intent')!;
  const checkpoint = jsonOf<JsonObject>(row, 'checkpoint');
  return { id: Number(row['id']), ...intent, ...(checkpoint === undefined ? {} : { checkpoint }) };
}
