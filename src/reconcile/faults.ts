import type { ComposedField } from '../model/compose.ts';
import type { Failure } from '../model/failure.ts';
import type { Fault } from '../model/plan.ts';
import { formatPointer, type Pointer } from '../model/pointer.ts';
import type { Place } from '../model/problem.ts';
import type { ResourceId } from '../model/resource.ts';
import type { ObjectState } from './state.ts';

export type PlaceOf = (by: ResourceId, pointer: Pointer) => Place | undefined;

/**
 * What Genesys found wrong with single fields of a body, each with the wish that set it: the one at its path, or the nearest
 * above it. What nobody wished (a default of ours, a field that was there) has no wish, and no place.
 */
export function faultsOf({ detail }: Failure, { wish, asked = wish }: ObjectState, placeOf?: PlaceOf): Fault[] {
  const fields = [...wish.fields, ...asked.fields];
  return (detail.fields ?? []).map(({ path, message }) => {
    const at = pointerTo(path);
    const field = nearest(at, fields);
    if (field === undefined) return { path, message };
    // Below its own place a document has what the body has.
    const pointer = field.at === undefined ? undefined : `${field.at}${at.slice(field.path.length)}`;
    const place = pointer === undefined ? undefined : placeOf?.(field.by, pointer);
    return {
      path,
      message,
      by: field.by,
      ...(pointer === undefined ? {} : { pointer }),
      ...(place === undefined ? {} : { place }),
    };
  });
}

/** `widget.rules[0].day` as a pointer. */
function pointerTo(path: string): Pointer {
  return formatPointer(
    path
      .replaceAll(/\[(\d+)\]/g, '.$1')
      .split('.')
      .filter((part) => part !== ''),
  );
}

function nearest(at: Pointer, fields: readonly ComposedField[]): ComposedField | undefined {
  const above = fields.filter(({ path }) => at === path || at.startsWith(`${path}/`));
  return above.reduce<ComposedField | undefined>(
    (found, field) => (found === undefined || field.path.length > found.path.length ? field : found),
    undefined,
  );
}
