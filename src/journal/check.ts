import type { AuditRecord } from '../model/audit.ts';
import type { Discrepancy, DriftRecord, Journal } from '../model/journal.ts';
import { type Json, type JsonObject, stable } from '../model/json.ts';
import type { Outcome } from '../model/plan.ts';
import { checkDrifts, type Folded, foldDrift } from './check-drifts.ts';
import { checkRuns } from './check-runs.ts';
import { checkWords, receiptsDiffer } from './check-writes.ts';
import { type Database, type Row, textOf } from './database.ts';
import { bodyOf, noRun } from './entries.ts';
import { marksOf } from './marks.ts';

/** So many entries at a time, between which everything else has its turn. */
const portion = 500;

/** What may follow the end of a run. */
const later: readonly string[] = ['audit-matched', 'drift-explained', 'drift-ended'];

/** What the entries say that the other tables should. */
export interface Expected {
  /** Of each write the entry that says what the audit log says of it. */
  words: Map<number, number>;
  drifts: Map<number, Folded>;
  renames: { seq: number; from: string; to: string; organization: string }[];
  marks: number;
  auditRecords: number;
}

/**
 * Works out of the append-only entries what the other tables should say, and tells where they do not: reports read runs, writes,
 * marks, audit records and drifts. Who only reads sees all of it as it was at one moment.
 */
export function createCheck(db: Database, readOnly: boolean): Pick<Journal, 'discrepancies'> {
  return {
    async *discrepancies() {
      if (readOnly) db.all('BEGIN');
      try {
        yield* discrepanciesIn(db);
      } finally {
        if (readOnly) db.all('COMMIT');
      }
    },
  };
}

async function* discrepanciesIn(db: Database): AsyncGenerator<Discrepancy> {
  const expected: Expected = { words: new Map(), drifts: new Map(), renames: [], marks: 0, auditRecords: 0 };
  const ofEntry = checker(db, expected);
  const sql = `SELECT seq, runId, type, at, body, packed FROM entries WHERE seq > ? ORDER BY seq LIMIT ${portion}`;
  for (let last = -1; ; ) {
    const rows = db.all(sql, last);
    for (const row of rows) yield* readable(row, ofEntry);
    if (rows.length < portion) break;
    last = Number(rows.at(-1)!['seq']);
    await new Promise((resolve) => setImmediate(resolve));
  }
  yield* checkRuns(db);
  yield* checkWords(db, expected);
  yield* checkDrifts(db, expected);
  const count = (table: string): number => Number(db.first(`SELECT count(*) AS n FROM ${table}`)!['n']);
  for (const table of ['marks', 'auditRecords'] as const) {
    const tooMany = count(table) - expected[table];
    if (tooMany > 0) yield { message: `the table \`${table}\` has ${tooMany} rows more than the entries call for` };
  }
}

/** What was tampered with may have any form. */
function* readable(row: Row, check: (row: Row) => Generator<Discrepancy>): Generator<Discrepancy> {
  try {
    yield* check(row);
  } catch {
    const runId = textOf(row, 'runId')!;
    yield { ...(runId === noRun ? {} : { runId }), message: `the entry ${row['seq']} cannot be read` };
  }
}

interface Whose {
  target: string;
  organization?: string | undefined;
}

function checker(db: Database, expected: Expected): (row: Row) => Generator<Discrepancy> {
  /** What a run sent of an object, until its outcome tells of it. */
  const sent = new Map<string, number[]>();
  let last: { runId: string; whose: Whose | undefined } | undefined;

  function whoseRun(runId: string): Whose | undefined {
    if (last?.runId === runId) return last.whose;
    const row =
      db.first('SELECT target, organization FROM runs WHERE id = ?', runId) ??
      db.first('SELECT target, NULL AS organization FROM leaving WHERE runId = ?', runId);
    const whose = row && { target: textOf(row, 'target')!, organization: textOf(row, 'organization') };
    last = { runId, whose };
    return whose;
  }

  return function* (row) {
    const [seq, runId, type] = [Number(row['seq']), textOf(row, 'runId')!, textOf(row, 'type')!];
    const body = bodyOf<JsonObject>(row);
    const isNew = last?.runId !== runId;
    const whose = runId === noRun ? undefined : whoseRun(runId);
    const tell = (message: string): Discrepancy => ({
      ...(runId === noRun ? {} : { runId }),
      ...(whose === undefined ? {} : { target: whose.target }),
      message,
    });
    if (isNew && runId !== noRun && whose === undefined)
      yield tell('there are entries of it, and there is no such run');
    switch (type) {
      case 'run-finished': {
        if (typeof body['digest'] !== 'string') yield tell('it finished without a digest');
        const after = db.all('SELECT DISTINCT type FROM entries WHERE runId = ? AND seq > ?', runId, seq);
        const wrong = after.map((one) => textOf(one, 'type')!).filter((one) => !later.includes(one));
        if (wrong.length > 0) yield tell(`after its end there are entries that belong before it: ${wrong.join(', ')}`);
        for (const key of sent.keys()) if (key.startsWith(`${runId} `)) sent.delete(key);
        return;
      }
      case 'change-intended': {
        // Of before version 4: its row tells what it says by itself.
        if (row['packed'] === null) return;
        const rows = db.all('SELECT id, runId, organization, intent FROM intents WHERE entry = ?', seq);
        const [one] = rows;
        if (one === undefined || rows.length > 1) {
          yield tell(`the write of the entry ${seq} is ${one === undefined ? 'not' : 'more than once'} in \`intents\``);
          return;
        }
        const at = (JSON.parse(textOf(one, 'intent')!) as { at?: string }).at;
        const isSame = textOf(one, 'runId') === runId && at === body['at'];
        const isOurs = whose?.organization === undefined || whose.organization === textOf(one, 'organization');
        if (!isSame || !isOurs) yield tell(`the write of the entry ${seq} is another in \`intents\``);
        const key = sentKey(runId, body);
        sent.set(key, [...(sent.get(key) ?? []), Number(one['id'])]);
        return;
      }
      case 'change-applied':
      case 'change-failed': {
        const outcome = body as unknown as Outcome;
        const marks = marksOf(outcome, whose?.target);
        // The migration does not make these.
        if (row['packed'] === null) for (const mark of marks) if (mark.startsWith('request:')) marks.delete(mark);
        expected.marks += marks.size;
        const lacking = [...marks].filter((mark) => {
          return db.first('SELECT 1 FROM marks WHERE mark = ? AND seq = ?', mark, seq) === undefined;
        });
        if (lacking.length > 0) {
          const { kind, name } = outcome;
          yield tell(`its change of ${kind}/${name} is not found by ${lacking.join(', ')}: \`marks\` lacks that`);
        }
        const key = sentKey(runId, body);
        for (const id of sent.get(key) ?? []) {
          if (receiptsDiffer(db, id, outcome))
            yield tell(`the answer to the write ${id} is not the one that its change tells`);
        }
        sent.delete(key);
        return;
      }
      case 'audit-matched': {
        const { writes, records } = body as unknown as { writes: { intent: number }[]; records: AuditRecord[] };
        for (const { intent } of writes) expected.words.set(intent, seq);
        expected.auditRecords += records.length;
        const lacking = records.filter(({ id }) => {
          return db.first('SELECT 1 FROM auditRecords WHERE id = ? AND entry = ?', id, seq) === undefined;
        });
        if (lacking.length > 0) yield tell(`\`auditRecords\` lacks ${lacking.map(({ id }) => id).join(', ')}`);
        return;
      }
      case 'target-renamed': {
        const { from, to, organization } = body as { from: string; to: string; organization: string };
        expected.renames.push({ seq, from, to, organization });
        return;
      }
      default:
        if (!type.startsWith('drift-') && type !== 'other-process') return;
        if (!foldDrift(expected.drifts, { seq, type, body: body as unknown as DriftRecord & { drift: number } })) {
          // Of no run, it may be what retention has not come to yet.
          if (runId !== noRun)
            yield tell(`it tells what became of the drift ${body['drift'] as number}, which nothing tells of`);
        }
    }
  };
}

function sentKey(runId: string, { object }: JsonObject): string {
  const { type, key } = object as { type?: Json; key?: Json };
  return `${runId} ${stable([type ?? null, key ?? null])}`;
}
