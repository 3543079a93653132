import { isObject, type Json, type JsonObject } from '../../../model/json.ts';

export type Path = readonly (string | number)[];

/** A value out of the live flow, in the words of the file: known when all parts of both have found each other. */
export interface Taken {
  value(): Json;
  /** Steps of the file that have gone into it. */
  holes: Hole[];
}

/** An item of a list within a taken value that is one of the file's; `at` is its path within the value. */
export interface Hole {
  at: Path;
  of: Path;
  patch?: Patch;
}

/** What has to become of one value of a flow's file, so that it says what is live. */
export type Patch = SetPatch | MapPatch | ListPatch;

export interface SetPatch {
  kind: 'set';
  value: Taken;
}

export interface MapPatch {
  kind: 'map';
  pairs: Map<string, Patch | 'removed'>;
  /** New keys; `after` is the key that they follow, the first place where there is none. */
  added: { key: string; value: Taken; after?: string }[];
  /** The only key of the map, under which another way of giving a value stands now: `lit` for `exp`. */
  renamed?: { key: string; to: string; value: Taken };
}

/** The items in their new order; what is not named goes. */
export interface ListPatch {
  kind: 'list';
  items: ListItem[];
}

/** An item of the file, of this list or moved here from another one, or one that only live has. */
export type ListItem = { of: Path; patch?: Patch } | { value: Taken };

/** The value as the patch makes it, as JSON; patches in `skip` are left out. `tree` is what paths of items lead into. */
export function patched(value: Json, patch: Patch | undefined, tree: Json, skip: ReadonlySet<Patch>): Json {
  if (patch === undefined || skip.has(patch)) return value;
  if (patch.kind === 'set') return filled(patch.value, tree, skip);
  if (patch.kind === 'list') {
    return patch.items.map((item) =>
      'of' in item ? patched(atPath(tree, item.of), item.patch, tree, skip) : filled(item.value, tree, skip),
    );
  }
  const result: JsonObject = {};
  for (const [key, child] of Object.entries(isObject(value) ? value : {})) {
    if (key === patch.renamed?.key) {
      result[patch.renamed.to] = filled(patch.renamed.value, tree, skip);
      continue;
    }
    const inner = patch.pairs.get(key);
    if (inner !== 'removed') result[key] = patched(child, inner, tree, skip);
  }
  for (const { key, value: added } of patch.added) result[key] = filled(added, tree, skip);
  return result;
}

/** The value with the file's own steps in their places. */
function filled({ value, holes }: Taken, tree: Json, skip: ReadonlySet<Patch>): Json {
  return withHoles(value(), holes, ({ of, patch }) => patched(atPath(tree, of), patch, tree, skip));
}

/** A copy of the value with something in the place of each of its holes. */
export function withHoles(value: Json, holes: readonly Hole[], put: (hole: Hole, index: number) => Json): Json {
  if (holes.length === 0) return value;
  const copy = structuredClone(value);
  for (const [i, hole] of holes.entries()) {
    const list = atPath(copy, hole.at.slice(0, -1)) as Json[];
    list[Number(hole.at.at(-1))] = put(hole, i);
  }
  return copy;
}

/** The value at the path, which is there. */
export function atPath(tree: Json, path: Path): Json {
  let at = tree;
  for (const part of path) at = (at as JsonObject)[part]!;
  return at;
}
