import { asFailure, Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { whole } from '../whole.ts';

export const paths = {
  application: '/api/v2/integrations/externalapplications/{id}',
  dataAction: '/api/v2/integrations/dataactions/{id}',
};

/** What an application waits where it does not say: milliseconds (tutorial 1). */
const defaultTimeout = 3000;

/** The application as it is answered, with every field; undefined where there is none of that id. */
export async function readRaw(reader: Reader, id: string): Promise<JsonObject | undefined> {
  try {
    const { body } = await reader.get({ path: paths.application, params: { id } });
    if (!isObject(body) || (body['id'] !== undefined && body['id'] !== id))
      throw new Failure('BadAnswer', `Genesys answered for external application ${id} with something else`);
    return whole(body, `external application ${id}`);
  } catch (error) {
    if (asFailure(error).reason === 'Gone') return undefined;
    throw error;
  }
}

/** What can be wished, and the name. Nothing else is kept: an application may hold credentials in fields unknown to us. */
export function normalise({ name, timeout }: JsonObject): JsonObject {
  return { ...(name === undefined ? {} : { name }), timeout: timeout ?? defaultTimeout };
}

/** There is no version: what can be told is whether the one field that is written here moved. */
export function fingerprintOf({ timeout }: JsonObject): string {
  return `${String(timeout)} ms`;
}
