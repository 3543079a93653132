import { satisfied } from '../model/compare.ts';
import { equal, isObject, type Json, type JsonObject } from '../model/json.ts';
import type { Cause, Difference, FieldChange } from '../model/plan.ts';
import { getAt, type Pointer } from '../model/pointer.ts';
import type { ObjectState } from './state.ts';

type Known = Pick<ObjectState, 'type'> & { applied?: ObjectState['applied'] | undefined };

/** Where live differs from the wish, for a field that is more than a value; undefined for every other. */
export function differencesAt(
  { type, applied }: Known,
  { path, title }: { path: Pointer; title?: string },
  wanted: Json,
  live: Json | undefined,
): Difference[] | undefined {
  // What is not known yet cannot be looked into.
  if (isObject(wanted) && isObject(wanted['knownAfterApply'])) return undefined;
  const known = applied?.fields[path];
  return type.differences?.(path, {
    wanted,
    ...(live === undefined ? {} : { live }),
    ...(known === undefined ? {} : { applied: known }),
    ...(title === undefined ? {} : { title }),
  });
}

/** Live is what is wished, or what the server is known to have made of exactly this wish. */
export function holds(state: Known, path: Pointer, wanted: Json, live: Json | undefined): boolean {
  const parts = differencesAt(state, { path }, wanted, live);
  if (parts !== undefined) return parts.length === 0;
  if (satisfied(wanted, live)) return true;
  const known = state.applied?.fields[path];
  return known?.rendered !== undefined && equal(known.wanted, wanted) && equal(known.rendered, live);
}

/**
 * Per field: the wish is the one last applied, so live moved (drift); the wish is new and live is as we left it (commit);
 * or both moved. What follows another object (`cause`) moves for that one's reason, or by itself where nobody here moves
 * that one. The change has the one cause that all its fields have, else `both`.
 */
export function causeOf(
  state: ObjectState,
  fields: readonly (FieldChange & { follows?: Cause })[],
  live: JsonObject,
): Cause {
  const causes = new Set(
    fields.map(({ path, to, follows }): Cause => {
      const known = state.applied?.fields[path];
      if (known === undefined) return 'commit';
      // What we left would do: so it is live that moved.
      if (holds(state, path, to as Json, known.rendered ?? known.wanted)) return 'drift';
      const why = (known.follows === true ? follows : undefined) ?? 'commit';
      if (holds(state, path, known.wanted, getAt(live, path))) return why;
      return why === 'drift' ? 'drift' : 'both';
    }),
  );
  return causes.size === 1 ? [...causes][0]! : 'both';
}
