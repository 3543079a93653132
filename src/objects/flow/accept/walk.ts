import { equal, isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { formatPointer, getAt } from '../../../model/pointer.ts';
import { align } from '../compare/align.ts';
import { canonical } from '../compare/canonical.ts';
import { areAlternatives, isExact, isUnset, mayLack, type Rule, sameItem, sameScalar } from '../compare/conform.ts';
import { counterparts } from '../compare/differences.ts';
import { isPart, partsOf } from '../compare/parts.ts';
import type { FlowFile } from '../model.ts';
import { durationOf } from '../yaml/duration.ts';
import { type Came, namesakes, placeOf } from './moves.ts';
import { atPath, type ListItem, type MapPatch, type Patch, type Path, type Taken } from './patch.ts';
import { type References, references } from './references.ts';

/** What is compared, and what of it may be accepted. */
export interface Sides {
  file: FlowFile;
  live: FlowFile;
  /** What Genesys made of the file, where that is known: what live has beyond the file and this is somebody's. */
  left?: FlowFile;
  /** False where only timeouts moved. */
  content: boolean;
  /** Pointers, in the file, of the calls whose timeouts are accepted. */
  timeouts: ReadonlySet<string>;
}

export interface Walked {
  patch?: Patch;
  /** Places that Genesys had filled in and that live no longer has: no file can say so. */
  lost: Path[];
  /** Items that only the file has; `doubtful`: they may stand elsewhere now, and cannot be told from others of their name. */
  went: { path: Path; doubtful: boolean }[];
  /** What only live has, as its own values. */
  came: Json[];
}

interface Work extends Sides {
  rule: Rule;
  references: References;
  lost: Path[];
  /** What only live has, with `item` where it is one of a list by itself; and what of lists only the file has. */
  came: Came[];
  went: Spot[];
}

/** One place of both flows. Without `in*` values are canonical, the others as they are written. */
interface Spot {
  want: Json;
  left?: Json | undefined;
  path: Path;
  livePath: Path;
  key: string;
  exact: boolean;
}

/**
 * What has to be edited in the file so that it declares what is live: where a comparison of the two finds a difference
 * (compare/differences.ts), and where live has moved away from what Genesys had made of the file.
 */
export function walkBoth(sides: Sides): Walked {
  const { file, live, left } = sides;
  const parts = [file, live].map((flow) => ({ flow, parts: partsOf(flow.tree, true) }));
  const work: Work = {
    ...sides,
    rule: { whole: false, seen: new WeakMap() },
    references: references(parts[0]!, parts[1]!),
    lost: [],
    came: [],
    went: [],
  };
  const [want, now] = [canonical(file).tree, canonical(live).tree];
  const spot: Spot = {
    want,
    ...(left === undefined ? {} : { left: canonical(left).tree }),
    path: [],
    livePath: [],
    key: '',
    exact: false,
  };
  const patch = compare(spot, now, work);
  if (sides.content) rejoin(work, now);
  return {
    ...(patch === undefined ? {} : { patch }),
    lost: work.lost,
    went: work.went.map(({ want, path }) => ({ path, doubtful: namesakes(want, work, now).length > 0 })),
    came: work.came.map(({ livePath }) => getAt(live.tree, formatPointer(livePath)) ?? null),
  };
}

function compare(spot: Spot, live: Json, work: Work): Patch | undefined {
  const { want, path, livePath } = spot;
  if (isPart(path)) work.references.partner(livePath, path);
  if (want === live || (isUnset(want) && isUnset(live))) return undefined;
  if (Array.isArray(want) && Array.isArray(live)) return lists(spot, want, live, work);
  if (isObject(want) && isObject(live) && !areAlternatives(want, live, spot.key)) return maps(spot, want, live, work);
  if (!work.content) return undefined;
  if (!isObject(want) && !isObject(live) && sameScalar(want, live, spot.exact)) return undefined;
  const [old, now] = [atPath(work.file.tree, path), atPath(work.live.tree, livePath)];
  return replaced(old, now, livePath, work);
}

/** Another way to give a value keeps its line where both ways are one key: `noValue: true` for `lit: 5`. */
function replaced(old: Json, now: Json, livePath: Path, work: Work): Patch {
  const [keys, others] = [old, now].map((value) => (isObject(value) ? Object.keys(value) : []));
  const [key, to] = [keys![0], others![0]];
  if (key !== undefined && to !== undefined && key !== to && keys!.length === 1 && others!.length === 1) {
    return { kind: 'map', pairs: new Map(), added: [], renamed: { key, to, value: take([...livePath, to], work) } };
  }
  return { kind: 'set', value: take(livePath, work, old) };
}

function take(livePath: Path, work: Work, old?: Json): Taken {
  const taken: Taken = { value: () => work.references.taken(livePath, old), holes: [] };
  work.came.push({ taken, livePath });
  return taken;
}

function constant(value: () => Json): Taken {
  return { value, holes: [] };
}

function maps(spot: Spot, want: JsonObject, live: JsonObject, work: Work): Patch | undefined {
  const { path, livePath, left } = spot;
  const patch: MapPatch = { kind: 'map', pairs: new Map(), added: [] };
  const [old, now] = [atPath(work.file.tree, path), atPath(work.live.tree, livePath) as JsonObject];
  // Nothing set in it, and yet somebody took it out.
  const isGone = (key: string): boolean => isObject(left) && Object.hasOwn(left, key);
  for (const [key, value] of Object.entries(want)) {
    if (Object.hasOwn(live, key)) {
      const child = compare(below(spot, key, value), live[key]!, work);
      if (child !== undefined) patch.pairs.set(key, child);
    } else if (work.content && (isGone(key) || !mayLack(key, value, spot.key))) patch.pairs.set(key, 'removed');
  }
  const add = (key: string): void => {
    const after = Object.keys(now)
      .slice(0, Object.keys(now).indexOf(key))
      .findLast((one) => isObject(old) && Object.hasOwn(old, one));
    patch.added.push({ key, value: take([...livePath, key], work), ...(after === undefined ? {} : { after }) });
  };
  if (work.content && isObject(left)) {
    for (const key of Object.keys(live)) if (!Object.hasOwn(want, key) && moved(left[key], live[key]!)) add(key);
    for (const key of Object.keys(left)) {
      const isLost = !Object.hasOwn(want, key) && !Object.hasOwn(live, key) && !isUnset(left[key]);
      if (isLost) work.lost.push([...path, key]);
    }
  }
  if (isObject(old)) {
    const id = isPart(path) && old['refId'] === undefined ? work.references.wantedId(livePath) : undefined;
    if (id !== undefined && work.content) patch.added.push({ key: 'refId', value: constant(() => id), after: 'name' });
    timeout(spot, old, now, patch, add, work);
    // It says that a step has no properties.
    if (patch.added.length > 0 && old['none'] === true && !Object.hasOwn(want, 'none'))
      patch.pairs.set('none', 'removed');
  } else if (patch.added.length > 0) {
    // `- disconnect:` has nothing below it that could be edited.
    const all = () => Object.fromEntries(patch.added.map(({ key, value }) => [key, value.value()]));
    return { kind: 'set', value: constant(all) };
  }
  return patch.pairs.size + patch.added.length > 0 ? patch : undefined;
}

function moved(left: Json | undefined, live: Json): boolean {
  return left === undefined ? !isUnset(live) : !equal(left, live) && !(isUnset(left) && isUnset(live));
}

/** Timeouts of data-action calls are no part of the canonical form: they have fields of their own. */
function timeout(
  { path, livePath }: Spot,
  old: JsonObject,
  now: JsonObject,
  patch: MapPatch,
  add: (key: string) => void,
  work: Work,
): void {
  if (path.at(-1) !== 'callData' || !work.timeouts.has(formatPointer(path))) return;
  const [was, is] = [old['timeout'], now['timeout']];
  if (durationOf(was) === durationOf(is)) return;
  if (is === undefined) patch.pairs.set('timeout', 'removed');
  else if (was === undefined) add('timeout');
  else patch.pairs.set('timeout', exactly(was, is, [...livePath, 'timeout'], work));
}

/** From one small value to another, none of their keys being a default. */
function exactly(was: Json, is: Json, livePath: Path, work: Work): Patch {
  if (!isObject(was) || !isObject(is) || !Object.keys(is).some((key) => Object.hasOwn(was, key))) {
    return replaced(was, is, livePath, work);
  }
  const patch: MapPatch = { kind: 'map', pairs: new Map(), added: [] };
  for (const [key, value] of Object.entries(was)) {
    if (!Object.hasOwn(is, key)) patch.pairs.set(key, 'removed');
    else if (!equal(value, is[key]!)) patch.pairs.set(key, exactly(value, is[key]!, [...livePath, key], work));
  }
  for (const key of Object.keys(is)) {
    if (!Object.hasOwn(was, key)) patch.added.push({ key, value: take([...livePath, key], work) });
  }
  return patch;
}

function lists(spot: Spot, want: Json[], live: Json[], work: Work): Patch | undefined {
  const { key, exact, path, livePath } = spot;
  const pairs = align(want, live, (a, b) => sameItem(a, b, work.rule, key, exact));
  const left = Array.isArray(spot.left) ? counterparts(want, spot.left, key, exact) : new Map<number, Json>();
  const at = (i: number, l: number): Spot => ({
    want: want[i]!,
    left: left.get(i),
    path: [...path, i],
    livePath: [...livePath, l],
    key,
    exact,
  });
  const inLive: ListItem[] = [];
  const inFile: ListItem[] = want.map((_, i) => ({ of: [...path, i] }));
  for (const pair of pairs) {
    if (pair.live === undefined) work.went.push(at(pair.want!, 0));
    else if (pair.want === undefined) {
      const taken = take([...livePath, pair.live], work);
      const item: ListItem = { value: taken };
      inLive[pair.live] = item;
      work.came.at(-1)!.item = item;
    } else {
      const patch = compare(at(pair.want, pair.live), live[pair.live]!, work);
      const item: ListItem = { of: [...path, pair.want], ...(patch === undefined ? {} : { patch }) };
      inLive[pair.live] = item;
      inFile[pair.want] = item;
    }
  }
  const items = work.content ? inLive : inFile;
  const isSame =
    items.length === want.length && items.every((item, i) => 'of' in item && item.of.at(-1) === i && !item.patch);
  return isSame ? undefined : { kind: 'list', items };
}

/**
 * A step that left one list and came into another is the same step, with its comments and tokens: also where it came into
 * something that is new, a loop around it.
 */
function rejoin(work: Work, live: Json): void {
  for (let found = true; found; ) {
    found = false;
    for (const from of [...work.went]) {
      const place = placeOf(from, work, live);
      if (place === undefined) continue;
      const { came, at } = place;
      work.went.splice(work.went.indexOf(from), 1);
      const patch = compare({ ...from, livePath: at }, atPath(live, at), work);
      const own = { of: from.path, ...(patch === undefined ? {} : { patch }) };
      if (at.length > came.livePath.length) came.taken.holes.push({ at: at.slice(came.livePath.length), ...own });
      else {
        work.came.splice(work.came.indexOf(came), 1);
        Reflect.deleteProperty(Object.assign(came.item!, own), 'value');
      }
      found = true;
    }
  }
}

function below(spot: Spot, key: string, want: Json): Spot {
  const { left } = spot;
  return {
    want,
    left: isObject(left) && Object.hasOwn(left, key) ? left[key] : undefined,
    path: [...spot.path, key],
    livePath: [...spot.livePath, key],
    key,
    exact: spot.exact || isExact(key),
  };
}
