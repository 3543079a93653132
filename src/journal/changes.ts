import type { ChangeFilter, ChangeRecord, Journal, RunRecord } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { compact, type Database, type Row, textOf } from './database.ts';
import { bodyOf } from './entries.ts';
import { withHeld } from './held.ts';
import { authorsLike, commitMark, commitOf, type Mark } from './marks.ts';

type Changes = Pick<Journal, 'changes' | 'runsWhere' | 'run'>;
type Filter = Omit<ChangeFilter, 'limit' | 'before'>;

const isChange = `type IN ('change-applied', 'change-failed')`;
/** After every other character: the end of a range of texts that begin alike. */
const last = '\u{10ffff}';
/** As the index `runsOfRevision` says it. */
const revisionInIndex = `substr(record ->> '$.revision', instr(record ->> '$.revision', ':') + 1)`;
const runColumns = 'SELECT runs.seq, record, list FROM runs LEFT JOIN heldLists ON sha256 = heldList';

export function createChanges(db: Database): Changes {
  return {
    async changes({ limit, before, ...filter }) {
      const each = ways(db, filter).map(({ from, seq, where, values }) => {
        const sql = `
          SELECT e.seq, e.at, e.runId, e.body, e.packed, r.target, r.organization, r.record ->> '$.revision' AS revision
          FROM ${from} JOIN runs r ON r.id = e.runId
          WHERE ${[...where, `${seq} < ?`].join(' AND ')} ORDER BY ${seq} DESC LIMIT ?`;
        return db.all(sql, ...values, before ?? Number.MAX_SAFE_INTEGER, limit);
      });
      // One author is found by name and by email.
      const all = new Map(each.flat().map((row) => [Number(row['seq']), row]));
      const newest = [...all].sort(([a], [b]) => b - a).slice(0, limit);
      return newest.map(([, row]) => changeOf(row));
    },
    async runsWhere(filter) {
      const { resource, author, commit, object } = filter;
      const byChange = [resource, author, commit, object].some((one) => one !== undefined);
      return byChange ? runsByChange(db, filter) : allRuns(db, filter);
    },
    async run(id) {
      const exact = db.first(`${runColumns} WHERE id = ?`, id);
      if (exact !== undefined) return numbered(exact);
      if (id.length < 8) return undefined;
      const rows = db.all(`${runColumns} WHERE id >= ? AND id < ? LIMIT 2`, id, id + last);
      return rows.length === 1 ? numbered(rows[0]!) : undefined;
    },
  };
}

interface Way {
  from: string;
  seq: string;
  where: string[];
  values: (string | number)[];
}

/** Where changes come from: one way for each author who may be meant; what several of them lead to is there several times. */
function ways(db: Database, filter: Filter): Way[] {
  if (filter.author === undefined) return [wayOf(db, filter, undefined)];
  return authorsLike(db, filter.author).map((mark) => wayOf(db, filter, mark));
}

/** Newest first: of the marks that have to be there, the one that is likely the rarest leads. */
function wayOf(db: Database, filter: Filter, author: Mark | undefined): Way {
  const { target, resource, revision, commit, object, request, runId, since, until } = filter;
  const marks: [Mark, isPrefix: boolean][] = [
    ...(object === undefined ? [] : [[`object:${object}`, false] as [Mark, boolean]]),
    ...(request === undefined ? [] : [[`request:${request}`, false] as [Mark, boolean]]),
    ...(commit === undefined ? [] : [[commitMark(commit), true] as [Mark, boolean]]),
    ...(resource === undefined ? [] : [[`resource:${resource}`, false] as [Mark, boolean]]),
    ...(author === undefined ? [] : [[author, false] as [Mark, boolean]]),
    ...(target === undefined ? [] : [[`target:${target}`, false] as [Mark, boolean]]),
  ];
  const [lead, ...others] = marks;
  const seq = lead === undefined ? 'e.seq' : 'm.seq';
  const values: (string | number)[] = [];
  const where: string[] = [`e.${isChange}`];
  const has = (alias: string, [mark, isPrefix]: [Mark, boolean]): string => {
    values.push(mark, ...(isPrefix ? [mark + last] : []));
    return isPrefix ? `${alias}.mark >= ? AND ${alias}.mark < ?` : `${alias}.mark = ?`;
  };
  if (lead !== undefined) where.push(has('m', lead));
  for (const other of others) {
    where.push(`EXISTS (SELECT 1 FROM marks o WHERE ${has('o', other)} AND o.seq = m.seq)`);
  }
  if (since !== undefined) {
    // Where it begins in the file, so that what is older is not looked at; clocks that were set back are no reason to lose any.
    const first = db.first(`SELECT min(seq) AS seq FROM entries WHERE ${isChange} AND at >= ?`, since);
    values.push(since, Number(first?.['seq'] ?? Number.MAX_SAFE_INTEGER));
    where.push('e.at >= ?', `${seq} >= ?`);
  }
  if (runId !== undefined) {
    values.push(runId);
    where.push('e.runId = ?');
  }
  if (until !== undefined) {
    values.push(until);
    where.push('e.at < ?');
  }
  if (revision !== undefined) {
    values.push(commitOf(revision), commitOf(revision) + last);
    where.push(`e.runId IN (SELECT id FROM runs WHERE ${revisionInIndex} >= ? AND ${revisionInIndex} < ?)`);
  }
  // CROSS: the mark leads, whatever the planner thinks of it.
  return {
    from: lead === undefined ? 'entries e' : 'marks m CROSS JOIN entries e ON e.seq = m.seq',
    seq,
    where,
    values,
  };
}

/**
 * Runs in which such a change is. Changes are walked newest first; runs of several organisations overlap, so the walk goes
 * on to where the last run that is told began: before that, there is none of a later run.
 */
function runsByChange(db: Database, filter: ChangeFilter): (RunRecord & { seq: number })[] {
  const { limit, before = Number.MAX_SAFE_INTEGER, ...wanted } = filter;
  const nexts = ways(db, wanted).map(({ from, seq, where, values }) => ({
    values,
    sql: `
      SELECT e.seq, r.seq AS run FROM ${from} JOIN runs r ON r.id = e.runId
      WHERE ${[...where, `${seq} < ?`].join(' AND ')} ORDER BY ${seq} DESC LIMIT 1`,
  }));
  const nextBefore = (at: number): Row | undefined => {
    const rows = nexts.flatMap(({ sql, values }) => db.all(sql, ...values, at));
    return rows.sort((a, b) => Number(b['seq']) - Number(a['seq']))[0];
  };
  const runs = new Set<number>();
  let floor = 0;
  let at = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const row = nextBefore(at);
    if (row === undefined) break;
    at = Number(row['seq']);
    if (at < floor) break;
    const run = Number(row['run']);
    const begin = beginOf(db, run);
    // A target's own runs come one after the other, so the rest of this one can be skipped.
    if (wanted.target !== undefined) at = Math.min(at, begin);
    if (run >= before || runs.has(run)) continue;
    runs.add(run);
    if (runs.size >= limit) floor = beginOf(db, [...runs].sort((a, b) => b - a)[limit - 1]!);
  }
  return [...runs]
    .sort((a, b) => b - a)
    .slice(0, limit)
    .flatMap((seq) => db.all(`${runColumns} WHERE runs.seq = ?`, seq).map(numbered));
}

function beginOf(db: Database, run: number): number {
  const sql = 'SELECT min(e.seq) AS seq FROM entries e JOIN runs r ON r.id = e.runId WHERE r.seq = ?';
  return Number(db.first(sql, run)?.['seq'] ?? 0);
}

function allRuns(db: Database, filter: ChangeFilter): (RunRecord & { seq: number })[] {
  const { target, revision, since, until, before, limit } = filter;
  const where = ['runs.seq < ?'];
  const values: (string | number)[] = [before ?? Number.MAX_SAFE_INTEGER];
  const and = (sql: string, ...more: (string | number)[]): void => {
    where.push(sql);
    values.push(...more);
  };
  if (target !== undefined) and('target = ?', target);
  if (since !== undefined) {
    and('startedAt >= ?', since);
    const whose = target === undefined ? '' : 'target = ? AND ';
    const first = db.first(
      `SELECT min(seq) AS seq FROM runs WHERE ${whose} startedAt >= ?`,
      ...(target === undefined ? [] : [target]),
      since,
    );
    and('runs.seq >= ?', Number(first?.['seq'] ?? Number.MAX_SAFE_INTEGER));
  }
  if (until !== undefined) and('startedAt < ?', until);
  if (revision !== undefined) {
    const commit = commitOf(revision);
    and(`${revisionInIndex} >= ? AND ${revisionInIndex} < ?`, commit, commit + last);
  }
  // Else the target's order would lead, which is right only where most runs are of that revision.
  const from =
    revision === undefined ? runColumns : runColumns.replace('FROM runs', 'FROM runs INDEXED BY runsOfRevision');
  return db.all(`${from} WHERE ${where.join(' AND ')} ORDER BY runs.seq DESC LIMIT ?`, ...values, limit).map(numbered);
}

function numbered(row: Row): RunRecord & { seq: number } {
  return { ...withHeld(row), seq: Number(row['seq']) };
}

function changeOf(row: Row): ChangeRecord {
  return compact<ChangeRecord>({
    seq: Number(row['seq']),
    at: textOf(row, 'at')!,
    runId: textOf(row, 'runId')!,
    target: textOf(row, 'target')!,
    organization: textOf(row, 'organization'),
    revision: textOf(row, 'revision')!,
    outcome: bodyOf<Outcome>(row),
  });
}
