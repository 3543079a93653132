import type { AppliedField, AppliedObject, Journal } from '../model/journal.ts';
import { compact, type Database, jsonOf, textOf } from './database.ts';

type Applied = Pick<Journal, 'applied' | 'setApplied'>;

/** Last applied fields, an object's all at once; objects that are not given stay as they were. */
export function createApplied(db: Database): Applied {
  return {
    async applied({ organization, target }) {
      const sql = 'SELECT type, id, fingerprint, revision, fields FROM applied WHERE organization = ? AND target = ?';
      // Row by row: the texts of a thousand flows are not held twice.
      return Array.from(db.each(sql, organization, target), (row) =>
        compact<AppliedObject>({
          type: textOf(row, 'type')!,
          id: textOf(row, 'id')!,
          fingerprint: textOf(row, 'fingerprint'),
          revision: textOf(row, 'revision')!,
          fields: jsonOf<Record<string, AppliedField>>(row, 'fields')!,
        }),
      );
    },
    async setApplied({ organization, target }, objects) {
      if (objects.length === 0) return;
      await db.write(() => {
        for (const object of objects) {
          db.run(
            'INSERT OR REPLACE INTO applied (organization, target, type, id, fingerprint, revision, fields) VALUES (?, ?, ?, ?, ?, ?, ?)',
            organization,
            target,
            object.type,
            object.id,
            object.fingerprint ?? null,
            object.revision,
            JSON.stringify(object.fields),
          );
        }
      });
    },
  };
}
