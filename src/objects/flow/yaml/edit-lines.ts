import { LineStarts } from './line-starts.ts';
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

const space = /[ \t]/;
/** Of an anchor or tag. */
const ofProps = /[^\s,{}[\]]/;

/** What an edit has to know of the text around nodes: lines, columns, colons, marks of keys. One for all edits of a text. */
export class Lines {
  readonly text: string;
  readonly #starts: LineStarts;

  constructor(text: string) {
    this.text = text;
    this.#starts = new LineStarts(text);
  }

  /** The line break of the text at this place: of its line, or of the one before the last line. */
  eol(offset: number): string {
    const own = this.#starts.lineBreak(offset);
    return this.text[own === -1 ? this.#starts.start(offset) - 2 : own - 1] === '\r' ? '\r\n' : '\n';
  }

  /** A key in quotes where that key is in quotes. */
  quoted(key: string, { start }: PairNode): string {
    const mark = this.text[start];
    return mark === '"' || mark === "'" ? mark + key + mark : key;
  }

  /** Takes out a pair of a block map with its line; a comment beside it stays, in a line of its own. */
  lineRemoved(pair: PairNode): Splice {
    const start = this.pairStart(pair);
    const lineStart = this.#starts.start(start);
    const lineEnd = this.lineEnd(pair.value.end);
    const rest = this.text.slice(pair.value.end, lineEnd);
    if (rest.trim() !== '') return { start, end: lineEnd - rest.trimStart().length, text: '' };
    const next = this.#starts.lineBreak(lineEnd);
    if (next !== -1) return { start: lineStart, end: next + 1, text: '' };
    // The last line has no line break: the one before it goes, and again the last line has none.
    const before = this.text[lineStart - 2] === '\r' ? lineStart - 2 : lineStart - 1;
    return { start: before, end: lineEnd, text: '' };
  }

  /** Where the pair begins, with the anchor and tag of its key and the mark of an explicit one. */
  pairStart({ start }: PairNode): number {
    let at = start;
    // An anchor, a tag and the mark are all that may be there; not more is looked at, lines may be long.
    for (let words = 0; words < 3; words++) {
      const end = this.#back(at, space);
      const word = this.#back(end, ofProps);
      const mark = this.text[word];
      const isProp = (mark === '&' || mark === '!') && word < end;
      const isMark = mark === '?' && end - word === 1;
      if (end === at || !(isProp || isMark)) return at;
      at = word;
      if (isMark) return at;
    }
    return at;
  }

  /** How far back the text goes on with such characters. */
  #back(from: number, characters: RegExp): number {
    let at = from;
    while (at > 0 && characters.test(this.text[at - 1]!)) at--;
    return at;
  }

  colonEnd(pair: PairNode): number | undefined {
    const found = /^\s*:/.exec(this.text.slice(pair.end, pair.end + 200))?.[0];
    if (found === undefined) return undefined;
    const end = pair.end + found.length;
    // In a later line it is another key's, unless it stands below the mark of this one.
    const own = !found.includes('\n') || this.column(end - 1) === this.column(this.pairStart(pair));
    return own ? end : undefined;
  }

  /** Where the line of the place begins. */
  start(offset: number): number {
    return this.#starts.start(offset);
  }

  column(offset: number): number {
    const lineStart = this.#starts.start(offset);
    return offset - lineStart - (lineStart === 0 && this.text.startsWith('\uFEFF') ? 1 : 0);
  }

  /** The end of the line, before its line break. */
  lineEnd(offset: number): number {
    const found = this.#starts.lineBreak(offset);
    if (found === -1) return this.text.length;
    return this.text[found - 1] === '\r' && found > offset ? found - 1 : found;
  }

  /** Above the comments that stand directly over the line, since they belong to it. */
  aboveComments(start: number, column: number): number {
    let above = start;
    for (;;) {
      const lineStart = this.text.lastIndexOf('\n', above - 1) + 1;
      const inLine = this.text.slice(lineStart, above);
      if (lineStart === 0 || inLine.trim() !== '') return above;
      const before = this.text.lastIndexOf('\n', lineStart - 2) + 1;
      if (!/^ *#/.test(this.text.slice(before, lineStart))) return above;
      const comment = this.text.indexOf('#', before);
      if (comment - before !== column) return above;
      above = comment;
    }
  }
}
