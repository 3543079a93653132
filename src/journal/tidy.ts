import type { Journal } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import { giveBack } from './compact.ts';
import { type Database, textOf } from './database.ts';
import { clearLeaving, isKept, leave, noteKept } from './retention.ts';

const dayMs = 86_400_000;
const quietRunDays = 30;
/** Of each target, whatever their age: what `history`, `status` and those that follow the target look at. */
const alwaysKept = 100;
/** Of one transaction: a few milliseconds, between which everything else has its turn. */
const portion = 50;

/** What was attempted, what came of it, and what somebody else did; a run without such an entry only looked. */
const attempted = `('change-intended', 'change-applied', 'change-failed', 'drift-found', 'other-process')`;

const oldRuns = `
  SELECT seq, id, startedAt, EXISTS (SELECT 1 FROM entries WHERE runId = runs.id AND type IN ${attempted}) AS changed
  FROM runs WHERE target = ? AND seq > ? AND seq < ? AND startedAt < ? ORDER BY seq LIMIT ${portion}`;

const unusedLists = `
  SELECT rowid FROM heldLists WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.heldList = heldLists.sha256)
  LIMIT ${portion}`;

/** Removes what nobody will ask for: runs that only looked, and what changed something where it is kept for a time only. */
export function createTidy(db: Database, log: Log): Pick<Journal, 'tidy'> {
  async function tidyTarget(target: string, quietBefore: string, changedBefore: string | undefined): Promise<void> {
    const newest = db.first(
      `SELECT seq FROM runs WHERE target = ? ORDER BY seq DESC LIMIT 1 OFFSET ${alwaysKept - 1}`,
      target,
    );
    if (newest === undefined) return;
    const end = Number(newest['seq']);
    const oldest = changedBefore === undefined || changedBefore < quietBefore ? quietBefore : changedBefore;
    const needed = changedBefore === undefined ? undefined : isKept(db, target);
    for (let last = 0; ; ) {
      const rows = db.all(oldRuns, target, last, end, oldest);
      const quiet = rows.filter((row) => row['changed'] === 0 && textOf(row, 'startedAt')! < quietBefore);
      const old = rows.filter((row) => row['changed'] === 1 && textOf(row, 'startedAt')! < (changedBefore ?? ''));
      const leaving = old.filter((row) => needed?.(textOf(row, 'id')!) === false);
      const runs = [...quiet, ...leaving].map((row) => textOf(row, 'id')!);
      // Said before they go: a journal that lacks a run of which this is not said was tampered with.
      if (runs.length > 0) log.info({ target, runs }, 'old runs are removed from the journal');
      if (quiet.length > 0) {
        await db.write(() => {
          for (const row of quiet) {
            db.run('DELETE FROM entries WHERE runId = ?', row['id']!);
            db.run('DELETE FROM runs WHERE id = ?', row['id']!);
          }
        });
      }
      for (const row of leaving) await leave(db, textOf(row, 'id')!, target);
      if (rows.length < portion) return;
      last = Number(rows.at(-1)!['seq']);
      await turn();
    }
  }

  /** In portions, until there is none left. */
  async function clearLists(): Promise<void> {
    for (;;) {
      const found = await db.write(() => {
        const rows = db.all(unusedLists);
        for (const row of rows) db.run('DELETE FROM heldLists WHERE rowid = ?', row['rowid']!);
        return rows.length;
      });
      if (found < portion) return;
    }
  }

  return {
    async tidy(now, keepMs) {
      const quietBefore = new Date(now.getTime() - quietRunDays * dayMs).toISOString();
      const changedBefore = keepMs === undefined ? undefined : new Date(now.getTime() - keepMs).toISOString();
      // Said before anything goes: who compares with the log has to know why it is not there.
      await noteKept(db, { now, quietBefore, changedBefore });
      await clearLeaving(db);
      for (const row of db.all('SELECT DISTINCT target FROM runs')) {
        await tidyTarget(textOf(row, 'target')!, quietBefore, changedBefore);
      }
      if (changedBefore !== undefined) {
        log.info({ before: changedBefore }, 'old entries of no run are removed from the journal');
        await clearLeaving(db, changedBefore);
      }
      await clearLists();
      await giveBack(db);
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
