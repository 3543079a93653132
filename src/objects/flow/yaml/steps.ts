import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { formatPointer, type Pointer, parsePointer } from '../../../model/pointer.ts';
import type { Call, FlowFile } from '../model.ts';
import { durationOf } from './duration.ts';

const separator = ' › ';

type Found = Omit<Call, 'key' | 'byAction' | 'title'>;

/**
 * Every data action that the flow calls, at any depth. Maps are walked in the order of their sorted keys and lists as
 * they are, so that the file and the server's export, which orders keys anew, give the same keys in the same order.
 */
export function findCalls({ tree }: Pick<FlowFile, 'type' | 'tree'>): Call[] {
  const found: Found[] = [];
  const path: string[] = [];

  function walk(value: Json, container: string): void {
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) within(String(i), item, container);
    } else if (isObject(value)) {
      for (const key of Object.keys(value).sort()) within(key, value[key]!, container);
    }
  }

  function within(part: string, value: Json, container: string): void {
    path.push(part);
    // What stands in no task, state or menu is found by the list that it is in, `startUpTaskActions`.
    const name = containerName(path, value) ?? (path.length === 2 ? part : container);
    const called = part === 'callData' ? calledBy(value) : undefined;
    if (called !== undefined) found.push(callOf(value as JsonObject, called, name, formatPointer(path)));
    walk(value, name);
    path.pop();
  }

  walk(tree, '');
  return withKeys(found);
}

function callOf(
  step: JsonObject,
  called: { category: string; action: string },
  container: string,
  pointer: Pointer,
): Found {
  const name = nameOf(step);
  const timeout = durationOf(step['timeout']);
  return {
    label: name ?? called.action,
    named: name !== undefined,
    container,
    pointer,
    ...called,
    ...(timeout === undefined ? {} : { timeout }),
  };
}

/** The data action of a `callData` step; undefined for the settings of that name, which call nothing. */
function calledBy(step: Json): { category: string; action: string } | undefined {
  const categories = isObject(step) ? step['category'] : undefined;
  if (!isObject(categories)) return undefined;
  for (const category of Object.keys(categories).sort()) {
    const inside = categories[category];
    const actions = isObject(inside) ? inside['dataAction'] : undefined;
    const action = isObject(actions) ? Object.keys(actions).sort()[0] : undefined;
    if (action !== undefined) return { category, action };
  }
  return undefined;
}

function withKeys(calls: readonly Found[]): Call[] {
  const titles = numbered(calls.map(({ container, label }) => container + separator + label));
  const byAction = numbered(calls.map(({ container, action }) => `${container}${separator}[${action}]`));
  return calls.map((call, i) => {
    const [title, action] = [titles[i]!, byAction[i]!];
    return { key: call.named ? title : action, byAction: action, title, ...call };
  });
}

/** The first of a name has it as it is; others get the next number that none has in its own name. */
function numbered(names: readonly string[]): string[] {
  const taken = new Set(names);
  const counts = new Map<string, number>();
  return names.map((name) => {
    let number = (counts.get(name) ?? 0) + 1;
    let own = name;
    if (number > 1) {
      while (taken.has(`${name} (${number})`)) number++;
      own = `${name} (${number})`;
      taken.add(own);
    }
    counts.set(name, number);
    return own;
  });
}

/**
 * How a person finds a place of a flow: the names of the task, state or menu and of the innermost step, then the rest:
 * `Main Menu › Get Customer › inputs.id`. Of several calls with one name it is the one with the number of `Call.title`.
 */
export function describe(tree: JsonObject, pointer: Pointer): string {
  const parts = parsePointer(pointer);
  const names: { name: string; step: boolean }[] = [];
  let rest: string[] = [];
  let at: Json | undefined = tree;
  for (const [i, part] of parts.entries()) {
    at = childOf(at, part);
    rest.push(part);
    const path = parts.slice(Math.max(0, i - 2), i + 1);
    const step = stepName(path, at);
    const number = step === undefined ? '' : (numbersOf(tree).get(formatPointer(parts.slice(0, i + 1))) ?? '');
    const name = step ?? containerName(path, at);
    if (name === undefined) continue;
    if (step !== undefined && names.at(-1)?.step === true) names.pop();
    names.push({ name: name + number, step: step !== undefined });
    rest = [];
  }
  // The type of the flow says nothing; what data action a step calls is said by the step.
  if (names.length === 0 && rest.length > 1) rest.shift();
  if (names.at(-1)?.step === true && rest[0] === 'category' && rest[2] === 'dataAction') {
    rest = rest.length > 4 ? rest.slice(4) : rest;
  }
  return [...names.map(({ name }) => name), ...(rest.length > 0 ? [rest.join('.')] : [])].join(separator);
}

/** Trees are described many times, for every difference once. */
const numbers = new WeakMap<JsonObject, Map<Pointer, string>>();

/** The ` (2)` of the calls that have one. */
function numbersOf(tree: JsonObject): Map<Pointer, string> {
  let known = numbers.get(tree);
  if (known === undefined) {
    const calls = findCalls({ type: '', tree });
    known = new Map(
      calls.map(({ pointer, title, container, label }) => [
        pointer,
        title.slice((container + separator + label).length),
      ]),
    );
    numbers.set(tree, known);
  }
  return known;
}

function childOf(value: Json | undefined, part: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(part)];
  return isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}

/** The name of the step at the end of the path `.../actions/0/callData`; its type where it has none. */
function stepName(path: readonly string[], value: Json | undefined): string | undefined {
  const [type, index, list] = [path.at(-1), path.at(-2), path.at(-3)];
  if (type === undefined || !isIndex(index) || !isStepList(list) || !isObject(value)) return undefined;
  return nameOf(value) ?? (type === 'callData' ? calledBy(value)?.action : undefined) ?? type;
}

/** The name of the task, state, menu, choice, bot, ... at the end of the path `.../tasks/0/task`. */
function containerName(path: readonly string[], value: Json | undefined): string | undefined {
  const [kind, index, list] = [path.at(-1), path.at(-2), path.at(-3)];
  if (!isObject(value)) return undefined;
  const listed = isIndex(index) && list !== undefined && !isStepList(list);
  return listed || kind === 'task' || kind === 'state' || kind === 'menu' ? nameOf(value) : undefined;
}

/** `actions`, and what stands outside of tasks: `startUpTaskActions`. */
function isStepList(key: string | undefined): boolean {
  return key !== undefined && /actions$/i.test(key);
}

function isIndex(part: string | undefined): boolean {
  return part !== undefined && /^\d+$/.test(part);
}

/** A name as it is written, with its spaces and slashes; YAML may have made a number of it. */
function nameOf({ name }: JsonObject): string | undefined {
  if (typeof name === 'number' || typeof name === 'boolean') return String(name);
  return typeof name === 'string' && name !== '' ? name : undefined;
}
