import { expect, test } from 'vitest';
import { exit, exitOf } from '../src/cli/exit.ts';
import { codeOf } from '../src/cli/report.ts';
import { Failure, type Reason } from '../src/model/failure.ts';

/** The exit code of a run whose changes failed with these reasons. */
function code(reasons: readonly Reason[], problems: unknown[] = []): number {
  const outcomes = reasons.map((reason) => ({ status: 'failed', reason }));
  const report = { plan: { changes: [], held: [], problems }, outcomes, status: 'failed', mode: 'apply' };
  return codeOf({ target: 'prod', report } as never, false);
}

test.each([
  'NetworkError',
  'ServerError',
  'RateLimited',
  'BadAnswer',
  'ListIncomplete',
  'CircuitOpen',
  'SourceUnavailable',
] as const)('%s is unreachable, whether it ended the run or one of its changes', (reason) => {
  expect(exitOf(new Failure(reason, 'x'))).toBe(exit.unreachable);
  expect(code([reason])).toBe(exit.unreachable);
});

test('one failure of another kind, a problem, or no reason at all: failed', () => {
  expect(exitOf(new Failure('BadRequest', 'x'))).toBe(exit.failed);
  expect(code(['NetworkError', 'BadRequest'])).toBe(exit.failed);
  expect(code(['NetworkError'], [{}])).toBe(exit.failed);
  expect(code([])).toBe(exit.failed);
});
