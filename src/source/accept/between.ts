import { equal, isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Operation } from './edit.ts';

/** Fields by which the items of a list are known from each other, the most telling first. */
const keys = ['language', 'key', 'name', 'id', 'type', 'eventName', 'selector'];
/** Longer lists are not compared item by item. */
const mostPairs = 250_000;

/**
 * The least changes by which one value becomes another, to be made one after the other: what is alike is not touched, so
 * that its comments stay. `merged` where lists are only replaced, as in patches of environments.
 */
export function operationsBetween(
  from: Json | undefined,
  to: Json,
  at: readonly string[] = [],
  merged = false,
): Operation[] {
  if (from !== undefined && equal(from, to)) return [];
  if (isObject(from) && isObject(to)) return inMap(from, to, at, merged);
  if (Array.isArray(from) && Array.isArray(to) && to.length > 0 && from.length > 0) return inList(from, to, at);
  return [{ at, set: to }];
}

function inMap(from: JsonObject, to: JsonObject, at: readonly string[], merged: boolean): Operation[] {
  const kept = Object.keys(from).some((key) => Object.hasOwn(to, key));
  // Nothing of it stays, and a map without anything in it is written in another way.
  if (!kept && !merged) return [{ at, set: to }];
  const gone = Object.keys(from).filter((key) => !Object.hasOwn(to, key));
  return [
    ...Object.entries(to).flatMap(([key, value]) =>
      operationsBetween(Object.hasOwn(from, key) ? from[key] : undefined, value, [...at, key], merged),
    ),
    ...gone.map((key): Operation => ({ at: [...at, key], remove: true })),
  ];
}

/** From the end to the beginning, so that what is done to one item moves none that is still to come. */
function inList(from: readonly Json[], to: readonly Json[], at: readonly string[]): Operation[] {
  if (from.length * to.length > mostPairs) return [{ at, set: [...to] }];
  const operations: Operation[] = [];
  let [i, j] = [from.length, to.length];
  for (const [a, b] of [...pairsOf(from, to), [-1, -1] as const].sort(([x], [y]) => y - x)) {
    const alike = Math.min(i - a - 1, j - b - 1);
    // What is left between two pairs is replaced one by one; what is more on one side goes or is new.
    for (let n = i - a - 2; n >= alike; n--) operations.push({ at: [...at, String(a + 1 + n)], remove: true });
    for (let n = j - b - 2; n >= alike; n--)
      operations.push({ at: [...at, String(a + 1 + alike)], insert: to[b + 1 + n]! });
    for (let n = alike - 1; n >= 0; n--) {
      operations.push(...operationsBetween(from[a + 1 + n], to[b + 1 + n]!, [...at, String(a + 1 + n)]));
    }
    if (a >= 0) operations.push(...operationsBetween(from[a], to[b]!, [...at, String(a)]));
    [i, j] = [a, b];
  }
  return operations;
}

/** Items that are the same ones, in order: equal, or of one key. The longest such row. */
function pairsOf(from: readonly Json[], to: readonly Json[]): (readonly [number, number])[] {
  const key = keys.find((one) => [from, to].every((list) => isKeyed(list, one)));
  const same = (a: Json, b: Json): boolean =>
    key === undefined ? equal(a, b) : (a as JsonObject)[key] === (b as JsonObject)[key];
  const width = to.length + 1;
  const lengths = new Uint32Array((from.length + 1) * width);
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      lengths[i * width + j] = same(from[i]!, to[j]!)
        ? lengths[(i + 1) * width + j + 1]! + 1
        : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < from.length && j < to.length; ) {
    if (same(from[i]!, to[j]!)) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}

function isKeyed(list: readonly Json[], key: string): boolean {
  const labels = list.map((item) => (isObject(item) ? item[key] : undefined));
  return labels.every((label) => typeof label === 'string') && new Set(labels).size === list.length;
}
