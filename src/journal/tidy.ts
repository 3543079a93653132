import type { Journal } from '../model/journal.ts';
import { type Database, textOf } from './database.ts';

const dayMs = 86_400_000;
const quietRunDays = 30;
const intentDays = 180;
/** Of each target, whatever their age: what `history` shows. */
const alwaysKept = 100;
/** Of one transaction: a few milliseconds, between which everything else has its turn. */
const portion = 200;

/** What was attempted, what came of it, and what somebody else did; a run without such an entry only looked. */
const attempted = `('change-intended', 'change-applied', 'change-failed', 'drift-found', 'other-process')`;

const oldRuns = `
  SELECT seq, id, EXISTS (SELECT 1 FROM entries WHERE runId = runs.id AND type IN ${attempted}) AS changed
  FROM runs WHERE target = ? AND seq > ? AND seq < ? AND startedAt < ? ORDER BY seq LIMIT ${portion}`;

const oldIntents = `
  SELECT id FROM intents WHERE open = 0 AND coalesce(settledAt, answeredAt) < ? LIMIT ${portion}`;

const unusedLists = `
  SELECT rowid FROM heldLists WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.heldList = heldLists.sha256)
  LIMIT ${portion}`;

/** Removes what nobody will ask for: runs that only looked, and intents that are closed. What changed something stays. */
export function createTidy(db: Database): Pick<Journal, 'tidy'> {
  async function tidyTarget(target: string, before: string): Promise<void> {
    const newest = db.first(
      `SELECT seq FROM runs WHERE target = ? ORDER BY seq DESC LIMIT 1 OFFSET ${alwaysKept - 1}`,
      target,
    );
    if (newest === undefined) return;
    const end = Number(newest['seq']);
    for (let last = 0; ; ) {
      const rows = db.all(oldRuns, target, last, end, before);
      const quiet = rows.filter((row) => row['changed'] === 0).map((row) => textOf(row, 'id')!);
      if (quiet.length > 0) {
        await db.write(() => {
          for (const id of quiet) {
            db.run('DELETE FROM entries WHERE runId = ?', id);
            db.run('DELETE FROM runs WHERE id = ?', id);
          }
        });
      }
      if (rows.length < portion) return;
      last = Number(rows.at(-1)!['seq']);
      await turn();
    }
  }

  /** In portions, until there is none left. */
  async function clear(table: string, key: string, find: string, ...values: string[]): Promise<void> {
    for (;;) {
      const found = await db.write(() => {
        const rows = db.all(find, ...values);
        for (const row of rows) db.run(`DELETE FROM ${table} WHERE ${key} = ?`, row[key]!);
        return rows.length;
      });
      if (found < portion) return;
    }
  }

  return {
    async tidy(now) {
      const before = (days: number): string => new Date(now.getTime() - days * dayMs).toISOString();
      for (const row of db.all('SELECT DISTINCT target FROM runs')) {
        await tidyTarget(textOf(row, 'target')!, before(quietRunDays));
      }
      await clear('intents', 'id', oldIntents, before(intentDays));
      await clear('heldLists', 'rowid', unusedLists);
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
