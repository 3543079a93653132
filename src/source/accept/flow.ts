import { isMap, type ParsedNode } from 'yaml';
import type { Json } from '../../model/json.ts';
import type { Operation, Place } from './edit.ts';
import { beginsLine, lineAfter, lineEnd, lineStart, newlineOf, type Splice } from './lines.ts';
import { type Collection, contentEnd, type Node, type Spot } from './nodes.ts';
import { inlinePair, inlineText, jsonText, type ScalarStyle, scalarText } from './render.ts';

/** Ways to make a change within `{}` or `[]`, JSON among them, the best first. */
export function* flowEdits(place: Place, operation: Operation, spot: Spot | undefined): Generator<Splice[]> {
  const parent = place.spot.node as Collection;
  const key = operation.at.at(-1)!;
  if ('set' in operation) {
    if (spot !== undefined) yield* replaced(place, spot, operation.set);
    else if (isMap(parent)) yield* inserted(place, parent, parent.items.length, { key, value: operation.set });
  } else if ('insert' in operation) {
    if (!isMap(parent)) yield* inserted(place, parent, Number(key), { value: operation.insert });
  } else if (spot !== undefined) yield* removed(place, parent, spot.index);
}

interface Range {
  from: number;
  to: number;
}

function rangesIn(parent: Collection): Range[] {
  if (!isMap(parent)) {
    return (parent.items as Node[]).map((item) => ({ from: item?.range[0] ?? 0, to: contentEnd(item, 0) }));
  }
  return parent.items.map(({ key, value }) => {
    const { range } = key as ParsedNode;
    return { from: range[0], to: contentEnd(value as Node, range[1]) };
  });
}

function* replaced({ text, style }: Place, { node }: Spot, value: Json): Generator<Splice[]> {
  if (node === null) return;
  const [from, to] = node.range;
  const isScalar = typeof value !== 'object' || value === null;
  const space = from === to ? ' ' : '';
  if (isScalar && !style.json) {
    const own = 'type' in node && typeof value === 'string' ? (node.type as ScalarStyle | undefined) : undefined;
    const quoted: ScalarStyle = style.singleQuotes ? 'QUOTE_SINGLE' : 'QUOTE_DOUBLE';
    const styles = typeof value === 'string' ? new Set([own ?? 'PLAIN', 'PLAIN' as const, quoted]) : ['PLAIN' as const];
    for (const wanted of styles) {
      yield [{ from, to, text: space + scalarText(value, wanted, style, true).head }];
    }
  }
  for (const lines of linesOf(value, { text, at: lineStart(text, from), style })) {
    yield [{ from, to, text: space + lines }];
  }
}

/** A value on one line; in JSON of several lines a collection on lines of its own. */
function* linesOf(
  value: Json,
  { text, at, style }: { text: string; at: number; style: Place['style'] },
): Generator<string> {
  if (style.json && text.includes('\n') && typeof value === 'object' && value !== null) {
    const indent = /^[ \t]*/.exec(text.slice(at))![0];
    const step = indent.includes('\t') ? '\t' : style.step;
    yield jsonText(value, step)
      .split('\n')
      .map((line, i) => (i === 0 ? line : indent + line))
      .join(newlineOf(text));
  }
  yield inlineText(value, style);
  yield jsonText(value);
}

function* inserted(
  place: Place,
  parent: Collection,
  index: number,
  { key, value }: { key?: string; value: Json },
): Generator<Splice[]> {
  const { text, style } = place;
  const ranges = rangesIn(parent);
  const newline = newlineOf(text);
  const [start, end] = parent.range;
  const [head] = key === undefined ? [''] : [style.json ? `${jsonText(key)}: ` : undefined];
  const first = ranges[0];
  const near = ranges[Math.max(0, index - 1)];
  const isTall = near !== undefined && beginsLine(text, near.from);
  const indent = isTall ? text.slice(lineStart(text, near.from), near.from) : '';
  const said = function* (at: number): Generator<string> {
    if (head === undefined) yield inlinePair(key!, value, style);
    else for (const lines of linesOf(value, { text, at, style })) yield head + lines;
  };
  if (near === undefined || first === undefined) {
    const outer = /^[ \t]*/.exec(text.slice(lineStart(text, start)))![0];
    const tall = style.json && text.includes('\n');
    const deeper = outer + (outer.includes('\t') ? '\t' : ' '.repeat(style.step));
    for (const one of said(lineStart(text, start))) {
      const raised = one.replaceAll(newline, newline + deeper.slice(outer.length));
      if (tall) yield [{ from: start + 1, to: end - 1, text: newline + deeper + raised + newline + outer }];
      const pad = style.padded && isMap(parent) ? ' ' : '';
      yield [{ from: start + 1, to: end - 1, text: pad + one + pad }];
    }
    return;
  }
  for (const one of said(lineStart(text, near.from))) {
    if (index === 0) {
      yield [{ from: first.from, to: first.from, text: one + (isTall ? `,${newline}${indent}` : ', ') }];
      continue;
    }
    const comma = commaAfter(text, near.to, end);
    const isLast = index === ranges.length;
    if (isTall && lineEnd(text, near.to) < end) {
      const after = lineAfter(text, comma ?? near.to);
      const ends = comma !== undefined ? ',' : '';
      const line = { from: after, to: after, text: indent + one + ends + newline };
      yield comma === undefined ? [{ from: near.to, to: near.to, text: ',' }, line] : [line];
    }
    if (comma === undefined) yield [{ from: near.to, to: near.to, text: `, ${one}` }];
    else yield [{ from: comma + 1, to: comma + 1, text: ` ${one}${isLast ? '' : ','}` }];
  }
}

/** The comma after an item, past comments; undefined where there is none before the end. */
function commaAfter(text: string, from: number, end: number): number | undefined {
  const found = /^(?:\s|#[^\n]*\n)*,/.exec(text.slice(from, end));
  return found === null ? undefined : from + found[0].length - 1;
}

function* removed({ text }: Place, parent: Collection, index: number): Generator<Splice[]> {
  const ranges = rangesIn(parent);
  const [start, end] = parent.range;
  const { from, to } = ranges[index]!;
  const [before, next] = [ranges[index - 1], ranges[index + 1]];
  if (before === undefined && next === undefined) {
    yield [{ from: start + 1, to: end - 1, text: '' }];
    return;
  }
  const comma = commaAfter(text, to, end);
  const after = comma === undefined ? to : comma + 1;
  if (beginsLine(text, from) && /^[ \t]*(#[^\n]*)?\r?\n/.test(text.slice(after))) {
    const lines = { from: lineStart(text, from), to: lineAfter(text, after), text: '' };
    const loose = next === undefined && comma === undefined ? commaAfter(text, before!.to, end) : undefined;
    yield loose === undefined ? [lines] : [{ from: loose, to: loose + 1, text: '' }, lines];
  }
  if (next !== undefined) yield [{ from, to: next.from, text: '' }];
  else yield [{ from: before!.to, to, text: '' }];
}
