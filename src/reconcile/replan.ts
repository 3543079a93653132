import type { Index, ObjectType, Summary } from '../model/contracts.ts';
import type { Reader } from '../model/http.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import { type Change, calledOf, type Held, type Plan } from '../model/plan.ts';
import type { Vault } from '../model/seal.ts';
import { readSealed } from './read.ts';
import { composeState } from './review.ts';
import { type ObjectState, type Observed, type Orphan, objectKey, stateKey } from './state.ts';

/** What a change is about. An orphan has no wish of its own; deleting needs none. */
export function stateOf(
  { object, action, kind, name }: Change,
  states: ReadonlyMap<string, ObjectState>,
  orphans: readonly Orphan[],
  types: readonly ObjectType[],
): ObjectState {
  const state = states.get(objectKey(object));
  if (state !== undefined && action !== 'delete') return state;
  const orphan = orphans.find(({ entry }) => entry.type === object.type && entry.id === object.id);
  const type = types.find((one) => one.type === object.type)!;
  const by = `${kind}/${name}`;
  const wish = {
    type: object.type,
    key: object.key,
    name: calledOf(object),
    by: [by],
    fields: [],
    onCreate: [],
    uses: [],
    directives: {},
    problems: [],
  };
  return { wish, type, ...(orphan === undefined ? {} : { inventory: orphan.entry, summary: orphan.summary }) };
}

/** One object observed and planned anew after it moved, through the same planner and policy. */
export async function replan(
  change: Change,
  states: Map<string, ObjectState>,
  {
    types,
    reader,
    vault,
    index,
    referred,
  }: { types: readonly ObjectType[]; reader: Reader; vault: Vault; index: Index } & Pick<Observed, 'referred'>,
  planAgain: (observed: Observed) => Promise<Plan>,
): Promise<Change | Held | undefined> {
  const type = types.find((one) => one.type === change.object.type)!;
  const { id } = change.object;
  const live =
    id === undefined
      ? undefined
      : await readSealed(type, lookOf(id, states.get(objectKey(change.object))), reader, vault);
  // Nobody wishes what is to be deleted, so there is nothing to compare: it is gone, or it is deleted again.
  if (change.action === 'delete') return live === undefined ? undefined : change;
  const state = states.get(objectKey(change.object))!;
  const { live: _before, summary: _summary, asked: _asked, ...rest } = state;
  const { id: _id, ...wish } = state.asked ?? state.wish;
  const now = composeState(live === undefined ? { ...rest, wish } : { ...state, live }, index);
  states.set(objectKey(now.wish), now);
  const gone: Held = { ...change, reason: 'Gone', message: 'it was deleted meanwhile, and no document owns it' };
  if (live === undefined && now.wish.owner === undefined) return gone;
  const again = await planAgain({
    objects: [now],
    orphans: [],
    vanished: [],
    problems: [],
    warnings: [],
    referred: referencesOf(now, states, referred),
  });
  const problem = again.problems[0];
  if (problem !== undefined) return { ...change, reason: 'ReconciliationFailed', message: problem.message };
  if (again.unchanged.length > 0) return undefined;
  return again.changes[0] ?? again.held[0] ?? gone;
}

/** What its list told that is not about its version, for a read to go by. */
function lookOf(id: string, state: ObjectState | undefined): Pick<Summary, 'id'> & Partial<Summary> {
  const { attributes } = state?.summary ?? {};
  return { id, ...(attributes === undefined ? {} : { attributes }) };
}

/** An object as it became by its change, in the place of what it was: who refers to it may be planned anew. */
export function became(states: Map<string, ObjectState>, { object }: Change, id: string, live: JsonObject): void {
  const key = objectKey(object);
  const state = states.get(key);
  if (state !== undefined) states.set(key, { ...state, live, wish: { ...state.wish, id } });
}

/** What the wishes of one object refer to, as it is by now. */
function referencesOf(
  { wish }: ObjectState,
  states: ReadonlyMap<string, ObjectState>,
  referred: Observed['referred'],
): Map<string, JsonObject | 'unclear'> {
  const found = new Map(referred);
  for (const field of wish.fields) {
    if (!('ref' in field)) continue;
    const { type, key } = field.ref;
    const other = [...states.values()].find((one) => one.wish.type === type && one.wish.key === key);
    if (other?.wish.id !== undefined && isObject(other.live)) {
      found.set(stateKey(type, key), { id: other.wish.id, ...other.live });
    }
  }
  return found;
}
