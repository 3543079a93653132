import { soakOf } from '../app/follow.ts';
import type { App, TargetReport } from '../app.ts';
import { systemClock } from '../model/clock.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import type { Log } from '../model/log.ts';
import { type ExitCode, worst } from './exit.ts';
import { patiently } from './lease-wait.ts';
import { progressLine } from './progress.ts';
import { codeOf, gather, type Output, resultLines } from './report.ts';
import { onlyTarget, openSession, printReport, type SessionOptions, stdoutPaint } from './session.ts';
import { stopOnSignals } from './signals.ts';

export interface ApplyOptions extends SessionOptions {
  output: Output;
  only?: string[];
  revision?: string;
  approve?: string;
  /** Seconds. */
  wait: number;
}

/** One run: what `plan` shows, done and verified. SIGTERM and SIGINT finish the write in hand first. */
export async function applyCommand(options: ApplyOptions): Promise<ExitCode> {
  const { only, revision, approve, output } = options;
  const stop = stopOnSignals();
  const { app, targets, log } = await openSession(options, { signal: stop.signal, role: 'apply' });
  try {
    if (approve !== undefined) onlyTarget(targets, "an approval is given for one target's plan");
    const line = progressLine(output);
    const runOne = (name: string): Promise<TargetReport> =>
      app.reconcile(targets.find((target) => target.name === name)!, {
        mode: 'apply',
        byHand: true,
        trigger: 'apply',
        planned: (plan) => line.expect(plan.changes.length),
        progress: () => line.one(),
        looked: line.looked,
        ...(only === undefined ? {} : { only }),
        ...(revision === undefined ? {} : { revision }),
        ...(approve === undefined ? {} : { approve }),
      });
    const inTurn = turnsOf(targets);
    const results = await gather(targets, (name) =>
      inTurn(name, () =>
        patiently(() => runOne(name), { seconds: options.wait, signal: stop.signal, waiting: line.waiting }),
      ),
    );
    line.clear();
    printReport(resultLines(results, output, stdoutPaint(), options), output);
    await matchInTime(app, targets, log);
    return worst(results.map((result) => codeOf(result, false)));
  } finally {
    stop.release();
    await app.close();
  }
}

/** Milliseconds: a person waits for the command to end. */
const mostMatching = 5_000;

/**
 * Asks the audit log once, mostly of what earlier runs wrote: records come late. Nothing is lost where it fails or takes
 * long; the next run asks again.
 */
async function matchInTime(app: App, targets: readonly TargetConfig[], log: Log): Promise<void> {
  const over = new AbortController();
  const rounds = targets.map((target) =>
    app.matchAudits(target).catch((error: unknown) => {
      log.debug({ target: target.name, detail: String(error) }, 'the audit log was not asked');
    }),
  );
  const late = systemClock.sleep(mostMatching, over.signal).catch(() => undefined);
  await Promise.race([Promise.all(rounds), late]);
  over.abort();
}

/** A target that follows another without a soak time takes what that one is brought to by the same call. */
function turnsOf(targets: readonly TargetConfig[]): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const over = new Map(targets.map(({ name }) => [name, Promise.withResolvers<void>()]));
  return async (name, work) => {
    const { after } = targets.find((target) => target.name === name)!;
    if (after !== undefined && soakOf(after) === 0) await over.get(after.target)?.promise;
    return await work().finally(over.get(name)!.resolve);
  };
}
