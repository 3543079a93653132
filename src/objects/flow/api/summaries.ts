import type { Summary } from '../../../model/contracts.ts';
import { Failure } from '../../../model/failure.ts';
import type { Reader } from '../../../model/http.ts';
import type { JsonObject } from '../../../model/json.ts';
import { keyOf } from '../../../model/key.ts';
import { divisionOf, isLockedByUs, publishedOf, typeOf } from './head.ts';
import { obstacleTo } from './obstacle.ts';
import { paths } from './paths.ts';
import { idIn } from './told.ts';

/** All flows that are not deleted, of every type that has YAML. */
export async function list(reader: Reader): Promise<Summary[]> {
  const items = await reader.list({ path: paths.flows });
  return items.filter((item) => item['deleted'] !== true).map((item) => summaryOf(item, reader.clientId));
}

function summaryOf(item: JsonObject, clientId: string): Summary {
  const type = typeOf(item);
  const id = idIn(item['id']);
  if (id === undefined) throw new Failure('BadAnswer', 'Genesys listed a flow without an id');
  const name = typeof item['name'] === 'string' ? item['name'] : '';
  const published = publishedOf(item);
  const obstacle = obstacleTo(item, clientId);
  return {
    id,
    key: keyOf(type, name),
    name,
    ...(published === undefined ? {} : { fingerprint: published }),
    attributes: {
      type,
      published: published ?? '',
      division: divisionOf(item),
      ...(isLockedByUs(item, clientId) ? { locked: true } : {}),
    },
    ...(name === '' ? { readOnly: 'Genesys lists it without a name' } : {}),
    ...(item['system'] === true ? { readOnly: 'it is one of the flows that Genesys ships' } : {}),
    ...(obstacle === undefined ? {} : { notice: `${obstacle.message}; it is not published over` }),
  };
}
