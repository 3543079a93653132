import { isObject, type JsonObject } from '../json.ts';
import { nodesOf } from './flow-tree.ts';
import { type FlowType, isVoice } from './flow-types.ts';

/** A flow that another one names. */
export interface FlowName {
  name: string;
  /** The type it must have; any when absent. */
  type?: FlowType;
  path: string;
}

/** Every organisation has it, and nobody made it. */
export const builtInFlow = 'Default In-Queue Flow';

/** Keys that hold the name of a flow. */
const holders = ['targetFlow', 'overrideInQueueFlow'];

/** Calls of flows by name: the key holds `{<name>: {ver_latestPublished: ...}}`. */
const called: Record<string, FlowType> = {
  botFlow: 'botFlow',
  digitalBotFlow: 'digitalBot',
  commonModule: 'commonModule',
};

/** The flows that a tree names: transfers (`targetFlow: {name}`), queues' flows, bots, modules. */
export function flowNamesIn(type: FlowType, tree: JsonObject): FlowName[] {
  const found: FlowName[] = [];
  for (const { value, path } of nodesOf(tree)) {
    for (const [key, item] of Object.entries(value)) {
      const at = path ? `${path}.${key}` : key;
      if (holders.includes(key)) {
        const name = nameIn(item);
        const wanted = key === 'overrideInQueueFlow' && isVoice(type) ? { type: 'inqueueCall' as const } : {};
        if (name !== undefined && name !== builtInFlow) found.push({ name, ...wanted, path: at });
      } else if (called[key] && isObject(item)) {
        const [name] = Object.keys(item);
        if (name !== undefined && isObject(item[name])) found.push({ name, type: called[key], path: at });
      }
    }
  }
  return found;
}

/** `{name}` or `{lit: {name}}`; an expression names nothing that could be checked. */
function nameIn(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const name = isObject(value['lit']) ? value['lit']['name'] : value['name'];
  return typeof name === 'string' ? name : undefined;
}

/** The same tree with other names of flows. */
export function renameFlows(value: unknown, nameOf: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renameFlows(item, nameOf));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (holders.includes(key) && nameIn(item) !== undefined) return [key, renamed(item as JsonObject, nameOf)];
      const inside = renameFlows(item, nameOf);
      if (!called[key] || !isObject(inside)) return [key, inside];
      return [
        key,
        Object.fromEntries(Object.entries(inside).map(([name, of]) => [isObject(of) ? nameOf(name) : name, of])),
      ];
    }),
  );
}

function renamed(holder: JsonObject, nameOf: (name: string) => string): JsonObject {
  const { lit, name } = holder;
  if (isObject(lit)) return { ...holder, lit: { ...lit, name: nameOf(String(lit['name'])) } };
  return { ...holder, name: nameOf(String(name)) };
}
