import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import type { Difference } from '../../../model/plan.ts';
import type { FlowFile } from '../model.ts';
import { align } from './align.ts';
import { canonical } from './canonical.ts';
import { areAlternatives, isExact, isUnset, mayLack, type Rule, sameItem, sameScalar } from './conform.ts';
import { below, item, labelsOf, type Place, said, short, shortPair, top } from './naming.ts';

/** No plan shows more of one flow; the last one says how many there are besides. */
const most = 200;
const mostExtras = 50;

interface Run extends Rule {
  labels: { want: Map<Json, string>; live: Map<Json, string> };
  found: Difference[];
  extras: string[];
  count: number;
  extraCount: number;
}

/** All that a whole comparison of two flows shows, as what it takes to come from the one to the other. */
export function drift(from: FlowFile, to: FlowFile): Difference[] {
  const [live, want] = [canonical(from), canonical(to)];
  return want.digest === live.digest ? [] : bounded(run(true, want.tree, live.tree));
}

/**
 * Where live does not have what the file declares: keys that are declared, lists whole. Keys that only live has are
 * extras and no difference, save those that `before` (the text that was published last) declared. From live to wanted.
 */
export function declared(wanted: FlowFile, live: FlowFile, before?: FlowFile): Difference[] {
  return bounded(run(false, canonical(wanted).tree, canonical(live).tree, before && canonical(before).tree));
}

/** Both at once, of flows that meet for the first time: what is declared and not live, and what only live has. */
export function meeting(wanted: FlowFile, live: FlowFile): { found: Difference[]; extras: string[] } {
  const met = run(false, canonical(wanted).tree, canonical(live).tree);
  const { extras, extraCount } = met;
  const more = extraCount > extras.length ? [`and ${extraCount - extras.length} more`] : [];
  return { found: bounded(met), extras: [...extras, ...more] };
}

/** What live has and the file does not speak of, for people: a bounded list. */
export function unmanaged(wanted: FlowFile, live: FlowFile): string[] {
  return meeting(wanted, live).extras;
}

function run(whole: boolean, want: JsonObject, live: JsonObject, before?: JsonObject): Run {
  const labels = { want: labelsOf(want), live: labelsOf(live) };
  const state: Run = { whole, seen: new WeakMap(), labels, found: [], extras: [], count: 0, extraCount: 0 };
  // Below the type, which people know; two types would be an alternative as a whole.
  const type = Object.keys(want)[0] ?? '';
  if (Object.hasOwn(live, type)) compare(want[type]!, live[type]!, before?.[type], top, state);
  else report(state, top, live, want);
  return state;
}

function bounded({ found, count }: Run): Difference[] {
  if (count <= most) return found;
  return [...found.slice(0, most - 1), { at: `and ${count - most + 1} more differences` }];
}

function report(state: Run, place: Place, from: Json | undefined, to: Json | undefined, isItem = false): void {
  if (++state.count > most) return;
  const scalar = [from, to].every((value) => typeof value !== 'object' || value === null);
  const at = said(place, scalar) || 'the flow';
  if (from !== undefined && to !== undefined) {
    const [was, is] = shortPair(from, to);
    state.found.push({ at, from: was, to: is });
  } else if (from !== undefined) state.found.push({ at, from: short(from, isItem) });
  else if (to !== undefined) state.found.push({ at, to: short(to, isItem) });
}

function compare(want: Json, live: Json, before: Json | undefined, place: Place, state: Run, exact = false): void {
  if (want === live) return;
  if (!state.whole && isUnset(want) && isUnset(live)) return;
  if (Array.isArray(want) && Array.isArray(live)) compareLists(want, live, before, place, state, exact);
  else if (isObject(want) && isObject(live) && !areAlternatives(want, live, place.key)) {
    compareMaps(want, live, before, place, state, exact);
  } else if (isObject(want) || isObject(live) || state.whole || !sameScalar(want, live, exact)) {
    report(state, place, live, want);
  }
}

function compareMaps(
  want: JsonObject,
  live: JsonObject,
  before: Json | undefined,
  place: Place,
  state: Run,
  exact: boolean,
): void {
  const earlier = isObject(before) ? before : {};
  for (const [key, value] of Object.entries(want)) {
    const at = below(place, key);
    if (Object.hasOwn(live, key)) {
      compare(
        value,
        live[key]!,
        Object.hasOwn(earlier, key) ? earlier[key] : undefined,
        at,
        state,
        exact || isExact(key),
      );
    } else if (state.whole || !mayLack(key, value, place.key)) report(state, at, undefined, value);
  }
  for (const [key, value] of Object.entries(live)) {
    if (Object.hasOwn(want, key)) continue;
    if (state.whole) report(state, below(place, key), value, undefined);
    else if (isUnset(value)) continue;
    else if (Object.hasOwn(earlier, key)) report(state, below(place, key), value, undefined);
    else if (++state.extraCount <= mostExtras) state.extras.push(said(below(place, key)));
  }
}

function compareLists(
  want: Json[],
  live: Json[],
  before: Json | undefined,
  place: Place,
  state: Run,
  exact: boolean,
): void {
  const pairs = align(want, live, (a, b) => sameItem(a, b, state, place.key, exact));
  const earlier = Array.isArray(before) ? counterparts(want, before, place.key, exact) : new Map<number, Json>();
  for (const pair of pairs) {
    const { labels } = state;
    const [wish, is] = [want[pair.want ?? -1], live[pair.live ?? -1]];
    if (wish === undefined || is === undefined) {
      const at =
        wish === undefined ? item(place, is!, pair.live!, labels.live) : item(place, wish, pair.want!, labels.want);
      report(state, at, is, wish, true);
      continue;
    }
    const at = item(place, wish, pair.want!, labels.want);
    // A neighbour that came or went moves nothing, though the order of the two may read otherwise.
    if (pair.moved && pair.live !== pair.want) report(state, at, `place ${pair.live! + 1}`, `place ${pair.want! + 1}`);
    const [inner, innerLive, innerBefore] = [wish, is, earlier.get(pair.want!)].map(bodyOf);
    compare(inner!, innerLive!, innerBefore, at, state, exact || isExact(at.key));
  }
}

/** The kind of an item is not worth a word of the path. Items of two kinds are never a pair. */
function bodyOf(value: Json | undefined): Json | undefined {
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  return keys.length === 1 && isObject(value[keys[0]!]) ? value[keys[0]!] : value;
}

/** The earlier form of each wanted item, where it had one. */
export function counterparts(want: Json[], before: Json[], key: string, exact: boolean): Map<number, Json> {
  const found = new Map<number, Json>();
  const rule: Rule = { whole: false, seen: new WeakMap() };
  for (const pair of align(want, before, (a, b) => sameItem(a, b, rule, key, exact))) {
    if (pair.want !== undefined && pair.live !== undefined) found.set(pair.want, before[pair.live]!);
  }
  return found;
}
