import type { Outcome, Receipt } from '../model/plan.ts';
import { took } from './briefly.ts';
import { meanwhileLines } from './render-meanwhile.ts';
import { describe, renderChecks } from './render-plan.ts';
import { count, owner, type Paint, safe } from './text.ts';

const done = { create: 'created', update: 'updated', delete: 'deleted' } as const;

/** One line an outcome, and what the whole run cost. Stands below the plan, which tells whose drift it was. */
export function* outcomeLines(outcomes: readonly Outcome[], requests: number, paint: Paint): Generator<string> {
  if (outcomes.length === 0) {
    yield `${paint('bold', 'Applied:')} nothing, in ${count(requests, 'request')}.`;
    return;
  }
  const applied = outcomes.filter(({ status }) => status === 'applied').length;
  const rest = outcomes.length - applied;
  const failed = rest === 0 ? '' : `, ${paint('red', `${rest} not applied`)}`;
  for (const outcome of outcomes) {
    yield renderOutcome(outcome, paint);
    for (const text of meanwhileLines(outcome, paint)) yield `    ${text}`;
    for (const text of renderChecks(outcome, paint)) yield `    ${text}`;
    for (const text of outcome.warnings ?? []) yield `    ${paint('yellow', 'warning')} ${safe(text)}`;
  }
  yield `${paint('bold', 'Applied:')} ${count(applied, 'change')}${failed}, in ${count(requests, 'request')}.`;
}

export function renderOutcome(outcome: Outcome, paint: Paint): string {
  const { object, action, status, reason, message = '', receipt } = outcome;
  const who = `${owner(outcome)}  ${describe(object)}`;
  const last = receipt.requests.at(-1)?.correlationId;
  const trace = last === undefined ? '' : paint('dim', `  ${safe(last)}`);
  const active = activeIn(receipt).map((text) => `  ${text}`);
  const version = versionMade(receipt).map((text) => `  ${text}`);
  if (status === 'applied')
    return `${paint('green', '✓')} ${done[action]} ${who}${version.join('')}${active.join('')}${trace}`;
  const faults = renderFaults(outcome).map((text) => `\n    ${text}`);
  return `${paint('red', '✗')} ${status} ${who}${trace}\n    ${reason}: ${safe(message)}${faults.join('')}`;
}

/** `acknowledged in 0.2 s, active in 3 s`, where it took time. */
export function activeIn({ acknowledgedMs, activationMs }: Pick<Receipt, 'acknowledgedMs' | 'activationMs'>): string[] {
  const parts = [
    ...(acknowledgedMs === undefined ? [] : [`acknowledged in ${took(acknowledgedMs)}`]),
    ...(activationMs === undefined ? [] : [`active in ${took(activationMs)}`]),
  ];
  return parts.length === 0 ? [] : [parts.join(', ')];
}

/** `web/chat.yaml:7:12: Invalid colour`; by the name of the field, where nobody's wish set it. */
export function renderFaults({ faults = [] }: Pick<Outcome, 'faults'>): string[] {
  return faults.map(({ path, message, place }) => {
    const where = place === undefined ? path : `${place.path}:${place.line}:${place.column}`;
    return safe(`${where}: ${message}`);
  });
}

/** Longer ones are fingerprints, which say nothing to people. */
const longestVersion = 12;

/** `version 4`, where a write made one that people know by its number. */
export function versionMade({ versionBefore, versionAfter }: Receipt): string[] {
  if (versionAfter === undefined || versionAfter === versionBefore || versionAfter.length > longestVersion) return [];
  return [`version ${safe(versionAfter)}`];
}
