import type { DriftRecord, Removed } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { type Database, jsonOf, type Row, textOf } from './database.ts';
import { bodyOf, noRun } from './entries.ts';
import { unmark } from './marks.ts';
import { waiting } from './writes.ts';

/** Entries of one transaction, each of which has a few rows elsewhere. */
const portion = 20;

const removedKey = 'journal:removed';

/** Of no run, and never removed: what was renamed is explained by it. */
const kept = 'target-renamed';

/** Up to when what is not in the journal may have been removed; undefined where nothing ever was. */
export function removedOf(db: Database): Removed | undefined {
  const row = db.first('SELECT value FROM facts WHERE key = ?', removedKey);
  return row && jsonOf<Removed>(row, 'value');
}

/** A shorter time that was configured once counts for good: what it removed does not come back. */
export async function noteKept(
  db: Database,
  { now, quietBefore, changedBefore }: { now: Date; quietBefore: string; changedBefore: string | undefined },
): Promise<void> {
  await db.write(() => {
    const before = removedOf(db);
    const later = (a: string | undefined, b: string | undefined): string | undefined => ((a ?? '') > (b ?? '') ? a : b);
    const changed = later(before?.changedBefore, changedBefore);
    const noted: Removed = {
      at: now.toISOString(),
      quietBefore: later(before?.quietBefore, quietBefore)!,
      ...(changed === undefined ? {} : { changedBefore: changed }),
    };
    db.run('INSERT OR REPLACE INTO facts (key, value) VALUES (?, ?)', removedKey, JSON.stringify(noted));
  });
}

/**
 * Whether a run of a target stays, however old: what waits (for its answer, for its audit record, for somebody to end a
 * drift), the last one that succeeded, and all of the revision on which the target's limits are being spent.
 */
export function isKept(db: Database, target: string): (runId: string) => boolean {
  const newest = (where: string): Row | undefined =>
    db.first(
      `SELECT id, record ->> '$.revision' AS revision FROM runs WHERE target = ? AND ${where} ORDER BY seq DESC LIMIT 1`,
      target,
    );
  const succeeded = newest(`record ->> '$.status' = 'succeeded' AND record ->> '$.partial' IS NULL`);
  const spentOn = db.first(
    `SELECT record ->> '$.revision' AS revision
     FROM marks m CROSS JOIN entries e ON e.seq = m.seq JOIN runs ON runs.id = e.runId
     WHERE mark = 'target:' || ? AND type = 'change-applied' ORDER BY m.seq DESC LIMIT 1`,
    target,
  );
  return (runId) => {
    if (runId === succeeded?.['id']) return true;
    const run = db.first(`SELECT record ->> '$.revision' AS revision FROM runs WHERE id = ?`, runId);
    if (run === undefined || run['revision'] === spentOn?.['revision']) return true;
    if (isWaiting(db, runId)) return true;
    const drifts = db.all(`${entriesOf} AND type = 'drift-found'`, runId);
    return drifts.some((row) => isOpenDrift(db, row));
  };
}

function isWaiting(db: Database, runId: string): boolean {
  const waits = `(open = 1 OR (${waiting}))`;
  const own = `SELECT seq FROM entries WHERE runId = ? AND type = 'change-intended'`;
  const found =
    db.first(`SELECT 1 FROM intents WHERE runId = ? AND entry IS NULL AND ${waits} LIMIT 1`, runId) ??
    db.first(`SELECT 1 FROM intents WHERE entry IN (${own}) AND ${waits} LIMIT 1`, runId);
  return found !== undefined;
}

const entriesOf = 'SELECT seq, type, body, packed FROM entries WHERE runId = ?';

function isOpenDrift(db: Database, row: Row): boolean {
  const { drift } = bodyOf<{ drift: number }>(row);
  return db.first('SELECT open FROM drifts WHERE id = ?', drift)?.['open'] === 1;
}

/**
 * Removes a run with all that belongs to it. Nobody finds it from the first portion on; what is left of it after a crash
 * goes with the next `clearLeaving`.
 */
export async function leave(db: Database, runId: string, target: string): Promise<void> {
  await db.write(() => {
    db.run('INSERT OR REPLACE INTO leaving (runId, target) VALUES (?, ?)', runId, target);
    db.run('DELETE FROM runs WHERE id = ?', runId);
  });
  await empty(db, runId, target);
}

/** What began to leave and did not end; with a time, also what belongs to no run and is older. */
export async function clearLeaving(db: Database, before?: string): Promise<void> {
  for (const row of db.all('SELECT runId, target FROM leaving')) {
    await empty(db, textOf(row, 'runId')!, textOf(row, 'target')!);
  }
  if (before === undefined) return;
  for (let last = 0; ; ) {
    const rows = db.all(`${entriesOf} AND seq > ? AND at < ? ORDER BY seq LIMIT ${portion}`, noRun, last, before);
    const gone = rows.filter((row) => row['type'] !== kept && !ofOpenDrift(db, row));
    if (gone.length > 0) await db.write(() => remove(db, gone, undefined));
    if (rows.length < portion) return;
    last = Number(rows.at(-1)!['seq']);
  }
}

function ofOpenDrift(db: Database, row: Row): boolean {
  return String(row['type']).startsWith('drift-') && isOpenDrift(db, row);
}

async function empty(db: Database, runId: string, target: string): Promise<void> {
  for (;;) {
    const left = await db.write(() => {
      const rows = db.all(`${entriesOf} ORDER BY seq LIMIT ${portion}`, runId);
      remove(db, rows, target);
      if (rows.length < portion) {
        db.run('DELETE FROM intents WHERE runId = ? AND entry IS NULL', runId);
        db.run('DELETE FROM leaving WHERE runId = ?', runId);
      }
      return rows.length === portion;
    });
    if (!left) return;
  }
}

/** Inside `db.write`: entries, and by what they are found. */
function remove(db: Database, rows: readonly Row[], target: string | undefined): void {
  for (const row of rows) {
    const seq = Number(row['seq']);
    const type = textOf(row, 'type');
    if (type === 'change-applied' || type === 'change-failed') unmark(db, target, seq, bodyOf<Outcome>(row));
    if (type === 'change-intended') db.run('DELETE FROM intents WHERE entry = ?', seq);
    if (type === 'audit-matched') {
      const { records } = bodyOf<{ records: { id: string }[] }>(row);
      for (const { id } of records) db.run('DELETE FROM auditRecords WHERE id = ? AND entry = ?', id, seq);
    }
    if (type === 'drift-found' || type === 'other-process') removeDrift(db, bodyOf<{ drift: number }>(row).drift);
    db.run('DELETE FROM entries WHERE seq = ?', seq);
  }
}

function removeDrift(db: Database, id: number): void {
  const row = db.first('SELECT record FROM drifts WHERE id = ?', id);
  const { story } = (row && jsonOf<DriftRecord>(row, 'record')) ?? {};
  for (const { auditId } of story?.deeds ?? []) {
    db.run('DELETE FROM driftAudits WHERE id = ? AND drift = ?', auditId, id);
  }
  db.run('DELETE FROM drifts WHERE id = ?', id);
}
