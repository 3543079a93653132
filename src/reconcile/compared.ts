import { satisfied } from '../model/compare.ts';
import type { AppliedField } from '../model/journal.ts';
import { equal, isObject, type Json, type JsonObject } from '../model/json.ts';
import type { Cause, Difference, FieldChange } from '../model/plan.ts';
import { getAt, type Pointer } from '../model/pointer.ts';
import { grafted } from './ignore.ts';
import type { ObjectState } from './state.ts';

type Known = Pick<ObjectState, 'type'> & {
  applied?: ObjectState['applied'] | undefined;
  wish?: ObjectState['wish'];
  ignored?: ObjectState['ignored'];
};

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
  const known = rememberedOf(state, path, live);
  return known?.rendered !== undefined && equal(known.wanted, wanted) && equal(known.rendered, live);
}

/** The ignored places in which live is not what their resource says. */
export function ignoredDifferences({ asked, wish, type, applied, live }: ObjectState): Pointer[] {
  if (!isObject(live)) return [];
  return wish.fields.flatMap(({ path, ignored }): Pointer[] => {
    const said = ignored === undefined ? undefined : asked?.fields.find((one) => one.path === path);
    if (said === undefined || !('value' in said)) return [];
    return holds({ type, applied }, path, said.value, getAt(live, path)) ? [] : [path];
  });
}

/** What was last wished of a field; what is ignored of it has moved with what is live. */
function rememberedOf(state: Known, path: Pointer, live: Json | undefined): AppliedField | undefined {
  const known = state.applied?.fields[path];
  if (known === undefined || state.ignored === undefined) return known;
  const field = state.wish?.fields.find((one) => one.path === path);
  return field === undefined ? known : grafted(known, field, live);
}

/**
 * Why a field changes: the wish is the one last applied, so live moved (drift); the wish is new and live is as we left it
 * (commit); or both moved. What follows another object moves for that one's reason, or by itself where nobody here moves
 * that one.
 */
function causeOf(
  state: ObjectState,
  { path, to }: FieldChange,
  live: JsonObject,
  followed: Cause | undefined,
): { cause: Cause; follows?: true } {
  const known = rememberedOf(state, path, getAt(live, path));
  if (known === undefined) return { cause: 'commit' };
  // What we left would do: so it is live that moved.
  if (holds(state, path, to as Json, known.rendered ?? known.wanted)) return { cause: 'drift' };
  const why = (known.follows === true ? followed : undefined) ?? 'commit';
  if (!holds(state, path, known.wanted, getAt(live, path))) return { cause: why === 'drift' ? 'drift' : 'both' };
  return { cause: why, ...(why === 'drift' ? { follows: true } : {}) };
}

/**
 * Fields with their causes. A change has the one that all its fields have, else `both`, and then each field tells its own.
 * `followed`: why what a field refers to is to change, where it refers to something.
 */
export function withCauses(
  state: ObjectState,
  fields: readonly { field: FieldChange; followed: Cause | undefined }[],
  live: JsonObject,
): { cause: Cause; fields: FieldChange[] } {
  const caused = fields.map(({ field, followed }) => ({ field, ...causeOf(state, field, live, followed) }));
  const all = new Set(caused.map(({ cause }) => cause));
  const one = all.size === 1;
  return {
    cause: one ? caused[0]!.cause : 'both',
    fields: caused.map(({ field, cause, follows }) => ({
      ...field,
      ...(follows === undefined ? {} : { follows }),
      ...(one ? {} : { cause }),
    })),
  };
}
