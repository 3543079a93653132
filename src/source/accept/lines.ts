/** A part of a text and what stands there instead. */
export interface Splice {
  from: number;
  to: number;
  text: string;
}

/** The text with its parts replaced; they do not overlap. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const ordered = [...splices].sort((a, b) => b.from - a.from);
  return ordered.reduce((whole, { from, to, text: part }) => whole.slice(0, from) + part + whole.slice(to), text);
}

/** How a text ends its lines. */
export function newlineOf(text: string): '\n' | '\r\n' {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** Where the line begins in which an offset stands. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line ends in which an offset stands: before what ends it. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  if (at === -1) return text.length;
  return at > offset && text[at - 1] === '\r' ? at - 1 : at;
}

/** Where the line after a content begins that ends at this offset; the end of a block text is the start of a line already. */
export function lineAfter(text: string, end: number): number {
  if (end > 0 && text[end - 1] === '\n') return end;
  const at = text.indexOf('\n', end);
  return at === -1 ? text.length : at + 1;
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Whether nothing but spaces stands before an offset in its line. */
export function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/**
 * Where whole lines go in at the start of a line, or at the end of a text whose last line nothing ends: then it stays so.
 */
export function linesAt(text: string, offset: number, lines: readonly string[]): Splice {
  const newline = newlineOf(text);
  const open = offset === text.length && offset > 0 && text[offset - 1] !== '\n';
  const joined = lines.join(newline);
  return { from: offset, to: offset, text: open ? newline + joined : joined + newline };
}

/**
 * Where what belongs to a line begins: the comments right above it, in its own column. Those above the first of its siblings
 * may be about all of them, and stay.
 */
export function withOwnComments(text: string, start: number, column: number, isFirst: boolean): number {
  if (isFirst) return start;
  let from = start;
  while (from > 0) {
    const above = lineStart(text, from - 1);
    const line = text.slice(above, from);
    if (line.search(/\S/) !== column || line[column] !== '#') break;
    from = above;
  }
  return from;
}
