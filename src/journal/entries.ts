import { createHash } from 'node:crypto';
import { type Json, stable } from '../model/json.ts';
import { type Database, textOf } from './database.ts';

/** What the append-only record of a run is made of (design, section 8). */
type EntryType = 'run-started' | 'change-intended' | 'change-applied' | 'change-failed' | 'run-finished';

/** Inside `db.write`. Bodies are kept as canonical JSON, so that the digest is of what stands in the file. */
export function append(db: Database, runId: string, type: EntryType, at: Date, body: object): void {
  const text = stable(body as Json);
  db.run('INSERT INTO entries (runId, type, at, body) VALUES (?, ?, ?, ?)', runId, type, at.toISOString(), text);
}

/**
 * SHA-256 (hex) over the run's entries in order, one line `{"at":...,"body":...,"type":...}` each. The last line is that
 * of `run-finished` as it is about to be written, without the digest that it will carry.
 */
export function digestOf(db: Database, runId: string, last: { at: Date; body: object }): string {
  const hash = createHash('sha256');
  for (const row of db.each('SELECT type, at, body FROM entries WHERE runId = ? ORDER BY seq', runId)) {
    hash.update(line(textOf(row, 'type')!, textOf(row, 'at')!, textOf(row, 'body')!));
  }
  hash.update(line('run-finished', last.at.toISOString(), stable(last.body as Json)));
  return hash.digest('hex');
}

function line(type: string, at: string, body: string): string {
  return `{"at":${JSON.stringify(at)},"body":${body},"type":${JSON.stringify(type)}}\n`;
}
