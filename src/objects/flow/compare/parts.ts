import { isObject, type Json, type JsonObject } from '../../../model/json.ts';

export type Path = readonly (string | number)[];

/** A task, state, menu, bot, step, ...: what may have a refId, and so be referred to. */
export interface Part {
  /** The key that it stands under: `task`, `menu`, `callData`. */
  kind: string;
  name: string;
  refId?: string;
  path: Path;
}

export interface Parts {
  all: Part[];
  /** By kind, then by refId; the first where several have the same. */
  known: Map<string, Map<string, Part>>;
  /** Parts that have the kind and the refId of an earlier one. */
  twice: Part[];
}

/** What stands under one of these keys is a part also outside of a list: the task of a `menuTask`. */
const alone = new Set(['task', 'menu', 'state', 'bot']);

/** Keys with a list of steps. */
export function holdsSteps(key: string | number | undefined): boolean {
  return typeof key === 'string' && (key === 'actions' || key.endsWith('Actions'));
}

/** `{ task: {...} }` -> its kind and body; a step without properties may have no body. */
export function unwrap(item: Json | undefined): { kind: string; body: JsonObject } | undefined {
  if (!isObject(item)) return undefined;
  const keys = Object.keys(item);
  const [kind] = keys;
  if (kind === undefined || keys.length > 1) return undefined;
  const body = item[kind];
  if (body === null) return { kind, body: {} };
  return isObject(body) ? { kind, body } : undefined;
}

/** True where the map at the path is a part's body. */
export function isPart(path: Path): boolean {
  const kind = path.at(-1);
  return typeof kind === 'string' && (typeof path.at(-2) === 'number' || alone.has(kind));
}

/** Calls back for every map; keys in alphabetical order where asked, so that the order of keys cannot matter. */
export function eachMap(tree: Json, visit: (map: JsonObject, path: Path) => void, sorted = false): void {
  const path: (string | number)[] = [];
  const walk = (value: Json): void => {
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) step(i, item);
    } else if (isObject(value)) {
      visit(value, path);
      const keys = Object.keys(value);
      for (const key of sorted ? keys.sort() : keys) step(key, value[key]!);
    }
  };
  const step = (key: string | number, value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    path.push(key);
    walk(value);
    path.pop();
  };
  walk(tree);
}

/** A refId that looks like a number is one to YAML. */
export function refIdOf(body: JsonObject): string | undefined {
  const { refId } = body;
  return typeof refId === 'string' || typeof refId === 'number' ? String(refId) : undefined;
}

export function partsOf(tree: JsonObject, sorted = false): Parts {
  const parts: Parts = { all: [], known: new Map(), twice: [] };
  const visit = (body: JsonObject, path: Path): void => {
    if (!isPart(path)) return;
    const refId = refIdOf(body);
    const kind = path.at(-1) as string;
    const name = typeof body['name'] === 'string' || typeof body['name'] === 'number' ? String(body['name']) : '';
    const part: Part = { kind, name, path: [...path], ...(refId === undefined ? {} : { refId }) };
    parts.all.push(part);
    if (refId === undefined) return;
    const known = parts.known.get(kind) ?? new Map<string, Part>();
    parts.known.set(kind, known);
    if (known.has(refId)) parts.twice.push(part);
    else known.set(refId, part);
  };
  eachMap(tree, visit, sorted);
  return parts;
}

/** Keys whose text is a reference if it has the form of one. Texts, prompts and expressions have other keys. */
export function mayRefer(key: string | number | undefined): boolean {
  if (typeof key !== 'string') return false;
  return key === 'ref' || /(?:Refs?|^target(?:Task|Menu|State|Bot)|^(?:task|menu|state|bot)Target)$/.test(key);
}

/** A reference taken apart, and the part that it means, where it is there. */
export interface Reference {
  /** From the flow on: `tasks/task[Main_12]`. */
  path: string;
  /** The flow type that it begins with; none where it begins with a dot. */
  type?: string;
  kind: string;
  refId: string;
  part?: Part;
}

/**
 * `./tasks/task[x]` or `/inboundCall/tasks/task[x]`. A refId may hold brackets and slashes, so the longest is tried
 * first; the last pair of brackets counts where the path goes deeper: `menus/menu[a]/choices/menuTask[b]`.
 */
export function referenceOf(text: string, type: string, parts: Parts): Reference | undefined {
  const whole = /^(?:\.|\/([^/]+))\/(.+\])$/s.exec(text);
  const path = whole?.[2];
  if (path === undefined) return undefined;
  const forms = [/^[^/[\]]+\/(\w+)\[(.*)\]$/s, /(?:^|\/)(\w+)\[([^[\]]*)\]$/s].map((form) => form.exec(path));
  const said = whole?.[1] === undefined ? {} : { type: whole[1] };
  let first: Reference | undefined;
  for (const form of forms) {
    const [kind, refId] = [form?.[1], form?.[2]];
    if (kind === undefined || refId === undefined) continue;
    const part = whole?.[1] === undefined || whole[1] === type ? parts.known.get(kind)?.get(refId) : undefined;
    if (part !== undefined) return { path, kind, refId, part, ...said };
    first = { path, kind, refId, ...said };
  }
  return first;
}
