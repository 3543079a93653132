import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { formatPointer } from '../../../model/pointer.ts';
import { didYouMean } from '../../../model/suggest.ts';
import {
  eachMap,
  holdsSteps,
  mayRefer,
  type Part,
  type Parts,
  type Path,
  partsOf,
  referenceOf,
  unwrap,
} from '../compare/parts.ts';
import type { Flaw, FlowFile } from '../model.ts';
import { Flaws } from '../yaml/flaws.ts';
import { knownActions } from './known-actions.ts';

/** What is known to be a reference and nothing else; other keys count only where their text has the form of one. */
const references = new Set(['startUpRef', 'targetTaskRef', 'targetMenuRef', 'targetStateRef', 'targetBotRef']);

interface Check {
  flow: FlowFile;
  parts: Parts;
  /** By kind, then by name; the first where several have the same. */
  named: Map<string, Map<string, Part>>;
  problems: Flaws;
  /** Unknown action types with where the first stands. */
  unknown: Map<string, { path: Path; count: number }>;
}

/** What can be said of a flow without asking Genesys: references, refIds, steps. What may be right is a warning. */
export function checkFlow(flow: FlowFile): { problems: Flaw[]; warnings: Flaw[] } {
  const parts = partsOf(flow.tree);
  const check: Check = { flow, parts, named: byName(parts), problems: new Flaws(), unknown: new Map() };
  for (const part of parts.twice) twice(check, part);
  eachMap(flow.tree, (map, path) => {
    for (const [key, value] of Object.entries(map)) {
      if (typeof value === 'string') checkReference(check, value, key, path);
      else if (Array.isArray(value)) checkList(check, value, key, path);
      else if (isObject(value)) checkTarget(check, value, key, path);
    }
  });
  const warnings = new Flaws();
  for (const [action, { path, count }] of check.unknown) {
    warnings.add('unknown-action', () => {
      const times = count === 1 ? '' : ` (${count} times)`;
      const message = `unknown action "${action}"${times}${didYouMean(action, knownActions)}`;
      return { message, offset: offsetOf(flow, path, true) };
    });
  }
  return { problems: check.problems.all(true), warnings: warnings.all(true) };
}

function byName({ all }: Parts): Check['named'] {
  const named: Check['named'] = new Map();
  for (const part of all) {
    const ofKind = named.get(part.kind) ?? new Map<string, Part>();
    named.set(part.kind, ofKind);
    if (!ofKind.has(part.name)) ofKind.set(part.name, part);
  }
  return named;
}

function offsetOf(flow: FlowFile, path: Path, key = false): number {
  return flow.offsetOf(formatPointer(path), key);
}

function twice({ flow, parts, problems }: Check, part: Part): void {
  problems.add('flow-ref-id-twice', () => {
    const first = parts.known.get(part.kind)?.get(part.refId!);
    const message = `${titleOf(part)} has the refId "${part.refId}", and so has ${first === undefined ? 'another' : titleOf(first)}`;
    return { message, offset: offsetOf(flow, [...part.path, 'refId']) };
  });
}

function titleOf({ kind, name }: Part): string {
  return name === '' ? `a ${kind}` : `the ${kind} "${name}"`;
}

function checkReference(check: Check, text: string, key: string, path: Path): void {
  if (!mayRefer(key)) return;
  const { flow, parts, problems } = check;
  const found = referenceOf(text, flow.type, parts);
  if (found?.part !== undefined || (found === undefined && !references.has(key))) return;
  problems.add('flow-reference-not-found', () => ({
    message: `${key} ${found === undefined ? unreadable(text, flow) : missing(found, check)}`,
    offset: offsetOf(flow, [...path, key]),
  }));
}

function unreadable(text: string, { type }: FlowFile): string {
  return `is "${text}", but a reference reads like "/${type}/tasks/task[refId]"`;
}

function missing(found: { type?: string; kind: string; refId: string }, { flow, parts, named: byName }: Check): string {
  const { type, kind, refId } = found;
  if (type !== undefined && type !== flow.type)
    return `refers to a ${kind} of a flow of type ${type}; this one is ${flow.type}`;
  const refIds = parts.known.get(kind)?.keys() ?? [];
  const named = byName.get(kind)?.get(refId);
  const hint =
    named === undefined
      ? didYouMean(refId, refIds)
      : named.refId === undefined
        ? `; the ${kind} of that name has no refId`
        : `; the ${kind} of that name has the refId "${named.refId}"`;
  return `refers to the ${kind} "${refId}", which this flow does not have${hint}`;
}

/** `targetTask: { name: Main }`: a target that is given by its name. */
function checkTarget({ flow, named, problems }: Check, value: JsonObject, key: string, path: Path): void {
  const kind = /^target(Task|Menu|State)$/.exec(key)?.[1]?.toLowerCase();
  if (kind === undefined) return;
  const { name } = isObject(value['lit']) ? value['lit'] : value;
  if (typeof name !== 'string') return;
  const ofKind = named.get(kind);
  if (ofKind?.has(name) === true) return;
  problems.add('flow-reference-not-found', () => ({
    message: `${key} names the ${kind} "${name}", which this flow does not have${didYouMean(name, ofKind?.keys() ?? [])}`,
    offset: offsetOf(flow, [...path, key]),
  }));
}

function checkList(check: Check, list: Json[], key: string, path: Path): void {
  // Texts in other lists refer to nothing: a reference is a value of its own key.
  if (!holdsSteps(key) && key !== 'choices') return;
  for (const [i, item] of list.entries()) {
    const step = unwrap(item);
    if (step === undefined) malformed(check, item, [...path, key, i]);
    else if (!knownActions.has(step.kind)) {
      const seen = check.unknown.get(step.kind);
      if (seen === undefined) check.unknown.set(step.kind, { path: [...path, key, i, step.kind], count: 1 });
      else seen.count++;
    }
  }
}

function malformed({ flow, problems }: Check, item: Json, path: Path): void {
  problems.add('schema', () => ({ message: `${stepRule}; ${foundIn(item)}`, offset: offsetOf(flow, path) }));
}

const stepRule = 'a step is a map with its action as the one key and its properties, a map, below';

function foundIn(item: Json): string {
  const keys = isObject(item) ? Object.keys(item) : [];
  return keys.length > 1
    ? `this has ${keys.length}: ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', ...' : ''}; are its properties indented too little?`
    : keys.length === 1
      ? `what stands under ${keys[0]} is none`
      : 'this is none';
}
