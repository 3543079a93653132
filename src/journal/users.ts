import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './failures.ts';
import { makePrivate } from './private.ts';

/** An empty file beside the journal, for its locks alone: those of the system, which end with the process however it ends. */
export const usersSuffix = '-users';

/** Held for as long as this process has the journal open for writing. Throws SQLite's "locked" while it is set aside. */
export function joinUsers(path: string): () => void {
  return lock(path, (sqlite) => {
    sqlite.exec('BEGIN');
    // The first read takes the shared lock, and the transaction keeps it.
    sqlite.prepare('SELECT count(*) FROM sqlite_schema').get();
  });
}

/** Runs `work` while nobody has the journal open for writing; false where somebody has. */
export function whileUnused(path: string, work: () => void): boolean {
  let release: () => void;
  try {
    release = lock(path, (sqlite) => sqlite.exec('BEGIN EXCLUSIVE'));
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
  try {
    work();
  } finally {
    release();
  }
  return true;
}

function lock(path: string, take: (sqlite: DatabaseSync) => void): () => void {
  const file = path + usersSuffix;
  makePrivate(file);
  const sqlite = new DatabaseSync(file);
  try {
    // No file for a rollback: nothing is ever written.
    sqlite.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY');
    take(sqlite);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return () => sqlite.close();
}
