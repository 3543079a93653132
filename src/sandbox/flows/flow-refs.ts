import { isObject, type JsonObject } from '../json.ts';

/** A task, menu, state or bot of a flow: an item `{task: {...}}` of a list at the top of the tree. */
export interface Part {
  list: string;
  kind: string;
  value: JsonObject;
}

/** What references may name. */
export function partsOf(tree: JsonObject): Part[] {
  return Object.entries(tree).flatMap(([list, items]) => {
    if (!Array.isArray(items) || list === 'variables') return [];
    return items.flatMap((item) => {
      const entries = isObject(item) ? Object.entries(item) : [];
      const [entry] = entries;
      return entries.length === 1 && entry && isObject(entry[1]) ? [{ list, kind: entry[0], value: entry[1] }] : [];
    });
  });
}

/** What a part is called by references: its `refId`, else its name. */
export const refIdOf = ({ value }: Part): string => String(value['refId'] ?? value['name'] ?? '');

interface Ref {
  list: string;
  kind: string;
  id: string;
  /** What follows: the way to something inside of the part. */
  rest: string;
}

/** `/inboundCall/tasks/task[Main_10]` or `./tasks/task[Main_10]`, taken apart. */
export function readRef(text: string): Ref | undefined {
  const match = /^(?:\.|\/\w+)\/(\w+)\/(\w+)\[([^\]]+)\](\/.*)?$/s.exec(text);
  if (!match) return undefined;
  const [, list = '', kind = '', id = '', rest = ''] = match;
  return { list, kind, id, rest };
}

/** The part that a reference names. */
export function findPart(tree: JsonObject, text: string): Part | undefined {
  const ref = readRef(text);
  if (!ref) return undefined;
  return partsOf(tree).find((part) => part.list === ref.list && part.kind === ref.kind && refIdOf(part) === ref.id);
}

/** A text that refers to a part: by its key (`startUpRef`, `targetTaskRef`, ...), or by its form under whatever key. */
export const isRef = (key: string, value: unknown): value is string =>
  typeof value === 'string' && (/Ref$/.test(key) || readRef(value) !== undefined);

/** Every reference of a tree. */
export function* refsIn(value: unknown, path = ''): Generator<{ path: string; text: string }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* refsIn(item, `${path}[${index}]`);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const at = path ? `${path}.${key}` : key;
      if (isRef(key, item)) yield { path: at, text: item };
      else yield* refsIn(item, at);
    }
  }
}
