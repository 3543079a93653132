import type { Clock } from '../model/clock.ts';
import type { DriftRecord, Journal } from '../model/journal.ts';
import { type Database, jsonOf, type Row, textOf } from './database.ts';
import { append, noRun, type Via } from './entries.ts';

type Drifts = Pick<Journal, 'recordDrift' | 'updateDrift' | 'drifts'>;
type Stored = Omit<DriftRecord, 'id' | 'target'>;

export function createDrifts(db: Database, clock: Clock, via: Via): Drifts {
  const keep = (id: number, drift: Stored): void => {
    const isOpen = drift.ended === undefined && drift.kind === 'drift';
    const sql = 'UPDATE drifts SET record = ?, open = ?, unexplained = ? WHERE id = ?';
    db.run(sql, JSON.stringify(drift), isOpen ? 1 : 0, drift.story?.deeds.length ? 0 : 1, id);
    for (const { auditId } of drift.story?.deeds ?? []) {
      db.run('INSERT OR IGNORE INTO driftAudits (id, drift) VALUES (?, ?)', auditId, id);
    }
  };
  return {
    recordDrift: (drift) =>
      db.write(() => {
        const { target, ...stored } = drift;
        const { type, key, id: objectId } = drift.object;
        const id = db.run(
          `INSERT INTO drifts (organization, target, at, type, key, objectId, open, unexplained, record)
           VALUES (?, ?, ?, ?, ?, ?, 1, 1, '{}')`,
          drift.organization,
          target,
          drift.at,
          type,
          key,
          objectId ?? null,
        );
        keep(id, stored);
        const entry = drift.kind === 'drift' ? 'drift-found' : 'other-process';
        const { digest } = append(db, drift.runId ?? noRun, entry, clock.now(), { drift: id, ...drift, ...via });
        return { id, ...drift, entry: digest };
      }),
    updateDrift: (id, change) =>
      db.write(() => {
        const row = db.first('SELECT record FROM drifts WHERE id = ?', id);
        // Retention may have been first.
        if (row === undefined) return undefined;
        const drift: Stored = { ...jsonOf<Stored>(row, 'record')!, ...change };
        keep(id, drift);
        const entry = 'story' in change ? 'drift-explained' : 'drift-ended';
        return append(db, drift.runId ?? noRun, entry, clock.now(), { drift: id, ...change, ...via }).digest;
      }),
    async drifts(
      { organization, target },
      { since, until, object, objectId, auditId, open, unexplained, before, limit },
    ) {
      const where: string[] = [];
      const values: (string | number)[] = [];
      const and = (sql: string, ...more: (string | number)[]): void => {
        where.push(sql);
        values.push(...more);
      };
      if (organization !== undefined) and('organization = ?', organization);
      if (target !== undefined) and('target = ?', target);
      if (since !== undefined) and('at >= ?', since);
      if (until !== undefined) and('at < ?', until);
      if (object?.id !== undefined) and('type = ? AND objectId = ?', object.type, object.id);
      else if (object !== undefined) and('type = ? AND key = ?', object.type, object.key);
      if (objectId !== undefined) and('objectId = ?', objectId);
      if (auditId !== undefined) and('id IN (SELECT drift FROM driftAudits WHERE driftAudits.id = ?)', auditId);
      if (before !== undefined) and('id < ?', before);
      if (open === true) and('open = 1');
      if (unexplained === true) and('unexplained = 1');
      const sql = `SELECT id, target, record FROM drifts ${where.length === 0 ? '' : 'WHERE'} ${where.join(' AND ')}
        ORDER BY id DESC LIMIT ?`;
      return db.all(sql, ...values, limit ?? -1).map(driftOf);
    },
  };
}

/** The target stands beside the record: open drifts move with a target that is renamed. */
function driftOf(row: Row): DriftRecord {
  return { id: Number(row['id']), target: textOf(row, 'target')!, ...jsonOf<Stored>(row, 'record')! };
}
