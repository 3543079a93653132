import { Failure } from '../model/failure.ts';
import type { JsonObject } from '../model/json.ts';

/** An item of a list that can be told from the others. */
export type Listed = JsonObject & { id: string; name: string };

/**
 * The items of a list, each with an id and a name.
 *
 * @throws Failure `ListIncomplete` where one has none: which object it is cannot be told, and so not what is missing either
 */
export function listed(items: readonly JsonObject[], path: string): Listed[] {
  const bad = items.findIndex(({ id, name }) => typeof id !== 'string' || id === '' || typeof name !== 'string');
  if (bad === -1) return items as Listed[];
  const which = `item ${bad + 1} of ${items.length}`;
  throw new Failure('ListIncomplete', `${path}: ${which} has no text as its id or its name; the next run asks again`);
}
