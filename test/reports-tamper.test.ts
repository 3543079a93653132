import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Verdict, verify } from '../src/cli/verify-journal.ts';
import { readLogs } from '../src/cli/verify-log.ts';
import { openJournal } from '../src/journal/index.ts';
import type { Journal } from '../src/model/journal.ts';
import { silent } from '../src/model/log.ts';
import { type Folder, folder } from './support/cli.ts';
import { fakeClock } from './support/clock.ts';
import { at, drift, line, linesOf, organization, ran, story } from './support/reports.ts';

let dir: Folder;
let path: string;

beforeEach(() => {
  dir = folder();
  path = `${dir.path}/journal.db`;
  onTestFinished(() => dir.remove());
});

/** Its time is that of the log, so that what is learnt lies within. */
async function open(role?: string): Promise<Journal> {
  const clock = { ...fakeClock(), now: () => new Date(at(30)) };
  const journal = await openJournal(path, { clock, log: silent, role });
  onTestFinished(() => journal.close());
  return journal;
}

/** Two runs with matches, a drift that was explained later, one that was at once, and a stranger; and the log of it. */
async function history(journal: Journal): Promise<string[]> {
  const runs = [
    await ran(journal, 'run-1', [{ name: 'a' }, { name: 'b' }], { startedAt: at(0), finishedAt: at(2) }),
    await ran(journal, 'run-2', [{ name: 'a' }], { startedAt: at(10), finishedAt: at(12) }),
  ];
  const told = await journal.recordDrift(drift({ at: at(13), runId: undefined as never, story: story('A9') }));
  const later = await journal.recordDrift(drift({ at: at(14), runId: undefined as never }));
  const why = await journal.updateDrift(later.id, { story: story('A10') });
  const stranger = await journal.recordDrift(drift({ at: at(15), kind: 'other-process', runId: undefined as never }));
  const [first, second] = await journal.writesOf('run-1');
  const matched = { match: 'matched' as const, records: ['A1'] };
  const record = { id: 'A1', at: at(1), service: 'Integrations', action: 'Update', entityType: 'Action' };
  const words = [
    ...(await journal.keepMatches(
      organization,
      [{ write: first!, audit: matched }],
      [{ ...record, entities: ['id-a'], remoteIp: [], changes: [] }],
    )),
    ...(await journal.keepMatches(organization, [{ write: second!, audit: { match: 'unmatched', records: [] } }], [])),
  ];
  return [
    line('daemon started', 0, {}),
    ...runs.flatMap(linesOf),
    line('drift found', 31, { entry: told.entry }),
    line('drift found', 31, { entry: later.entry }),
    line('drift explained', 31, { entry: why }),
    line('another process with our client', 31, { entry: stranger.entry }),
    ...words.map(({ runId, digest }) => line('change matched', 32, { runId, entry: digest })),
    line('source polled', 40, {}),
  ];
}

async function verdictOf(journal: Journal, lines: string[]): Promise<Verdict> {
  return verify({ journal }, await readLogs([dir.write('daemon.log', lines.join('\n'))]));
}

/** Changes the file behind the journal's back; answers how many rows were. */
function tamper(sql: string): number {
  const file = new DatabaseSync(path);
  file.exec('DROP TRIGGER IF EXISTS entriesStay');
  const { changes } = file.prepare(sql).run();
  file.close();
  return Number(changes);
}

const forgedRemoval = `
  INSERT OR REPLACE INTO facts (key, value) VALUES ('journal:removed', '{"quietBefore":"9","changedBefore":"9"}')`;

const cases: [string, string][] = [
  ['drifts.record who renamed', `UPDATE drifts SET record = replace(record, 'Jo Doe', 'Mallory')`],
  ['drifts deleted', `DELETE FROM drifts`],
  ['drift-found entries deleted', `DELETE FROM entries WHERE type = 'drift-found'`],
  [
    'drift-explained entry edited (unpacked body)',
    `UPDATE entries SET packed = NULL, body = '{"drift":1}' WHERE type = 'drift-explained'`,
  ],
  ['drift-found in run edited', `UPDATE entries SET packed = NULL, body = '{"drift":1}' WHERE type = 'drift-found'`],
  ['other-process removed', `DELETE FROM entries WHERE type = 'other-process'`],
  ['runs.revision edited', `UPDATE runs SET record = json_set(record, '$.revision', 'main@sha1:${'f'.repeat(40)}')`],
  ['runs.status edited', `UPDATE runs SET record = json_set(record, '$.status', 'failed')`],
  ['runs.digest removed', `UPDATE runs SET record = json_remove(record, '$.digest') WHERE id='run-2'`],
  ['runs.target edited', `UPDATE runs SET target = 'hidden' WHERE id='run-2'`],
  ['intents receipt edited', `UPDATE intents SET receipt = replace(receipt, 'c-run-2', 'c-forged')`],
  ['intents audit edited', `UPDATE intents SET audit = '{"match":"matched","records":["FORGED"]}'`],
  ['intents deleted', `DELETE FROM intents`],
  ['marks deleted (changes vanish from the report)', `DELETE FROM marks`],
  [
    'audit-matched deleted whose line is in the log',
    `DELETE FROM entries WHERE type = 'audit-matched' AND seq = (SELECT max(seq) FROM entries WHERE type='audit-matched')`,
  ],
  [
    'audit-matched deleted whose line is not in the log',
    `DELETE FROM entries WHERE type = 'audit-matched' AND seq = (SELECT min(seq) FROM entries WHERE type='audit-matched')`,
  ],
  [
    'audit-matched duplicated',
    `INSERT INTO entries (runId, type, at, body, packed) SELECT runId, type, at, body, packed FROM entries WHERE type = 'audit-matched'`,
  ],
  ['auditRecords index deleted', `DELETE FROM auditRecords`],
  ['run removed; removed-mark forged', `DELETE FROM runs WHERE id='run-2'`],
];

test.each(cases)('%s: told, with the log and mostly without', async (what, sql) => {
  const journal = await open();
  const lines = await history(journal);
  expect((await verdictOf(journal, lines)).differences).toEqual([]);
  expect(tamper(sql)).toBeGreaterThan(0);
  if (what.includes('mark forged')) tamper(forgedRemoval);
  expect((await verdictOf(journal, lines)).differences).not.toEqual([]);
});

test('a run that goes with all that it has is missed by the log, whatever the journal says of its age', async () => {
  const journal = await open();
  const lines = await history(journal);
  tamper(`DELETE FROM marks WHERE seq IN (SELECT seq FROM entries WHERE runId = 'run-2')`);
  tamper(`DELETE FROM intents WHERE runId = 'run-2'`);
  tamper(`DELETE FROM entries WHERE runId = 'run-2'`);
  tamper(`DELETE FROM runs WHERE id = 'run-2'`);
  tamper(forgedRemoval);
  const { differences } = await verdictOf(journal, lines);
  expect(differences).toMatchObject([{ what: 'not in the journal', runId: 'run-2' }]);
  const told = line('old runs are removed from the journal', 35, { runs: ['run-2'] });
  expect(await verdictOf(journal, [...lines, told])).toMatchObject({
    differences: [],
    remarks: ['1 run of the logs were removed from the journal, as they were old'],
  });
});

test('a second end of a run that was forged to fit is a difference, and the first counts', async () => {
  const journal = await open();
  const lines = await history(journal);
  tamper(`DELETE FROM entries WHERE runId = 'run-2' AND type = 'change-applied'`);
  tamper('DELETE FROM marks WHERE seq NOT IN (SELECT seq FROM entries)');
  const forged = await journal.digest('run-2');
  for (const sql of [
    `UPDATE runs SET record = json_set(record, '$.digest', '${forged}') WHERE id = 'run-2'`,
    `UPDATE entries SET body = (SELECT record FROM runs WHERE id = 'run-2'), packed = NULL
     WHERE runId = 'run-2' AND type = 'run-finished'`,
  ]) {
    tamper(sql);
  }
  const said = async (...more: string[]): Promise<string[]> =>
    (await verdictOf(journal, [...lines, ...more])).differences.map(({ what }) => what);
  expect(await said()).toEqual(['digest']);
  expect(await said(line('run finished', 41, { runId: 'run-2', digest: forged }))).toEqual(['digest', 'digest']);
  expect(await said(line('run failed', 41, { runId: 'run-2' }))).toEqual(['digest']);
  // The same line in two files that overlap is none.
  const again = lines.find((one) => one.includes('run-1') && one.includes('run finished'))!;
  expect(await said(again)).toEqual(['digest']);
});

test('lines of matches and of drifts that were cut out of the log are missed', async () => {
  const journal = await open();
  const lines = await history(journal);
  for (const msg of ['change matched', 'drift found', 'drift explained', 'another process with our client']) {
    const { differences } = await verdictOf(
      journal,
      lines.filter((one) => !one.includes(`"msg":"${msg}"`)),
    );
    expect(differences.map(({ what }) => what)).toContain('not in the log');
  }
});

test('what another command has learnt is told in its own log', async () => {
  const journal = await open();
  const lines = await history(journal);
  const reporting = await open('audit');
  await reporting.recordDrift(drift({ at: at(16), kind: 'other-process', runId: undefined as never }));
  expect(await verdictOf(journal, lines)).toMatchObject({
    differences: [],
    remarks: ['1 match or drift learnt by `audit`, of which the logs do not tell'],
  });
});

test('lines end at a line feed alone; what is too long, or compressed, is told', async () => {
  const journal = await open();
  const lines = await history(journal);
  const author = `"author":"Ann\u2028Lee\u2029\u0085","msg":"change applied"`;
  const odd = lines.map((one) => `${one.replace('"msg":"change applied"', author)}\r`);
  expect((await verdictOf(journal, odd)).differences).toEqual([]);
  const long = await verdictOf(journal, [...lines, `{"msg":"${'x'.repeat(17 * 1024 * 1024)}"}`, lines[0]!]);
  expect(long.differences).toMatchObject([{ what: 'log', place: expect.stringMatching(/daemon\.log:15$/) }]);
  const packed = `${dir.path}/daemon.log.gz`;
  writeFileSync(packed, gzipSync(lines.join('\n')));
  await expect(readLogs([packed])).rejects.toThrow(/compressed/);
});
