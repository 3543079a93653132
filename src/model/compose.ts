import type { Check, Contribution, Field, Use } from './contracts.ts';
import type { Json, JsonObject } from './json.ts';
import type { Pointer } from './pointer.ts';
import type { Problem } from './problem.ts';
import type { ResourceId } from './resource.ts';

export type ComposedField = Field & {
  by: ResourceId;
  /** Places at or below it that follow what is live: who wishes it does not want them watched. */
  ignored?: readonly Pointer[];
};

/** All wishes for one object as one: each field with the resource that wants it. */
export interface Composed {
  type: string;
  key: string;
  name: string;
  id?: string;
  /** The resource that owns its existence, where one does. */
  owner?: ResourceId;
  /** Every resource that contributes, owner first, then by name. */
  by: ResourceId[];
  fields: ComposedField[];
  onCreate: { path: Pointer; value: Json }[];
  /** What the object uses by name. */
  uses: Use[];
  directives: JsonObject;
  /** What is expected of other objects, by whom. */
  checks?: (Check & { by: ResourceId })[];
  /** Where live can be read and differs, the object is held for this. */
  holds?: NonNullable<Contribution['holds']>;
  /** True where a write replaces all of it: no field of it can be left alone. */
  whole?: true;
  problems: Problem[];
  /** What the object's type found on the way, and what stops nothing. */
  warnings?: Problem[];
}

/** Whether any path is at, above or below another: most objects have no such pair, and are not searched for it. */
function anyOverlap(fields: readonly ComposedField[]): boolean {
  const paths = new Set(fields.map(({ path }) => path));
  if (paths.size < fields.length) return true;
  return fields.some(({ path }) => {
    for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
      if (paths.has(path.slice(0, end))) return true;
      if (end === 0) break;
    }
    return false;
  });
}

/** One path at, above or below another. */
function overlaps(a: Pointer, b: Pointer): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/**
 * Puts the contributions to one object together, whatever their order. Two wishes for one field (or for a field and
 * a part of it) are a problem of both, and neither is taken.
 */
export function compose(contributions: readonly Contribution[]): Composed {
  const ordered = [...contributions].sort((a, b) => Number(b.owns) - Number(a.owns) || (a.by < b.by ? -1 : 1));
  const first = ordered[0]!;
  const owner = ordered.find((one) => one.owns);
  const fields = ordered.flatMap((one) => one.fields.map((field): ComposedField => ({ ...field, by: one.by })));
  const colliding = anyOverlap(fields);
  const twice = (field: ComposedField): ComposedField[] =>
    colliding ? fields.filter((other) => other !== field && overlaps(other.path, field.path)) : [];

  const problems = fields.flatMap((field): Problem[] => {
    const others = twice(field);
    if (others.length === 0) return [];
    return [
      {
        code: 'field-owned-twice',
        message: `${field.path.slice(1).replaceAll('/', '.')} of "${first.target.name}" is also set by ${[...new Set(others.map((other) => other.by))].join(', ')}; a field has one owner`,
        resource: field.by,
      },
    ];
  });
  const id = ordered.find((one) => one.target.id !== undefined)?.target.id;
  const checks = ordered.flatMap((one) => (one.checks ?? []).map((check) => ({ ...check, by: one.by })));
  const holds = ordered.find((one) => one.holds !== undefined)?.holds;
  return {
    type: first.target.type,
    key: first.target.key,
    name: first.target.name,
    ...(id === undefined ? {} : { id }),
    ...(owner === undefined ? {} : { owner: owner.by }),
    by: [...new Set(ordered.map((one) => one.by))],
    fields: fields.filter((field) => twice(field).length === 0).sort((a, b) => (a.path < b.path ? -1 : 1)),
    onCreate: ordered.flatMap((one) => one.onCreate ?? []),
    uses: ordered.flatMap((one) => one.uses ?? []),
    // The owner's word goes before everybody's.
    directives: Object.assign({}, ...ordered.toReversed().map((one) => one.directives ?? {})),
    ...(checks.length === 0 ? {} : { checks }),
    ...(holds === undefined ? {} : { holds }),
    ...(ordered.some((one) => one.whole === true) ? { whole: true } : {}),
    problems: unique(problems),
  };
}

/** A resource that owns many fields of an object says once for each other owner that they collide. */
function unique(problems: readonly Problem[]): Problem[] {
  return problems.filter(
    (one, i) => problems.findIndex((p) => p.message === one.message && p.resource === one.resource) === i,
  );
}
