import type { Consumers, ObjectType } from '../model/contracts.ts';
import { Failure, type Reason } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import { isObject } from '../model/json.ts';
import { type Change, calledOf } from '../model/plan.ts';
import { holdersOf, type Known } from './holders.ts';
import { type ObjectState, objectKey, stateKey } from './state.ts';

type User = Consumers['users'][number];

/** A person looks at the first ones; the rest would only fill the journal, run after run. */
const mostNamed = 10;

/** Those after which who uses the object would no longer find it, since it goes or is called otherwise. */
export function takingAway(changes: readonly Change[], types: readonly ObjectType[]): Change[] {
  return changes.filter(({ action, object, fields }) => {
    const type = types.find((one) => one.type === object.type);
    if (type?.consumers === undefined || object.id === undefined) return false;
    return (
      action === 'delete' ||
      (action === 'update' && fields.some(({ path }) => type.referredBy?.includes(path) === true))
    );
  });
}

/** Asks who uses the objects that these changes take away, by object. One question for each, and none for the others. */
export async function askConsumers(
  changes: readonly Change[],
  types: readonly ObjectType[],
  stateOf: (change: Change) => ObjectState | undefined,
  reader: Reader,
  known: Known,
): Promise<Map<string, Consumers>> {
  const asked = takingAway(changes, types).map(async (change) => {
    const type = types.find((one) => one.type === change.object.type)!;
    const live = stateOf(change)?.live;
    const object = { id: change.object.id!, ...(isObject(live) ? { live } : {}) };
    const holders = (): Promise<Consumers> => holdersOf({ ...object, type: type.type }, known, reader);
    return [objectKey(change.object), await type.consumers!(reader, object, holders)] as const;
  });
  return new Map(await Promise.all(asked));
}

/**
 * Why a change has to wait for those who use its object; undefined where nobody does. Somebody whom the same plan changes
 * so that it fits does not count: it comes to refer to the new name, or (for a deletion) is asked about again after it
 * was written.
 */
export function whyInUse(
  change: Change,
  consumers: Consumers | undefined,
  planned: readonly Change[],
): { reason: Reason; message: string } | undefined {
  if (consumers === undefined) return undefined;
  const { uncertain } = consumers;
  const users = consumers.users.filter((user) => !fits(user, change, planned));
  if (users.length === 0 && uncertain === undefined) return undefined;
  const names = users.slice(0, mostNamed).map(({ type, name, id }) => `${type} "${name}" (${id})`);
  if (users.length > mostNamed) names.push(`${users.length - mostNamed} more`);
  const used = names.length === 0 ? '' : `it is used by ${names.join(', ')}`;
  const doubt =
    uncertain === undefined
      ? ''
      : `whether ${names.length === 0 ? 'anything' : 'anything else'} uses it is not known: ${uncertain}`;
  return { reason: 'InUse', message: [used, doubt].filter((part) => part !== '').join('; ') };
}

/**
 * Those who used the object when it was planned were to be written first: whether they have left it is asked again. Who has
 * not (its own write failed) may in the next run, which asks afresh; to stall here would wait for a person, or an hour.
 */
export async function stillFree(
  change: Change,
  type: ObjectType,
  { known, reader }: { known: Known; reader: Reader },
): Promise<void> {
  const id = change.object.id!;
  const holders = (): Promise<Consumers> => holdersOf({ type: type.type, id }, known, reader, true);
  const used = whyInUse(change, await type.consumers?.(reader, { id }, holders), []);
  if (used !== undefined) throw new Failure('DependencyNotReady', `${used.message}; the next run asks again`);
}

function fits(user: User, change: Change, planned: readonly Change[]): boolean {
  const { type, key } = change.object;
  return planned.some(({ object, action, after }) => {
    if (object.type !== user.type || object.id !== user.id) return false;
    return action === 'delete' || change.action === 'delete' || after?.includes(stateKey(type, key)) === true;
  });
}

/** Deletions of objects that use each other: whichever goes first, Genesys says that it is used. */
export function usedInCircle(
  changes: readonly Change[],
  consumers: ReadonlyMap<string, Consumers>,
): Map<Change, string> {
  const deletions = new Map(
    changes.flatMap((change) => (change.action === 'delete' ? [[objectKey(change.object), change] as const] : [])),
  );
  const usersOf = (key: string): string[] =>
    (consumers.get(key)?.users ?? [])
      .map(({ type, id }) => objectKey({ type, id, key: '' }))
      .filter((user) => user !== key && deletions.has(user));
  const reached = (start: string): Set<string> => {
    const seen = new Set<string>();
    const next = usersOf(start);
    for (let key = next.pop(); key !== undefined; key = next.pop()) {
      if (seen.has(key)) continue;
      seen.add(key);
      next.push(...usersOf(key));
    }
    return seen;
  };
  return new Map(
    [...deletions].flatMap(([key, change]) => {
      const users = reached(key);
      if (!users.has(key)) return [];
      const members = [...users].filter((user) => reached(user).has(user));
      const names = members.map((user) => `"${calledOf(deletions.get(user)!.object)}"`).sort();
      const message = `these use each other, and Genesys deletes none of them: ${names.join(', ')}; take the reference out of one first`;
      return [[change, message] as const];
    }),
  );
}

/** Deletions so that each comes before those that use its object; they are carried out from the last to the first. */
export function usersLast(changes: readonly Change[], consumers: ReadonlyMap<string, Consumers>): Change[] {
  const deletions = new Map(
    changes.flatMap((change) => (change.action === 'delete' ? [[objectKey(change.object), change] as const] : [])),
  );
  const sorted = new Set<Change>();
  const usersOf = ({ object }: Change): Change[] =>
    (consumers.get(objectKey(object))?.users ?? []).flatMap(
      ({ type, id }) => deletions.get(objectKey({ type, id, key: '' })) ?? [],
    );
  const visiting = new Set<Change>();
  const visit = (change: Change): void => {
    if (sorted.has(change) || visiting.has(change)) return;
    visiting.add(change);
    usersOf(change).forEach(visit);
    sorted.add(change);
  };
  [...deletions.values()].reverse().forEach(visit);
  return [...changes.filter(({ action }) => action !== 'delete'), ...[...sorted].reverse()];
}
