import { isObject, type Json } from '../../../model/json.ts';
import { formatPointer, getAt } from '../../../model/pointer.ts';
import { nameOf } from '../compare/align.ts';
import { type Rule, sameItem } from '../compare/conform.ts';
import { atPath, type ListItem, type Path, type Taken } from './patch.ts';

/** What only live has; with `item` where it is one of a list by itself. */
export interface Came {
  taken: Taken;
  livePath: Path;
  item?: ListItem;
}

/** An item that its list in the file no longer has. */
export interface Gone {
  want: Json;
  key: string;
  exact: boolean;
}

interface Moves {
  came: readonly Came[];
  went: readonly Gone[];
  rule: Rule;
}

/** Where the item is now. Of several of its name, the one that is the same: else nobody knows which is which. */
export function placeOf(from: Gone, work: Moves, live: Json): { came: Came; at: Path } | undefined {
  const places = namesakes(from.want, work, live);
  const others = work.went.filter(({ want }) => mayBe(from.want, want) && mayBe(want, from.want));
  if (places.length === 1 && others.length === 1 && nameOf(from.want).name !== '') return places[0];
  const isSame = (want: Json, at: Path): boolean => sameItem(want, atPath(live, at), work.rule, from.key, from.exact);
  const same = places.filter(({ at }) => isSame(from.want, at));
  const [only] = same;
  const isOnly = same.length === 1 && others.filter(({ want }) => isSame(want, only!.at)).length === 1;
  return isOnly ? only : undefined;
}

/** Where in what only live has an item of this kind and name stands. */
export function namesakes(want: Json, { came }: Pick<Moves, 'came'>, tree: Json): { came: Came; at: Path }[] {
  const found: { came: Came; at: Path }[] = [];
  const walk = (value: Json, at: Path, one: Came): void => {
    if (one.taken.holes.some((hole) => isAt(hole.at, at.slice(one.livePath.length)))) return;
    const isItem = typeof at.at(-1) === 'number' && (at.length > one.livePath.length || one.item !== undefined);
    if (isItem && mayBe(want, value)) found.push({ came: one, at });
    if (Array.isArray(value)) for (const [i, child] of value.entries()) walk(child, [...at, i], one);
    else if (isObject(value)) for (const [key, child] of Object.entries(value)) walk(child, [...at, key], one);
  };
  // Where timeouts were taken nothing stands in the canonical form.
  for (const one of came) walk(getAt(tree, formatPointer(one.livePath)) ?? null, one.livePath, one);
  return found;
}

function isAt(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

/** A step without a name of its own has got one from Genesys. */
function mayBe(want: Json, live: Json): boolean {
  const [one, other] = [nameOf(want), nameOf(live)];
  return one.kind !== '' && one.kind === other.kind && (one.name === '' || one.name === other.name);
}
