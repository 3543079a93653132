import type { App } from '../app.ts';
import type { RunRecord } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { changesOfRun, orphansIn } from './audit-changes.ts';
import { driftOf, driftsOfRun } from './audit-drifts.ts';
import type { AuditedChange, AuditedDrift } from './audited.ts';
import { type ExitCode, exit } from './exit.ts';
import { renderStory } from './render-story.ts';
import { complain, openSession, print, type SessionOptions, stdoutPaint } from './session.ts';
import { safe, terminalWidth } from './text.ts';

export interface HistoryShowOptions extends SessionOptions {
  output: 'text' | 'json';
}

/** One run with everything that is known of it. */
export interface RunStory {
  run: RunRecord;
  changes: AuditedChange[];
  /** Never attempted, with the reason. */
  skipped: Outcome[];
  /** What it found, or ended. */
  drifts: AuditedDrift[];
  /** The digest worked out again is the one that it finished with; undefined where it has not finished. */
  intact?: boolean;
  /** True where it holds the lease just now. */
  running?: true;
}

export async function historyShowCommand(id: string, options: HistoryShowOptions): Promise<ExitCode> {
  const { app } = await openSession(options, { readOnly: true, role: 'history' });
  try {
    const run = await app.journal.run(id);
    if (run === undefined) {
      complain(
        `the journal has no run ${JSON.stringify(safe(id))}; give its id, or the first 8 characters or more, as \`history\` tells them`,
      );
      return exit.failed;
    }
    const { seq: _seq, ...record } = run;
    const story = await storyOf(app, record);
    if (options.output === 'json') print(JSON.stringify(story, null, 2));
    else print(renderStory(story, { paint: stdoutPaint(), width: terminalWidth(process.stdout) }));
    return exit.ok;
  } finally {
    await app.close();
  }
}

export async function storyOf({ journal }: Pick<App, 'journal'>, run: RunRecord): Promise<RunStory> {
  const changes = [...(await changesOfRun(journal, run)), ...(await orphansIn(journal, run))];
  const outcomes = await journal.outcomes(run.id);
  const again = await journal.digest(run.id);
  const lease =
    run.status !== undefined || run.organization === undefined ? undefined : await journal.lease(run.organization);
  return {
    run,
    changes,
    skipped: outcomes.filter(({ status }) => status === 'skipped'),
    drifts: (await driftsOfRun(journal, run, outcomes)).map(driftOf),
    ...(run.digest === undefined ? {} : { intact: again === run.digest }),
    ...(lease?.owner === run.id ? { running: true } : {}),
  };
}
