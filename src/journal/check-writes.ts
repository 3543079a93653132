import { unrecorded } from '../model/audit.ts';
import type { Intent } from '../model/contracts.ts';
import type { Discrepancy, WriteMatch } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import type { Expected } from './check.ts';
import { type Database, jsonOf, type Row, textOf } from './database.ts';
import { bodyOf } from './entries.ts';
import { intentColumns, intentOf, intentsWithEntries, receiptOf } from './intents.ts';

/** Whether what is kept of a write's answer is not among what its change tells; where that tells nothing, nothing is known. */
export function receiptsDiffer(db: Database, intentId: number, { receipt }: Outcome): boolean {
  if (receipt.requests.length === 0) return false;
  const row = db.first(`${intentColumns}, receipt FROM ${intentsWithEntries} WHERE id = ?`, intentId);
  const kept = row && receiptOf(row, intentOf(row));
  if (kept?.correlationId === undefined) return false;
  return !receipt.requests.some(
    ({ correlationId, status }) => correlationId === kept.correlationId && status === kept.status,
  );
}

/** What the audit log says of each write is what the last entry says of it. */
export function* checkWords(db: Database, { words, renames }: Expected): Generator<Discrepancy> {
  const sql = `
    SELECT i.id, i.runId, i.target, i.entry, i.audit, e.type, r.target AS ranAs FROM intents i
    LEFT JOIN entries e ON e.seq = i.entry LEFT JOIN runs r ON r.id = i.runId ORDER BY i.id`;
  for (const row of db.each(sql)) {
    const [id, runId, target] = [Number(row['id']), textOf(row, 'runId')!, textOf(row, 'target')!];
    const said = words.get(id);
    words.delete(id);
    const about = { runId, target: textOf(row, 'ranAs') ?? target };
    if (row['entry'] !== null && textOf(row, 'type') !== 'change-intended') {
      yield { ...about, message: `the write ${id} is in \`intents\`, and no entry tells of it` };
    }
    if (row['ranAs'] !== null && !isCalled(about.target, target, renames)) {
      yield { ...about, message: `the write ${id} is another target's in \`intents\`: ${target}` };
    }
    const audit = textOf(row, 'audit');
    if (said === undefined ? isBlank(db, row, audit) : audit === String(said)) continue;
    const message = `what \`intents\` says of the audit records of the write ${id} is not what the entries say`;
    yield { ...about, message };
  }
  for (const [id, seq] of words) {
    const runId = textOf(db.first('SELECT runId FROM entries WHERE seq = ?', seq) ?? {}, 'runId');
    const isLeaving = runId !== undefined && db.first('SELECT 1 FROM leaving WHERE runId = ?', runId) !== undefined;
    if (isLeaving) continue;
    yield {
      ...(runId === undefined ? {} : { runId }),
      message: `the entry ${seq} tells of the write ${id}, which is not in \`intents\``,
    };
  }
}

/** What was written before version 4 was given a word by the migration, and none by an entry; what leaves no record has its own. */
function isBlank(db: Database, row: Row, audit: string | undefined): boolean {
  if (audit === undefined) return true;
  if (row['entry'] !== null) {
    const entry = db.first('SELECT body, packed FROM entries WHERE seq = ?', Number(row['entry']));
    const isMarked = entry !== undefined && bodyOf<Intent>(entry).unrecorded === true;
    return isMarked && jsonOf<Partial<WriteMatch>>(row, 'audit')?.match === unrecorded.match;
  }
  const { match, records } = jsonOf<Partial<WriteMatch>>(row, 'audit')!;
  return match === 'unmatched' && records?.length === 0;
}

/** A target that was renamed takes what is open with it. */
export function isCalled(before: string, now: string, renames: Expected['renames']): boolean {
  if (before === now) return true;
  const names = new Set([before]);
  for (const { from, to } of renames) if (names.has(from)) names.add(to);
  return names.has(now);
}
