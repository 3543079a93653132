import type { Consumers } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';
import { askConsumers } from '../consumers.ts';
import { paths } from './paths.ts';

/** Dependency tracking knows an action under one of these, by whether it is secure. */
const secureType = 'SECUREACTION';
const plainType = 'DATAACTION';

/** What uses an action: as a secure one, or as any. */
export async function consumers(reader: Reader, { id, live }: { id: string; live?: JsonObject }): Promise<Consumers> {
  const action = live ?? (await reader.list({ path: paths.actions })).find((item) => item['id'] === id);
  const types = action?.['secure'] === true ? [secureType, plainType] : [plainType];
  const all = await Promise.all(types.map((objectType) => askConsumers(reader, id, objectType)));
  const uncertain = all.find((one) => one.uncertain !== undefined)?.uncertain;
  return { users: all.flatMap(({ users }) => users), ...(uncertain === undefined ? {} : { uncertain }) };
}
