import type { Acceptance } from '../../model/contracts.ts';
import { equal, isObject, type Json } from '../../model/json.ts';
import { formatPointer, getAt, type Pointer, parsePointer } from '../../model/pointer.ts';
import type { Desired, Resource, ResourceId } from '../../model/resource.ts';
import { isSealed, sealedPointers } from '../../model/seal.ts';
import type { Environment } from '../environments.ts';
import type { Origin } from '../finding.ts';
import { originIn } from '../resolve.ts';
import type { Variables } from '../variables.ts';
import { escaped } from '../write.ts';
import { operationsBetween } from './between.ts';
import type { Operation } from './edit.ts';
import { backIn, inEnvironment, unset } from './environment-layer.ts';
import type { Files } from './files.ts';

/** Why an edit is not made, and where what it is about stands. */
export interface Refusal {
  resource: ResourceId;
  /** Where in the document; the source knows the place. */
  pointer: Pointer;
  /** Where it stands otherwise: a variable. */
  at?: Origin;
  why: string;
}

export interface Layers {
  desired: Desired;
  files: Files;
  environment: Environment | undefined;
  /** The target's own variables, which stand in the daemon's file. */
  own?: Variables | undefined;
}

/** An edit and the resource that it is an edit of. */
export interface Wish {
  resource: Resource;
  id: ResourceId;
  acceptance: Acceptance;
  /** True where what a document says goes into the target's environment, since it holds for that one only. */
  hereOnly?: boolean;
}

const sensitive = 'it is sensitive, and is never written down; put the new value where the secret is kept';

const fromVariable = /(?<!\$)\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g;

/**
 * The edit of a map as edits of what in it differs: what can be written of it is, whatever stands beside it. Lists stay whole.
 */
export async function parted(wish: Wish, files: Files): Promise<Wish[]> {
  const { acceptance, resource } = wish;
  if (!('value' in acceptance)) return [wish];
  const { pointer, value } = acceptance;
  const from = await valueAt(resource, pointer, files);
  const parts = (was: Json | undefined, is: Json, at: Pointer): Acceptance[] => {
    if (was !== undefined && equal(was, is)) return [];
    const isEntered = isObject(was) && isObject(is) && Object.keys(was).length > 0;
    if (!isEntered) return [{ pointer: at, value: is }];
    const gone = Object.keys(was).filter((key) => !Object.hasOwn(is, key));
    return [
      ...Object.entries(is).flatMap(([key, child]) => {
        return parts(Object.hasOwn(was, key) ? was[key] : undefined, child, at + formatPointer([key]));
      }),
      ...gone.map((key): Acceptance => ({ pointer: at + formatPointer([key]), remove: true })),
    ];
  };
  return parts(from, value, pointer).map((part) => ({ ...wish, acceptance: part }));
}

/** Makes one edit in the layer that supplied what it changes; answers why it is not made. */
export async function accept(wish: Wish, layers: Layers): Promise<Refusal | undefined> {
  const { resource, id, acceptance, hereOnly = false } = wish;
  const { pointer } = acceptance;
  const refused = (why: string, at?: Origin): Refusal => ({
    resource: id,
    pointer,
    why,
    ...(at === undefined ? {} : { at }),
  });
  if ('why' in acceptance) return refused(acceptance.why);
  if ('text' in acceptance) {
    const file = resource.files[pointer];
    if (file === undefined) return refused('there is no file behind it');
    if (isSealed(acceptance.text)) return refused(sensitive);
    layers.files.replace(file.path, acceptance.text);
    return undefined;
  }
  const from = await valueAt(resource, pointer, layers.files);
  const said: Json = 'add' in acceptance ? [...acceptance.add] : 'value' in acceptance ? acceptance.value : null;
  if (sealedPointers(said, pointer).length > 0) {
    return refused(sensitive);
  }
  const parts = parsePointer(pointer);
  const origin = originIn(layers.desired, id, pointer);
  const isHere = hereOnly && layers.environment !== undefined && origin?.path === resource.document.path;
  const wanted =
    'add' in acceptance ? added(from, acceptance.add) : 'value' in acceptance ? acceptance.value : undefined;
  const operations: Operation[] =
    wanted === undefined ? [{ at: parts, remove: true }] : operationsBetween(from, wanted, parts, isHere);
  for (const operation of operations) {
    const why = await inLayer(operation, { resource, id, layers, isHere });
    if (why !== undefined) return { ...why, resource: id };
  }
  return undefined;
}

/** The list with more at its end. */
function added(list: Json | undefined, items: readonly Json[]): Json[] {
  return [...(Array.isArray(list) ? list : []), ...items];
}

/** What the resource has there now, or the file behind its reference. */
async function valueAt(
  { spec, annotations, files }: Resource,
  pointer: Pointer,
  texts: Files,
): Promise<Json | undefined> {
  for (const [at, file] of Object.entries(files)) {
    if (!pointer.startsWith(`${at}/`)) continue;
    const value = file.value ?? (await texts.values(file.path))?.[0];
    return getAt(value, pointer.slice(at.length));
  }
  return getAt({ spec, metadata: { annotations } }, pointer);
}

async function inLayer(
  operation: Operation,
  { resource, id, layers, isHere }: { resource: Resource; id: ResourceId; layers: Layers; isHere: boolean },
): Promise<Omit<Refusal, 'resource'> | undefined> {
  const { files, environment, desired, own = {} } = layers;
  const pointer = formatPointer(operation.at);
  const origin = originIn(desired, id, pointer);
  if (origin === undefined) return { pointer, why: 'where it was written cannot be told' };
  const { path, index } = origin;
  const isFile = Object.values(resource.files).some((file) => file.path === path) && path !== resource.document.path;
  if (!isFile && environment?.path === path && /^\/patches\/\d+\/unset\//.test(origin.pointer)) {
    const isField = parsePointer(origin.pointer).length === 4;
    if (!isField || !('set' in operation)) {
      return { pointer, why: `the environment "${environment.name}" takes it out (unset)` };
    }
    const why = await backIn({ ...operation, set: escaped(operation.set) }, origin, files);
    return why === undefined ? undefined : { pointer, why };
  }
  const values = await files.values(path);
  if (values === undefined) return { pointer, why: `${path} cannot be read as YAML, so no place of it can be edited` };
  const isInsert = 'insert' in operation;
  const written = isInsert ? undefined : getAt(values[index], origin.pointer);
  const variable = isFile ? undefined : variableIn(written);
  if (variable !== undefined && Object.hasOwn(own, variable)) {
    return { pointer, why: `it comes from the target's own variable "${variable}", which stands in the daemon's file` };
  }
  if (variable !== undefined) {
    const at = environment === undefined ? {} : { at: placeOf(variable, environment) };
    return { pointer, why: `it comes from the variable "${variable}", which others may use as well`, ...at };
  }
  if (!isFile && isObject(written) && typeof written['secret'] === 'string') {
    return { pointer, why: `it comes from the secret "${written['secret']}", which is never written down` };
  }
  const plain: Operation = isFile ? operation : inText(operation);
  if (isHere && environment !== undefined && path === resource.document.path) {
    const why = await inEnvironment(plain, { id, files, environment, document: values[index]! });
    return why === undefined ? undefined : { pointer, why };
  }
  const failed = await files.edit(path, index, { ...plain, at: parsePointer(origin.pointer) });
  if (failed !== undefined) return { pointer, why: failed.why };
  if ('remove' in operation && environment?.path === path) {
    const why = await unset(pointer, origin, files, resource);
    if (why !== undefined) return { pointer, why };
  }
  return undefined;
}

/** A `$(` of the live object is text, in documents and in environments alike. */
function inText(operation: Operation): Operation {
  if ('set' in operation) return { ...operation, set: escaped(operation.set) };
  return 'insert' in operation ? { ...operation, insert: escaped(operation.insert) } : operation;
}

function variableIn(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return [...value.matchAll(fromVariable)][0]?.[1];
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.values(value)
    .map(variableIn)
    .find((name) => name !== undefined);
}

function placeOf(variable: string, { path, index, variables }: Environment): Origin {
  const isThere = Object.hasOwn(variables, variable);
  return { path, index, pointer: isThere ? formatPointer(['variables', variable]) : '/variables' };
}
