import { type ExitCode, exit, worst } from './exit.ts';
import { progressLine } from './progress.ts';
import { codeOf, gather, type Output, resultLines } from './report.ts';
import { openSession, printReport, type SessionOptions, stdoutPaint } from './session.ts';

export interface PlanOptions extends SessionOptions {
  output: Output;
  only?: string[];
  revision?: string;
  exitCode?: boolean;
  validateFlows?: boolean;
}

/** Shows what `apply` would do. Never writes, neither to Genesys nor to the journal. */
export async function planCommand(options: PlanOptions): Promise<ExitCode> {
  const { app, targets } = await openSession(options, { readOnly: true, role: 'plan' });
  try {
    const { only, revision, output } = options;
    const line = progressLine(output);
    const results = await gather(targets, (name) =>
      app.reconcile(targets.find((target) => target.name === name)!, {
        mode: 'plan',
        byHand: true,
        looked: line.looked,
        ...(options.validateFlows === true ? { inspect: true } : {}),
        ...(only === undefined ? {} : { only }),
        ...(revision === undefined ? {} : { revision }),
      }),
    );
    line.clear();
    printReport(resultLines(results, output, stdoutPaint(), options), output);
    const tell = options.exitCode === true;
    const codes = results.map((result) => codeOf(result, tell));
    // A target that waits for another is no failure of its plan.
    return worst(codes.map((code) => (code !== exit.held ? code : tell ? exit.changes : exit.ok)));
  } finally {
    await app.close();
  }
}
