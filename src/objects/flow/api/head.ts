import { asFailure, Failure } from '../../../model/failure.ts';
import type { Reader } from '../../../model/http.ts';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { yamlTypeOf } from '../types.ts';
import { paths } from './paths.ts';
import { idIn } from './told.ts';

/** The type as Architect's YAML calls it; a type that is not known here keeps Genesys's word. */
export function typeOf(flow: JsonObject): string {
  const type = textOf(flow['type']);
  return yamlTypeOf(type) ?? type;
}

/** The published version's id: another one for every publish, whoever published. */
export function publishedOf(flow: JsonObject): string | undefined {
  return versionIdOf(flow['publishedVersion']);
}

export function versionIdOf(version: Json | undefined): string | undefined {
  const id = isObject(version) ? version['id'] : undefined;
  if (id === undefined || id === null) return undefined;
  const text = idIn(typeof id === 'number' ? String(id) : id);
  if (text === undefined) throw new Failure('BadAnswer', 'Genesys answered with a version whose id is no text');
  return text;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function divisionOf(flow: JsonObject): string {
  const division = flow['division'];
  return isObject(division) ? textOf(division['name']) : '';
}

/** `GET /flows/{id}`; undefined where it is gone. */
export async function readFlow(reader: Reader, id: string): Promise<JsonObject | undefined> {
  try {
    const { body } = await reader.get({ path: paths.flow, params: { flowId: id } });
    const isFlow = isObject(body) && body['id'] === id && (body['deleted'] === true || textOf(body['name']) !== '');
    if (!isFlow) throw new Failure('BadAnswer', `Genesys answered for flow ${id} with something else`);
    return body['deleted'] === true ? undefined : body;
  } catch (error) {
    if (asFailure(error).reason === 'Gone') return undefined;
    throw error;
  }
}

/** True where the lock is our own and nothing is under way: what an interrupted rename left behind. */
export function isLockedByUs(flow: JsonObject, clientId: string): boolean {
  const { lockedClient, currentOperation } = flow;
  const isBusy = isObject(currentOperation) && currentOperation['complete'] === false;
  return isObject(lockedClient) && lockedClient['id'] === clientId && !isBusy;
}
