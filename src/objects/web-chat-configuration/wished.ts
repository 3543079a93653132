import { satisfied } from '../../model/compare.ts';
import type { WriteOrder } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import type { JsonObject } from '../../model/json.ts';
import { dotted, getAt } from '../../model/pointer.ts';
import { canonical, isSame } from './body.ts';
import { readRaw } from './live.ts';

/** The fields in which a configuration is not as it is wished, by the names of the body. */
export function lackingOf(raw: JsonObject, wished: WriteOrder['wished']): string[] {
  const live = canonical(raw);
  const lacking = wished.filter(({ path, value }) => {
    const now = getAt(live, path);
    return !satisfied(value, now) && !isSame(path, value, now);
  });
  return lacking.map(({ path }) => dotted(path));
}

/** The same of an organisation as it is now; undefined where it cannot be read, or nothing is there. */
export async function lackingNow(
  reader: Reader,
  organization: string,
  wished: WriteOrder['wished'],
): Promise<string[] | undefined> {
  const raw = await readRaw(reader, organization);
  return raw && lackingOf(raw, wished);
}
