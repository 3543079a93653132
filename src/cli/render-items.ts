import { equal, isObject, type Json, type JsonObject } from '../model/json.ts';

/** One item of a list as it was and as it is to be; without `from` it is new, without `to` it goes. */
export interface Item {
  /** How a person finds it: its key, else its position, from 1. */
  label: string;
  from?: Json;
  to?: Json;
}

/** Fields by which people tell the items of a list from each other, the most telling first. */
const keys = ['language', 'key', 'name', 'id', 'type', 'eventName', 'selector'];
const longestLabel = 60;

export function isOfObjects(value: Json | undefined): value is Json[] {
  return Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null);
}

/** Lists of objects that have nothing but their key as lists of those. */
export function plainly(from: Json[], to: Json[] = []): [Json[], Json[]] {
  const all = [...from, ...to];
  const key = keys.find((one) => all.every((item) => isObject(item) && Object.keys(item).join() === one));
  if (key === undefined) return [from, to];
  const bare = (list: Json[]): Json[] => list.map((item) => (item as JsonObject)[key]!);
  return [bare(from), bare(to)];
}

/** Whether the items of a list go by a key: it says more than the list as a whole does. */
export function isKeyed(list: readonly Json[]): boolean {
  return keyOf([list]) !== undefined;
}

/** The items that differ. `moved` where those that are in both lists stand in another order. */
export function differingItems(from: readonly Json[], to: readonly Json[]): { items: Item[]; moved?: [Json, Json] } {
  const key = keyOf([from, to]);
  if (key === undefined) return { items: byPosition(from, to) };
  const [before, after] = [from, to].map((list) => new Map(list.map((item) => [labelIn(item, key), item])));
  const bare = barely([from, to], key);
  const labels = [...new Set([...before!.keys(), ...after!.keys()])];
  const items = labels.flatMap((label): Item[] => {
    const [a, b] = [before!.get(label), after!.get(label)];
    if (equal(a, b)) return [];
    const sides = { ...(a === undefined ? {} : { from: bare(a) }), ...(b === undefined ? {} : { to: bare(b) }) };
    return [{ label: short(label), ...sides }];
  });
  const [was, is] = [
    labels.filter((label) => before!.has(label) && after!.has(label)),
    [...after!.keys()].filter((label) => before!.has(label)),
  ];
  return equal(was, is) ? { items } : { items, moved: [was, is] };
}

/** What of a list of plain values goes and what is new; both empty where only the order is another. */
export function differingValues(from: readonly Json[], to: readonly Json[]): { gone: Json[]; made: Json[] } {
  const beyond = (list: readonly Json[], other: readonly Json[]): Json[] => {
    const left = new Map<Json, number>();
    for (const value of other) left.set(value, (left.get(value) ?? 0) + 1);
    return list.filter((value) => {
      const count = left.get(value) ?? 0;
      left.set(value, count - 1);
      return count <= 0;
    });
  };
  return { gone: beyond(from, to), made: beyond(to, from) };
}

/** Without what both lists begin and end with, so that one item more does not make all others differ. */
function byPosition(from: readonly Json[], to: readonly Json[]): Item[] {
  let start = 0;
  while (start < from.length && start < to.length && equal(from[start], to[start])) start++;
  let end = 0;
  while (end < from.length - start && end < to.length - start && equal(from.at(-1 - end), to.at(-1 - end))) end++;
  const many = Math.max(from.length, to.length) - end - start;
  return Array.from({ length: many }, (_, i): Item => {
    const at = start + i;
    const [a, b] = [at < from.length - end ? from[at] : undefined, at < to.length - end ? to[at] : undefined];
    return {
      label: String(at + 1),
      ...(a === undefined ? {} : { from: a }),
      ...(b === undefined ? {} : { to: b }),
    };
  }).filter(({ from: a, to: b }) => !equal(a, b));
}

/** The key that every item of the lists has, and none has twice. */
function keyOf(lists: readonly (readonly Json[])[]): string | undefined {
  return keys.find((key) =>
    lists.every((list) => {
      const labels = list.map((item) => labelIn(item, key));
      return !labels.includes('') && new Set(labels).size === list.length;
    }),
  );
}

function labelIn(item: Json, key: string): string {
  const label = isObject(item) && Object.hasOwn(item, key) ? item[key] : undefined;
  return typeof label === 'string' ? label : '';
}

/** An item without its key; where all have but one field beside it, and that is a text or a list, its value alone. */
function barely(lists: readonly (readonly Json[])[], key: string): (item: Json) => Json {
  const without = (item: Json): JsonObject => {
    const { [key]: _key, ...rest } = item as JsonObject;
    return rest;
  };
  const all = lists.flat().map(without);
  const fields = new Set(all.flatMap(Object.keys));
  const [only] = fields;
  const saysItself = (value: Json | undefined): boolean => typeof value === 'string' || Array.isArray(value);
  const isOnly = only !== undefined && fields.size === 1 && all.every((item) => saysItself(item[only]));
  return isOnly ? (item) => without(item)[only]! : without;
}

function short(label: string): string {
  return label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label;
}
