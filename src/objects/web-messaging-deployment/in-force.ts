import { asFailure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { getAt } from '../../model/pointer.ts';
import { readRaw } from './live.ts';
import { paths } from './paths.ts';

/**
 * Whether web pages get the version that the deployment says: asked where they ask. An endpoint that does not answer (403,
 * or 404 beside a deployment that is active) decides nothing; then it is the deployment's own status that counts.
 */
export async function inForce(reader: Reader, { id, live }: { id: string; live: JsonObject }): Promise<true | string> {
  const served = await servedBy(reader, id);
  const told = served?.['deployment'];
  const deployment = isObject(told) && typeof told['status'] === 'string' ? told : await readRaw(reader, id);
  const status = deployment?.['status'];
  if (status === 'Inactive') return true;
  if (status === 'Error') return 'its activation ended in Error';
  if (status !== 'Active') return `it is still ${status === undefined ? 'without a status' : String(status)}`;
  if (served === undefined) return true;
  const of = (field: string): unknown => getAt(served, `/configurationVersion/${field}`);
  const wanted = (field: string): unknown => getAt(live, `/configuration/${field}`);
  if (of('id') !== wanted('id')) return `it still serves the configuration "${String(of('name'))}"`;
  return of('version') === wanted('version') ? true : `it still serves version ${String(of('version'))}`;
}

async function servedBy(reader: Reader, id: string): Promise<JsonObject | undefined> {
  try {
    const { body } = await reader.get({ path: paths.served, params: { deploymentId: id } });
    return isObject(body) && isObject(body['configurationVersion']) ? body : undefined;
  } catch (error) {
    if (['Gone', 'PermissionMissing', 'BadRequest'].includes(asFailure(error).reason)) return undefined;
    throw error;
  }
}
