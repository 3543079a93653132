import { Failure } from '../model/failure.ts';
import type { JsonObject } from '../model/json.ts';
import type { Change, FieldChange } from '../model/plan.ts';
import { getAt } from '../model/pointer.ts';
import { stateKey } from './state.ts';

/** An object as it became, for those that refer to it. */
export type Ready = { id: string; live?: JsonObject };

/** Promises of the plan (`knownAfterApply`) become values once the object that they wait for is there. */
export async function fillReferences(
  change: Change,
  ready: ReadonlyMap<string, Promise<Ready | undefined>>,
): Promise<Change> {
  const fill = async (field: FieldChange): Promise<FieldChange> => {
    const { to } = field;
    if (to === null || typeof to !== 'object' || !('knownAfterApply' in to)) return field;
    const { type, key, attribute } = to.knownAfterApply as { type: string; key: string; attribute: string };
    const made = await ready.get(stateKey(type, key));
    const value = getAt({ ...made?.live, id: made?.id ?? null }, `/${attribute}`);
    if (value === undefined || value === null) {
      throw new Failure('DependencyNotReady', `${attribute} of ${type} "${key}" is still unknown`);
    }
    return { ...field, to: value };
  };
  return { ...change, fields: await Promise.all(change.fields.map(fill)) };
}
