import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { ChangeFilter } from '../model/journal.ts';
import { silent } from '../model/log.ts';
import type { Outcome } from '../model/plan.ts';
import { freshPath, intent, open, outcome, run } from './fixture.ts';
import { migrations } from './migrations.ts';
import { waiting } from './writes.ts';

const changed: Outcome = {
  ...outcome('a'),
  fields: [{ path: '/timeout', by: 'Timeout/all' }],
  commit: {
    sha: 'c'.repeat(40),
    author: { name: 'Jörg Ähren', email: 'Joerg@example.com' },
    committer: { name: 'Bot', email: 'bot@example.com' },
    at: '2026-01-01T00:00:00.000Z',
    message: 'A change',
  },
};

/** A file as version `version` of this program left it, with a run that was held and an open intent. */
function fileOf(version: number): string {
  const path = freshPath();
  const file = new DatabaseSync(path);
  file.exec('PRAGMA synchronous = OFF');
  file.exec(`PRAGMA application_id = ${0x47474f50}`);
  file.exec('CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL) STRICT');
  for (const [i, { name, sql }] of migrations.slice(0, version).entries()) {
    file.exec(sql);
    file.prepare('INSERT INTO migrations VALUES (?, ?, ?)').run(i + 1, name, '2025-01-01T00:00:00.000Z');
  }
  const { target, startedAt } = run;
  file
    .prepare('INSERT INTO runs (id, target, startedAt, record) VALUES (?, ?, ?, ?)')
    .run(run.id, target, startedAt, JSON.stringify({ ...run, held: [{ name: 'a' }] }));
  file
    .prepare('INSERT INTO intents (runId, organization, target, intent) VALUES (?, ?, ?, ?)')
    .run(run.id, 'org-1', target, JSON.stringify(intent('a')));
  const entry = file.prepare('INSERT INTO entries (runId, type, at, body) VALUES (?, ?, ?, ?)');
  entry.run(run.id, 'run-started', startedAt, JSON.stringify(run));
  entry.run(run.id, 'change-applied', startedAt, JSON.stringify(changed));
  entry.run(run.id, 'change-failed', startedAt, JSON.stringify(outcome('b', 'failed')));
  file.close();
  return path;
}

test.each([1, 2, 3])('a file of version %i is brought up to date, and what is in it stays', async (version) => {
  const path = fileOf(version);
  const journal = await open(path);
  expect(await journal.openIntents('org-1')).toEqual([{ id: 1, ...intent('a') }]);
  // Lists of before are in the records themselves.
  expect(await journal.runs('prod', 1)).toEqual([{ ...run, held: [{ name: 'a' }] }]);
  await journal.startRun({ ...run, id: 'new', held: [] });
  await journal.tidy(new Date('2030-01-01T00:00:00.000Z'));
  const file = new DatabaseSync(path);
  const versions = file.prepare('SELECT version FROM migrations ORDER BY version').all();
  expect(versions.map((row) => row['version'])).toEqual(migrations.map((_, i) => i + 1));
  file.close();
});

test('writes of before count as unmatched with a why, and are not asked about', async () => {
  const journal = await open(fileOf(3));
  const audit = { match: 'unmatched', records: [], why: expect.stringContaining('before') };
  expect(await journal.oldestUnmatched('org-1')).toBeUndefined();
  expect(await journal.writesSince('org-1', '2025-01-01T00:00:00.000Z')).toMatchObject([{ intentId: 1, audit }]);
  const { id } = await journal.intend(intent('new'));
  expect((await journal.writesOf(run.id)).find(({ intentId }) => intentId === id)?.audit).toBeUndefined();
  expect(await journal.oldestUnmatched('org-1')).toBe(intent('new').at);
});

test('changes of before are found by all that new ones are, and so are their runs, in a copy for reading too', async () => {
  const both: Partial<ChangeFilter>[] = [{}, { target: 'prod' }, { revision: 'abc' }];
  const one: Partial<ChangeFilter>[] = [
    { resource: 'DataAction/a' },
    { resource: 'Timeout/all' },
    { author: 'jörg ähren' },
    { author: 'JOERG@example.com' },
    { commit: 'ccccccc' },
    { object: 'id-a' },
  ];
  for (const journal of [await open(fileOf(3)), await open(fileOf(1), { readOnly: true })]) {
    for (const filter of [...both, ...one]) {
      const found = await journal.changes({ limit: 9, ...filter });
      expect(found.at(-1)).toMatchObject({ runId: run.id, target: 'prod', outcome: changed });
      expect(found).toHaveLength(both.includes(filter) ? 2 : 1);
      expect((await journal.runsWhere({ limit: 9, ...filter })).map(({ id }) => id)).toEqual([run.id]);
    }
  }
});

test('what changes are found by is the same whether it was migrated or written since', async () => {
  const path = fileOf(3);
  const journal = await open(path);
  await journal.recordOutcome(run.id, changed);
  const file = new DatabaseSync(path);
  const marksOf = (seq: number): unknown[] => file.prepare('SELECT mark FROM marks WHERE seq = ?').all(seq);
  expect(marksOf(2)).toEqual(marksOf(4));
  expect(marksOf(2)).toHaveLength(7);
  file.close();
});

test('open intents of an organisation are found by an index, and so are writes by time, correlation id, and what waits', async () => {
  const path = freshPath();
  await open(path);
  const file = new DatabaseSync(path);
  const planOf = (sql: string): string =>
    file
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => String(row['detail']))
      .join('; ');
  const open1 = planOf("SELECT id, intent, target FROM intents WHERE open = 1 AND organization = 'o' ORDER BY id");
  expect(open1).toBe('SEARCH intents USING INDEX openIntentsOfOrganization (organization=?)');
  const found = (where: string): string => planOf(`SELECT id FROM intents WHERE ${where}`);
  expect(found("intent ->> '$.at' >= 'x'")).toContain('INDEX intentsByTime');
  expect(found("receipt IS NOT NULL AND receipt ->> '$.correlationId' = 'x'")).toContain('INDEX intentsByCorrelation');
  expect(found(`organization = 'o' AND ${waiting} ORDER BY id LIMIT 1`)).toContain('INDEX intentsWaiting');
  file.close();
});

test('who only reads reads an older file as it would become, and leaves it as it is', async () => {
  const path = fileOf(1);
  const before = readFileSync(path);
  const journal = await open(path, { readOnly: true });
  expect(await journal.runs('prod', 1)).toEqual([{ ...run, held: [{ name: 'a' }] }]);
  expect(await journal.lease('org-1')).toBeUndefined();
  await expect(journal.memorise('a', 1)).rejects.toMatchObject({ reason: 'JournalUnavailable' });
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('that a file is brought to a newer version is said before and after; of marks, none is lost between portions', async () => {
  const path = fileOf(3);
  const file = new DatabaseSync(path);
  const entry = file.prepare('INSERT INTO entries (seq, runId, type, at, body) VALUES (?, ?, ?, ?, ?)');
  // Around the ends of portions.
  for (const seq of [19_999, 20_000, 20_001, 40_000, 40_001]) {
    entry.run(seq, run.id, 'change-applied', run.startedAt, JSON.stringify(outcome(`at-${seq}`)));
  }
  file.close();
  const told: [string, object][] = [];
  const log = { ...silent, info: (fields: object, message: string) => told.push([message, fields]) };
  const journal = await open(path, { log: log as never });
  expect(told).toEqual([
    [expect.stringContaining('brought to a newer version'), { path, from: 3, to: 4, entries: 8 }],
    ['the journal is of the newer version', { path, to: 4 }],
  ]);
  for (const seq of [19_999, 20_000, 20_001, 40_000, 40_001]) {
    expect(await journal.changes({ limit: 9, resource: `DataAction/at-${seq}` })).toHaveLength(1);
  }
});
