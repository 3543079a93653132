import { existsSync, renameSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Failure } from '../model/failure.ts';

/** SQLite would notice damage only when it comes upon it, in the middle of a run. */
export function check(sqlite: DatabaseSync): void {
  const found = Object.values(sqlite.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
  if (found === 'ok') return;
  throw Object.assign(new Error(String(found)), { errcode: 11 });
}

/** Gives the file another name (`<name>.damaged-<time>`), and answers that; only while nobody has it open. */
export function setAside(path: string, now: Date): string {
  const name = `${path}.damaged-${now.toISOString().replace(/[:.]/g, '-')}`;
  let kept = name;
  for (let i = 2; existsSync(kept); i++) kept = `${name}-${i}`;
  for (const part of ['', '-wal', '-shm']) {
    if (existsSync(path + part)) renameSync(path + part, kept + part);
  }
  return kept;
}

export function damagedInUse(path: string, cause: unknown): Failure {
  return new Failure(
    'JournalUnavailable',
    `The journal ${path} is damaged, and another process has it open (a daemon, or another command). Stop that process first; the journal is then set aside and a new one begins.`,
    { cause },
  );
}
