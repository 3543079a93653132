import type { ComposedField } from '../model/compose.ts';
import { isObject, type Json } from '../model/json.ts';
import type { Cause, Change, KnownAfterApply } from '../model/plan.ts';
import { getAt } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import { type ObjectState, type Observed, stateKey } from './state.ts';

/** A value, or why the reference leads nowhere. */
export interface Resolved {
  value?: Json | KnownAfterApply;
  /** The key of an object that has to be written first. */
  after?: string;
  /** Why that one is to change. */
  cause?: Cause;
  lost?: string;
  /** True where following the reference comes back to where it began. */
  circle?: boolean;
  /** True where it cannot be told now: what is there stays as it is. */
  stays?: boolean;
}

/** What became of planning one object, as far as who refers to it cares; `circle` where that is still under way. */
export type Visit = (state: ObjectState) => { change?: Change; problems?: Problem[] } | 'circle';

/** What references stand for: the live attribute, or a promise where this plan is about to change it. */
export function resolver({ objects, referred }: Observed, visit: Visit): (field: ComposedField) => Resolved {
  const byKey = new Map(objects.map((state) => [stateKey(state.wish.type, state.wish.key), state]));

  return (field) => {
    if ('value' in field) return { value: field.value };
    const { ref, attribute } = field;
    const key = stateKey(ref.type, ref.key);
    const state = byKey.get(key);
    if (state === undefined) {
      const other = referred?.get(key);
      if (other === 'unclear') return { lost: 'has a problem itself', stays: true };
      return found(getAt(other, `/${attribute}`));
    }
    // A document that cannot be told what is live of: who refers to it waits with that.
    if (state.blocked !== undefined) return { lost: 'cannot be read just now', stays: true };
    const visited = visit(state);
    if (visited === 'circle') return { lost: 'refers back to it', circle: true };
    const { change, problems = [] } = visited;
    if (change !== undefined && changes(change, attribute, state)) {
      return { value: { knownAfterApply: { ...ref, attribute } }, after: key, cause: change.cause };
    }
    const live = { id: state.wish.id ?? null, ...(isObject(state.live) ? state.live : {}) };
    const value = getAt(live, `/${attribute}`);
    if (value === undefined || value === null) {
      return { lost: problems.length > 0 ? 'has a problem itself' : 'is not there' };
    }
    // It is at what is wished of it: it was we who moved it, in an earlier run.
    return { value, ...(change === undefined ? { cause: 'commit' } : { after: key, cause: change.cause }) };
  };
}

function found(value: Json | undefined): Resolved {
  return value === undefined || value === null ? { lost: 'is not there' } : { value };
}

function changes({ action, fields }: Change, attribute: string, { type }: ObjectState): boolean {
  if (action === 'create' || type.movesOnWrite?.includes(attribute) === true) return true;
  return fields.some(({ path }) => path === `/${attribute}`);
}
