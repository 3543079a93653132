import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import { isDamage, journalFailure, sqliteCode } from './failures.ts';
import { migrate, migrations, versionOf } from './migrations.ts';

export interface OpenOptions {
  clock: Clock;
  log: Log;
  /** Nothing is made, moved or migrated; where there is no file, the journal is an empty one in memory. */
  readOnly?: boolean | undefined;
}

/** Opens the file, migrated; a damaged one is set aside (`<name>.damaged-<time>`) and a new one begins. */
export function openFile(path: string, options: OpenOptions): DatabaseSync {
  try {
    if (options.readOnly) return openForReading(path, options);
    return openForWriting(path, options);
  } catch (error) {
    if (options.readOnly || !isDamage(error)) throw journalFailure(error, path, 'opened');
    const kept = setAside(path, options.clock.now());
    options.log.error({ path, kept }, 'the journal was damaged and is set aside; a new one begins, nothing is deleted');
    return openForWriting(path, options);
  }
}

function openForWriting(path: string, { clock }: OpenOptions): DatabaseSync {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Made before SQLite does, so that it is at no time readable by others; -wal and -shm take its mode over.
    if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  }
  return guarded(new DatabaseSync(path), (sqlite) => {
    sqlite.exec('PRAGMA busy_timeout = 5000');
    // Before anything is written: somebody else's database stays as it is.
    versionOf(sqlite, path);
    patiently(() => sqlite.exec('PRAGMA journal_mode = WAL'));
    sqlite.exec('PRAGMA synchronous = FULL');
    check(sqlite);
    migrate(sqlite, path, clock.now());
    if (path !== ':memory:') chmodSync(path, 0o600);
  });
}

function openForReading(path: string, options: OpenOptions): DatabaseSync {
  if (path === ':memory:' || !existsSync(path)) return openForWriting(':memory:', options);
  return guarded(new DatabaseSync(path, { readOnly: true }), (sqlite) => {
    sqlite.exec('PRAGMA busy_timeout = 5000');
    const version = versionOf(sqlite, path);
    if (version === migrations.length) return;
    throw new Failure(
      'JournalUnavailable',
      `The journal ${path} has schema version ${version}; run \`apply\` or the daemon once, which brings it to version ${migrations.length}.`,
    );
  });
}

function guarded(sqlite: DatabaseSync, prepare: (sqlite: DatabaseSync) => void): DatabaseSync {
  try {
    prepare(sqlite);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** The switch to WAL does not wait by itself where another process is making the same file. Synchronous, as SQLite is. */
function patiently(work: () => void): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 1; ; tries++) {
    try {
      work();
      return;
    } catch (error) {
      if (sqliteCode(error) !== 5 || tries === 100) throw error;
      Atomics.wait(pause, 0, 0, 20);
    }
  }
}

/** SQLite would notice damage only when it comes upon it, in the middle of a run. */
function check(sqlite: DatabaseSync): void {
  const found = Object.values(sqlite.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
  if (found === 'ok') return;
  throw Object.assign(new Error(String(found)), { errcode: 11 });
}

function setAside(path: string, now: Date): string {
  const suffix = `.damaged-${now.toISOString().replace(/[:.]/g, '-')}`;
  for (const part of ['', '-wal', '-shm']) {
    if (existsSync(path + part)) renameSync(path + part, path + suffix + part);
  }
  return path + suffix;
}
