import type { Discrepancy, DriftRecord } from '../model/journal.ts';
import { type Json, type JsonObject, stable } from '../model/json.ts';
import type { Expected } from './check.ts';
import { isCalled } from './check-writes.ts';
import { type Database, jsonOf, textOf } from './database.ts';

/** A drift as the entries tell it. */
export interface Folded {
  seq: number;
  target: string;
  record: Omit<DriftRecord, 'id' | 'target'>;
  /** Of every story that was ever told of it. */
  auditIds: Set<string>;
}

interface DriftEntry {
  seq: number;
  type: string;
  body: DriftRecord & { drift: number; via?: string };
}

/** Answers false where it is about a drift that nothing has told of. */
export function foldDrift(drifts: Map<number, Folded>, { seq, type, body }: DriftEntry): boolean {
  const { drift, via: _via, ...said } = body;
  const auditIds = (said.story?.deeds ?? []).map(({ auditId }) => auditId);
  if (type === 'drift-found' || type === 'other-process') {
    const { target, ...record } = said;
    // What was tampered with may have any form.
    if (typeof target !== 'string' || typeof record.object?.type !== 'string') return false;
    drifts.set(drift, { seq, target, record, auditIds: new Set(auditIds) });
    return true;
  }
  const before = drifts.get(drift);
  if (before === undefined) return false;
  before.record = { ...before.record, ...said };
  for (const id of auditIds) before.auditIds.add(id);
  return true;
}

/** Each drift is as the entries tell it, and is found by what they say of it. */
export function* checkDrifts(db: Database, { drifts, renames }: Expected): Generator<Discrepancy> {
  const seen = new Set<number>();
  for (const row of db.each('SELECT * FROM drifts ORDER BY id')) {
    const id = Number(row['id']);
    const said = drifts.get(id);
    seen.add(id);
    if (said === undefined) {
      yield { target: textOf(row, 'target')!, message: `the drift ${id} is in \`drifts\`, and no entry tells of it` };
      continue;
    }
    const { record } = said;
    const isOpen = record.ended === undefined && record.kind === 'drift';
    const columns: JsonObject = {
      organization: record.organization,
      at: record.at,
      type: record.object.type,
      key: record.object.key,
      objectId: record.object.id ?? null,
      open: isOpen ? 1 : 0,
      unexplained: record.story?.deeds.length ? 0 : 1,
    };
    const kept = jsonOf<JsonObject>(row, 'record')!;
    const isSame =
      stable(kept) === stable(record as unknown as Json) &&
      Object.entries(columns).every(([name, value]) => row[name] === value) &&
      isCalled(said.target, textOf(row, 'target')!, renames);
    if (!isSame) yield about(said, `what \`drifts\` says of the drift ${id} is not what the entries say`);
  }
  for (const [id, said] of drifts) {
    if (!seen.has(id)) yield about(said, `the drift ${id} is not in \`drifts\``);
    const lacking = [...said.auditIds].filter((auditId) => {
      return db.first('SELECT 1 FROM driftAudits WHERE id = ? AND drift = ?', auditId, id) === undefined;
    });
    if (lacking.length > 0)
      yield about(said, `the drift ${id} is not found by ${lacking.join(', ')}: \`driftAudits\` lacks that`);
  }
  for (const row of db.each('SELECT id, drift FROM driftAudits')) {
    const said = drifts.get(Number(row['drift']));
    const auditId = textOf(row, 'id')!;
    if (said === undefined || said.auditIds.has(auditId)) continue;
    yield about(said, `the drift ${row['drift']} is found by ${auditId}, which no entry says`);
  }
}

function about({ record: { runId }, target }: Folded, message: string): Discrepancy {
  return { ...(runId === undefined ? {} : { runId }), target, message };
}
