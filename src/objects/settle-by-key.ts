import type { Intent, Settlement, Summary } from '../model/contracts.ts';
import type { Reader } from '../model/http.ts';

/** Only a create needs looking up: every other write is settled by the next comparison with live state. */
export function settleByKey(
  list: (reader: Reader) => Promise<Pick<Summary, 'id' | 'key'>[]>,
): (reader: Reader, intent: Intent) => Promise<Settlement> {
  return async (reader, { action, object }) => {
    if (action !== 'create') return { outcome: 'applied' };
    const found = (await list(reader)).filter(({ key }) => key === object.key);
    // Of two by that name nobody can tell which is ours; to make a third would be worse.
    if (found.length > 1) return { outcome: 'unknown' };
    return found.length === 1 ? { outcome: 'applied', id: found[0]!.id } : { outcome: 'not-applied' };
  };
}
