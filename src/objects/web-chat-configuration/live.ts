import type { LiveObject, Summary } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { getAt } from '../../model/pointer.ts';
import { versionOf } from '../versioned.ts';
import { lookAtWanted } from '../wanted.ts';
import { whole } from '../whole.ts';
import { canonical, places } from './body.ts';
import { paths } from './paths.ts';

/** What a summary says where GET is known to be served: then 404 means that nothing is there. */
const served = { isServed: true };

/** The configuration as the server tells it; undefined where it tells none. */
export async function readRaw(reader: Reader, id: string): Promise<JsonObject | undefined> {
  const answer = await lookAt(reader, id);
  return isObject(answer) ? answer : undefined;
}

/**
 * That GET is served on the path of the PUT is ASSUMED; where it is not, the answer is 404 or 405. An organisation without a
 * configuration answers 404, too: only where some organisation was read can the two be told apart.
 */
async function lookAt(reader: Reader, id: string): Promise<JsonObject | 404 | 405> {
  try {
    const { body } = await reader.get({ path: paths.configuration, params: { orgId: id } });
    if (isObject(body) && (body['id'] === undefined || body['id'] === id))
      return whole(body, `the web chat configuration of organisation ${id}`);
    throw new Failure('BadAnswer', `Genesys answered for the configuration of organisation ${id} with something else`);
  } catch (error) {
    const { reason, detail } = asFailure(error);
    if (reason === 'Gone' || detail.status === 404) return 404;
    if (detail.status === 405) return 405;
    throw error;
  }
}

/** `unreadable` where GET may not be served; either way it may be written. */
export async function readLive(
  reader: Reader,
  { id, attributes }: Pick<Summary, 'id'> & Partial<Summary>,
): Promise<LiveObject> {
  return liveOf(id, await lookAt(reader, id), attributes?.['isServed'] === true);
}

function liveOf(id: string, answer: JsonObject | 404 | 405, isServed: boolean): LiveObject {
  if (isObject(answer)) return canonical({ ...answer, id });
  return answer === 404 && isServed ? { id } : 'unreadable';
}

/** Whether nothing is there, and that is known. */
export function isBlank(live: LiveObject | undefined): boolean {
  return isObject(live) && places.every(({ path }) => getAt(live, path) === undefined);
}

/**
 * The wanted organisations, each with what is live. GET is served where one of them could be read now, or any was in an
 * earlier run (`seen`): it is one path.
 */
export async function list(reader: Reader, wanted: readonly string[] = [], seen = false): Promise<Summary[]> {
  const answers = new Map<string, JsonObject | 404 | 405>();
  const looked = await lookAtWanted(wanted, async (id) => {
    const answer = await lookAt(reader, id);
    answers.set(id, answer);
    const fingerprint = isObject(answer) ? versionOf(answer) : undefined;
    return { id, key: id, name: id, attributes: {}, ...(fingerprint === undefined ? {} : { fingerprint }) };
  });
  const isServed = seen || [...answers.values()].some(isObject);
  return looked.map((summary) => {
    const answer = answers.get(summary.id);
    if (answer === undefined) return summary;
    return { ...summary, attributes: isServed ? served : {}, live: liveOf(summary.id, answer, isServed) };
  });
}
