import { randomBytes } from 'node:crypto';
import type { Journal } from '../model/journal.ts';
import type { Json } from '../model/json.ts';
import { type Database, jsonOf, textOf } from './database.ts';

type Facts = Pick<Journal, 'recall' | 'recallAll' | 'memorise'>;

/** Facts of the journal itself, out of reach of `recall` and `memorise`. */
const own = 'journal:';

export function createFacts(db: Database): Facts {
  return {
    async recall(key) {
      return read(db, `fact:${key}`);
    },
    async recallAll(prefix) {
      const from = `fact:${prefix}`;
      // The character after every other: a range of the primary key, which LIKE would not use.
      const rows = db.all(
        'SELECT key, value FROM facts WHERE key >= ? AND key < ? ORDER BY key',
        from,
        `${from}\u{10ffff}`,
      );
      return new Map(rows.map((row) => [textOf(row, 'key')!.slice('fact:'.length), jsonOf<Json>(row, 'value')!]));
    },
    memorise: (key, value) =>
      db.write(() => {
        if (value === null) db.run('DELETE FROM facts WHERE key = ?', `fact:${key}`);
        else db.run('INSERT OR REPLACE INTO facts (key, value) VALUES (?, ?)', `fact:${key}`, JSON.stringify(value));
      }),
  };
}

/** 32 random bytes in hex, made once per journal. The first of two processes that make one wins. */
export async function sealKeyOf(db: Database, readOnly: boolean): Promise<string> {
  const name = `${own}sealKey`;
  const kept = read(db, name);
  if (typeof kept === 'string') return kept;
  const fresh = randomBytes(32).toString('hex');
  if (readOnly) return fresh;
  await db.write(() => {
    db.run('INSERT OR IGNORE INTO facts (key, value) VALUES (?, ?)', name, JSON.stringify(fresh));
  });
  return String(read(db, name));
}

function read(db: Database, key: string): Json | undefined {
  const row = db.first('SELECT value FROM facts WHERE key = ?', key);
  return row === undefined ? undefined : jsonOf<Json>(row, 'value');
}
