import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { openJournal } from '../src/journal/index.ts';
import { systemClock } from '../src/model/clock.ts';
import { silent } from '../src/model/log.ts';

/** What a long life leaves in a journal. */
export interface Life {
  entries: number;
  targets: readonly string[];
  /** Changes of one run. */
  changes: number;
  /** Runs with nothing to do between two with changes, and after the last: as long as quiet ones are kept. */
  quiet: number;
  quietAtEnd: number;
  /** When it ends, and how long it was, in days. */
  until: Date;
  days: number;
}

const objects = 1000;

/** Makes such a file by direct inserts, a few seconds for a million entries. Bodies are as before version 4: not packed, so larger. */
export async function fillJournal(file: string, life: Life): Promise<number> {
  await (await openJournal(file, { clock: systemClock, log: silent })).close();
  const sqlite = new DatabaseSync(file);
  sqlite.exec('PRAGMA synchronous = OFF; BEGIN');
  const addRun = sqlite.prepare(
    'INSERT INTO runs (id, target, organization, startedAt, finishedAt, record) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const addEntry = sqlite.prepare('INSERT INTO entries (runId, type, at, body) VALUES (?, ?, ?, ?)');
  const addIntent = sqlite.prepare(
    `INSERT INTO intents (runId, organization, target, intent, receipt, open, objectId, entry, audit)
     VALUES (?, ?, ?, ?, ?, 0, ?, ?, '{"match":"matched","records":[]}')`,
  );
  const addMark = sqlite.prepare('INSERT OR IGNORE INTO marks (mark, seq) VALUES (?, ?)');
  const { targets, changes, quiet, quietAtEnd } = life;
  const perRun = 2 + 2 * changes + 2 * quiet;
  const busy = Math.floor((life.entries - 2 * quietAtEnd * targets.length) / perRun);
  const stepMs = (life.days * 86_400_000) / (busy * (1 + quiet) + quietAtEnd * targets.length);
  let now = life.until.getTime() - life.days * 86_400_000;
  let entries = 0;

  function run(target: string, revision: number, made: number): void {
    now += stepMs;
    const [id, at] = [randomUUID(), new Date(now).toISOString()];
    const sha = revision.toString(16).padStart(40, '0');
    const summary = { create: 0, update: made, delete: 0, unchanged: objects - made, held: 0 };
    const record = JSON.stringify({
      ...{ id, target, organization: 'org', revision: `main@sha1:${sha}`, mode: 'apply', trigger: 'schedule' },
      ...{ startedAt: at, finishedAt: at, status: 'succeeded', reason: 'ReconciliationSucceeded', summary },
      ...{ requests: 12, digest: sha + sha.slice(0, 24) },
    });
    addRun.run(id, target, 'org', at, at, record);
    addEntry.run(id, 'run-started', at, record);
    for (let i = 0; i < made; i++) change({ id, at, target, sha, object: (revision * 7 + i * 13) % objects, revision });
    addEntry.run(id, 'run-finished', at, record);
    entries += 2 + 2 * made;
  }

  function change(one: {
    id: string;
    at: string;
    target: string;
    sha: string;
    object: number;
    revision: number;
  }): void {
    const { id, at, target, sha, object: n, revision } = one;
    const object = { type: 'data-action', key: `CRM/action-${n}`, id: `custom_-_${String(n).padStart(36, '0')}` };
    const [kind, name, path] = ['DataAction', `action-${n}`, '/api/v2/integrations/actions/{actionId}'];
    const receipt = { method: 'PATCH', pathTemplate: path, status: 200, attempts: 1, correlationId: randomUUID() };
    const author = { name: `Author ${revision % 40}`, email: `author-${revision % 40}@example.com` };
    const intent = JSON.stringify({ object, by: `${kind}/${name}`, action: 'update', step: 'patch', path, at });
    const seq = addEntry.run(id, 'change-intended', at, intent).lastInsertRowid;
    addIntent.run(id, 'org', target, JSON.stringify({ at }), JSON.stringify(receipt), object.id, seq);
    const outcome = {
      ...{ kind, name, action: 'update', object, status: 'applied', cause: 'commit' },
      fields: [{ path: '/config/timeoutSeconds', by: 'Timeout/crm', from: 10, to: 20 }],
      commit: { sha, author, committer: author, at, message: `Change ${revision}\n\nfor the CRM` },
      receipt: { requests: [receipt], versionBefore: '1', versionAfter: '2' },
    };
    const found = addEntry.run(id, 'change-applied', at, JSON.stringify(outcome)).lastInsertRowid;
    const marks = [
      ...[`target:${target}`, `resource:${kind}/${name}`, 'resource:Timeout/crm', `commit:${sha.slice(0, 16)}`],
      ...[`author:${author.name.toLowerCase()}`, `author:${author.email}`, `object:${object.id}`],
    ];
    for (const mark of marks) addMark.run(mark, found);
  }

  for (let revision = 1; revision <= busy; revision++) {
    const target = targets[revision % targets.length]!;
    run(target, revision, changes);
    for (let i = 0; i < quiet; i++) run(target, revision, 0);
  }
  for (let i = 0; i < quietAtEnd; i++) for (const target of targets) run(target, busy, 0);
  sqlite.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  sqlite.close();
  return entries;
}
