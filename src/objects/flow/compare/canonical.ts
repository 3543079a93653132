import { createHash } from 'node:crypto';
import { isObject, type Json, type JsonObject, stable } from '../../../model/json.ts';
import type { FlowFile } from '../model.ts';
import { holdsSteps, isPart, mayRefer, type Part, type Parts, type Path, partsOf, referenceOf } from './parts.ts';

/** A flow without what may differ and mean the same. */
export interface Canonical {
  /** SHA-256 over the tree with sorted keys, in hex. */
  digest: string;
  tree: JsonObject;
}

/** A flow is asked for its form when it is prepared, and again when it is compared. */
const made = new WeakMap<FlowFile, Canonical>();

/** Left out of the flow itself: managed by other fields of the document, or a copy of what stands in other flows. */
const besides = new Set(['name', 'division', 'referencedObjects']);
/** Left out of each part: given by the server, and meaning nothing by themselves. */
const given = new Set(['refId', 'trackingId']);

interface Work {
  type: string;
  parts: Parts;
  /** Each part under the name that stands for it in references. */
  names: Map<Part, string>;
  path: (string | number)[];
}

/**
 * The form in which flows compare. References name their target by kind, name and (from the second of one name on) its
 * number, and refIds are gone: so it is all the same how the server spells them, and whether it gives one to a part that
 * nothing refers to. Timeouts of data-action calls are left out; they are compared call by call.
 */
export function canonical(flow: FlowFile): Canonical {
  const known = made.get(flow);
  if (known !== undefined) return known;
  const parts = partsOf(flow.tree, true);
  const work: Work = { type: flow.type, parts, names: namesOf(parts), path: [] };
  const tree = rewritten(flow.tree, work) as JsonObject;
  const result = { digest: createHash('sha256').update(stable(tree)).digest('hex'), tree };
  made.set(flow, result);
  return result;
}

function namesOf({ all }: Parts): Map<Part, string> {
  const counts = new Map<string, number>();
  const names = new Map<Part, string>();
  for (const part of all) {
    const name = `./${part.kind}[${part.name}]`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    names.set(part, count === 1 ? name : `${name}#${count}`);
  }
  return names;
}

function rewritten(value: Json, work: Work): Json {
  const { path } = work;
  if (typeof value === 'string') return reference(value, work);
  if (Array.isArray(value)) return value.map((item, i) => below(i, item, work));
  if (!isObject(value)) return isBare(value, path) ? {} : value;
  const result: JsonObject = {};
  for (const [key, child] of Object.entries(value)) {
    if (path.length === 1 && besides.has(key)) continue;
    if (isGiven(key, child, value, path)) continue;
    result[key] = below(key, child, work);
  }
  return result;
}

function below(key: string | number, value: Json, work: Work): Json {
  work.path.push(key);
  const result = rewritten(value, work);
  work.path.pop();
  return result;
}

/** `- disconnect:`, `- disconnect: { none: true }` and `- disconnect: {}` are one step without properties; so with a version. */
function isBare(value: Json, path: Path): boolean {
  const key = path.at(-1);
  if (typeof key === 'string' && key.startsWith('ver_')) return value === null || value === true;
  return value === null && isStep(path);
}

function isStep(path: Path): boolean {
  return typeof path.at(-2) === 'number' && (holdsSteps(path.at(-3)) || path.at(-3) === 'choices');
}

function isGiven(key: string, value: Json, body: JsonObject, path: Path): boolean {
  if (given.has(key)) return isPart(path) && typeof value !== 'object';
  if (key === 'none') return value === true && isStep(path);
  // As in steps.ts: a call names its data action, the settings of that name do not.
  return key === 'timeout' && path.at(-1) === 'callData' && isObject(body['category']);
}

function reference(text: string, { type, parts, names, path }: Work): string {
  const last = path.at(-1);
  if (!mayRefer(typeof last === 'number' ? path.at(-2) : last)) return text;
  const found = referenceOf(text, type, parts);
  if (found === undefined) return text;
  if (found.part !== undefined) return names.get(found.part)!;
  // What leads nowhere stays as it is written, save that both ways to begin it are one.
  return found.type === undefined || found.type === type ? `./${found.path}` : text;
}
