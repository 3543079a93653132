import { isObject, type Json, stable } from '../model/json.ts';
import type { Difference } from '../model/plan.ts';
import { dotted, formatPointer } from '../model/pointer.ts';
import { isSealed } from '../model/seal.ts';
import { type Paint, safe, safeLines } from './text.ts';

const longest = 160;

/** One value on one line: JSON, cut where it is long. */
export function inline(value: Json | undefined): string {
  if (value === undefined) return '(none)';
  if (isObject(value) && isObject(value['knownAfterApply'])) return '(known after apply)';
  const text = safe(isSealed(value) ? String(value) : JSON.stringify(value));
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/**
 * What changes between two values, as people read it: nested values by the paths that differ, texts of several lines
 * by their lines, everything else as `from → to`.
 */
export function renderDifference(path: string, from: Json | undefined, to: Json, paint: Paint): string[] {
  if (isObject(from) && isObject(to) && !isObject(to['knownAfterApply'])) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    const differing = keys.filter((key) => stable(from[key] ?? null) !== stable(to[key] ?? null));
    return differing.flatMap((key) => {
      const child = `${path}${formatPointer([key])}`;
      const next = to[key];
      if (next === undefined)
        return [`${safe(dotted(child))}: ${paint('red', inline(from[key]))} → ${paint('dim', '(removed)')}`];
      return renderDifference(child, from[key], next, paint);
    });
  }
  const name = safe(dotted(path));
  if (typeof from === 'string' && typeof to === 'string' && (from.includes('\n') || to.includes('\n'))) {
    return [`${name}:`, ...renderLines(from, to, paint)];
  }
  if (from === undefined) return [`${name}: ${paint('green', inline(to))}`];
  return [
    `${name}: ${paint('red', inline(from))} → ${to === null ? paint('dim', '(cleared)') : paint('green', inline(to))}`,
  ];
}

/** The places at which a field differs that is more than a value. One without either side only says something. */
export function renderParts(parts: readonly Difference[], paint: Paint): string[] {
  return parts.map(({ at, from, to }) => {
    const name = safe(at);
    if (from === undefined && to === undefined) return paint('dim', name);
    if (from === undefined) return `${name}: ${paint('green', inline(to))}`;
    return `${name}: ${paint('red', inline(from))} → ${to === undefined ? paint('dim', '(removed)') : paint('green', inline(to))}`;
  });
}

/** A new value: a map by its entries, so that a reviewer sees every header; a text of several lines by its lines. */
export function renderNew(path: string, value: Json, paint: Paint): string[] {
  const name = safe(dotted(path));
  if (isObject(value) && !isObject(value['knownAfterApply'])) {
    return Object.entries(value).map(
      ([key, child]) => `${safe(dotted(`${path}${formatPointer([key])}`))}: ${paint('green', inline(child))}`,
    );
  }
  if (typeof value !== 'string' || !value.includes('\n')) return [`${name}: ${paint('green', inline(value))}`];
  return [`${name}:`, ...value.split('\n').map((line) => paint('green', `  + ${safeLines(line)}`))];
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
