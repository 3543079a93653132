import { Failure } from '../model/failure.ts';

/** What SQLite's primary result codes mean for the person who runs the daemon (sqlite.org/rescode.html). */
const advice: Record<number, string> = {
  3: 'Permission was denied; check who owns the file and its directory.',
  5: 'Another process holds it; try again when that one is done.',
  6: 'Another process holds it; try again when that one is done.',
  8: 'It cannot be written; check the permissions and whether the file system is read-only.',
  10: 'The disk failed to read or write; check the disk and the system log.',
  11: 'The file is damaged; when it is opened again and no other process has it open, it is set aside and a new journal begins.',
  13: 'The disk is full; make room, the work goes on by itself then.',
  14: 'The file cannot be opened; check that the directory exists and that this user may write there.',
  23: 'Access was denied; check who owns the file and its directory.',
  26: 'The file is no SQLite database; when it is opened again and no other process has it open, it is set aside and a new journal begins.',
};

/** The same from the file system, which the files are made by. */
const sameAs: Record<string, number> = { EACCES: 3, EPERM: 3, EROFS: 8, EIO: 10, ENOSPC: 13, EDQUOT: 13, ENOENT: 14 };

/** SQLite's primary result code, or what is the same of the file system's. */
function sqliteCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  if (typeof code === 'number') return code & 0xff;
  return error instanceof Error && 'code' in error ? sameAs[String(error.code)] : undefined;
}

/** True where the file's content, and not its surroundings, is at fault. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === 11 || code === 26;
}

/** True where another process holds a lock: it may be free a moment later. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === 5 || code === 6;
}

/** Any error of the database or the file system as a Failure that names the file and says what to do. */
export function journalFailure(error: unknown, path: string, doing: string): Failure {
  if (error instanceof Failure) return error;
  const code = sqliteCode(error);
  const fallback = 'Check the file, its directory and the disk.';
  const what = error instanceof Error ? error.message : String(error);
  return new Failure(
    'JournalUnavailable',
    `The journal ${path} could not be ${doing} (${what}). ${advice[code ?? -1] ?? fallback}`,
    // Opened anew, it is set aside, and the work goes on.
    { cause: error, ...(isDamage(error) ? { reopen: true } : {}) },
  );
}
