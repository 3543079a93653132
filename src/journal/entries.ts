import { createHash } from 'node:crypto';
import { type Json, type JsonObject, stable } from '../model/json.ts';
import { type Database, type Row, textOf } from './database.ts';
import { pack, unpack } from './pack.ts';

/** What the append-only record is made of (design, section 8). What comes after `run-finished` is no part of the run's digest. */
type EntryType =
  | 'run-started'
  | 'change-intended'
  | 'change-applied'
  | 'change-failed'
  | 'run-finished'
  | 'audit-matched'
  | 'drift-found'
  | 'drift-explained'
  | 'drift-ended'
  | 'other-process'
  | 'target-renamed';

/** Whose entries those are that belong to no run. */
export const noRun = '-';

/** What an entry became: where it stands, and the SHA-256 (hex) of its line. */
export interface Appended {
  seq: number;
  digest: string;
}

/** In what is learnt after a run, or beside it: the command that put it down, where that was not the daemon, and so the log that tells of it. */
export interface Via {
  via?: string;
}

/** Inside `db.write`. Bodies are kept as canonical JSON, so that the digest is of what stands in the file. */
export function append(db: Database, runId: string, type: EntryType, at: Date, body: object): Appended {
  const text = stable(body as Json);
  const seq = db.run(
    `INSERT INTO entries (runId, type, at, body, packed) VALUES (?, ?, ?, '', ?)`,
    runId,
    type,
    at.toISOString(),
    pack(text),
  );
  const digest = createHash('sha256')
    .update(line(type, at.toISOString(), text))
    .digest('hex');
  return { seq, digest };
}

/**
 * SHA-256 (hex) over the run's entries in order, one line `{"at":...,"body":...,"type":...}` each. The last line is that
 * of `run-finished` as it is about to be written, without the digest that it will carry.
 */
export function digestOf(db: Database, runId: string, last: { at: Date; body: object }): string {
  const rows = db.each('SELECT type, at, body, packed FROM entries WHERE runId = ? ORDER BY seq', runId);
  return digestOver(rows, line('run-finished', last.at.toISOString(), stable(last.body as Json)));
}

/** The same of a run that has finished, from what stands in the file; undefined where no entry says that it has. */
export function digestAgain(db: Database, runId: string): string | undefined {
  const last = db.first(
    `SELECT seq, at, body, packed FROM entries WHERE runId = ? AND type = 'run-finished' ORDER BY seq DESC LIMIT 1`,
    runId,
  );
  if (last === undefined) return undefined;
  const { digest: _digest, ...body } = bodyOf<JsonObject>(last);
  const sql = 'SELECT type, at, body, packed FROM entries WHERE runId = ? AND seq < ? ORDER BY seq';
  return digestOver(db.each(sql, runId, Number(last['seq'])), line('run-finished', textOf(last, 'at')!, stable(body)));
}

function digestOver(rows: Iterable<Row>, last: string): string {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(line(textOf(row, 'type')!, textOf(row, 'at')!, bodyText(row)));
  return hash.update(last).digest('hex');
}

/** The body of a row with `body` and `packed`. Entries of before version 4 have it as it is. */
export function bodyOf<T>(row: Row): T {
  return JSON.parse(bodyText(row)) as T;
}

function bodyText(row: Row): string {
  const packed = row['packed'];
  return packed instanceof Uint8Array ? unpack(packed) : textOf(row, 'body')!;
}

/** What the digests are over: `body` is canonical JSON. */
export function line(type: string, at: string, body: string): string {
  return `{"at":${JSON.stringify(at)},"body":${body},"type":${JSON.stringify(type)}}\n`;
}
