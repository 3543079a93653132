import { Waiting } from '../app/follow.ts';
import { whyTaken } from '../app/follow-words.ts';
import { formatProblems, InvalidSnapshot, type TargetReport } from '../app.ts';
import { asFailure } from '../model/failure.ts';
import { type Change, type Outcome, type Plan, summarise } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { briefly } from './briefly.ts';
import { type ExitCode, exit, exitOf, exitOfReasons } from './exit.ts';
import { approvalInWords, type Call, howToGoOn } from './release.ts';
import { fenced, renderMarkdown } from './render-markdown.ts';
import { outcomeLines } from './render-outcomes.ts';
import { planLines } from './render-plan.ts';
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
    return plan.problems.length === 0 ? exitOfReasons(reasons) : exit.failed;
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
  return [...resultLines(results, output, paint, call)].join('\n');
}

/** The same in parts that end where a line ends: the text of thousands of changes is never in memory as a whole. */
export function* resultLines(results: readonly Result[], output: Output, paint: Paint, call?: Call): Generator<string> {
  if (output === 'json') {
    yield JSON.stringify(results.map(toJson), null, 2);
    return;
  }
  for (const [i, result] of results.entries()) {
    if (i > 0) yield '';
    if (output === 'markdown') yield renderForReview(result, call);
    else yield* linesOf(result, paint, call);
  }
}

function* linesOf(result: Result, paint: Paint, call: Call | undefined): Generator<string> {
  if ('error' in result) {
    yield renderError(result.target, result.error, paint);
    if (asFailure(result.error).reason === 'LeaseHeld') yield howToGoOn;
    if (result.error instanceof Waiting) yield 'To run on another revision all the same, name it with --revision.';
    return;
  }
  const { plan, desired, outcomes, locate } = result.report;
  const located = plan.problems.map(locate);
  const color = paint('red', 'x') !== 'x';
  for (const some of [desired.warnings, located]) if (some.length > 0) yield formatProblems(some, { color });
  yield* whyThisRevision(result.report, paint);
  yield* planLines(plan, paint);
  if (result.report.mode === 'apply') yield* outcomeLines(outcomes, result.report.requests, paint);
  if (call === undefined) return;
  for (const { said, command } of approvalInWords(plan, plan.held, call)) yield `${said} ${command}`;
}

/** A target that follows another takes what it may; what it will take is for `status` to say. */
function whyThisRevision({ followed }: TargetReport, paint: Paint): string[] {
  if (followed === undefined) return [];
  return [paint('dim', `follows ${safe(followed.other)}: ${safe(whyTaken(followed, briefly))}`)];
}

/** A plan for a pull request. What is printed as lines quotes the documents, and stands in a fence. */
function renderForReview(result: Result, call: Call | undefined): string {
  if ('error' in result) return fenced(renderError(result.target, result.error, plain));
  const { plan, desired, locate } = result.report;
  const all = [...desired.warnings, ...plan.problems.map(locate)];
  const why = whyThisRevision(result.report, plain);
  const approval = call === undefined ? [] : approvalInWords(plan, plan.held, call);
  return [
    ...(all.length > 0 ? [fenced(formatProblems(all)), ''] : []),
    ...why.flatMap((line) => [line, '']),
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

/** A field that is a whole text is told by the places where it differs. */
function withoutTexts<T extends Change>(change: T): T {
  return {
    ...change,
    fields: change.fields.map(({ from: _from, to, ...field }) =>
      field.parts === undefined ? { ...(_from === undefined ? {} : { from: _from }), to, ...field } : field,
    ),
  };
}

function followsOf({ other, choice: { since } }: NonNullable<TargetReport['followed']>): Pick<JsonEntry, 'follows'> {
  return { follows: { target: other, ...(since === undefined ? {} : { since }) } };
}

interface JsonEntry extends Partial<Plan> {
  target: string;
  summary?: ReturnType<typeof summarise>;
  outcomes?: Outcome[];
  /** Of a target that follows another: whose revision it took, and since when that is applied there. */
  follows?: { target: string; since?: string };
  error?: { reason: string; message: string };
}

function toJson(result: Result): JsonEntry {
  if ('report' in result) {
    const { plan, desired, outcomes, mode, locate, followed } = result.report;
    const problems: Problem[] = plan.problems.map(locate);
    const warnings = [
      ...desired.warnings.map(({ code, message, place }) => ({ code, message, ...(place ? { place } : {}) })),
      ...plan.warnings,
    ];
    const changes = plan.changes.map(withoutTexts);
    const held = plan.held.map(withoutTexts);
    return {
      ...plan,
      changes,
      held,
      problems,
      warnings,
      summary: summarise(plan),
      ...(mode === 'apply' ? { outcomes } : {}),
      ...(followed === undefined ? {} : followsOf(followed)),
    };
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
