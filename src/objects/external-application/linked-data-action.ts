import type { ObjectType, Summary } from '../../model/contracts.ts';
import { Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { lookedUp } from '../looked-up.ts';
import { lookAtWanted } from '../wanted.ts';
import { paths } from './live.ts';

/** Data actions that are linked to an external application: read to see whose timeout they have, and never written. */
export const linkedDataAction: ObjectType = {
  ...lookedUp({ type: 'linked-data-action', label: 'data action' }, { path: paths.dataAction }),
  surface: 'tutorial',
  unlisted: true,
  list: (reader, wanted = []) => lookAtWanted(wanted, (id) => look(reader, id)),
};

async function look(reader: Reader, id: string): Promise<Summary> {
  const { body } = await reader.get({ path: paths.dataAction, params: { id } });
  if (!isObject(body) || (body['id'] !== undefined && body['id'] !== id))
    throw new Failure('BadAnswer', `Genesys answered for data action ${id} with something else`);
  const { name } = body;
  const application = applicationOf(body);
  return {
    id,
    key: id,
    name: typeof name === 'string' && name !== '' ? name : id,
    attributes: application === undefined ? {} : { externalApplicationId: application },
  };
}

/** No source says under which name the link is answered; both of these are taken (ASSUMED). */
function applicationOf({ externalApplicationId: flat, externalApplication: nested }: JsonObject): string | undefined {
  const id = flat ?? (isObject(nested) ? nested['id'] : undefined);
  return typeof id === 'string' && id !== '' ? id : undefined;
}
