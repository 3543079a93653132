import type { InventoryEntry, Journal } from '../model/journal.ts';
import { type Database, type Row, textOf } from './database.ts';

type Inventory = Pick<Journal, 'inventory' | 'claims' | 'known' | 'remember' | 'forget'>;

export function createInventory(db: Database): Inventory {
  return {
    async inventory({ organization, target }) {
      return db
        .all(
          'SELECT type, id, owner, adopted, key, annotations, paths FROM inventory WHERE organization = ? AND target = ? ORDER BY type, key, id',
          organization,
          target,
        )
        .map(entryOf);
    },
    async claims(organization, exceptTarget) {
      const rows = db.all(
        'SELECT type, id, target FROM inventory WHERE organization = ? AND target <> ?',
        organization,
        exceptTarget,
      );
      return new Map(rows.map((row) => [`${textOf(row, 'type')}:${textOf(row, 'id')}`, textOf(row, 'target')!]));
    },
    async known(organization) {
      const rows = db.all(
        "SELECT type, id FROM inventory WHERE organization = ? UNION SELECT type, id FROM applied WHERE organization = ? AND fields <> '{}' ORDER BY type, id",
        organization,
        organization,
      );
      return rows.map((row) => ({ type: textOf(row, 'type')!, id: textOf(row, 'id')! }));
    },
    remember: ({ organization, target }, entry) =>
      db.write(() => {
        db.run(
          'INSERT OR REPLACE INTO inventory (organization, target, type, id, owner, adopted, key, annotations, paths) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
          organization,
          target,
          entry.type,
          entry.id,
          entry.owner,
          entry.adopted ? 1 : 0,
          entry.key,
          entry.annotations === undefined ? null : JSON.stringify(entry.annotations),
          entry.paths === undefined ? null : JSON.stringify(entry.paths),
        );
      }),
    /** What was applied to it and the copy of it go with it: ids do not come back. */
    forget: ({ organization, target }, type, id) =>
      db.write(() => {
        const scope = 'organization = ? AND target = ? AND type = ? AND id = ?';
        db.run(`DELETE FROM inventory WHERE ${scope}`, organization, target, type, id);
        db.run(`DELETE FROM applied WHERE ${scope}`, organization, target, type, id);
        db.run('DELETE FROM details WHERE organization = ? AND type = ? AND id = ?', organization, type, id);
      }),
  };
}

function entryOf(row: Row): InventoryEntry {
  const annotations = textOf(row, 'annotations');
  const paths = textOf(row, 'paths');
  return {
    type: textOf(row, 'type')!,
    id: textOf(row, 'id')!,
    owner: textOf(row, 'owner')!,
    adopted: row['adopted'] === 1,
    key: textOf(row, 'key')!,
    ...(annotations ? { annotations: JSON.parse(annotations) as Record<string, string> } : {}),
    ...(paths ? { paths: JSON.parse(paths) as string[] } : {}),
  };
}
