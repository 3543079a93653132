import type { Composed } from '../model/compose.ts';
import type { Index, ObjectType, Use } from '../model/contracts.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import { setAt } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import { withoutIgnored } from './ignore.ts';
import { type ReadInput, readOthers } from './read.ts';
import { type ObjectState, stateKey } from './state.ts';

/**
 * The wishes finished by the object's type, over what is live, without what is to be ignored of it; a problem of one of them
 * is the object's.
 */
export function composeState(state: ObjectState, index: Index): ObjectState {
  const { type, ignored } = state;
  const asked = state.asked ?? state.wish;
  if ((type.compose === undefined && ignored === undefined) || state.blocked !== undefined) return state;
  const live = isObject(state.live) ? state.live : undefined;
  const watched = (wish: Composed): Composed =>
    ignored === undefined || live === undefined ? wish : withoutIgnored(wish, type, live, ignored);
  // Before, since what a type makes of a wish that nobody is to watch would be watched; after, since it may make new ones.
  const before = watched(asked);
  const wish = watched(type.compose?.(before, { ...(live === undefined ? {} : { live }), index }) ?? before);
  return { ...state, asked, wish };
}

/** What lists and wishes tell of objects that somebody wishes something of. */
export function noticesOf(states: readonly ObjectState[]): Problem[] {
  return states.flatMap(({ summary, wish }): Problem[] => {
    const said = wish.warnings ?? [];
    if (summary?.notice === undefined) return said;
    return [...said, { code: 'work-in-progress', message: summary.notice, resource: wish.owner ?? wish.by[0]! }];
  });
}

/**
 * What objects and those that they use have to say about each other. Used objects that nobody wishes anything of are
 * read for it, once for each of their versions.
 */
export async function review(
  states: readonly ObjectState[],
  index: Index,
  input: ReadInput & { types: readonly ObjectType[] },
): Promise<Problem[]> {
  const reviewed = states.filter(({ type, blocked }) => type.review !== undefined && blocked === undefined);
  if (reviewed.length === 0) return [];
  const wished = new Map(states.map((state) => [stateKey(state.wish.type, state.wish.key), state]));
  const uses = new Map(
    reviewed.flatMap(({ wish }) =>
      wish.uses.flatMap((use) => (use.look === true ? [[stateKey(use.type, use.key), use] as const] : [])),
    ),
  );
  const others = [...uses].flatMap(([key, use]) => {
    const type = input.types.find((one) => one.type === use.type);
    const entry = index.find(use.type, use.key)[0];
    return wished.has(key) || type === undefined || entry === undefined ? [] : [{ key, type, entry }];
  });
  const live = await readOthers(others, input);
  const seen = new Map(others.map(({ key, type, entry }) => [key, live.get(`${type.type}:${entry.id}`)]));
  // A thousand flows may use the same few actions.
  const asUsed = new Map<string, JsonObject | undefined>();
  const used = ({ type, key }: Use): JsonObject | undefined => {
    const at = stateKey(type, key);
    if (asUsed.has(at)) return asUsed.get(at);
    const state = wished.get(at);
    const object = state === undefined ? seen.get(at) : asWished(state);
    asUsed.set(at, object);
    return object;
  };
  const problems: Problem[] = [];
  let began = performance.now();
  for (const { type, wish, live: now, applied } of reviewed) {
    const known = { ...(isObject(now) ? { live: now } : {}), ...(applied === undefined ? {} : { applied }) };
    problems.push(...type.review!({ wish, ...known }, used));
    // Some objects take milliseconds each, and the lease has to be renewed while a thousand of them are looked at.
    if (performance.now() - began < longestMs) continue;
    await new Promise((resolve) => setImmediate(resolve));
    began = performance.now();
  }
  return problems;
}

/** So long nothing else has its turn. */
const longestMs = 50;

/** An object as it will be: live, with the values that are wished. */
function asWished({ wish, live }: ObjectState): JsonObject {
  return wish.fields.reduce<JsonObject>(
    (object, field) => ('value' in field ? setAt(object, field.path, field.value) : object),
    isObject(live) ? live : {},
  );
}
