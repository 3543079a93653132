import { type ExitCode, worst } from './exit.ts';
import { codeOf, gather, type Output, renderResults } from './report.ts';
import { openSession, print, type SessionOptions, stdoutPaint } from './session.ts';
import { stopOnSignals } from './signals.ts';

export interface ApplyOptions extends SessionOptions {
  output: Output;
  only?: string[];
  revision?: string;
}

/** One run: what `plan` shows, done and verified. SIGTERM and SIGINT finish the write in hand first. */
export async function applyCommand(options: ApplyOptions): Promise<ExitCode> {
  const stop = stopOnSignals();
  const { app, targets } = await openSession(options, { signal: stop.signal });
  try {
    const { only, revision } = options;
    const done = progress(options.output);
    const results = await gather(targets, (name) =>
      app.reconcile(targets.find((target) => target.name === name)!, {
        mode: 'apply',
        byHand: true,
        planned: (plan) => done.expect(plan.changes.length),
        progress: () => done.one(),
        ...(only === undefined ? {} : { only }),
        ...(revision === undefined ? {} : { revision }),
      }),
    );
    done.clear();
    print(renderResults(results, options.output, stdoutPaint()));
    return worst(results.map((result) => codeOf(result, false)));
  } finally {
    stop.release();
    await app.close();
  }
}

/** A line on a terminal that counts what is done; nothing in a pipe. */
function progress(output: Output): { expect(n: number): void; one(): void; clear(): void } {
  const shown = process.stderr.isTTY === true && output === 'text';
  let expected = 0;
  let finished = 0;
  const draw = (): void => {
    if (shown && expected > 0) process.stderr.write(`\r\u001b[2Kapplying ${finished} of ${expected}`);
  };
  return {
    expect(n) {
      expected += n;
      draw();
    },
    one() {
      finished++;
      draw();
    },
    clear() {
      if (shown) process.stderr.write('\r\u001b[2K');
    },
  };
}
