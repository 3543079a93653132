import type { Consumers } from '../model/contracts.ts';
import { asFailure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import { isObject, type JsonObject } from '../model/json.ts';

type User = Consumers['users'][number];

const path = '/api/v2/architect/dependencytracking/consumingresources';

/**
 * What uses an object, by Architect's dependency tracking. `objectType` is Genesys's word (`DATAACTION`). It is an index
 * that is built: while it is being rebuilt it answers 206, and then nobody can say that there is no user. The same goes
 * for an object that it does not know, and for a client that may not ask.
 */
export async function askConsumers(reader: Reader, id: string, objectType: string): Promise<Consumers> {
  const users: User[] = [];
  const query = { id, objectType, pageSize: 100 };
  try {
    for (let pageNumber = 1; ; pageNumber++) {
      const { body, receipt } = await reader.get({ path, query: { ...query, pageNumber } });
      const { entities, pageCount = 1 } = isObject(body) ? body : {};
      if (!Array.isArray(entities)) return { users, uncertain: receipt.status === 206 ? rebuilding : noList };
      const page = entities.filter(isObject);
      users.push(...page.filter((one) => one['deleted'] !== true).map(userOf));
      if (receipt.status === 206) return { users, uncertain: rebuilding };
      if (page.length === 0 || pageNumber >= Number(pageCount)) return { users };
    }
  } catch (error) {
    const { detail, class: next, message } = asFailure(error);
    // A 206 may come without a body.
    if (detail.status === 206) return { users, uncertain: rebuilding };
    // One index that fails is no reason to leave everything else of a plan undone.
    if (next === 'TryLater' || next === 'TargetStalled') throw error;
    return { users, uncertain: message };
  }
}

const noList = 'Genesys answered without a list of users';
const rebuilding = 'Genesys is rebuilding its dependency tracking (status 206), so its list is incomplete';

/** Flows of every type are one type of object here; everything else keeps Genesys's word, in small letters. */
function userOf(item: JsonObject): User {
  const type = String(item['type'] ?? 'something').toLowerCase();
  const flow = /flow$/.test(type);
  return { type: flow ? 'flow' : type, id: String(item['id']), name: String(item['name'] ?? '') };
}
