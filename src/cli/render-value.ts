import { isObject, type Json, stable } from '../model/json.ts';
import type { Difference, FieldChange } from '../model/plan.ts';
import { dotted } from '../model/pointer.ts';
import { isSealed } from '../model/seal.ts';
import { differingItems, differingValues, isKeyed, isOfObjects, plainly } from './render-items.ts';
import { type Paint, safe, safeLines } from './text.ts';

const longest = 160;
/** So much of what two long values have in common is shown before their difference. */
const around = 40;

/** One value on one line: JSON, cut where it is long. */
export function inline(value: Json | undefined): string {
  return value === undefined ? '(none)' : cut(whole(value));
}

function whole(value: Json): string {
  if (isObject(value) && isObject(value['knownAfterApply'])) return '(known after apply)';
  return safe(isSealed(value) ? String(value) : JSON.stringify(value));
}

function cut(text: string, start = 0): string {
  const shown = start === 0 ? text : `…${text.slice(start)}`;
  return shown.length > longest ? `${shown.slice(0, longest - 1)}…` : shown;
}

function isShort(value: Json): boolean {
  return whole(value).length <= longest;
}

/** The way to a value: how people read its pointer, and from the first list on each step by itself. */
type Place = readonly [string, ...string[]];

/**
 * What changes between two values, as people read it: nested values by the paths that differ, lists of objects by their
 * items, other lists by what goes and what is new, texts of several lines by their lines, everything else as `from → to`.
 */
export function renderDifference(field: Field, from: Json | undefined, to: Json, paint: Paint): string[] {
  return difference([titleOf(field)], from, to, paint);
}

type Field = Pick<FieldChange, 'path'> & { title?: string | undefined };

/** How people call a field: by its title, else by the way to it. */
export function titleOf({ path, title }: Field): string {
  return title ?? dotted(path);
}

function difference(at: Place, from: Json | undefined, to: Json, paint: Paint): string[] {
  if (from === undefined || (from === null && isOfObjects(to))) return added(at, to, paint);
  if (isObject(from) && isObject(to) && !isObject(to['knownAfterApply'])) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    const differing = keys.filter((key) => stable(from[key] ?? null) !== stable(to[key] ?? null));
    return differing.flatMap((key) => either(below(at, key), from[key], to[key], paint));
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    const [before, after] = plainly(from, to);
    return isOfObjects([...before, ...after]) ? items(at, before, after, paint) : values(at, before, after, paint);
  }
  const name = nameOf(at);
  if (typeof from === 'string' && typeof to === 'string' && (from.includes('\n') || to.includes('\n'))) {
    return [`${name}:`, ...renderLines(from, to, paint)];
  }
  return [
    `${name}: ${to === null ? `${paint('red', inline(from))} → ${paint('dim', '(cleared)')}` : fromTo(from, to, paint)}`,
  ];
}

function either(at: Place, from: Json | undefined, to: Json | undefined, paint: Paint): string[] {
  if (to !== undefined) return difference(at, from, to, paint);
  return leaves(at, from ?? null).map((leaf) => removed(nameOf(leaf.at), leaf.value, paint));
}

function removed(name: string, value: Json, paint: Paint): string {
  return `${name}: ${paint('red', inline(value))} → ${paint('dim', '(removed)')}`;
}

function items(at: Place, from: readonly Json[], to: readonly Json[], paint: Paint): string[] {
  const { items: differing, moved } = differingItems(from, to);
  const lines = differing.flatMap((item) => either([...at, item.label], item.from, item.to, paint));
  return moved === undefined ? lines : [...lines, `${nameOf(at)}, the order: ${fromTo(...moved, paint)}`];
}

function values(at: Place, from: readonly Json[], to: readonly Json[], paint: Paint): string[] {
  const { gone, made } = differingValues(from, to);
  const isNone = gone.length === 0 && made.length === 0;
  const isAll = gone.length === from.length && isShort([...from]) && isShort([...to]);
  if (isNone || isAll) return [`${nameOf(at)}: ${fromTo([...from], [...to], paint)}`];
  const told = [
    ...gone.map((value) => paint('red', `- ${inline(value)}`)),
    ...made.map((value) => paint('green', `+ ${inline(value)}`)),
  ];
  return [`${nameOf(at)}: ${told.join(', ')}`];
}

/** Both sides; of long ones what is around the place where they begin to differ, since their beginnings may be the same. */
function fromTo(from: Json, to: Json, paint: Paint): string {
  const [a, b] = [whole(from), whole(to)];
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  const start = Math.max(a.length, b.length) > longest && same > around ? same - around : 0;
  return `${paint('red', cut(a, start))} → ${paint('green', cut(b, start))}`;
}

/** The places at which a field differs that is more than a value. One without either side only says something. */
export function renderParts(parts: readonly Difference[], paint: Paint): string[] {
  return parts.map(({ at, from, to }) => {
    const name = safe(at);
    if (from === undefined && to === undefined) return paint('dim', name);
    if (from === undefined) return `${name}: ${paint('green', inline(to))}`;
    return to === undefined ? removed(name, from, paint) : `${name}: ${fromTo(from, to, paint)}`;
  });
}

/** A new value: a map by its entries, so that a reviewer sees every header; a text of several lines by its lines. */
export function renderNew(field: Field, value: Json, paint: Paint): string[] {
  const title = titleOf(field);
  const name = safe(title);
  if (typeof value === 'string' && value.includes('\n')) {
    return [`${name}:`, ...value.split('\n').map((line) => paint('green', `  + ${safeLines(line)}`))];
  }
  const entered = isObject(value) && !isObject(value['knownAfterApply']);
  const parts = entered ? Object.entries(value).map(([key, child]) => [below([title], key), child] as const) : [];
  return entered ? parts.flatMap(([at, child]) => added(at, child, paint)) : added([title], value, paint);
}

function added(at: Place, value: Json, paint: Paint): string[] {
  return leaves(at, value).map(({ at: leaf, value: part }) => `${nameOf(leaf)}: ${paint('green', inline(part))}`);
}

/** A value by what it is made of, where that is a list whose items go by a key, or that is too long for a line. */
function leaves(at: Place, value: Json): { at: Place; value: Json }[] {
  const [list] = plainly(Array.isArray(value) ? value : []);
  if (isOfObjects(list) && (isKeyed(list) || !isShort(value))) {
    return differingItems([], list).items.flatMap(({ label, to }) => leaves([...at, label], to ?? null));
  }
  // A map outside of lists is entered by who shows it, or stays whole.
  if (!isObject(value) || at.length === 1 || isShort(value)) return [{ at, value }];
  return Object.entries(value).flatMap(([key, child]) => leaves(below(at, key), child));
}

function below([first, ...rest]: Place, key: string): Place {
  return rest.length === 0 ? [`${first}.${key}`] : [first, ...rest, key];
}

function nameOf(at: Place): string {
  return safe(at.join(' › '));
}

/** The lines between what both texts begin and end with. */
function renderLines(from: string, to: string, paint: Paint): string[] {
  const before = from.split('\n');
  const after = to.split('\n');
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const shown = (lines: string[]): string[] => lines.slice(start, lines.length - end).map(safeLines);
  return [
    ...shown(before).map((line) => paint('red', `  - ${line}`)),
    ...shown(after).map((line) => paint('green', `  + ${line}`)),
  ];
}
