import type { Journal, JournalEntry } from '../model/journal.ts';
import type { JsonObject } from '../model/json.ts';
import { type Database, textOf } from './database.ts';
import { bodyOf, digestAgain } from './entries.ts';

/** So many at a time: a reader that takes long holds no transaction open meanwhile. */
const portion = 500;

export function createExport(db: Database): Pick<Journal, 'entries' | 'digest'> {
  return {
    async *entries(after = 0) {
      for (let last = after; ; ) {
        const rows = db.all(
          'SELECT seq, runId, type, at, body, packed FROM entries WHERE seq > ? ORDER BY seq LIMIT ?',
          last,
          portion,
        );
        for (const row of rows) {
          const [runId, type, at] = [textOf(row, 'runId')!, textOf(row, 'type')!, textOf(row, 'at')!];
          const entry: JournalEntry = {
            seq: Number(row['seq']),
            runId,
            type,
            at,
            body: bodyOf<JsonObject>(row),
          };
          yield entry;
          last = entry.seq;
        }
        if (rows.length < portion) return;
      }
    },
    async digest(runId) {
      return digestAgain(db, runId);
    },
  };
}
