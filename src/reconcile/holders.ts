import type { Consumers, ObjectType } from '../model/contracts.ts';
import { asFailure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import type { AppliedObject, Journal, Scope } from '../model/journal.ts';
import { isObject, type Json } from '../model/json.ts';
import { type ObjectState, objectKey } from './state.ts';

/** Where an object's id may stand, as far as this tool knows: what this run looked at, and what earlier runs set. */
export interface Known {
  objects: readonly ObjectState[];
  applied: readonly AppliedObject[];
  types: readonly ObjectType[];
  /** Objects of which nobody wishes any more what named an object of ours, with the ids that they were given. */
  left(): Promise<ReadonlyMap<string, readonly string[]>>;
}

/**
 * Who holds the id of an object, among the types that may refer to it: for an API that cannot be asked who uses what. `fresh`:
 * each of them is read once more.
 */
export async function holdersOf(
  { type, id }: { type: string; id: string },
  known: Known,
  reader: Reader,
  fresh = false,
): Promise<Consumers> {
  const types = known.types.filter(({ refersTo, mayReferTo = [] }) => [...refersTo, ...mayReferTo].includes(type));
  if (types.length === 0) return { users: [] };
  const seen = new Map(
    known.objects.flatMap((state) => (isObject(state.live) ? [[objectKey(state.wish), state]] : [])),
  );
  const names = new Set(types.map((one) => one.type));
  const before = [
    ...known.applied.flatMap((one) =>
      Object.values(one.fields).some(({ wanted }) => holdsId(wanted, id)) ? [[one.type, one.id] as const] : [],
    ),
    ...[...(await known.left())].flatMap(([at, ids]) => (ids.includes(id) ? [atOf(at)] : [])),
  ];
  const asked = new Map(
    [...before, ...[...seen.values()].map(({ wish }) => [wish.type, wish.id!] as const)]
      .filter(([of, at]) => names.has(of) && at !== id)
      .map(([of, at]) => [`${of}:${at}`, { type: types.find((one) => one.type === of)!, id: at }]),
  );
  const found = await Promise.all(
    [...asked.values()].map(async (one): Promise<Consumers> => {
      const state = seen.get(objectKey({ type: one.type.type, id: one.id, key: '' }));
      // What does not hold it at the time of the plan comes to do so only by hand.
      if (state !== undefined && !holdsId(state.live as Json, id)) return { users: [] };
      return holds(one, id, fresh || state === undefined ? undefined : (state.live as Json), reader);
    }),
  );
  const uncertain = found.find((one) => one.uncertain !== undefined)?.uncertain;
  return { users: found.flatMap(({ users }) => users), ...(uncertain === undefined ? {} : { uncertain }) };
}

async function holds(
  { type, id }: { type: ObjectType; id: string },
  wanted: string,
  seen: Json | undefined,
  reader: Reader,
): Promise<Consumers> {
  try {
    const live = seen ?? (await type.read(reader, { id }));
    if (!isObject(live) || !holdsId(live, wanted)) return { users: [] };
    const { name } = live;
    return { users: [{ type: type.type, id, name: typeof name === 'string' ? name : id }] };
  } catch (error) {
    const { class: next, message } = asFailure(error);
    // One object that cannot be read is no reason to leave everything else of a plan undone.
    if (next === 'TryLater' || next === 'TargetStalled') throw error;
    return { users: [], uncertain: message };
  }
}

/** Ids are not guessed: where one stands, whatever the field, the object is meant. */
export function holdsId(value: Json | undefined, id: string): boolean {
  if (value === id) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((part) => holdsId(part, id));
}

/** The fact of the journal in which stands who was given the ids of which objects, and is wished nothing of any more. */
const leftOf = ({ organization, target }: Scope): string => `left:${organization}:${target}`;

export async function loadLeft(journal: Journal, scope: Scope): Promise<Map<string, string[]>> {
  const kept = await journal.recall(leftOf(scope));
  return new Map(Object.entries(isObject(kept) ? kept : {}) as [string, string[]][]);
}

/** Keeps it, of objects that are still ours. */
export async function keepLeft(
  journal: Journal,
  scope: Scope,
  left: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const before = await loadLeft(journal, scope);
  const ours = new Set((await journal.inventory(scope)).map(({ id }) => id));
  const all = new Map(before);
  for (const [at, ids] of left) all.set(at, [...new Set([...(all.get(at) ?? []), ...ids])]);
  const after = [...all].flatMap(([at, ids]): [string, string[]][] => {
    const still = ids.filter((id) => ours.has(id));
    return still.length === 0 ? [] : [[at, still]];
  });
  if (before.size === 0 && after.length === 0) return;
  await journal.memorise(leftOf(scope), after.length === 0 ? null : Object.fromEntries(after));
}

function atOf(at: string): readonly [string, string] {
  const colon = at.indexOf(':');
  return [at.slice(0, colon), at.slice(colon + 1)];
}
