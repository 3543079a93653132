import type { Json, JsonObject } from '../../model/json.ts';
import { formatPointer, getAt, type Pointer, parsePointer } from '../../model/pointer.ts';
import type { Resource, ResourceId } from '../../model/resource.ts';
import type { Environment } from '../environments.ts';
import type { Origin } from '../finding.ts';
import { applied, type Operation } from './edit.ts';
import type { Files } from './files.ts';

export interface InEnvironment {
  id: ResourceId;
  files: Files;
  environment: Environment;
  /** As the document is written, variables and all. */
  document: Json;
}

/**
 * Makes a change in a patch of the environment, in the place of the document: in the last one of the resource, or in a new one.
 * Patches replace lists whole, so of a change within a list the list is written. Answers why it cannot be made.
 */
export async function inEnvironment(
  change: Operation,
  { id, files, environment: { path, index }, document }: InEnvironment,
): Promise<string | undefined> {
  const patches = getAt((await files.values(path))?.[index], '/patches');
  const list = Array.isArray(patches) ? patches : [];
  const last = list.findLastIndex((one) => getAt(one, '/target') === id);
  const make = async (edit: Operation): Promise<string | undefined> => (await files.edit(path, index, edit))?.why;
  const whole = listAbove(document, change.at);
  const patched = whole === undefined ? undefined : getAt(list[last], formatPointer(['patch', ...whole]));
  // What an earlier change has put there is changed further.
  if (Array.isArray(patched)) return await make({ ...change, at: ['patches', String(last), 'patch', ...change.at] });
  const operation = whole === undefined ? change : asWhole(change, whole, document);
  const isGone = 'remove' in operation;
  const value = isGone ? null : 'set' in operation ? operation.set : operation.insert;
  if (last !== -1) {
    if (!isGone) return await make({ at: ['patches', String(last), 'patch', ...operation.at], set: value });
    const at = ['patches', String(last), 'unset'];
    const unset = getAt(list[last], '/unset');
    const pointer = formatPointer(operation.at);
    return await make(
      Array.isArray(unset) ? { at: [...at, String(unset.length)], insert: pointer } : { at, set: [pointer] },
    );
  }
  const entry: JsonObject = isGone
    ? { target: id, unset: [formatPointer(operation.at)] }
    : { target: id, patch: nested(operation.at, value) };
  const isThere = Array.isArray(patches) && patches.length > 0;
  return await make(
    isThere ? { at: ['patches', String(list.length)], insert: entry } : { at: ['patches'], set: [entry] },
  );
}

/** The outermost list that a place is within. */
function listAbove(document: Json, at: readonly string[]): readonly string[] | undefined {
  const depths = at.map((_part, depth) => at.slice(0, depth));
  return depths.find((above) => Array.isArray(getAt(document, formatPointer(above))));
}

function asWhole(operation: Operation, at: readonly string[], document: Json): Operation {
  const list = getAt(document, formatPointer(at))!;
  return { at, set: applied(list, { ...operation, at: operation.at.slice(at.length) }) };
}

/** Takes a resource out of the environment, where nothing is said of it any more. Answers why it cannot be done. */
export async function exclude(id: ResourceId, { path, index }: Environment, files: Files): Promise<string | undefined> {
  const list = getAt((await files.values(path))?.[index], '/exclude');
  const operation: Operation =
    Array.isArray(list) && list.length > 0
      ? { at: ['exclude', String(list.length)], insert: id }
      : { at: ['exclude'], set: [id] };
  return (await files.edit(path, index, operation))?.why;
}

function nested(parts: readonly string[], value: Json): JsonObject {
  return parts.toReversed().reduce<Json>((inner, part) => ({ [part]: inner }), value) as JsonObject;
}

/** The environment took a field out, and it is there again: said by the patch that took it out. Answers why it cannot be. */
export async function backIn(
  operation: Operation & { set: Json },
  origin: Origin,
  files: Files,
): Promise<string | undefined> {
  const { path, index } = origin;
  const entry = parsePointer(origin.pointer).slice(0, 2);
  const failed = await files.edit(path, index, { at: [...entry, 'patch', ...operation.at], set: operation.set });
  if (failed !== undefined) return failed.why;
  const unset = getAt((await files.values(path))?.[index], formatPointer([...entry, 'unset']));
  // Not by its place: what was taken from the list before has moved it.
  const at = Array.isArray(unset) ? unset.indexOf(formatPointer(operation.at)) : -1;
  if (!Array.isArray(unset) || at === -1) return 'the environment takes out what it is in';
  const gone = unset.length === 1 ? [...entry, 'unset'] : [...entry, 'unset', String(at)];
  return (await files.edit(path, index, { at: gone, remove: true }))?.why;
}

/** What a patch no longer says may stand in the document below: then the environment takes it out. */
export async function unset(
  pointer: Pointer,
  origin: Origin,
  files: Files,
  resource: Resource,
): Promise<string | undefined> {
  const { path, index } = resource.document;
  const below = getAt((await files.values(path))?.[index], pointer);
  if (below === undefined) return undefined;
  const entry = parsePointer(origin.pointer).slice(0, 2);
  const now = getAt((await files.values(origin.path))?.[origin.index], formatPointer(entry));
  // A list of the patch is all there is of it: nothing of the document's shows where an item is gone.
  if (listAbove(getAt(now, '/patch') ?? null, parsePointer(pointer)) !== undefined) return undefined;
  const list = getAt(now, '/unset');
  const at = [...entry, 'unset'];
  const operation: Operation = Array.isArray(list)
    ? { at: [...at, String(list.length)], insert: pointer }
    : { at, set: [pointer] };
  const failed = await files.edit(origin.path, origin.index, operation);
  return failed?.why;
}
