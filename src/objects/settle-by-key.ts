import type { Intent, LiveObject, ObjectType, Settlement, Summary } from '../model/contracts.ts';
import type { Reader } from '../model/http.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import { getAt } from '../model/pointer.ts';

/** How it is told whether a write changed an object that was there. */
export interface Compared {
  /** The steps of `write` after which the object itself is another one; all others are about a draft of it. */
  steps: readonly string[];
  read: ObjectType['read'];
  /** Which version is live, and which one was when the write was sent: the same two say that it changed nothing. */
  now(live: JsonObject): string | undefined;
  then(intent: Intent): string | undefined;
}

/**
 * A create is looked up by its natural key. Another write is told by the version of the object, and by the values that it was
 * to set; where nothing can be compared (a draft), it counts as applied: what follows from it is found by comparing live state.
 */
export function settleByKey(
  list: (reader: Reader) => Promise<Pick<Summary, 'id' | 'key'>[]>,
  compared: Compared,
): (reader: Reader, intent: Intent) => Promise<Settlement> {
  return async (reader, intent) => {
    const { action, object, step } = intent;
    if (action !== 'create') {
      const isAboutIt = object.id !== undefined && compared.steps.includes(step);
      if (!isAboutIt) return { outcome: 'applied' };
      return settleByVersion(intent, await compared.read(reader, { id: object.id! }), compared);
    }
    const found = (await list(reader)).filter(({ key }) => key === object.key);
    // Of two by that name nobody can tell which is ours; to make a third would be worse.
    if (found.length > 1) return { outcome: 'unknown' };
    return found.length === 1 ? { outcome: 'applied', id: found[0]!.id } : { outcome: 'not-applied' };
  };
}

/** What a write made of an object that was there, by what is live now. */
export function settleByVersion(
  intent: Intent,
  live: LiveObject | undefined,
  { now, then }: Pick<Compared, 'now' | 'then'>,
): Settlement {
  if (intent.action === 'delete') return { outcome: live === undefined ? 'applied' : 'not-applied' };
  if (!isObject(live)) return { outcome: 'unknown' };
  const before = then(intent);
  if (before !== undefined && now(live) === before) return { outcome: 'not-applied' };
  // Somebody else may have moved it: then it has other values, or it was ours and was written over.
  const isAsSent = Object.entries(intent.sets ?? {}).every(([path, value]) => String(getAt(live, path)) === value);
  return { outcome: isAsSent ? 'applied' : 'unknown' };
}
