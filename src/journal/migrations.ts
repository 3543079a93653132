import type { DatabaseSync } from 'node:sqlite';
import { Failure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import type { Outcome } from '../model/plan.ts';

/** "GGOP": tells our files from other people's databases (PRAGMA application_id). */
const applicationId = 0x47474f50;

interface Migration {
  name: string;
  sql: string;
  /** What is no work for one statement, after `sql`. */
  then?: (sqlite: DatabaseSync) => void;
}

/** Version n is what the first n of these make. Only ever appended to: files in the field hold their results. */
export const migrations: readonly Migration[] = [
  {
    name: 'runs, entries, intents, inventory, applied fields, details, facts',
    sql: `
      CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE runs (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, target TEXT NOT NULL, organization TEXT,
        startedAt TEXT NOT NULL, finishedAt TEXT, record TEXT NOT NULL
      ) STRICT;
      CREATE INDEX runsOfTarget ON runs (target, seq);
      CREATE TABLE entries (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, runId TEXT NOT NULL, type TEXT NOT NULL, at TEXT NOT NULL,
        body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX entriesOfRun ON entries (runId, seq);
      CREATE TRIGGER entriesStay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
      CREATE TABLE intents (
        id INTEGER PRIMARY KEY AUTOINCREMENT, runId TEXT NOT NULL, organization TEXT NOT NULL, target TEXT NOT NULL,
        intent TEXT NOT NULL, checkpoint TEXT, receipt TEXT, reason TEXT, message TEXT, answeredAt TEXT,
        outcome TEXT, settledAt TEXT, open INTEGER NOT NULL DEFAULT 1
      ) STRICT;
      CREATE INDEX openIntents ON intents (organization, target, id) WHERE open = 1;
      CREATE TABLE inventory (
        organization TEXT NOT NULL, target TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, owner TEXT NOT NULL,
        adopted INTEGER NOT NULL, key TEXT NOT NULL, annotations TEXT, PRIMARY KEY (organization, target, type, id)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE applied (
        organization TEXT NOT NULL, target TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, fingerprint TEXT,
        revision TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (organization, target, type, id)
      ) STRICT;
      CREATE TABLE details (
        organization TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, fingerprint TEXT NOT NULL,
        readAt TEXT NOT NULL, live TEXT NOT NULL, PRIMARY KEY (organization, type, id)
      ) STRICT;
    `,
  },
  {
    name: 'leases, looks for what an intent was to make, the files that inventory came from',
    sql: `
      CREATE TABLE leases (
        organization TEXT PRIMARY KEY, owner TEXT NOT NULL, holder TEXT NOT NULL, fence INTEGER NOT NULL,
        since TEXT NOT NULL, expiresAt TEXT NOT NULL, ttlMs REAL NOT NULL
      ) STRICT, WITHOUT ROWID;
      ALTER TABLE intents ADD COLUMN looks INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE intents ADD COLUMN lookedAt TEXT;
      ALTER TABLE intents ADD COLUMN lookedMs REAL NOT NULL DEFAULT 0;
      ALTER TABLE inventory ADD COLUMN paths TEXT;
      CREATE INDEX appliedEntries ON entries (seq) WHERE type = 'change-applied';
    `,
  },
  {
    name: 'open intents by organisation, what was held back kept once, indexes to tidy by',
    sql: `
      DROP INDEX openIntents;
      CREATE INDEX openIntentsOfOrganization ON intents (organization, id) WHERE open = 1;
      CREATE INDEX closedIntents ON intents (coalesce(settledAt, answeredAt)) WHERE open = 0;
      CREATE TABLE heldLists (sha256 TEXT PRIMARY KEY, list TEXT NOT NULL) STRICT;
      ALTER TABLE runs ADD COLUMN heldList TEXT;
      CREATE INDEX runsOfHeldList ON runs (heldList) WHERE heldList IS NOT NULL;
    `,
  },
  {
    // A default costs nothing, however many rows there are: those of before count as asked about, and new ones say NULL.
    name: 'what the audit log says of writes, drifts, by what changes are found, packed entries',
    sql: `
      ALTER TABLE entries ADD COLUMN packed BLOB;
      DROP INDEX appliedEntries;
      CREATE INDEX changeEntries ON entries (seq) WHERE type IN ('change-applied', 'change-failed');
      CREATE INDEX changesByTime ON entries (at) WHERE type IN ('change-applied', 'change-failed');
      CREATE TABLE marks (mark TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (mark, seq)) STRICT, WITHOUT ROWID;
      ALTER TABLE intents ADD COLUMN entry INTEGER;
      ALTER TABLE intents ADD COLUMN objectId TEXT;
      ALTER TABLE intents ADD COLUMN audit TEXT
        DEFAULT '{"match":"unmatched","records":[],"why":"it was written before this program looked for audit records"}';
      DROP INDEX closedIntents;
      CREATE INDEX intentsOfEntry ON intents (entry) WHERE entry IS NOT NULL;
      CREATE INDEX intentsOfRun ON intents (runId) WHERE entry IS NULL;
      CREATE INDEX intentsByTime ON intents (intent ->> '$.at');
      CREATE INDEX intentsByCorrelation ON intents (receipt ->> '$.correlationId') WHERE receipt IS NOT NULL;
      CREATE INDEX intentsWaiting ON intents (organization, id) WHERE audit IS NULL AND
        (open = 1 OR (outcome IS NULL AND reason IS NULL) OR outcome = 'applied');
      CREATE TABLE auditRecords (id TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (id, entry)) STRICT, WITHOUT ROWID;
      CREATE TABLE drifts (
        id INTEGER PRIMARY KEY AUTOINCREMENT, organization TEXT NOT NULL, target TEXT NOT NULL, at TEXT NOT NULL,
        type TEXT NOT NULL, key TEXT NOT NULL, objectId TEXT, open INTEGER NOT NULL, unexplained INTEGER NOT NULL,
        record TEXT NOT NULL
      ) STRICT;
      CREATE INDEX driftsByTime ON drifts (at);
      CREATE INDEX driftsOpen ON drifts (organization, target) WHERE open = 1;
      CREATE INDEX driftsUnexplained ON drifts (organization, target) WHERE unexplained = 1;
      CREATE INDEX driftsOfObject ON drifts (objectId);
      CREATE TABLE driftAudits (id TEXT NOT NULL, drift INTEGER NOT NULL, PRIMARY KEY (id, drift)) STRICT, WITHOUT ROWID;
      CREATE TABLE leaving (runId TEXT PRIMARY KEY, target TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE INDEX runsByTime ON runs (target, startedAt);
      CREATE INDEX runsOfRevision ON runs (
        substr(record ->> '$.revision', instr(record ->> '$.revision', ':') + 1), target, seq);
    `,
    then: markAll4,
  },
];

/** Entries whose marks are sorted and put in together: sorted, they go into the table side by side; few, they fit into memory. */
const portion = 20_000;

/** Makes the marks of the changes of before, a portion of the entries at a time. */
function markAll4(sqlite: DatabaseSync): void {
  sqlite.function('marksOf4', { deterministic: true }, marksOf4);
  const some = sqlite.prepare(`
    INSERT OR IGNORE INTO marks (mark, seq)
      SELECT value, e.seq FROM entries e LEFT JOIN runs r ON r.id = e.runId, json_each(marksOf4(body, target))
      WHERE e.type IN ('change-applied', 'change-failed') AND e.seq > ? AND e.seq <= ? ORDER BY 1, 2`);
  const { last } = sqlite.prepare('SELECT coalesce(max(seq), 0) AS last FROM entries').get() as { last: number };
  for (let from = 0; from < last; from += portion) some.run(from, from + portion);
}

/** By what migration 4 finds the changes of before: what `marks.ts` did when it was new, and does not follow it. */
function marksOf4(body: unknown, target: unknown): string {
  const { kind, name, fields = [], commit, object } = JSON.parse(String(body)) as Outcome;
  const author = commit?.author;
  return JSON.stringify([
    ...(target === null ? [] : [`target:${String(target)}`]),
    `resource:${kind}/${name}`,
    ...new Set(fields.map(({ by }) => `resource:${by}`)),
    ...(author === undefined ? [] : [`author:${fold(author.name)}`, `author:${fold(author.email)}`]),
    ...(commit === undefined ? [] : [`commit:${commit.sha.slice(0, 16)}`]),
    ...(object.id === undefined ? [] : [`object:${object.id}`]),
  ]);
}

/** Letter case aside, and however an accent was typed. */
export const fold = (text: string): string => text.normalize('NFC').toLowerCase();

/** The version of the file; 0 for an empty one. Refuses a database of another program and a newer version. */
export function versionOf(sqlite: DatabaseSync, path: string): number {
  const tables = Number(sqlite.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'] ?? 0);
  // The id after the tables: another process may be making both just now, in one transaction.
  const id = pragma(sqlite, 'application_id');
  if (tables > 0 && id !== applicationId) {
    throw new Failure('JournalUnavailable', `${path} is a database of another program; give \`journal\` another path.`);
  }
  if (tables === 0) return 0;
  const version = Number(sqlite.prepare('SELECT max(version) AS v FROM migrations').get()?.['v'] ?? 0);
  if (version > migrations.length) {
    throw new Failure(
      'JournalUnavailable',
      `The journal ${path} has schema version ${version}, and this program knows versions up to ${migrations.length}. Run the newer program, or give \`journal\` another path.`,
    );
  }
  return version;
}

/** Brings the file to the newest version in one transaction; safe where another process does so at the same time. */
export function migrate(sqlite: DatabaseSync, path: string, now: Date, log: Log): void {
  if (versionOf(sqlite, path) === migrations.length) return;
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    // Looked at again under the lock: another process may have been first.
    const version = versionOf(sqlite, path);
    const to = migrations.length;
    const isOld = version > 0 && version < to;
    if (isOld) {
      const { entries } = sqlite.prepare('SELECT count(*) AS entries FROM entries').get() as { entries: number };
      log.info(
        { path, from: version, to, entries },
        'the journal is brought to a newer version, which takes a while where it is large',
      );
    }
    if (version === 0) {
      sqlite.exec('CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL) STRICT');
      sqlite.exec(`PRAGMA application_id = ${applicationId}`);
    }
    const done = sqlite.prepare('INSERT INTO migrations (version, name, at) VALUES (?, ?, ?)');
    for (const [i, { name, sql, then }] of migrations.entries()) {
      if (i < version) continue;
      sqlite.exec(sql);
      then?.(sqlite);
      done.run(i + 1, name, now.toISOString());
    }
    sqlite.exec('COMMIT');
    if (isOld) log.info({ path, to }, 'the journal is of the newer version');
  } catch (error) {
    if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
    throw error;
  }
}

function pragma(sqlite: DatabaseSync, name: string): number {
  return Number(Object.values(sqlite.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0);
}
