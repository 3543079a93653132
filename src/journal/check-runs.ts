import { createHash } from 'node:crypto';
import type { Discrepancy } from '../model/journal.ts';
import { type Json, type JsonObject, stable } from '../model/json.ts';
import { type Database, jsonOf, type Row, textOf } from './database.ts';
import { bodyOf } from './entries.ts';

const lastOf = `
  SELECT body, packed FROM entries WHERE runId = ? AND type IN ('run-started', 'run-finished') ORDER BY seq DESC LIMIT 1`;

/** Each run is as its last entry tells it. */
export function* checkRuns(db: Database): Generator<Discrepancy> {
  const rows = db.each('SELECT * FROM runs LEFT JOIN heldLists ON sha256 = heldList ORDER BY seq');
  for (const row of rows) {
    const [runId, target] = [textOf(row, 'id')!, textOf(row, 'target')!];
    const entry = db.first(lastOf, runId);
    if (entry === undefined) {
      yield { runId, target, message: 'it is in `runs`, and no entry tells of it' };
      continue;
    }
    const said = readable(entry);
    if (said === undefined) {
      yield { runId, target, message: 'its last entry cannot be read' };
      continue;
    }
    const record = jsonOf<JsonObject>(row, 'record')!;
    // Records of before version 3 had the list of what was held in them.
    const isOld = entry['packed'] === null;
    const wrong = [...new Set([...Object.keys(said), ...Object.keys(record)])].filter(
      (name) => !(isOld && name === 'held') && stable(said[name] ?? null) !== stable(record[name] ?? null),
    );
    const columns = { id: row['id'], target, organization: row['organization'], startedAt: row['startedAt'] };
    for (const [name, value] of Object.entries(columns)) if ((said[name] ?? null) !== value) wrong.push(name);
    if ((said['finishedAt'] ?? null) !== row['finishedAt']) wrong.push('finishedAt');
    if (!isOld && !isListed(said['held'], textOf(row, 'heldList'), textOf(row, 'list'))) wrong.push('held');
    if (wrong.length === 0) continue;
    const told = typeof said['target'] === 'string' ? said['target'] : target;
    const what = [...new Set(wrong)].map((name) => `\`${name}\``).join(', ');
    yield { runId, target: told, message: `what \`runs\` says of it is not what its entries say: ${what}` };
  }
}

function readable(entry: Row): JsonObject | undefined {
  try {
    return bodyOf<JsonObject>(entry);
  } catch {
    return undefined;
  }
}

function isListed(held: Json | undefined, name: string | undefined, list: string | undefined): boolean {
  const { sha256 } = (held ?? {}) as { sha256?: string };
  if (sha256 === undefined) return name === undefined;
  return name === sha256 && list !== undefined && createHash('sha256').update(list).digest('hex') === sha256;
}
