import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { freshPath, intent, open, run } from './fixture.ts';
import { migrations } from './migrations.ts';

/** A file as version `version` of this program left it, with a run that was held and an open intent. */
function fileOf(version: number): string {
  const path = freshPath();
  const file = new DatabaseSync(path);
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
  file.close();
  return path;
}

test.each([1, 2])('a file of version %i is brought up to date, and what is in it stays', async (version) => {
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

test('open intents of an organisation are found by an index, and so are closed ones', async () => {
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
  const closed = planOf("SELECT id FROM intents WHERE open = 0 AND coalesce(settledAt, answeredAt) < 'x' LIMIT 1");
  expect(closed).toContain('SEARCH intents USING INDEX closedIntents');
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
