import type { LiveObject, Summary } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { versionOf } from '../versioned.ts';
import { lookAtWanted } from '../wanted.ts';
import { canonical } from './body.ts';
import { paths } from './paths.ts';

/**
 * The configuration as the server tells it. That GET is served on the path of the PUT is ASSUMED; where it is not, the answer
 * is 404 or 405. An organisation without a configuration answers 404, too, so the two cannot be told apart: undefined is both.
 */
export async function readRaw(reader: Reader, id: string): Promise<JsonObject | undefined> {
  try {
    const { body } = await reader.get({ path: paths.configuration, params: { orgId: id } });
    if (isObject(body)) return body;
    throw new Failure('BadAnswer', `Genesys answered for the configuration of organisation ${id} with something else`);
  } catch (error) {
    const { reason, detail } = asFailure(error);
    if (reason === 'Gone' || detail.status === 404 || detail.status === 405) return undefined;
    throw error;
  }
}

/** `unreadable` where GET is not served, or nothing is there yet: either way it may be written. */
export async function readLive(reader: Reader, { id }: { id: string }): Promise<LiveObject> {
  const raw = await readRaw(reader, id);
  return raw === undefined ? 'unreadable' : canonical({ ...raw, id });
}

/** The wanted organisations, each with what is live. */
export function list(reader: Reader, wanted: readonly string[] = []): Promise<Summary[]> {
  return lookAtWanted(wanted, async (id) => {
    const live = await readLive(reader, { id });
    const fingerprint = isObject(live) ? versionOf(live) : undefined;
    return { id, key: id, name: id, attributes: {}, live, ...(fingerprint === undefined ? {} : { fingerprint }) };
  });
}
