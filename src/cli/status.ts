import type { RunRecord } from '../model/journal.ts';
import { type ExitCode, exit } from './exit.ts';
import { renderSummary } from './render-plan.ts';
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
  conditions: { type: 'Ready'; status: 'True' | 'False' | 'Unknown'; reason: string; message: string }[];
}

/** What the journal says of each target. Asks neither Genesys nor git. */
export async function statusCommand(options: StatusOptions): Promise<ExitCode> {
  const { app, targets } = await openSession(options, { readOnly: true });
  try {
    const all = await Promise.all(targets.map(async ({ name }) => statusOf(name, await app.journal.runs(name, 100))));
    const paint = stdoutPaint();
    print(options.output === 'json' ? JSON.stringify(all, null, 2) : all.map((one) => render(one, paint)).join('\n\n'));
    return exit.ok;
  } finally {
    await app.close();
  }
}

function statusOf(target: string, runs: readonly RunRecord[]): TargetStatus {
  const last = runs.find(({ status }) => status !== undefined);
  if (last === undefined) {
    const message = 'no run has finished yet';
    return { target, conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NotRunYet', message }] };
  }
  const applied = runs.find(({ status }) => status === 'succeeded');
  const ready = last.status === 'succeeded' ? 'True' : 'False';
  const reason = last.reason ?? 'ReconciliationSucceeded';
  const message = last.message ?? (last.summary === undefined ? '' : renderSummary(last.summary));
  return {
    target,
    lastAttemptedRevision: last.revision,
    ...(applied === undefined ? {} : { lastAppliedRevision: applied.revision }),
    lastRun: last,
    conditions: [{ type: 'Ready', status: ready, reason, message }],
  };
}

function render(
  { target, lastAppliedRevision, lastAttemptedRevision, lastRun, conditions }: TargetStatus,
  paint: Paint,
): string {
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
  return [paint('bold', safe(target)), ...rows.map(([name, value]) => `  ${name.padEnd(15)} ${value}`)].join('\n');
}
