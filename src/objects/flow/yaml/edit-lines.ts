import type { PairNode, YamlNode } from './parse-node.ts';

/** Text to put in place of what stands from `start` to `end`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Where a node begins, with its anchor or tag. */
export function outerStart(node: YamlNode): number {
  return node.props ?? node.start;
}

/** What an edit has to know of the text around nodes: lines, columns, colons, marks of keys. */
export class Lines {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** A key in quotes where that key is in quotes. */
  quoted(key: string, { start }: PairNode): string {
    const mark = this.#text[start];
    return mark === '"' || mark === "'" ? mark + key + mark : key;
  }

  /** Takes out a pair of a block map with its line; a comment beside it stays, in a line of its own. */
  lineRemoved(pair: PairNode): Splice {
    const start = this.pairStart(pair);
    const lineStart = this.#text.lastIndexOf('\n', start - 1) + 1;
    const lineEnd = this.lineEnd(pair.value.end);
    const rest = this.#text.slice(pair.value.end, lineEnd);
    if (rest.trim() !== '') return { start, end: lineEnd - rest.trimStart().length, text: '' };
    const next = this.#text.indexOf('\n', lineEnd);
    if (next !== -1) return { start: lineStart, end: next + 1, text: '' };
    // The last line has no line break: the one before it goes, and again the last line has none.
    const before = this.#text[lineStart - 2] === '\r' ? lineStart - 2 : lineStart - 1;
    return { start: before, end: lineEnd, text: '' };
  }

  /** Where the pair begins, with the anchor or tag of its key and the mark of an explicit one. */
  pairStart({ start }: PairNode): number {
    const line = this.#text.slice(this.#text.lastIndexOf('\n', start - 1) + 1, start);
    return start - (/(?:\?[ \t]+)?(?:[&!][^\s,{}[\]]*[ \t]+)*$/.exec(line)?.[0].length ?? 0);
  }

  colonEnd(pair: PairNode): number | undefined {
    const found = /^\s*:/.exec(this.#text.slice(pair.end, pair.end + 200))?.[0];
    if (found === undefined) return undefined;
    const end = pair.end + found.length;
    // In a later line it is another key's, unless it stands below the mark of this one.
    const own = !found.includes('\n') || this.column(end - 1) === this.column(this.pairStart(pair));
    return own ? end : undefined;
  }

  column(offset: number): number {
    const lineStart = this.#text.lastIndexOf('\n', offset - 1) + 1;
    return offset - lineStart - (lineStart === 0 && this.#text.startsWith('\uFEFF') ? 1 : 0);
  }

  /** The end of the line, before its line break. */
  lineEnd(offset: number): number {
    const found = this.#text.indexOf('\n', offset);
    if (found === -1) return this.#text.length;
    return this.#text[found - 1] === '\r' && found > offset ? found - 1 : found;
  }

  /** Above the comments that stand directly over the line, since they belong to it. */
  aboveComments(start: number, column: number): number {
    let above = start;
    for (;;) {
      const lineStart = this.#text.lastIndexOf('\n', above - 1) + 1;
      const inLine = this.#text.slice(lineStart, above);
      if (lineStart === 0 || inLine.trim() !== '') return above;
      const before = this.#text.lastIndexOf('\n', lineStart - 2) + 1;
      if (!/^ *#/.test(this.#text.slice(before, lineStart))) return above;
      const comment = this.#text.indexOf('#', before);
      if (comment - before !== column) return above;
      above = comment;
    }
  }
}
