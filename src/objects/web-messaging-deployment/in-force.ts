import type { Effect } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { getAt } from '../../model/pointer.ts';
import { readRaw } from './live.ts';
import { paths } from './paths.ts';

/**
 * Whether web pages get the version that the deployment says: asked where they ask. An endpoint that does not answer (403,
 * or 404 beside a deployment that is active) decides nothing; then it is the deployment's own status that counts.
 *
 * @throws Failure `Gone` or `Conflict` where somebody deleted it, or moved it to another version, since it was written
 */
export async function inForce(reader: Reader, { id, live }: { id: string; live: JsonObject }): Promise<Effect> {
  const served = await servedBy(reader, id);
  const told = served?.['deployment'];
  // What is told beside the version may be older than what the deployment tells itself.
  const isFresh = isObject(told) && typeof told['status'] === 'string' && told['status'] !== 'Deleting';
  const deployment = isFresh && !isMoved(told, live) ? told : await readRaw(reader, id);
  const name = String(live['name']);
  if (deployment === undefined)
    throw new Failure('Gone', `"${name}" was deleted by somebody else after it was written`);
  if (isMoved(deployment, live)) {
    const to = `version ${String(getAt(deployment, '/configuration/version'))} of "${String(getAt(deployment, '/configuration/name'))}"`;
    throw new Failure('Conflict', `"${name}" was moved to ${to} by somebody else after it was written`);
  }
  const { status } = deployment;
  if (status === 'Inactive') return true;
  if (status === 'Error') return { failed: endedInError };
  if (status !== 'Active') return `it is still ${status === undefined ? 'without a status' : String(status)}`;
  if (served === undefined) return true;
  const of = (field: string): unknown => getAt(served, `/configurationVersion/${field}`);
  const wanted = (field: string): unknown => getAt(live, `/configuration/${field}`);
  if (of('id') !== wanted('id')) return `it still serves the configuration "${String(of('name'))}"`;
  return of('version') === wanted('version') ? true : `it still serves version ${String(of('version'))}`;
}

const endedInError =
  'its activation ended in Error; Genesys does not say why, the admin pages may: save it there again, or publish a version that is good';

function isMoved(deployment: JsonObject, live: JsonObject): boolean {
  return ['id', 'version'].some((field) => {
    const now = getAt(deployment, `/configuration/${field}`);
    return now !== undefined && now !== getAt(live, `/configuration/${field}`);
  });
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
