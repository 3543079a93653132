import type { CachedDetail, Journal } from '../model/journal.ts';
import type { JsonObject } from '../model/json.ts';
import { type Database, jsonOf, textOf } from './database.ts';

type Details = Pick<Journal, 'details' | 'keepDetails'>;

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
