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
import { knownActions } from './known-actions.ts';

/** What is known to be a reference and nothing else; other keys count only where their text has the form of one. */
const references = new Set(['startUpRef', 'targetTaskRef', 'targetMenuRef', 'targetStateRef', 'targetBotRef']);

interface Check {
  flow: FlowFile;
  parts: Parts;
  problems: Flaw[];
  /** Unknown action types with where the first stands. */
  unknown: Map<string, { path: Path; count: number }>;
}

/** What can be said of a flow without asking Genesys: references, refIds, steps. What may be right is a warning. */
export function checkFlow(flow: FlowFile): { problems: Flaw[]; warnings: Flaw[] } {
  const parts = partsOf(flow.tree);
  const check: Check = { flow, parts, problems: [], unknown: new Map() };
  for (const part of parts.twice) check.problems.push(twice(check, part));
  eachMap(flow.tree, (map, path) => {
    for (const [key, value] of Object.entries(map)) {
      if (typeof value === 'string') checkReference(check, value, [...path, key]);
      else if (Array.isArray(value)) checkList(check, value, [...path, key]);
      else if (isObject(value)) checkTarget(check, value, [...path, key]);
    }
  });
  const warnings = Array.from(check.unknown, ([action, { path, count }]): Flaw => {
    const times = count === 1 ? '' : ` (${count} times)`;
    const message = `unknown action "${action}"${times}${didYouMean(action, knownActions)}`;
    return { code: 'unknown-action', message, offset: offsetOf(flow, path, true) };
  });
  const byPlace = (a: Flaw, b: Flaw): number => a.offset - b.offset;
  return { problems: check.problems.sort(byPlace), warnings: warnings.sort(byPlace) };
}

function offsetOf(flow: FlowFile, path: Path, key = false): number {
  return flow.offsetOf(formatPointer(path), key);
}

function twice({ flow, parts }: Check, part: Part): Flaw {
  const first = parts.known.get(part.kind)?.get(part.refId!);
  const message = `${titleOf(part)} has the refId "${part.refId}", and so has ${first === undefined ? 'another' : titleOf(first)}`;
  return { code: 'flow-ref-id-twice', message, offset: offsetOf(flow, [...part.path, 'refId']) };
}

function titleOf({ kind, name }: Part): string {
  return name === '' ? `a ${kind}` : `the ${kind} "${name}"`;
}

function checkReference({ flow, parts, problems }: Check, text: string, path: Path): void {
  const key = path.at(-1) as string;
  if (!mayRefer(key)) return;
  const found = referenceOf(text, flow.type, parts);
  if (found?.part !== undefined || (found === undefined && !references.has(key))) return;
  problems.push({
    code: 'flow-reference-not-found',
    message: `${key} ${found === undefined ? unreadable(text, flow) : missing(found, flow, parts)}`,
    offset: offsetOf(flow, path),
  });
}

function unreadable(text: string, { type }: FlowFile): string {
  return `is "${text}", but a reference reads like "/${type}/tasks/task[refId]"`;
}

function missing(found: { type?: string; kind: string; refId: string }, flow: FlowFile, { known, all }: Parts): string {
  const { type, kind, refId } = found;
  if (type !== undefined && type !== flow.type)
    return `refers to a ${kind} of a flow of type ${type}; this one is ${flow.type}`;
  const refIds = known.get(kind)?.keys() ?? [];
  const named = all.find((part) => part.kind === kind && part.name === refId);
  const hint =
    named === undefined
      ? didYouMean(refId, refIds)
      : named.refId === undefined
        ? `; the ${kind} of that name has no refId`
        : `; the ${kind} of that name has the refId "${named.refId}"`;
  return `refers to the ${kind} "${refId}", which this flow does not have${hint}`;
}

/** `targetTask: { name: Main }`: a target that is given by its name. */
function checkTarget({ flow, parts, problems }: Check, value: JsonObject, path: Path): void {
  const key = path.at(-1) as string;
  const kind = /^target(Task|Menu|State)$/.exec(key)?.[1]?.toLowerCase();
  if (kind === undefined) return;
  const { name } = isObject(value['lit']) ? value['lit'] : value;
  if (typeof name !== 'string') return;
  const names = parts.all.filter((part) => part.kind === kind).map((part) => part.name);
  if (names.includes(name)) return;
  problems.push({
    code: 'flow-reference-not-found',
    message: `${key} names the ${kind} "${name}", which this flow does not have${didYouMean(name, names)}`,
    offset: offsetOf(flow, path),
  });
}

function checkList(check: Check, list: Json[], path: Path): void {
  const key = path.at(-1) as string;
  if (!holdsSteps(key) && key !== 'choices') {
    for (const [i, item] of list.entries()) if (typeof item === 'string') checkReference(check, item, path.concat(i));
    return;
  }
  for (const [i, item] of list.entries()) {
    const step = unwrap(item);
    const at = [...path, i];
    if (step === undefined) malformed(check, item, at);
    else if (!knownActions.has(step.kind)) {
      const seen = check.unknown.get(step.kind);
      if (seen === undefined) check.unknown.set(step.kind, { path: [...at, step.kind], count: 1 });
      else seen.count++;
    }
  }
}

function malformed({ flow, problems }: Check, item: Json, path: Path): void {
  const keys = isObject(item) ? Object.keys(item) : [];
  const found =
    keys.length > 1
      ? `this has ${keys.length}: ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', ...' : ''}; are its properties indented too little?`
      : keys.length === 1
        ? `what stands under ${keys[0]} is none`
        : 'this is none';
  const message = `a step is a map with its action as the one key and its properties, a map, below; ${found}`;
  problems.push({ code: 'schema', message, offset: offsetOf(flow, path) });
}
