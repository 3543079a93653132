import { isObject, type Json } from '../../../model/json.ts';
import { anchors, heaviest } from './anchors.ts';
import { unwrap } from './parts.ts';

/** Places in the two lists; one of them is absent where an item has no counterpart. */
export interface Pair {
  want?: number;
  live?: number;
  /** True where both are there, in another order. */
  moved?: true;
}

/** More pairs of items than this are not weighed: lists that long and that different are compared by name. */
const mostCells = 250_000;

/**
 * Which items of two lists belong together, in the order of the wanted list: an item that was put in, taken out or moved
 * does not make everything after it differ. `same` says whether two items are to be taken as equal.
 */
export function align(want: readonly Json[], live: readonly Json[], same: (want: Json, live: Json) => boolean): Pair[] {
  let start = 0;
  const shorter = Math.min(want.length, live.length);
  while (start < shorter && same(want[start]!, live[start]!)) start++;
  let end = 0;
  while (end < shorter - start && same(want[want.length - 1 - end]!, live[live.length - 1 - end]!)) end++;
  const pairs: Pair[] = [];
  for (let i = 0; i < start; i++) pairs.push({ want: i, live: i });
  const middle = between(want.slice(start, want.length - end), live.slice(start, live.length - end), same);
  pairs.push(...shifted(middle, start, start));
  for (let i = end; i > 0; i--) pairs.push({ want: want.length - i, live: live.length - i });
  return pairs;
}

function shifted(pairs: Pair[], want: number, live: number): Pair[] {
  for (const pair of pairs) {
    if (pair.want !== undefined) pair.want += want;
    if (pair.live !== undefined) pair.live += live;
  }
  return pairs;
}

function between(want: readonly Json[], live: readonly Json[], same: (want: Json, live: Json) => boolean): Pair[] {
  const names = [want.map(nameOf), live.map(nameOf)] as const;
  const score = (w: number, l: number): number => {
    if (names[0][w]!.kind !== names[1][l]!.kind) return 0;
    if (same(want[w]!, live[l]!)) return 3;
    return names[0][w]!.name === names[1][l]!.name && isObject(want[w]!) ? 1 : 0;
  };
  const pairs: Pair[] = [];
  const fill = (row: number, column: number, rows: number, columns: number): void => {
    const [r, c] = [rows - row, columns - column];
    const own = (w: number, l: number): number => score(w + row, l + column);
    const heavy = r * c > mostCells;
    const part = heavy
      ? inTurn(names[0].slice(row, rows), names[1].slice(column, columns))
      : around(r, c, heaviest(r, c, own));
    pairs.push(...shifted(part, row, column));
  };
  let [row, column] = [0, 0];
  const fixed =
    want.length * live.length > mostCells ? anchors(want.length, live.length, (w, l) => score(w, l) === 3) : [];
  for (const [w, l] of fixed) {
    fill(row, column, w, l);
    pairs.push({ want: w, live: l });
    [row, column] = [w + 1, l + 1];
  }
  fill(row, column, want.length, live.length);
  return paired(pairs, names, score);
}

interface Name {
  kind: string;
  name: string;
}

/** What a person would recognise an item by. */
export function nameOf(item: Json): Name {
  const part = unwrap(item);
  if (part === undefined) return { kind: '', name: isObject(item) ? '' : String(item) };
  const { name, variable } = part.body;
  if (typeof name === 'string' || typeof name === 'number') return { kind: part.kind, name: String(name) };
  if (isObject(name) && typeof name['lit'] === 'string') return { kind: part.kind, name: name['lit'] };
  return { kind: part.kind, name: typeof variable === 'string' ? variable : '' };
}

/** All items of both lists, with those that belong together. */
function around(rows: number, columns: number, together: readonly [number, number][]): Pair[] {
  const pairs: Pair[] = [];
  let [row, column] = [0, 0];
  for (const [r, c] of [...together, [rows, columns] as const]) {
    while (column < c) pairs.push({ live: column++ });
    while (row < r) pairs.push({ want: row++ });
    if (r < rows && c < columns) pairs.push({ want: row++, live: column++ });
  }
  return pairs;
}

/** Items of one kind and name in their order, without weighing. */
function inTurn(want: readonly Name[], live: readonly Name[]): Pair[] {
  const places = new Map<string, number[]>();
  for (const [place, { kind, name }] of live.entries()) {
    const key = `${kind}\n${name}`;
    const list = places.get(key);
    if (list === undefined) places.set(key, [place]);
    else list.push(place);
  }
  const taken = new Map<string, number>();
  const used = new Set<number>();
  let last = -1;
  const pairs = want.map(({ kind, name }, i): Pair => {
    const key = `${kind}\n${name}`;
    const turn = taken.get(key) ?? 0;
    const place = places.get(key)?.[turn];
    if (place === undefined) return { want: i };
    taken.set(key, turn + 1);
    used.add(place);
    const moved = place < last;
    last = Math.max(last, place);
    return { want: i, live: place, ...(moved ? { moved } : {}) };
  });
  for (const place of live.keys()) if (!used.has(place)) pairs.push({ live: place });
  return pairs;
}

/** What is left over: an item that is in both lists has moved, and one in the place of another of its kind has changed. */
function paired(
  pairs: Pair[],
  [wantNames, liveNames]: readonly [readonly Name[], readonly Name[]],
  score: (want: number, live: number) => number,
): Pair[] {
  const spare = new Set(pairs.filter((pair) => pair.want === undefined));
  const lost = pairs.filter((pair) => pair.live === undefined && wantNames[pair.want!]!.name !== '');
  for (const least of lost.length * spare.size > mostCells ? [] : [3, 1]) {
    for (const pair of lost) {
      if (pair.live !== undefined) continue;
      const other = [...spare].find(({ live }) => score(pair.want!, live!) >= least);
      if (other === undefined) continue;
      spare.delete(other);
      pair.live = other.live!;
      pair.moved = true;
    }
  }
  let gap: { want: Pair[]; live: Pair[] } = { want: [], live: [] };
  const close = (): void => {
    for (const pair of gap.want) {
      const at = gap.live.findIndex(({ live }) => wantNames[pair.want!]!.kind === liveNames[live!]!.kind);
      const other = at < 0 ? undefined : gap.live.splice(at, 1)[0]!;
      if (other === undefined) continue;
      spare.delete(other);
      pair.live = other.live!;
    }
    gap = { want: [], live: [] };
  };
  for (const pair of pairs) {
    if (pair.want === undefined) {
      if (spare.has(pair)) gap.live.push(pair);
    } else if (pair.live === undefined) gap.want.push(pair);
    else if (pair.moved === undefined) close();
  }
  close();
  return pairs.filter((pair) => pair.want !== undefined || spare.has(pair));
}
