import { formatProblems, InvalidSnapshot, type TargetReport } from '../app.ts';
import { asFailure } from '../model/failure.ts';
import type { Outcome, Plan } from '../model/plan.ts';
import { summarise } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { type ExitCode, exit, exitOf } from './exit.ts';
import { approvalInWords, type Call, howToGoOn } from './release.ts';
import { fenced, renderMarkdown } from './render-markdown.ts';
import { renderOutcomes } from './render-outcomes.ts';
import { renderPlan } from './render-plan.ts';
import { type Paint, plain, safe } from './text.ts';

/** What one target's run came to: a report, or the error that ended it. */
export type Result = { target: string; report: TargetReport } | { target: string; error: unknown };

export type Output = 'text' | 'json' | 'markdown';

/** One run for each target, side by side; an error of one is that one's result. */
export function gather(
  targets: readonly { name: string }[],
  runOne: (name: string) => Promise<TargetReport>,
): Promise<Result[]> {
  return Promise.all(
    targets.map(async ({ name }): Promise<Result> => {
      try {
        return { target: name, report: await runOne(name) };
      } catch (error) {
        return { target: name, error };
      }
    }),
  );
}

/** The exit code that one result asks for; `changes` only where the caller wants them told. */
export function codeOf(result: Result, tellChanges: boolean): ExitCode {
  if ('error' in result) return exitOf(result.error);
  const { plan, outcomes, status } = result.report;
  if (status === 'failed') {
    const reasons = outcomes.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
    const away = new Set(['NetworkError', 'ServerError', 'RateLimited', 'BadAnswer', 'CircuitOpen']);
    const onlyAway = plan.problems.length === 0 && reasons.length > 0 && reasons.every((reason) => away.has(reason));
    return onlyAway ? exit.unreachable : exit.failed;
  }
  if (tellChanges) return plan.changes.length + plan.held.length > 0 ? exit.changes : exit.ok;
  return status === 'held' && outcomesCount(result) ? exit.held : exit.ok;
}

/** `plan` itself does not fail for what is held; only a run that would have written it does. */
function outcomesCount(result: Result): boolean {
  return 'report' in result && result.report.mode === 'apply';
}

/** Everything that a command says of its results. */
export function renderResults(results: readonly Result[], output: Output, paint: Paint, call?: Call): string {
  if (output === 'json') return JSON.stringify(results.map(toJson), null, 2);
  return results.map((result) => renderResult(result, output, paint, call)).join('\n\n');
}

function renderResult(result: Result, output: Output, paint: Paint, call: Call | undefined): string {
  if (output === 'markdown') return renderForReview(result, call);
  if ('error' in result) {
    const said = renderError(result.target, result.error, paint);
    return asFailure(result.error).reason === 'LeaseHeld' ? `${said}\n${howToGoOn}` : said;
  }
  const { plan, desired, outcomes, locate } = result.report;
  const located = plan.problems.map(locate);
  const warnings =
    desired.warnings.length > 0 ? [formatProblems(desired.warnings, { color: paint('red', 'x') !== 'x' })] : [];
  const problems = located.length > 0 ? [formatProblems(located, { color: paint('red', 'x') !== 'x' })] : [];
  const applied = result.report.mode === 'apply' ? [renderOutcomes(outcomes, result.report.requests, paint)] : [];
  const approval =
    call === undefined ? [] : approvalInWords(plan, plan.held, call).map(({ said, command }) => `${said} ${command}`);
  return [...warnings, ...problems, renderPlan(plan, paint), ...applied, ...approval].join('\n');
}

/** A plan for a pull request. What is printed as lines quotes the documents, and stands in a fence. */
function renderForReview(result: Result, call: Call | undefined): string {
  if ('error' in result) return fenced(renderError(result.target, result.error, plain));
  const { plan, desired, locate } = result.report;
  const all = [...desired.warnings, ...plan.problems.map(locate)];
  const approval = call === undefined ? [] : approvalInWords(plan, plan.held, call);
  return [
    ...(all.length > 0 ? [fenced(formatProblems(all)), ''] : []),
    renderMarkdown(plan),
    ...approval.flatMap(({ said, command }) => ['', said, '', fenced(command)]),
  ].join('\n');
}

/** An error as a person reads it; the problems of an invalid revision with their places. */
export function renderError(target: string, error: unknown, paint: Paint): string {
  const { reason, message } = asFailure(error);
  const head = `${paint('bold', safe(target))}  ${paint('red', reason)}: ${safe(message)}`;
  if (!(error instanceof InvalidSnapshot)) return head;
  return `${formatProblems(error.desired.problems, { color: paint('red', 'x') !== 'x' })}\n${head}`;
}

interface JsonEntry extends Partial<Plan> {
  target: string;
  summary?: ReturnType<typeof summarise>;
  outcomes?: Outcome[];
  error?: { reason: string; message: string };
}

function toJson(result: Result): JsonEntry {
  if ('report' in result) {
    const { plan, desired, outcomes, mode, locate } = result.report;
    const problems: Problem[] = plan.problems.map(locate);
    const warnings = [
      ...desired.warnings.map(({ code, message, place }) => ({ code, message, ...(place ? { place } : {}) })),
      ...plan.warnings,
    ];
    return { ...plan, problems, warnings, summary: summarise(plan), ...(mode === 'apply' ? { outcomes } : {}) };
  }
  const { reason, message } = asFailure(result.error);
  const nothing = { changes: [], held: [], unchanged: [], warnings: [] };
  const invalid = result.error instanceof InvalidSnapshot ? result.error.desired : undefined;
  return {
    target: result.target,
    revision: invalid?.revision ?? '',
    ...nothing,
    problems: invalid?.problems ?? [],
    summary: { create: 0, update: 0, delete: 0, unchanged: 0, held: 0 },
    error: { reason, message },
  };
}
