import type { Clock } from '../model/clock.ts';
import type { Journal, RunRecord } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { type Database, textOf } from './database.ts';
import { append, bodyOf, digestOf } from './entries.ts';
import { type StoredRun, withHeld, withoutHeld } from './held.ts';
import { mark } from './marks.ts';

type Runs = Pick<Journal, 'startRun' | 'finishRun' | 'runs' | 'spent' | 'outcomes' | 'recordOutcome'>;

/** Newest first, by the marks of changes: quiet runs, which are most, are not looked at. */
const appliedOfTarget = `
  SELECT body, packed, record ->> '$.revision' AS revision
  FROM marks m CROSS JOIN entries e ON e.seq = m.seq JOIN runs ON runs.id = e.runId
  WHERE mark = 'target:' || ? AND type = 'change-applied' ORDER BY m.seq DESC`;

export function createRuns(db: Database, clock: Clock): Runs {
  const store = (run: RunRecord, { body, heldList }: StoredRun): void => {
    db.run(
      `INSERT INTO runs (id, target, organization, startedAt, finishedAt, record, heldList) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET organization = excluded.organization, finishedAt = excluded.finishedAt,
         record = excluded.record, heldList = excluded.heldList`,
      run.id,
      run.target,
      run.organization ?? null,
      run.startedAt,
      run.finishedAt ?? null,
      JSON.stringify(body),
      heldList ?? null,
    );
  };
  return {
    startRun: (run) =>
      db.write(() => {
        const stored = withoutHeld(db, run);
        store(run, stored);
        append(db, run.id, 'run-started', clock.now(), stored.body);
      }),
    finishRun: (run) =>
      db.write(() => {
        const { digest: _old, ...rest } = run;
        const { body, heldList } = withoutHeld(db, rest);
        const at = clock.now();
        const digest = digestOf(db, run.id, { at, body });
        append(db, run.id, 'run-finished', at, { ...body, digest });
        store(rest, { body: { ...body, digest }, heldList });
        return { ...rest, digest };
      }),
    recordOutcome: (runId, outcome) =>
      db.write(() => {
        // A skipped change was not made either; its body says `skipped`.
        const type = outcome.status === 'applied' ? 'change-applied' : 'change-failed';
        const { seq } = append(db, runId, type, clock.now(), outcome);
        mark(db, runId, seq, outcome);
      }),
    async runs(target, limit) {
      const rows = db.all(
        `SELECT record, list FROM runs LEFT JOIN heldLists ON sha256 = heldList
         WHERE target = ? ORDER BY seq DESC LIMIT ?`,
        target,
        limit,
      );
      return rows.map(withHeld);
    },
    async spent(target, revision) {
      const changed = new Map<string, boolean>();
      for (const row of db.each(appliedOfTarget, target)) {
        if (textOf(row, 'revision') !== revision) break;
        const { action, object, cause } = bodyOf<Outcome>(row);
        const key = `${object.type}:${object.id}`;
        if (cause !== 'drift') changed.set(key, changed.get(key) === true || action === 'delete');
      }
      const deletes = [...changed.values()].filter((deleted) => deleted).length;
      return { changes: changed.size, deletes };
    },
    async outcomes(runId) {
      const rows = db.all(
        `SELECT body, packed FROM entries WHERE runId = ? AND type IN ('change-applied', 'change-failed') ORDER BY seq`,
        runId,
      );
      return rows.map((row) => bodyOf<Outcome>(row));
    },
  };
}
