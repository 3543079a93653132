import type { Drift, TargetDrift } from '../app/drift.ts';
import type { Unwritten } from '../app/drift-edits.ts';
import { formatProblems } from '../app.ts';
import { deedInWords, deedsTogether } from '../model/drift-words.ts';
import { asFailure } from '../model/failure.ts';
import type { Change, Held } from '../model/plan.ts';
import { dotted } from '../model/pointer.ts';
import { describe, renderFields } from './render-plan.ts';
import { renderError } from './report.ts';
import { count, owner, type Paint, safe, shortRevision } from './text.ts';
import { stamp } from './when.ts';

/** What one target's drift came to, or the error that kept it from being found. */
export type DriftResult = { target: string; drift: TargetDrift } | { target: string; error: unknown };

/** As people read it: each object with its fields from what is live to what is wished, who moved it, and what becomes of it. */
export function* driftLines(results: readonly DriftResult[], paint: Paint): Generator<string> {
  for (const [i, result] of results.entries()) {
    if (i > 0) yield '';
    if ('error' in result) yield renderError(result.target, result.error, paint);
    else yield* linesOf(result.drift, paint);
  }
}

function* linesOf({ report: { plan, locate }, drifted }: TargetDrift, paint: Paint): Generator<string> {
  if (plan.problems.length > 0) yield formatProblems(plan.problems.map(locate), { color: paint('red', 'x') !== 'x' });
  yield paint('bold', `${safe(plan.target)} · ${safe(plan.organization.name)} · ${shortRevision(plan.revision)}`);
  yield '';
  for (const one of drifted) {
    const [style, word] = one.deleted ? (['red', '- deleted'] as const) : (['yellow', '~ changed'] as const);
    yield `${paint(style, word)} ${owner(one.change)}  ${describe(one.change.object)}`;
    for (const line of [...fieldLines(one, paint), ...whoLines(one), ...nextLines(one, paint)]) yield `    ${line}`;
  }
  const told = drifted.length === 0 ? 'nothing changed without a commit' : count(drifted.length, 'object');
  yield `${paint('bold', 'Drift:')} ${told}.`;
}

function fieldLines({ change, fields }: Drift, paint: Paint): string[] {
  return renderFields({ ...change, fields }, paint);
}

function whoLines({ change: { drift } }: Drift): string[] {
  if (drift === undefined) return ['the audit log was not asked who it was'];
  const { deeds, meanwhile = [], more = 0, unexplained, since, against } = drift;
  const commit = against === undefined ? [] : [`against ${safe(against.commit ?? shortRevision(against.revision))}`];
  const others = [
    ...deedsTogether(meanwhile).map(([deed]) => safe(`also, meanwhile: ${deedInWords(deed!)}`)),
    ...(more === 0 ? [] : [`and ${more} more in the audit log`]),
  ];
  const who =
    deeds.length === 0
      ? [safe(`the audit log since ${stamp(since)} does not say who: ${unexplained ?? 'nothing recorded yet'}`)]
      : deedsTogether(deeds).map(([deed]) => safe(deedInWords(deed!)));
  return [...who, ...others, ...commit];
}

function nextLines({ change, deleted }: Drift, paint: Paint): string[] {
  if (isHeld(change)) return [`${paint('yellow', 'held')} ${change.reason}: ${safe(change.message)}`];
  return [paint('dim', deleted ? 'the next run makes it anew' : 'the next run takes it back')];
}

function isHeld(change: Change | Held): change is Held {
  return 'reason' in change;
}

/** For machines: an array with an entry for each target. */
export function driftJson(results: readonly DriftResult[]): string {
  return JSON.stringify(results.map(entryOf), null, 2);
}

function entryOf(result: DriftResult): object {
  if ('error' in result) {
    const { reason, message } = asFailure(result.error);
    return { target: result.target, changes: [], problems: [], error: { reason, message } };
  }
  const { report, drifted } = result.drift;
  const { target, organization, revision, problems } = report.plan;
  return { target, organization, revision, changes: drifted.map(changeOf), problems: problems.map(report.locate) };
}

/** As `plan` tells a change, with those of its fields that drifted; a field that is a whole text by the places where it differs. */
function changeOf({ change, fields, deleted }: Drift): object {
  return {
    ...change,
    ...(deleted ? { deleted } : {}),
    fields: fields.map(({ from, to, ...field }) =>
      field.parts === undefined ? { ...(from === undefined ? {} : { from }), to, ...field } : field,
    ),
  };
}

/** `actions/a.yaml:7:12: DataAction/a config.timeoutSeconds: it comes from a variable`. */
export function unwrittenLine({ resource, pointer, place, why }: Unwritten): string {
  const at = place === undefined ? '' : `${place.path}:${place.line}:${place.column}: `;
  const what = pointer === undefined ? '' : ` ${dotted(pointer.replace(/^\/spec(?=\/)/, ''))}`;
  return safe(`${at}${resource}${what}: ${why}`);
}
