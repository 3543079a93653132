import type { CachedDetail, Journal } from '../model/journal.ts';
import type { JsonObject } from '../model/json.ts';
import { type Database, jsonOf, textOf } from './database.ts';

type Details = Pick<Journal, 'details' | 'keepDetails' | 'forgetDetails'>;

/** What was applied to objects that are in no target's inventory. */
const unowned = `
  SELECT DISTINCT id FROM applied a WHERE organization = ? AND type = ? AND NOT EXISTS (
    SELECT 1 FROM inventory i WHERE i.organization = a.organization AND i.type = a.type AND i.id = a.id)`;

/** Live objects as they were read, by type and id; the newest reading replaces the one before. */
export function createDetails(db: Database, readOnly: boolean): Details {
  return {
    async details(organization, type) {
      const found = new Map<string, CachedDetail>();
      const sql = 'SELECT id, fingerprint, readAt, live FROM details WHERE organization = ? AND type = ?';
      for (const row of db.each(sql, organization, type)) {
        const id = textOf(row, 'id')!;
        const live = jsonOf<JsonObject>(row, 'live')!;
        found.set(id, { type, id, fingerprint: textOf(row, 'fingerprint')!, readAt: textOf(row, 'readAt')!, live });
      }
      return found;
    },
    /** Nothing is written where there is nothing to forget, which is nearly always. */
    async forgetDetails(organization, type, presentIds) {
      if (readOnly) return 0;
      const gone = (sql: string): string[] =>
        db
          .all(sql, organization, type)
          .map((row) => textOf(row, 'id')!)
          .filter((id) => !presentIds.has(id));
      const [details, applied] = [gone('SELECT id FROM details WHERE organization = ? AND type = ?'), gone(unowned)];
      if (details.length + applied.length === 0) return 0;
      return db.write(() => {
        for (const id of details) {
          db.run('DELETE FROM details WHERE organization = ? AND type = ? AND id = ?', organization, type, id);
        }
        // Looked at again: a run beside this one may have made them somebody's.
        const still = new Set(gone(unowned));
        for (const id of applied.filter((one) => still.has(one))) {
          db.run('DELETE FROM applied WHERE organization = ? AND type = ? AND id = ?', organization, type, id);
        }
        return details.length + applied.length;
      });
    },
    /** A cache: where the journal is open for reading only, nothing is kept and that is no error. */
    async keepDetails(organization, details) {
      if (readOnly || details.length === 0) return;
      await db.write(() => {
        for (const { type, id, fingerprint, readAt, live } of details) {
          db.run(
            'INSERT OR REPLACE INTO details (organization, type, id, fingerprint, readAt, live) VALUES (?, ?, ?, ?, ?, ?)',
            organization,
            type,
            id,
            fingerprint,
            readAt,
            JSON.stringify(live),
          );
        }
      });
    },
  };
}
