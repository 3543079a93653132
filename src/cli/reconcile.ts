import { type ReconcileRequest, type RequestResult, requestReconcile, resultOf, withdraw } from '../app/control.ts';
import type { App } from '../app.ts';
import { type Clock, systemClock } from '../model/clock.ts';
import type { RunRecord } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { commandFor } from './command-line.ts';
import { type ExitCode, exit, worst } from './exit.ts';
import { progressLine } from './progress.ts';
import { renderRun } from './render-run.ts';
import { openSession, print, type SessionOptions, stdoutPaint } from './session.ts';
import { stopOnSignals } from './signals.ts';
import { daemonsFor } from './status-facts.ts';
import { type Paint, safe, terminalWidth } from './text.ts';

export interface ReconcileOptions extends SessionOptions {
  output: 'text' | 'json';
  /** Seconds. */
  timeout: number;
}

/** What came of one request. */
interface Answer {
  target: string;
  status: 'succeeded' | 'held' | 'failed' | 'unreachable' | 'unanswered';
  reason?: string;
  message?: string;
  run?: RunRecord;
  outcomes?: Outcome[];
}

const lookMs = 200;

/** Asks the daemon on this journal for a run now, and tells what came of it. Asks neither Genesys nor git itself. */
export async function reconcileCommand(options: ReconcileOptions): Promise<ExitCode> {
  const stop = stopOnSignals();
  const { app, targets } = await openSession(options, { role: 'reconcile' });
  try {
    const asking = { app, options, signal: stop.signal, clock: systemClock };
    const line = progressLine(options.output);
    line.waiting('the daemon is asked');
    const answers = await Promise.all(targets.map(({ name }) => ask(name, asking)));
    line.clear();
    if (options.output === 'json') print(JSON.stringify(answers, null, 2));
    else print(answers.map((one) => render(one, stdoutPaint())).join('\n\n'));
    return worst(answers.map(({ status }) => codes[status]));
  } finally {
    stop.release();
    await app.close();
  }
}

const codes: Record<Answer['status'], ExitCode> = {
  succeeded: exit.ok,
  held: exit.held,
  failed: exit.failed,
  unreachable: exit.unreachable,
  unanswered: exit.failed,
};

interface Asking {
  app: App;
  options: ReconcileOptions;
  signal: AbortSignal;
  clock: Clock;
}

async function ask(target: string, { app: { journal }, options, signal, clock }: Asking): Promise<Answer> {
  const isServed = async (): Promise<boolean> => (await daemonsFor(journal, target, clock.now())).length > 0;
  const unanswered = (reason: string, message: string): Answer => ({ target, status: 'unanswered', reason, message });
  const nobody = `no daemon on this journal is alive for it; run it from here with \`${commandFor('apply', options, target)}\``;
  if (!(await isServed())) return unanswered('NoDaemon', nobody);
  const request = await requestReconcile(journal, target, clock.now());
  const until = clock.now().getTime() + options.timeout * 1000;
  try {
    for (;;) {
      const result = await resultOf(journal, request);
      if (result !== undefined) return await answerOf(journal, request, result);
      if (signal.aborted) return unanswered('Interrupted', 'asked to stop; the request is withdrawn');
      if (!(await isServed())) return unanswered('NoDaemon', `the daemon stopped before it answered; ${nobody}`);
      if (clock.now().getTime() >= until) {
        const status = commandFor('status', options, target);
        const message = `no answer within ${options.timeout} seconds; a run may still be on its way, which \`${status}\` tells`;
        return unanswered('Timeout', message);
      }
      await clock.sleep(lookMs, signal).catch(() => undefined);
    }
  } finally {
    await withdraw(journal, request);
  }
}

async function answerOf(journal: App['journal'], { target }: ReconcileRequest, result: RequestResult): Promise<Answer> {
  const { runId, reason, message } = result;
  const status = result.status in codes ? (result.status as Answer['status']) : 'failed';
  const run = runId === undefined ? undefined : (await journal.runs(target, 100)).find(({ id }) => id === runId);
  return {
    target,
    status,
    reason,
    ...(message === undefined ? {} : { message }),
    ...(run === undefined ? {} : { run, outcomes: await journal.outcomes(run.id) }),
  };
}

function render({ target, status, reason = '', message, run, outcomes = [] }: Answer, paint: Paint): string {
  const style = { paint, width: terminalWidth(process.stdout) };
  if (run !== undefined) {
    // The daemon went on with the last good revision, and says why the newest one is not it.
    const why =
      message === undefined || run.message !== undefined ? [] : [`    ${paint('red', reason)}: ${safe(message)}`];
    return [paint('bold', safe(target)), renderRun(run, outcomes, style), ...why].join('\n');
  }
  const word = paint(status === 'held' ? 'yellow' : 'red', reason);
  return `${paint('bold', safe(target))}  ${word}${message === undefined ? '' : `: ${safe(message)}`}`;
}
