import { asFailure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type Json } from '../../model/json.ts';
import { paths } from './paths.ts';

/** A version of a configuration; undefined where there is none of this number. */
export async function readVersion(reader: Reader, configurationId: string, version: string): Promise<Json | undefined> {
  try {
    return (await reader.get({ path: paths.version, params: { configurationId, versionId: version } })).body;
  } catch (error) {
    if (asFailure(error).reason === 'Gone') return undefined;
    throw error;
  }
}

/** The number and the name of the newest published version, for a message; 0 where none can be told. */
export async function newestOf(reader: Reader, configurationId: string): Promise<{ newest: number; name?: string }> {
  try {
    const { body } = await reader.get({ path: paths.versions, params: { configurationId } });
    const entities = isObject(body) && Array.isArray(body['entities']) ? body['entities'].filter(isObject) : [];
    const newest = Math.max(0, ...entities.map(({ version }) => Number(version)).filter(Number.isInteger));
    const { name } = entities.find(({ version }) => Number(version) === newest) ?? entities[0] ?? {};
    return { newest, ...(typeof name === 'string' ? { name } : {}) };
  } catch {
    return { newest: 0 };
  }
}
