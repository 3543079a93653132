import type { Consumers } from '../../model/contracts.ts';
import { asFailure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { paths } from './paths.ts';

type User = Consumers['users'][number];

/** Dependency tracking knows an action under one of these, by whether it is secure. */
const secureType = 'SECUREACTION';
const plainType = 'DATAACTION';

/**
 * What uses an action, by Architect's dependency tracking (`GET /architect/dependencytracking/consumingresources`). It is
 * an index that is built: while it is being rebuilt it answers 206, and then nobody can say that there is no user. The
 * same goes for an action that it does not know, and for a client that may not ask.
 */
export async function consumers(reader: Reader, { id, live }: { id: string; live?: JsonObject }): Promise<Consumers> {
  const action = live ?? (await reader.list({ path: paths.actions })).find((item) => item['id'] === id);
  const types = action?.['secure'] === true ? [secureType, plainType] : [plainType];
  const all = await Promise.all(types.map((objectType) => ask(reader, id, objectType)));
  const uncertain = all.find((one) => one.uncertain !== undefined)?.uncertain;
  return { users: all.flatMap(({ users }) => users), ...(uncertain === undefined ? {} : { uncertain }) };
}

async function ask(reader: Reader, id: string, objectType: string): Promise<Consumers> {
  const users: User[] = [];
  const query = { id, objectType, pageSize: 100 };
  try {
    for (let pageNumber = 1; ; pageNumber++) {
      const { body, receipt } = await reader.get({ path: paths.consumers, query: { ...query, pageNumber } });
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
