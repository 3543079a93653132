import { createHash } from 'node:crypto';
import type { RunRecord } from '../model/journal.ts';
import { type Json, stable } from '../model/json.ts';
import { type Database, jsonOf, type Row } from './database.ts';

/** A run as it stands in the file: what it held back by name, as a plan that waits is held anew by every run. */
export interface StoredRun {
  body: object;
  /** The name of the list: SHA-256 (hex) of its canonical JSON, so that a run's digest covers it. */
  heldList?: string | undefined;
}

/** Inside `db.write`: keeps the list where it is a new one. */
export function withoutHeld(db: Database, run: Partial<RunRecord>): StoredRun {
  if (run.held === undefined) return { body: run };
  const list = stable(run.held as unknown as Json);
  const sha256 = createHash('sha256').update(list).digest('hex');
  db.run('INSERT OR IGNORE INTO heldLists (sha256, list) VALUES (?, ?)', sha256, list);
  return { body: { ...run, held: { sha256 } }, heldList: sha256 };
}

/** A row with `record` and `list`, as it was given to `finishRun`. Records of before version 3 have the list in them. */
export function withHeld(row: Row): RunRecord {
  const run = jsonOf<RunRecord>(row, 'record')!;
  const held = jsonOf<NonNullable<RunRecord['held']>>(row, 'list');
  return held === undefined ? run : { ...run, held };
}
