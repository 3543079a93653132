import type { Clock } from '../model/clock.ts';
import type { Journal, RunRecord } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { type Database, jsonOf } from './database.ts';
import { append, digestOf } from './entries.ts';

type Runs = Pick<Journal, 'startRun' | 'finishRun' | 'runs' | 'outcomes' | 'recordOutcome'>;

export function createRuns(db: Database, clock: Clock): Runs {
  const store = (run: RunRecord): void => {
    db.run(
      `INSERT INTO runs (id, target, organization, startedAt, finishedAt, record) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET organization = excluded.organization, finishedAt = excluded.finishedAt,
         record = excluded.record`,
      run.id,
      run.target,
      run.organization ?? null,
      run.startedAt,
      run.finishedAt ?? null,
      JSON.stringify(run),
    );
  };
  return {
    startRun: (run) =>
      db.write(() => {
        store(run);
        append(db, run.id, 'run-started', clock.now(), run);
      }),
    finishRun: (run) =>
      db.write(() => {
        const { digest: _old, ...body } = run;
        const at = clock.now();
        const finished: RunRecord = { ...body, digest: digestOf(db, run.id, { at, body }) };
        append(db, run.id, 'run-finished', at, finished);
        store(finished);
        return finished;
      }),
    recordOutcome: (runId, outcome) =>
      db.write(() => {
        // A skipped change was not made either; its body says `skipped`.
        append(db, runId, outcome.status === 'applied' ? 'change-applied' : 'change-failed', clock.now(), outcome);
      }),
    async runs(target, limit) {
      const rows = db.all('SELECT record FROM runs WHERE target = ? ORDER BY seq DESC LIMIT ?', target, limit);
      return rows.map((row) => jsonOf<RunRecord>(row, 'record')!);
    },
    async outcomes(runId) {
      const rows = db.all(
        `SELECT body FROM entries WHERE runId = ? AND type IN ('change-applied', 'change-failed') ORDER BY seq`,
        runId,
      );
      return rows.map((row) => jsonOf<Outcome>(row, 'body')!);
    },
  };
}
