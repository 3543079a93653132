import { type TestedScript, type TestOutcome, testScript } from '../app/test-script.ts';
import { formatProblems } from '../app.ts';
import { equal } from '../model/json.ts';
import { type ExitCode, exit, Refusal } from './exit.ts';
import { inline } from './render-value.ts';
import { complain, print, printReport, stdoutPaint, wantsColor } from './session.ts';
import { stopOnSignals } from './signals.ts';
import { count, type Paint, safe } from './text.ts';

export interface TestScriptOptions {
  environment?: string;
  timeout: number;
  output: 'text' | 'json';
}

/** The tests of one script, with the python3 of this machine. */
export async function testScriptCommand(name: string, path: string, options: TestScriptOptions): Promise<ExitCode> {
  const { environment, timeout, output } = options;
  if (timeout < 1) throw new Refusal('--timeout is in seconds, 1 or more');
  const { signal, release } = stopOnSignals();
  try {
    const tested = await testScript(name, { folder: path, environment, timeoutMs: timeout * 1000, signal });
    const passed = tested.problems.length === 0 && !signal.aborted && tested.tests.every((one) => one.passed);
    if (output === 'json') print(JSON.stringify({ passed, ...bare(tested) }, null, 2));
    else printReport(lines(tested, stdoutPaint()), 'text');
    if (passed && tested.tests.length === 0) complain(`${safe(tested.resource)} has no tests (spec.tests)`);
    return passed ? exit.ok : exit.failed;
  } finally {
    release();
  }
}

function bare({ problems, ...rest }: TestedScript): object {
  return {
    ...rest,
    problems: problems.map(({ code, message, place }) => ({ code, message, ...(place && { place }) })),
  };
}

function* lines({ resource, environment, problems, tests }: TestedScript, paint: Paint): Generator<string> {
  const who = `${safe(resource)}${environment === undefined ? '' : ` in ${safe(environment)}`}`;
  if (problems.length > 0) {
    yield formatProblems(problems, { color: wantsColor() });
    yield `${who}: ${paint('red', count(problems.length, 'problem'))}, so nothing was run`;
    return;
  }
  for (const test of tests) {
    yield `${test.passed ? paint('green', 'pass') : paint('red', 'FAIL')}  ${safe(test.name)} (${test.durationMs} ms)`;
    if (!test.passed) yield* differences(test);
  }
  const failed = tests.filter((one) => !one.passed).length;
  const verdict = failed === 0 ? paint('green', `${tests.length} passed`) : paint('red', `${failed} failed`);
  yield `${who}: ${verdict}${failed === 0 ? '' : `, ${tests.length - failed} passed`}`;
}

/** What was expected and what came, key by key; and what the script printed on its way there. */
function* differences({ expected, output, why, printed }: TestOutcome): Generator<string> {
  if (why !== undefined) yield `      ${safe(why)}`;
  if (output !== undefined) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(output)])) {
      if (equal(expected[key], output[key])) continue;
      yield `      ${safe(key)}: expected ${inline(expected[key])}, got ${inline(output[key])}`;
    }
  }
  if (printed !== '') yield '      it printed:';
  for (const line of printed.trimEnd().split('\n').slice(-20)) if (line !== '') yield `        ${safe(line)}`;
}
