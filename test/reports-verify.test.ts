import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { renderVerdict } from '../src/cli/audit-verify.ts';
import { plain } from '../src/cli/text.ts';
import { type Verdict, verify } from '../src/cli/verify-journal.ts';
import { readLogs } from '../src/cli/verify-log.ts';
import { openJournal } from '../src/journal/index.ts';
import type { Journal } from '../src/model/journal.ts';
import { silent } from '../src/model/log.ts';
import { type Folder, folder } from './support/cli.ts';
import { fakeClock } from './support/clock.ts';
import { at, line, linesOf, organization, ran } from './support/reports.ts';

let dir: Folder;
let path: string;

beforeEach(() => {
  dir = folder();
  path = `${dir.path}/journal.db`;
  onTestFinished(() => dir.remove());
});

async function open(): Promise<Journal> {
  const journal = await openJournal(path, { clock: { ...fakeClock(), now: () => new Date(at(30)) }, log: silent });
  onTestFinished(() => journal.close());
  return journal;
}

/** Three runs, the last of which only looked; a match of the first, told later; and the log of all that. */
async function history(journal: Journal): Promise<string[]> {
  const runs = [
    await ran(journal, 'run-1', [{ name: 'a' }, { name: 'b' }], { startedAt: at(0), finishedAt: at(2) }),
    await ran(journal, 'run-2', [{ name: 'a' }], { startedAt: at(10), finishedAt: at(12) }),
    await ran(journal, 'run-3', [], { startedAt: at(20), finishedAt: at(22) }),
  ];
  const writes = await journal.writesOf('run-1');
  const [match] = await journal.keepMatches(
    organization,
    [{ write: writes[0]!, audit: { match: 'unmatched', records: [] } }],
    [],
  );
  return [
    line('daemon started', 0, {}),
    ...runs.flatMap(linesOf),
    line('change not matched', 30, { runId: 'run-1', entry: match!.digest }),
    line('source polled', 40, {}),
  ];
}

async function verdictOf(journal: Journal, ...logs: string[][]): Promise<Verdict> {
  const files = logs.map((lines, i) => dir.write(`daemon-${i}.log`, lines.join('\n')));
  return verify({ journal }, await readLogs(files));
}

/** But for what is beside the entries, which is tampered with in a test of its own. */
const said = ({ differences }: Verdict): string[] =>
  differences.filter(({ what }) => what !== 'tables').map(({ what, runId = '-' }) => `${what}: ${runId}`);

test('where nothing was touched nothing differs, whatever stands around the lines', async () => {
  const journal = await open();
  const lines = await history(journal);
  const whole = await verdictOf(journal, lines);
  expect(whole).toEqual({ runs: 3, logged: 3, matches: 1, differences: [], remarks: [] });
  expect(renderVerdict(whole, { paint: plain, width: 100 })).toBe(
    '✓ nothing differs: 3 runs with their entries, 3 of them and 1 match with the logs',
  );
  const wrapped = lines.map((text) => JSON.stringify({ log: `${text}\n`, stream: 'stderr' }));
  const prefixed = lines.map((text) => `2026-01-01T00:00:00Z pod-1 ${text}`);
  expect((await verdictOf(journal, wrapped)).logged).toBe(3);
  expect(said(await verdictOf(journal, prefixed))).toEqual([]);
  // A log that was rotated in the middle of a run.
  expect(said(await verdictOf(journal, lines.slice(0, 5), lines.slice(5)))).toEqual([]);
  expect(await verdictOf(journal)).toMatchObject({ runs: 3, logged: 0, differences: [] });
});

/** Changes the file behind the journal's back. */
function tamper(sql: string): void {
  const file = new DatabaseSync(path);
  file.exec(`DROP TRIGGER IF EXISTS entriesStay; ${sql}`);
  file.close();
}

const ofRun = (run: string, type: string): string => `runId = '${run}' AND type = '${type}'`;

test.each([
  ['an edited entry', `UPDATE entries SET at = '2026-01-02' WHERE ${ofRun('run-1', 'change-applied')}`],
  ['a removed entry', `DELETE FROM entries WHERE ${ofRun('run-1', 'change-intended')}`],
  [
    'an entry that was added',
    `INSERT INTO entries (runId, type, at, body) VALUES ('run-1', 'change-applied', 'x', '{}');
     UPDATE entries SET seq = -seq WHERE seq = (SELECT max(seq) FROM entries)`,
  ],
  ['entries in another order', `UPDATE entries SET seq = -seq WHERE ${ofRun('run-1', 'change-applied')}`],
  ['a last entry that is gone', `DELETE FROM entries WHERE ${ofRun('run-1', 'run-finished')}`],
])('%s is found out by the digest, without any log', async (_what, sql) => {
  const journal = await open();
  const lines = await history(journal);
  tamper(sql);
  expect(said(await verdictOf(journal))).toEqual(['entries: run-1']);
  expect(said(await verdictOf(journal, lines))).toEqual(['entries: run-1']);
});

test('entries with a digest that fits them are found out by the log', async () => {
  const journal = await open();
  const lines = await history(journal);
  tamper(`DELETE FROM entries WHERE ${ofRun('run-2', 'change-applied')}`);
  const forged = await journal.digest('run-2');
  tamper(`UPDATE runs SET record = json_set(record, '$.digest', '${forged}') WHERE id = 'run-2'`);
  const verdict = await verdictOf(journal, lines);
  expect(said(verdict)).toEqual(['digest: run-2']);
  expect(verdict.differences[0]?.place).toMatch(/daemon-0\.log:7$/);
});

test('a run that was removed is missed by the log; what retention removed is told as that', async () => {
  const journal = await open();
  const lines = await history(journal);
  tamper("DELETE FROM entries WHERE runId <> 'run-1'; DELETE FROM runs WHERE id <> 'run-1'");
  expect(said(await verdictOf(journal, lines))).toEqual(['not in the journal: run-2', 'not in the journal: run-3']);
  // Nothing was removed by it here; it says up to when it may have been.
  await journal.tidy(new Date('2026-03-01T00:00:00.000Z'));
  const quiet = await verdictOf(journal, lines);
  expect(said(quiet)).toEqual(['not in the journal: run-2']);
  const perhaps =
    'may have been removed from the journal, as they were old; a later log would say so, and is not given';
  expect(quiet.remarks).toEqual([`1 run of the logs ${perhaps}`]);
  await journal.tidy(new Date('2026-03-01T00:00:00.000Z'), 86_400_000);
  const old = await verdictOf(journal, lines);
  expect(said(old)).toEqual([]);
  expect(old.remarks).toEqual([`2 runs of the logs ${perhaps}`]);
  // A log that goes on to then has lines for that.
  const later = line('source polled', 90 * 86_400, {});
  expect(said(await verdictOf(journal, [...lines, later]))).toContain('not in the journal: run-2');
});

test('a log that lacks a run, or lines of it, is found out; what came after its end is only told', async () => {
  const journal = await open();
  const lines = await history(journal);
  const without = lines.filter((text) => !text.includes('run-2'));
  expect(said(await verdictOf(journal, without))).toEqual(['not in the log: run-2']);
  const noEnd = lines.filter((text) => !(text.includes('run-2') && text.includes('run finished')));
  const verdict = await verdictOf(journal, noEnd);
  expect(said(verdict)).toEqual(['not in the log: run-2']);
  expect(verdict.differences[0]?.message).toContain('no line for its end');
  const early = await verdictOf(journal, lines.slice(0, 4));
  expect(early).toMatchObject({
    differences: [],
    remarks: ['2 runs of the journal finished after the end of the logs'],
  });
});

test('a log that was cut, and one whose lines were edited', async () => {
  const journal = await open();
  const lines = await history(journal);
  const text = lines.slice(0, 7).join('\n');
  const cut = await verdictOf(journal, [text.slice(0, -20)]);
  expect(said(cut)).toEqual(['not in the log: run-2', 'log: -']);
  expect(cut.differences[1]).toMatchObject({ place: expect.stringMatching(/daemon-0\.log:7$/) });
  const digest = lines.map((one) => one.replace(/("runId":"run-1","digest":")../, '$100'));
  expect(said(await verdictOf(journal, digest))).toEqual(['digest: run-1']);
  const other = lines.map((one) => one.replace('"runId":"run-2"', '"runId":"run-9"'));
  expect(said(await verdictOf(journal, other))).toEqual(['not in the log: run-2', 'not in the journal: run-9']);
});

test('a match that was edited is found out by its line', async () => {
  const journal = await open();
  const lines = await history(journal);
  tamper(`UPDATE entries SET at = '2026-01-02' WHERE type = 'audit-matched'`);
  const verdict = await verdictOf(journal, lines);
  expect(said(verdict)).toEqual(['match: run-1']);
  // It is no part of the run's own digest.
  expect(verdict.runs).toBe(3);
  expect(said(await verdictOf(journal))).toEqual([]);
});

test('what a person applied is logged elsewhere; where such runs are logged too, one that is not is missed', async () => {
  const journal = await open();
  const lines = await history(journal);
  const byHand = { trigger: 'apply', startedAt: at(25), finishedAt: at(26) };
  await ran(journal, 'by-hand', [], byHand);
  const verdict = await verdictOf(journal, lines);
  expect(verdict.differences).toEqual([]);
  expect(verdict.remarks).toEqual(['1 run by `apply` within the time of the logs, which tell of none of that sort']);
  const second = await ran(journal, 'second', [], byHand);
  expect(said(await verdictOf(journal, [...lines, ...linesOf(second)]))).toEqual(['not in the log: by-hand']);
});

test('of one target only its runs are compared', async () => {
  const journal = await open();
  const lines = await history(journal);
  tamper("DELETE FROM entries WHERE runId = 'run-2'; DELETE FROM runs WHERE id = 'run-2'");
  const log = await readLogs([dir.write('daemon.log', lines.join('\n'))]);
  expect(said(await verify({ journal }, log, new Set(['prod'])))).toEqual(['not in the journal: run-2']);
  expect(await verify({ journal }, log, new Set(['other']))).toMatchObject({ runs: 0, matches: 0, differences: [] });
  await expect(readLogs([`${dir.path}/none.log`])).rejects.toThrow(/--log .*none\.log cannot be read/);
});
