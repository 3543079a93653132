import { isObject, type JsonObject } from '../json.ts';

/** One object inside of a flow, under the key that names what it is. */
export interface Node {
  key: string;
  value: JsonObject;
  /** Where it stands, for messages: `tasks[0].task.actions[2].callData`. */
  path: string;
}

/** Every object of a tree, itself first, each with its key. */
export function* nodesOf(value: unknown, key = '', path = ''): Generator<Node> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* nodesOf(item, key, `${path}[${index}]`);
  } else if (isObject(value)) {
    yield { key, value, path };
    for (const [name, item] of Object.entries(value)) yield* nodesOf(item, name, path ? `${path}.${name}` : name);
  }
}

/** Keys whose value is a list of steps. */
const stepLists = ['actions', 'startUpTaskActions'];

/** The items of every list of steps, whatever they are. */
export function* stepsOf(tree: JsonObject): Generator<{ step: unknown; path: string }> {
  for (const { value, path } of nodesOf(tree)) {
    for (const key of stepLists) {
      const list = value[key];
      if (!Array.isArray(list)) continue;
      for (const [index, step] of list.entries()) yield { step, path: `${path ? `${path}.` : ''}${key}[${index}]` };
    }
  }
}

/** Every `callData`; the one in `settingsActionDefaults` says how calls are by default, and is none. */
export function callsIn(tree: JsonObject): Node[] {
  const calls: Node[] = [];
  for (const { step, path } of stepsOf(tree)) {
    if (isObject(step) && isObject(step['callData'])) {
      calls.push({ key: 'callData', value: step['callData'], path: `${path}.callData` });
    }
  }
  return calls;
}

/** Category and name of the data action that a call names, and what is said of it; undefined when it names not just one. */
export function calledAction(
  call: JsonObject,
): { category: string; name: string; of: JsonObject; body: JsonObject } | undefined {
  const category = only(call['category']);
  const action = category && isObject(category[1]) ? only(category[1]['dataAction']) : undefined;
  if (!category || !action) return undefined;
  return {
    category: category[0],
    name: action[0],
    of: category[1] as JsonObject,
    body: isObject(action[1]) ? action[1] : {},
  };
}

/** The only entry of an object. */
export function only(value: unknown): [string, unknown] | undefined {
  const entries = isObject(value) ? Object.entries(value) : [];
  return entries.length === 1 ? entries[0] : undefined;
}
