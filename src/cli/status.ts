import type { RunRecord } from '../model/journal.ts';
import type { Outcome, Summary } from '../model/plan.ts';
import { type ExitCode, exit } from './exit.ts';
import { renderOutcome } from './render-outcomes.ts';
import { openSession, print, type SessionOptions, stdoutPaint } from './session.ts';
import { type Paint, safe, shortRevision } from './text.ts';

export interface StatusOptions extends SessionOptions {
  output: 'text' | 'json';
}

interface TargetStatus {
  target: string;
  lastAttemptedRevision?: string;
  lastAppliedRevision?: string;
  lastRun?: RunRecord;
  /** What the last run could not do. */
  failures?: Outcome[];
  conditions: { type: 'Ready'; status: 'True' | 'False' | 'Unknown'; reason: string; message: string }[];
}

/** What the journal says of each target. Asks neither Genesys nor git. */
export async function statusCommand(options: StatusOptions): Promise<ExitCode> {
  const { app, targets } = await openSession(options, { readOnly: true });
  try {
    const all = await Promise.all(
      targets.map(async ({ name }) => {
        const runs = await app.journal.runs(name, 5000);
        const outcomes = runs[0] === undefined ? [] : await app.journal.outcomes(runs[0].id);
        return statusOf(name, runs, outcomes);
      }),
    );
    const paint = stdoutPaint();
    print(options.output === 'json' ? JSON.stringify(all, null, 2) : all.map((one) => render(one, paint)).join('\n\n'));
    return exit.ok;
  } finally {
    await app.close();
  }
}

function statusOf(target: string, runs: readonly RunRecord[], outcomes: readonly Outcome[]): TargetStatus {
  const last = runs.find(({ status }) => status !== undefined);
  if (last === undefined) {
    const message = 'no run has finished yet';
    return { target, conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NotRunYet', message }] };
  }
  const applied = runs.find(({ status, partial }) => status === 'succeeded' && partial !== true);
  // A daemon that refused the newest revision has gone on with the last good one: the refusal is what counts.
  const before = runs[1];
  const refused = before?.reason === 'ValidationFailed' && before.revision !== last.revision ? before : undefined;
  const telling = refused ?? last;
  const ready = telling.status === 'succeeded' ? 'True' : 'False';
  const reason = telling.reason ?? 'ReconciliationSucceeded';
  const message = telling.message ?? (telling.summary === undefined ? '' : counts(telling.summary));
  return {
    target,
    lastAttemptedRevision: telling.revision,
    ...(applied === undefined ? {} : { lastAppliedRevision: applied.revision }),
    lastRun: last,
    conditions: [{ type: 'Ready', status: ready, reason, message }],
    failures: outcomes.filter(({ status }) => status !== 'applied'),
  };
}

/** What a finished run did, in the past tense. */
function counts({ create, update, delete: remove, unchanged, held }: Summary): string {
  return `${create} created, ${update} updated, ${remove} deleted, ${unchanged} unchanged, ${held} held`;
}

function render(status: TargetStatus, paint: Paint): string {
  const { target, lastAppliedRevision, lastAttemptedRevision, lastRun, conditions, failures = [] } = status;
  const ready = conditions[0]!;
  const style = ready.status === 'True' ? 'green' : ready.status === 'False' ? 'red' : 'yellow';
  const rows: [string, string][] = [
    [
      'Ready',
      `${paint(style, ready.status)}  ${ready.reason}${ready.message === '' ? '' : `: ${safe(ready.message)}`}`,
    ],
    ['last applied', lastAppliedRevision === undefined ? 'never' : shortRevision(lastAppliedRevision)],
    ['last attempted', lastAttemptedRevision === undefined ? 'never' : shortRevision(lastAttemptedRevision)],
    ...(lastRun?.finishedAt === undefined
      ? []
      : [['last run', `${lastRun.finishedAt} (${lastRun.id})`] as [string, string]]),
  ];
  return [
    paint('bold', safe(target)),
    ...rows.map(([name, value]) => `  ${name.padEnd(15)} ${value}`),
    ...failures.map((outcome) => renderOutcome(outcome, paint).replace(/^/gm, '  ')),
  ].join('\n');
}
