import type { Composed, ComposedField } from '../model/compose.ts';
import type { ObjectType } from '../model/contracts.ts';
import type { AppliedField } from '../model/journal.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { formatPointer, getAt, type Pointer, parsePointer } from '../model/pointer.ts';
import type { Problem } from '../model/problem.ts';
import type { Resource, ResourceId } from '../model/resource.ts';
import { resourceId } from '../model/resource.ts';
import type { ObjectState } from './state.ts';

const annotation = 'genesys-gitops/ignore-fields';

/** The places of objects that each resource wants left as they are live. */
export type Ignored = ReadonlyMap<ResourceId, readonly Pointer[]>;

export function ignoredBy(resources: readonly Resource[]): Ignored {
  return new Map(
    resources.flatMap((resource) => {
      const lines = resource.annotations[annotation];
      return lines === undefined ? [] : [[resourceId(resource), lines.split('\n')] as const];
    }),
  );
}

/**
 * The wishes with what is live at every ignored place, so that there is nothing to compare and a write leaves it as it is.
 * A field that is more than a value (a flow's text) is not wished at all where it is ignored: nobody edits it then.
 */
export function withoutIgnored(wish: Composed, type: ObjectType, live: JsonObject, ignored: Ignored): Composed {
  if (!wish.by.some((by) => ignored.has(by))) return wish;
  const fields = wish.fields.flatMap((field): ComposedField[] => {
    const places = placesIn(field, type, ignored.get(field.by) ?? []);
    if (places.length === 0) return [field];
    const now = getAt(live, field.path);
    if (isWhole(field, places)) {
      if ('value' in field && isMore(field, type)) return [];
      const { path, by, at, title } = field;
      const known = { ...(at === undefined ? {} : { at }), ...(title === undefined ? {} : { title }) };
      return [{ path, by, ...known, value: now ?? null, ignored: places }];
    }
    if (!('value' in field)) return [field];
    return [{ ...field, value: graft(field.value, now, below(field.path, places)), ignored: places }];
  });
  return { ...wish, fields };
}

/** What was remembered of a field, with what is live at its ignored places: as if it had been remembered just now. */
export function grafted(
  known: AppliedField,
  { path, ignored }: Pick<ComposedField, 'path' | 'ignored'>,
  live: Json | undefined,
): AppliedField {
  if (ignored === undefined || isWhole({ path }, ignored)) return known;
  const places = below(path, ignored);
  const { wanted, rendered } = known;
  return {
    ...known,
    wanted: graft(wanted, live, places),
    ...(rendered === undefined ? {} : { rendered: graft(rendered, live, places) }),
  };
}

/** Places that meet nothing of what their resource wishes: a slip of the pen, or a part of what goes only as a whole. */
export function unknownIgnored(states: readonly ObjectState[], resources: readonly Resource[]): Problem[] {
  const all = ignoredBy(resources);
  if (all.size === 0) return [];
  return [...all].flatMap(([by, places]) => {
    const about = states.filter(({ wish }) => wish.by.includes(by));
    if (about.length === 0 || about.some(({ wish }) => wish.problems.some(({ resource }) => resource === by)))
      return [];
    return places.flatMap((place, i): Problem[] => {
      const own = about.flatMap(({ wish, asked, type }) => {
        // What its type finished, and what is left of the wish after that: an ignored field may be gone from it.
        const fields = [...wish.fields, ...(asked?.fields ?? [])].filter((field) => field.by === by);
        return fields.map((field) => ({ field, type }));
      });
      const met = own.filter(({ field }) => isAt(place, field.path) || isAt(field.path, place));
      if (met.some(({ field, type }) => placesIn(field, type, [place]).length > 0)) return [];
      const [one] = met;
      const why =
        one === undefined
          ? 'is no place that this document sets, so there is nothing to ignore'
          : `is a part of ${one.field.path}, which is compared and written only as a whole; ignore all of it`;
      const at = formatPointer(['metadata', 'annotations', annotation, i]);
      return [{ code: 'ignored-field-unknown', message: `${place} ${why}`, resource: by, pointer: at }];
    });
  });
}

/** Those of the places that concern a field: at or above it, or below it where it is a plain value. */
function placesIn(field: ComposedField, type: ObjectType, places: readonly Pointer[]): Pointer[] {
  return places.filter((place) => {
    if (isAt(field.path, place)) return true;
    return isAt(place, field.path) && 'value' in field && !isMore(field, type);
  });
}

/** Whether a place is another one, or below it. */
function isAt(place: Pointer, other: Pointer): boolean {
  return place === other || place.startsWith(`${other}/`);
}

function isWhole({ path }: { path: Pointer }, places: readonly Pointer[]): boolean {
  return places.some((place) => isAt(path, place));
}

/** A field of many places (a whole file, a reference with its name): its type alone says what is in it. */
function isMore({ path, value }: { path: Pointer; value: Json }, type: ObjectType): boolean {
  return isObject(value) && type.differences?.(path, { wanted: value, live: value }) !== undefined;
}

function below(path: Pointer, places: readonly Pointer[]): string[][] {
  return places.map((place) => parsePointer(place.slice(path.length)));
}

/** A value with what is live at these places: it is taken over, or left out where nothing is there. */
function graft(value: Json, live: Json | undefined, places: readonly (readonly string[])[]): Json {
  return places.reduce<Json>((result, parts) => graftOne(result, live, parts), value);
}

function graftOne(value: Json, live: Json | undefined, [part, ...rest]: readonly string[]): Json {
  if (part === undefined) return value;
  if (Array.isArray(value)) {
    const i = Number(part);
    const now = Array.isArray(live) ? live[i] : undefined;
    if (now === undefined || !(i in value)) return value;
    return value.map((item, j) => (j !== i ? item : rest.length === 0 ? now : graftOne(item, now, rest)));
  }
  const now = isObject(live) && Object.hasOwn(live, part) ? live[part] : undefined;
  if (value !== null && !isObject(value)) return value;
  const own = value !== null && Object.hasOwn(value, part) ? value[part] : undefined;
  if (rest.length > 0) {
    if (own === undefined && now === undefined) return value;
    const next = graftOne(own ?? null, now, rest);
    return next === null && own === undefined ? value : { ...value, [part]: next };
  }
  if (now !== undefined) return { ...value, [part]: now };
  if (own === undefined || value === null) return value;
  const { [part]: _gone, ...left } = value;
  return left;
}
