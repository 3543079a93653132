import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../model/clock.ts';
import type { Log } from '../model/log.ts';
import { check, damagedInUse, setAside } from './damaged.ts';
import { isBusy, isDamage, journalFailure } from './failures.ts';
import { fileOf, identityOf, replaced } from './identity.ts';
import { migrate, migrations, versionOf } from './migrations.ts';
import { busyTimeout, patience } from './patience.ts';
import { makePrivate } from './private.ts';
import { joinUsers, whileUnused } from './users.ts';

export interface OpenOptions {
  clock: Clock;
  log: Log;
  /** The command that has it open (`daemon`, `apply`): what it learns is told in that one's log. */
  role?: string | undefined;
  /** Nothing is made, moved or migrated; where there is no file, the journal is an empty one in memory. */
  readOnly?: boolean | undefined;
  /** How long another process's lock is waited for; 5 s. */
  patienceMs?: number | undefined;
}

export interface Opened {
  sqlite: DatabaseSync;
  /** Throws where the files under the journal's names are no longer those that were opened. */
  verify(): void;
  /** When it is closed: others may set the file aside. */
  release(): void;
}

/** Opens the file, migrated; a damaged one that nobody else has open is set aside, and a new one begins. */
export async function openFile(path: string, options: OpenOptions): Promise<Opened> {
  const waited = patience(options.patienceMs);
  for (let mended = false; ; ) {
    try {
      return options.readOnly ? openForReading(path, options) : openForWriting(path, options);
    } catch (error) {
      const damaged = options.readOnly !== true && isDamage(error);
      if (damaged && !mended && whileUnused(path, () => mend(path, options))) {
        mended = true;
        continue;
      }
      // Another process that opens it just now may be about to set it aside.
      if ((isBusy(error) || (damaged && !mended)) && (await waited())) continue;
      throw damaged && !mended ? damagedInUse(path, error) : journalFailure(error, path, 'opened');
    }
  }
}

/** Looked at again, with everybody else kept out: another process may have been first. */
export function mend(path: string, options: OpenOptions): void {
  try {
    prepared(path, options).close();
  } catch (error) {
    if (!isDamage(error)) throw error;
    const kept = setAside(path, options.clock.now());
    options.log.error({ path, kept }, 'the journal was damaged and is set aside; a new one begins, nothing is deleted');
  }
}

const alone = { verify: () => {}, release: () => {} };

function openForWriting(path: string, options: OpenOptions): Opened {
  if (path === ':memory:') return { sqlite: prepared(path, options), ...alone };
  // First: what is damaged is set aside only while nobody is in.
  const release = joinUsers(path);
  try {
    makePrivate(path);
    const file = fileOf(path);
    const sqlite = prepared(path, options);
    // Only now are the files beside it there.
    const identity = identityOf(path);
    const verify = (): void => {
      if (identityOf(path) !== identity || !identity.startsWith(`${file} `)) throw replaced(path);
    };
    return { sqlite, verify, release };
  } catch (error) {
    release();
    throw error;
  }
}

function prepared(path: string, { clock, log }: OpenOptions): DatabaseSync {
  return guarded(new DatabaseSync(path), (sqlite) => {
    sqlite.exec(busyTimeout);
    // Before anything is written: somebody else's database stays as it is.
    const version = versionOf(sqlite, path);
    // Only before there is anything in the file, so that what is removed one day can be given back.
    if (version === 0) sqlite.exec('PRAGMA auto_vacuum = INCREMENTAL');
    sqlite.exec('PRAGMA journal_mode = WAL');
    sqlite.exec('PRAGMA synchronous = FULL');
    check(sqlite);
    migrate(sqlite, path, clock.now(), log);
    if (path !== ':memory:') chmodSync(path, 0o600);
  });
}

function openForReading(path: string, options: OpenOptions): Opened {
  if (path === ':memory:' || !existsSync(path)) return openForWriting(':memory:', options);
  let isOld = false;
  const sqlite = guarded(new DatabaseSync(path, { readOnly: true }), (found) => {
    found.exec(busyTimeout);
    isOld = versionOf(found, path) < migrations.length;
  });
  return { sqlite: isOld ? migratedCopy(sqlite, options) : sqlite, ...alone };
}

/** Of an older version, for whoever only reads: so `plan` can be run with a new program before the old one is stopped. */
function migratedCopy(old: DatabaseSync, options: OpenOptions): DatabaseSync {
  const folder = mkdtempSync(join(tmpdir(), 'genesys-gitops-'));
  try {
    const copy = join(folder, 'journal.db');
    old.prepare('VACUUM INTO ?').run(copy);
    return prepared(copy, options);
  } finally {
    old.close();
    // It stays readable as long as it is open.
    rmSync(folder, { recursive: true, force: true });
  }
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
