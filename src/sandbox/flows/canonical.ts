import { isObject, type JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { fillCall } from './canonical-call.ts';
import { inSeconds, isDuration } from './durations.ts';
import { flowDefaults } from './flow-defaults.ts';
import { findPart, isRef, partsOf, readRef, refIdOf } from './flow-refs.ts';
import type { FlowText } from './flow-text.ts';
import { stepLabel } from './step-labels.ts';

/**
 * What the server keeps of a text: a tree of its own. Comments are gone, `refId`s, labels and defaults are filled in,
 * references are written in full and keys come in its order, so that a naive comparison with the text sees changes that
 * nobody made.
 */
export function canonicalTree(world: World, text: FlowText): JsonObject {
  const rewrite = world.quirks.has('flow-ref-ids-rewritten');
  const named = withRefIds(text.tree, rewrite);
  const resolved = rewriteRefs(named.tree, text, named.moved) as JsonObject;
  return flowDefaults(text.type, fill(world, resolved) as JsonObject);
}

/** Gives each task, menu, state and bot its `refId`, and says which references now read otherwise. */
function withRefIds(tree: JsonObject, rewrite: boolean): { tree: JsonObject; moved: Map<unknown, string> } {
  const copy = structuredClone(tree);
  const moved = new Map<unknown, string>();
  const originals = partsOf(tree);
  let next = 10;
  for (const [index, part] of partsOf(copy).entries()) {
    const before = refIdOf(part);
    if (rewrite || part.value['refId'] === undefined) {
      part.value['refId'] = `${String(part.value['name'] ?? part.kind)}_${next}`;
    }
    next += 1;
    const original = originals[index]!;
    moved.set(`${original.list}/${original.kind}/${before}`, String(part.value['refId']));
  }
  return { tree: copy, moved };
}

/** References in full, `/inboundCall/tasks/task[Main_10]`, to the `refId`s as they are now. */
function rewriteRefs(value: unknown, text: FlowText, moved: Map<unknown, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => rewriteRefs(item, text, moved));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (!isRef(key, item)) return [key, rewriteRefs(item, text, moved)];
      const ref = readRef(item);
      if (!ref || !findPart(text.tree, item)) return [key, item];
      const id = moved.get(`${ref.list}/${ref.kind}/${ref.id}`) ?? ref.id;
      return [key, `/${text.type}/${ref.list}/${ref.kind}[${id}]${ref.rest}`];
    }),
  );
}

/** Labels, values of calls, durations. */
function fill(world: World, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => fill(world, item));
  if (!isObject(value)) return value;
  const filled = Object.entries(value).map(([key, item]): [string, unknown] => {
    if ((key === 'actions' || key === 'startUpTaskActions') && Array.isArray(item)) {
      return [key, item.map((step) => fillStep(world, step))];
    }
    if (key === 'lit' && isDuration(item) && world.quirks.has('flow-durations-in-seconds'))
      return [key, inSeconds(item)];
    return [key, fill(world, item)];
  });
  return Object.fromEntries(filled);
}

function fillStep(world: World, step: unknown): unknown {
  if (!isObject(step)) return step;
  return Object.fromEntries(
    Object.entries(step).map(([kind, item]) => {
      const { name = stepLabel(kind), none: _none, outputs, ...rest } = fill(world, item ?? {}) as JsonObject;
      const whole = { name, ...rest, ...(outputs !== undefined && { outputs }) };
      return [kind, kind === 'callData' ? fillCall(world, whole) : whole];
    }),
  );
}
