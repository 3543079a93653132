import { statSync } from 'node:fs';
import { Failure } from '../model/failure.ts';
import { usersSuffix } from './users.ts';

/** SQLite writes to files that have no name any more, and what other processes then see is another journal. */
const parts = ['', '-wal', '-shm', usersSuffix];

/** Which files stand under the journal's names just now; an open file's inode number is not given again. */
export function identityOf(path: string): string {
  return parts.map((part) => fileOf(path + part)).join(' ');
}

export function fileOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? 'none' : `${found.dev}:${found.ino}`;
}

export function replaced(path: string): Failure {
  return new Failure(
    'JournalUnavailable',
    `The journal ${path} was replaced or removed while this process had it open, so nothing more is written to Genesys. A daemon opens it again by itself; run anything else again.`,
    { reopen: true },
  );
}
