import type { WriteOrder } from '../model/contracts.ts';
import { isObject, type Json } from '../model/json.ts';
import type { Change } from '../model/plan.ts';
import { getAt } from '../model/pointer.ts';
import { holds } from './compared.ts';
import type { ObjectState } from './state.ts';

/** A change as its object's type is to write it. */
export function orderOf(
  change: Change,
  state: ObjectState,
  { leavesDrift, byHand }: { leavesDrift: boolean; byHand: boolean },
): WriteOrder {
  return {
    action: change.action,
    object: change.object,
    fields: change.fields.map(({ path, to }) => ({ path, value: to as never })),
    wished: wishedOf(change, state),
    directives: change.directives ?? {},
    defaults: change.action === 'create' ? state.wish.onCreate : [],
    ...(change.base === undefined ? {} : { base: change.base }),
    ...(state.live === undefined ? {} : { live: state.live }),
    ...(leavesDrift ? { leavesDrift } : {}),
    ...(byHand ? { byHand } : {}),
  };
}

/**
 * All that is wished, with what the change found out of references since. A wish that is held back (its resource rests) is
 * not among the change's fields though live differs from it: there, what is live stays.
 */
function wishedOf({ fields }: Change, state: ObjectState): WriteOrder['wished'] {
  const found = new Map(fields.map(({ path, to }) => [path, to as Json]));
  return state.wish.fields.flatMap((field) => {
    const { path } = field;
    const wished = found.get(path) ?? ('value' in field ? field.value : undefined);
    if (wished === undefined) return [];
    const live = isObject(state.live) ? getAt(state.live, path) : undefined;
    const isHeld = isObject(state.live) && !found.has(path) && !holds(state, path, wished, live);
    return [{ path, value: isHeld ? (live ?? null) : wished }];
  });
}
