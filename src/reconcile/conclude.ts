import type { Reason } from '../model/failure.ts';
import type { RunRecord, RunStatus } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import { type Outcome, type Plan, summarise } from '../model/plan.ts';
import type { Engine, RunOptions } from './run.ts';

export interface RunReport {
  runId: string;
  mode: 'plan' | 'apply';
  status: RunStatus;
  reason: Reason;
  plan: Plan;
  outcomes: Outcome[];
}

/** What a run came to: for who asked, for the journal and for the log. */
export async function conclude(
  engine: Engine,
  started: RunRecord,
  judged: Plan,
  outcomes: Outcome[],
  options: RunOptions,
  log: Log,
): Promise<RunReport> {
  const broken = outcomes.some(({ status }) => status !== 'applied') || judged.problems.length > 0;
  const status: RunStatus = broken ? 'failed' : judged.held.length > 0 ? 'held' : 'succeeded';
  const reason: Reason = broken ? 'ReconciliationFailed' : (judged.held[0]?.reason ?? 'ReconciliationSucceeded');
  const report = { runId: started.id, mode: options.mode, status, reason, plan: judged, outcomes };
  if (options.mode === 'plan') return report;
  const finishedAt = engine.clock.now().toISOString();
  const first = judged.problems[0];
  const message =
    first === undefined ? {} : { message: `${first.resource ?? ''}: ${first.message}`.replace(/^: /, '') };
  const record = await engine.journal.finishRun({
    ...started,
    finishedAt,
    status,
    reason,
    ...message,
    summary: summarise(judged),
    ...heldOf(judged),
  });
  for (const { code, message: detail, resource } of judged.problems) log.error({ code, resource, detail }, 'problem');
  const told = { status, reason, summary: summarise(judged), digest: record.digest };
  if (status === 'failed') log.error(told, 'run finished');
  else if (status === 'held') log.warn(told, 'run finished');
  else log.info(told, 'run finished');
  return report;
}

/** So many held changes are named in the journal; the summary counts all. */
const mostHeld = 50;
const longestMessage = 500;

function heldOf({ held, approval }: Plan): Pick<RunRecord, 'held' | 'approval'> {
  const named = held.slice(0, mostHeld).map(({ kind, name, action, object, reason, message }) => {
    return { kind, name, action, object, reason, message: message.slice(0, longestMessage) };
  });
  return {
    ...(named.length === 0 ? {} : { held: named }),
    ...(approval === undefined ? {} : { approval }),
  };
}
