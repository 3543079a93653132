import type { Summary } from '../../../model/contracts.ts';
import type { Reader } from '../../../model/http.ts';
import type { JsonObject } from '../../../model/json.ts';
import { keyOf } from '../../../model/key.ts';
import { divisionOf, publishedOf, typeOf } from './head.ts';
import { obstacleTo } from './obstacle.ts';
import { paths } from './paths.ts';

/** All flows that are not deleted, of every type that has YAML. */
export async function list(reader: Reader): Promise<Summary[]> {
  const items = await reader.list({ path: paths.flows });
  return items.filter((item) => item['deleted'] !== true).map((item) => summaryOf(item, reader.clientId));
}

function summaryOf(item: JsonObject, clientId: string): Summary {
  const type = typeOf(item);
  const name = String(item['name']);
  const published = publishedOf(item);
  const obstacle = obstacleTo(item, clientId);
  return {
    id: String(item['id']),
    key: keyOf(type, name),
    name,
    ...(published === undefined ? {} : { fingerprint: published }),
    attributes: { type, published: published ?? '', division: divisionOf(item) },
    ...(item['system'] === true ? { readOnly: 'it is one of the flows that Genesys ships' } : {}),
    ...(obstacle === undefined ? {} : { notice: `${obstacle.message}; it is not published over` }),
  };
}
