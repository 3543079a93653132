import { isMap, isScalar, type ParsedNode } from 'yaml';
import { isObject, type Json } from '../../model/json.ts';
import type { Operation, Place } from './edit.ts';
import {
  beginsLine,
  columnOf,
  lineAfter,
  lineEnd,
  lineStart,
  linesAt,
  newlineOf,
  type Splice,
  withOwnComments,
} from './lines.ts';
import {
  type Collection,
  contentEnd,
  isBlockText,
  isEmptyNode,
  isFlow,
  type MapNode,
  type Node,
  type SeqNode,
  type Spot,
} from './nodes.ts';
import {
  blockLines,
  indented,
  inlineText,
  isFilled,
  jsonText,
  type ScalarStyle,
  type Style,
  scalarText,
} from './render.ts';

/** Ways to make a change in a collection that is written as a block, the best first. */
export function* blockEdits(place: Place, operation: Operation, spot: Spot | undefined): Generator<Splice[]> {
  const parent = place.spot.node as Collection;
  if (parent.items.length === 0) return;
  if ('set' in operation) {
    if (spot !== undefined) yield* replaced(place, parent, spot, operation.set);
    else if (isMap(parent)) yield added(place, parent as MapNode, operation.at.at(-1)!, operation.set);
  } else if ('insert' in operation) {
    if (!isMap(parent)) yield inserted(place, parent as SeqNode, Number(operation.at.at(-1)), operation.insert);
  } else if (spot !== undefined) {
    if (parent.items.length > 1) yield* removed(place, parent, spot.index);
    else yield* emptied(place, parent);
  }
}

/** Where a pair or an item begins: its key, or its dash. */
function startOf(text: string, parent: Collection, index: number): number {
  if (isMap(parent)) return (parent.items[index]!.key as ParsedNode).range[0];
  const column = columnOf(text, parent.range[0]);
  let at = (parent.items[index] as ParsedNode).range[0];
  while (at > parent.range[0] && !(text[at] === '-' && columnOf(text, at) === column)) at--;
  return at;
}

/** Where the value of a pair may begin, after its colon; where an item's begins. */
function valueStart(text: string, parent: Collection, index: number): number | undefined {
  if (!isMap(parent)) return startOf(text, parent, index) + 1;
  const { key } = parent.items[index]!;
  const colon = /^[ \t]*:/.exec(text.slice((key as ParsedNode).range[1]));
  return colon === null ? undefined : (key as ParsedNode).range[1] + colon[0].length;
}

function endOf(text: string, parent: Collection, index: number): number {
  const from = valueStart(text, parent, index) ?? startOf(text, parent, index);
  const item = parent.items[index]!;
  return contentEnd((isMap(parent) ? (item as { value: Node }).value : item) as Node, from);
}

/** What of a line is a comment, with the spaces before it. */
function commentFrom(text: string, offset: number): string {
  return /^[ \t]+#.*$/.exec(text.slice(offset, lineEnd(text, offset)))?.[0] ?? '';
}

function* replaced(place: Place, parent: Collection, { node, index }: Spot, value: Json): Generator<Splice[]> {
  const { text } = place;
  const start = valueStart(text, parent, index);
  if (start === undefined) return;
  const column = columnOf(text, startOf(text, parent, index));
  const end = isEmptyNode(node) ? start : contentEnd(node, start);
  const inner = isBlockText(node) ? innerColumn(text.slice(node!.range[0], end)) : undefined;
  const isBlock = isBlockText(node) || (node !== null && 'items' in node && node.items.length > 0 && !isFlow(node));
  const newline = newlineOf(text);
  // A comment behind what is on one line stays there, and so does one behind the head of a block.
  const head = text.slice(start, lineEnd(text, start));
  const comment = isBlock ? (/[ \t]+#.*$/.exec(head)?.[0] ?? '') : commentFrom(text, end);
  const hasComment = comment !== '';
  const isItemMap =
    isBlock && node !== null && 'items' in node && lineStart(text, node.range[0]) === lineStart(text, start);
  const gap = !isBlock && !isEmptyNode(node) ? text.slice(start, node!.range[0]) : ' ';
  const anchor = node !== null && 'anchor' in node && node.anchor !== undefined ? `&${node.anchor} ` : '';
  const to = isBlock ? lineAfter(text, end) : end + comment.length;
  const atEnd = isBlock && text[to - 1] !== '\n';
  for (const one of written(value, place.style, { node, column, inner, isItem: !isMap(parent), hasComment })) {
    for (const space of new Set([gap, ` ${anchor}`, ' '])) {
      const first = one.head === '' ? (space.trimEnd() === '' ? '' : space.trimEnd()) : space + one.head;
      const lines = [first + (isItemMap ? '' : comment), ...one.body];
      const ends = isBlock && !atEnd ? newline : '';
      yield [{ from: start, to, text: lines.join(newline) + ends }];
    }
  }
}

/** The column of a block text, where that tells it: its first line with something in it, unless its head counts spaces. */
function innerColumn(block: string): number | undefined {
  const [head = '', ...lines] = block.split('\n');
  const first = lines.find((line) => line.trim() !== '');
  return first === undefined || /\d/.test(head.replace(/#.*/, '')) ? undefined : first.search(/\S/);
}

interface Written {
  /** After the colon or the dash. */
  head: string;
  /** Whole lines below. */
  body: string[];
}

/** Ways to write a value after a colon or a dash, the one that is most like what stands there first. */
function* written(
  value: Json,
  style: Style,
  at: { node: Node; column: number; inner: number | undefined; isItem: boolean; hasComment: boolean },
): Generator<Written> {
  if (isFilled(value)) {
    if (isFlow(at.node) && !isBare(at.node)) yield { head: inlineText(value, style), body: [] };
    const lines = blockLines(value, style);
    const deeper = at.column + (at.isItem ? 2 : Array.isArray(value) ? style.listStep : style.step);
    const body = lines.map((line) => indented(line, deeper));
    if (at.isItem && isObject(value)) yield { head: lines[0]!, body: body.slice(1) };
    else if (!at.isItem) yield { head: '', body };
    yield { head: inlineText(value, style), body: [] };
    return;
  }
  const isScalarValue = typeof value !== 'object' || value === null;
  for (const wanted of isScalarValue ? stylesFor(value, at, style) : []) {
    // A block keeps the column in which it stands.
    const step = at.inner === undefined ? style.step : at.inner - at.column;
    const { head, body } = scalarText(value, wanted, { ...style, step }, false);
    const deeper = at.column + step;
    yield { head, body: body.map((line) => indented(line, deeper)) };
  }
  yield { head: inlineText(value, style), body: [] };
  yield { head: jsonText(value), body: [] };
}

function isBare(node: Node): boolean {
  return node !== null && 'items' in node && node.items.length === 0;
}

function stylesFor(
  value: Json,
  { node, hasComment }: { node: Node; hasComment: boolean },
  style: Style,
): ScalarStyle[] {
  const quoted: ScalarStyle = style.singleQuotes ? 'QUOTE_SINGLE' : 'QUOTE_DOUBLE';
  if (typeof value !== 'string') return ['PLAIN'];
  const own = isScalar(node) && typeof node.value === 'string' ? ((node.type ?? 'PLAIN') as ScalarStyle) : 'PLAIN';
  const isLong = value.includes('\n');
  if (own === 'BLOCK_LITERAL' || own === 'BLOCK_FOLDED')
    return isLong ? [own, 'BLOCK_LITERAL', quoted] : ['PLAIN', quoted];
  if (isLong) return hasComment ? ['QUOTE_DOUBLE'] : ['BLOCK_LITERAL', 'QUOTE_DOUBLE'];
  return [...new Set([own, 'PLAIN' as const, quoted])];
}

function added({ text, style }: Place, map: MapNode, key: string, value: Json): Splice[] {
  const column = columnOf(text, startOf(text, map, 0));
  const lines = blockLines({ [key]: value }, style).map((line) => indented(line, column));
  return [linesAt(text, lineAfter(text, endOf(text, map, map.items.length - 1)), lines)];
}

function inserted({ text, style }: Place, list: SeqNode, index: number, value: Json): Splice[] {
  const column = columnOf(text, list.range[0]);
  const lines = blockLines([value], style).map((line) => indented(line, column));
  if (index > 0) return [linesAt(text, lineAfter(text, endOf(text, list, index - 1)), lines)];
  const first = list.range[0];
  if (beginsLine(text, first)) return [linesAt(text, lineStart(text, first), lines)];
  return [
    {
      from: first,
      to: first,
      text: `${lines.join(newlineOf(text)).trimStart()}${newlineOf(text)}${' '.repeat(column)}`,
    },
  ];
}

/** Whole lines go, with the comments that are about them; where it shares its line with a dash, what follows moves up. */
function* removed({ text }: Place, parent: Collection, index: number): Generator<Splice[]> {
  const start = startOf(text, parent, index);
  const to = lineAfter(text, endOf(text, parent, index));
  if (!beginsLine(text, start)) {
    const next = startOf(text, parent, 1);
    // A comment above what moves up would be lost.
    if (index === 0 && !text.slice(to, next).includes('#')) yield [{ from: start, to: next, text: '' }];
    return;
  }
  const from = withOwnComments(text, lineStart(text, start), columnOf(text, start), index === 0);
  // A text whose last line nothing ends stays one.
  const open = to === text.length && text[to - 1] !== '\n';
  const before = open ? from - (text[from - 2] === '\r' ? 2 : 1) : from;
  yield [{ from: Math.max(0, before), to, text: '' }];
}

/** The only one goes: `{}` or `[]` is left where the collection was. */
function* emptied(place: Place, parent: Collection): Generator<Splice[]> {
  const { spot } = place;
  if (spot.parent === undefined || isFlow(spot.parent)) return;
  yield* replaced(place, spot.parent, spot, isMap(parent) ? {} : []);
}
