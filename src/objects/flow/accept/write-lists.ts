import { formatPointer } from '../../../model/pointer.ts';
import { outerStart, type Splice } from '../yaml/edit-lines.ts';
import { applied } from '../yaml/edit-text.ts';
import { type ListNode, nodeAt, type YamlNode } from '../yaml/parse-node.ts';
import type { ListItem, ListPatch, Patch, Path } from './patch.ts';
import {
  anchored,
  edits,
  guard,
  type Holder,
  lineBefore,
  Refused,
  rendered,
  type Writing,
  wholeLines,
} from './write.ts';

/** One item with its dash, the comments over it and the one beside it; whole lines. */
interface Chunk {
  dash: number;
  /** Where its first line begins. */
  start: number;
  /** Of its last line, before its line break. */
  end: number;
}

/** The edits of a block list: items that go, come, change and change places. */
export function listEdits(node: ListNode, patch: ListPatch, holder: Holder, writing: Writing): Splice[] {
  const { items } = patch;
  const own = items.map((item) => indexIn(holder.path, item));
  const isInPlace = items.length === node.items.length && own.every((index, i) => index === i);
  if (node.flow) {
    if (!isInPlace) throw new Refused('it is a list in brackets');
    return items.flatMap((item, i) =>
      itemEdits(node.items[i]!, item, { dash: -1, path: [...holder.path, i], flow: true }, writing),
    );
  }
  const chunks = node.items.map((_, i) => chunkOf(node, i, writing));
  const inner = (i: number, item: ListItem): Splice[] =>
    itemEdits(node.items[i]!, item, { dash: chunks[i]!.dash, path: [...holder.path, i], flow: false }, writing);
  if (isInPlace) return items.flatMap((item, i) => inner(i, item));
  const { lines } = writing;
  if (chunks[0]!.start < 0) throw new Refused('its list begins on the line of another one');
  const kept = own.filter((index) => index !== undefined);
  const going = [...node.items.keys()].filter((i) => !kept.includes(i));
  for (const i of going) guard(node.items[i]!, writing, { removed: true });
  const column = lines.column(node.start);
  const eol = lines.eol(node.start);
  const fresh = (item: ListItem): string => ' '.repeat(column) + newItem(item, column, eol, writing);
  const inOrder = kept.every((index, i) => i === 0 || kept[i - 1]! < index);
  if (kept.length === 0 || !inOrder) return [rewritten(node, items, own, chunks, { inner, fresh, eol }, writing)];
  const splices: Splice[] = [];
  for (const [i, item] of items.entries()) {
    const index = own[i];
    if (index !== undefined) {
      splices.push(...inner(index, item));
      continue;
    }
    const before = own.slice(0, i).findLast((one) => one !== undefined);
    if (before !== undefined) splices.push(put(chunks[before]!.end, eol + fresh(item)));
    else splices.push(put(lineBefore(chunks[0]!.start, lines), eol + fresh(item)));
  }
  for (const i of going) {
    const { dash, start, end } = chunks[i]!;
    splices.push(wholeLines(start, dash, end, lines));
  }
  return splices;
}

function put(at: number, text: string): Splice {
  return { start: at, end: at, text };
}

/** The place of the item in this list of the file; undefined for what comes from elsewhere. */
function indexIn(list: Path, item: ListItem): number | undefined {
  if (!('of' in item) || formatPointer(item.of.slice(0, -1)) !== formatPointer(list)) return undefined;
  return Number(item.of.at(-1));
}

function itemEdits(node: YamlNode, item: ListItem, holder: Holder, writing: Writing): Splice[] {
  return 'of' in item && item.patch !== undefined ? edits(node, item.patch, holder, writing) : [];
}

/** All of the list once more, in the new order; what stands between two items stays above the second. */
function rewritten(
  node: ListNode,
  items: readonly ListItem[],
  own: readonly (number | undefined)[],
  chunks: readonly Chunk[],
  make: { inner(i: number, item: ListItem): Splice[]; fresh(item: ListItem): string; eol: string },
  { lines }: Writing,
): Splice {
  const { text } = lines;
  const gap = (i: number): string => (i === 0 ? make.eol : text.slice(chunks[i - 1]!.end, chunks[i]!.start));
  /** A comment that stands by itself above an item that goes is about the next one as well. */
  const above = (i: number): string => {
    let all = gap(i);
    for (let j = i - 1; j > 0 && !own.includes(j); j--) if (gap(j).includes('#')) all = gap(j) + all;
    return all;
  };
  const parts = items.map((item, i): { gap: string; text: string } => {
    const index = own[i];
    if (index === undefined) return { gap: make.eol, text: make.fresh(item) };
    const { start, end } = chunks[index]!;
    return { gap: above(index), text: within(text, start, end, make.inner(index, item)) };
  });
  let rest = '';
  for (let j = node.items.length - 1; j > 0 && !own.includes(j); j--) {
    if (gap(j).includes('#')) rest = gap(j).trimEnd() + rest;
  }
  const [first, last] = [chunks[0]!, chunks.at(-1)!];
  const put = parts.map((part, i) => (i === 0 ? part.gap.replace(/^\r?\n/, '') : part.gap) + part.text);
  return { start: first.start, end: last.end, text: put.join('') + rest };
}

/** A part of the text with its own edits. */
function within(text: string, start: number, end: number, splices: readonly Splice[]): string {
  const moved = splices.map((one) => ({ ...one, start: one.start - start, end: one.end - start }));
  return applied(text.slice(start, end), moved);
}

/** What only live has, or an item of another list of the file, from its dash on. */
function newItem(item: ListItem, column: number, eol: string, writing: Writing): string {
  if ('of' in item) return movedItem(item, column, writing);
  return rendered(item.value, (value) => [value], column, eol, writing);
}

/** An item of another list of the file with its comments, its first line without the spaces that it begins with. */
export function movedItem({ of, patch }: { of: Path; patch?: Patch }, column: number, writing: Writing): string {
  const { lines, source } = writing;
  const list = nodeAt(source.root, formatPointer(of.slice(0, -1))).node;
  const index = Number(of.at(-1));
  const node = list.kind === 'list' && !list.flow ? list.items[index] : undefined;
  if (node === undefined || list.kind !== 'list') throw anchored();
  const { start, end, dash } = chunkOf(list, index, writing);
  if (start < 0) throw new Refused('its list begins on the line of another one');
  guard(node, writing, { removed: true });
  const own = { of, ...(patch === undefined ? {} : { patch }) };
  const text = within(lines.text, start, end, itemEdits(node, own, { dash, path: of, flow: false }, writing));
  const deeper = column - lines.column(dash);
  const less = new RegExp(`^ {0,${Math.max(0, -deeper)}}`);
  const shifted = text.split('\n').map((line) => {
    if (line.trim() === '') return line;
    return deeper < 0 ? line.replace(less, '') : ' '.repeat(deeper) + line;
  });
  return shifted.join('\n').slice(column);
}

function chunkOf(list: ListNode, index: number, { lines }: Writing): Chunk {
  const node = list.items[index]!;
  const column = lines.column(list.start);
  let dash = index === 0 ? list.start : -1;
  const bound = index === 0 ? 0 : lines.lineEnd(list.items[index - 1]!.end);
  for (let line = lines.start(outerStart(node)); dash === -1 && line > bound; line = lines.start(line - 1)) {
    if (lines.text[line + column] === '-' && lines.text.slice(line, line + column).trim() === '') dash = line + column;
  }
  if (lines.text[dash] !== '-') throw new Refused('its form in the file is not one that can be edited');
  const isFirst = lines.text.slice(lines.start(dash), dash).trim() === '';
  const above = lines.aboveComments(dash, column) - column;
  return { dash, start: isFirst ? above : -1, end: lines.lineEnd(Math.max(node.end, dash + 1)) };
}
