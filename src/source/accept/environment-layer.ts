import type { Json, JsonObject } from '../../model/json.ts';
import { formatPointer, getAt, type Pointer, parsePointer } from '../../model/pointer.ts';
import type { Resource, ResourceId } from '../../model/resource.ts';
import type { Environment } from '../environments.ts';
import type { Origin } from '../finding.ts';
import type { Operation } from './edit.ts';
import type { Files } from './files.ts';

/**
 * Makes a change in a patch of the environment, in the place of the document: in the last one of the resource, or in a new one.
 * Answers why it cannot be made.
 */
export async function inEnvironment(
  operation: Operation,
  { id, files, environment: { path, index } }: { id: ResourceId; files: Files; environment: Environment },
): Promise<string | undefined> {
  const patches = getAt((await files.values(path))?.[index], '/patches');
  const list = Array.isArray(patches) ? patches : [];
  const last = list.findLastIndex((one) => getAt(one, '/target') === id);
  const make = async (edit: Operation): Promise<string | undefined> => (await files.edit(path, index, edit))?.why;
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

function nested(parts: readonly string[], value: Json): JsonObject {
  return parts.toReversed().reduce<Json>((inner, part) => ({ [part]: inner }), value) as JsonObject;
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
  const list = getAt((await files.values(origin.path))?.[origin.index], formatPointer([...entry, 'unset']));
  const at = [...entry, 'unset'];
  const operation: Operation = Array.isArray(list)
    ? { at: [...at, String(list.length)], insert: pointer }
    : { at, set: [pointer] };
  const failed = await files.edit(origin.path, origin.index, operation);
  return failed?.why;
}
