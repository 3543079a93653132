import { CST } from 'yaml';
import { writtenEnd } from './parse-scalar.ts';

/** Thrown where a text is not of the simple kind that the quick reader reads. */
export const unusual = new Error('not for the quick reader');

/** A token that matters: no space, comment or line break. `|` is the header of a block scalar. */
export interface Token {
  type: 'plain' | 'quoted' | '-' | ':' | '{' | '}' | '[' | ']' | ',' | '|';
  source: string;
  start: number;
  end: number;
  column: number;
  /** The first of its line. */
  first: boolean;
  /** The least column of the comments in the lines above it. */
  comments: number;
}

/** A plain scalar within its line: it ends before `: ` and ` #`, and in flow collections before their marks. */
const plainInBlock = /(?:[^ \t\r\n:]|:(?=[^ \t\r\n]))+(?: +(?!#)(?:[^ \t\r\n:]|:(?=[^ \t\r\n]))+)*/y;
const plainInFlow =
  /(?:[^ \t\r\n:,[\]{}]|:(?=[^ \t\r\n,[\]{}]))+(?: +(?!#)(?:[^ \t\r\n:,[\]{}]|:(?=[^ \t\r\n,[\]{}]))+)*/y;
const quoted = { '"': /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y, "'": /'[^']*(?:''[^']*)*'/y } as const;
const blockHeader = /[|>][-+]?(?= *(?:\r?\n| #.*\n)) *(?:#[^\n]*)?\r?\n?/y;
const continuation = / *(?:\r?\n *)+/y;

/** The tokens of a YAML text with their places, one at a time; `unusual` where something is not plain to see. */
export class Tokens {
  now: Token | undefined;
  readonly #text: string;
  #offset = 0;
  #lineStart = 0;
  /** Nothing but space so far in this line. */
  #blank = true;
  /** Space or the beginning of a line is before the place: a comment may begin. */
  #spaced = true;
  #flowLevel = 0;
  #comments = Number.POSITIVE_INFINITY;

  constructor(text: string) {
    // What these are differs from place to place: a carriage return alone, a byte order mark before space or later.
    if (/\r(?!\n)|^\uFEFF[ \t]/.test(text) || text.includes('\uFEFF', 1)) throw unusual;
    this.#text = text;
    if (text.startsWith('\uFEFF')) this.#newLine(1);
    this.next();
  }

  /** Moves to the next token that matters. */
  next(): void {
    const text = this.#text;
    for (;;) {
      const character = text[this.#offset];
      if (character === ' ') {
        this.#offset++;
        this.#spaced = true;
      } else if (character === '\n') this.#newLine(this.#offset + 1);
      else if (character === '\r' && text[this.#offset + 1] === '\n') this.#newLine(this.#offset + 2);
      else if (character === '#' && this.#spaced) {
        const end = text.indexOf('\n', this.#offset);
        if (this.#blank) this.#comments = Math.min(this.#comments, this.#offset - this.#lineStart);
        this.#offset = end === -1 ? text.length : end;
      } else {
        this.now = character === undefined ? undefined : this.#token(character);
        return;
      }
    }
  }

  /** A plain scalar that is a value may go on in lines that are indented more than its map or list. */
  joined(token: Token, parent: number): Token {
    const text = this.#text;
    let end = token.end;
    for (let at = this.#match(continuation, end); at !== undefined; at = this.#match(continuation, end)) {
      const column = at - text.lastIndexOf('\n', at - 1) - 1;
      if (column <= parent || text[at] === '#' || at === text.length) break;
      const more = this.#match(plainInBlock, at);
      // What could be a key there, or a tab, has rules that are left to the yaml package.
      if (more === undefined || /^ *[:\t\r](?!\n)/.test(text.slice(more, more + 80))) throw unusual;
      end = more;
    }
    if (end === token.end) return token;
    this.#offset = end;
    this.#lineStart = text.lastIndexOf('\n', end - 1) + 1;
    this.#blank = false;
    this.#spaced = false;
    this.next();
    return { ...token, end, source: text.slice(token.start, end) };
  }

  /** The block scalar whose header is the token; its lines are indented more than its map or list. */
  blockScalar(header: Token, parent: number): { value: string; start: number; end: number } {
    const text = this.#text;
    const indent = Math.max(parent, 0);
    const written = this.#match(blockHeader, header.start);
    if (written === undefined || text[written - 1] !== '\n') throw unusual;
    let end = written;
    let content = written;
    while (end < text.length) {
      const found = text.indexOf('\n', end);
      const next = found === -1 ? text.length : found + 1;
      const line = text.slice(end, next);
      const column = line.length - line.replace(/^ +/, '').length;
      if (line !== '\n' && line !== '\r\n') {
        // Spaces alone may be content or not.
        if (/^ *(?:[\t\r\n]|$)/.test(line)) throw unusual;
        if (column <= parent) break;
        content = next;
      }
      end = next;
    }
    if (content === written) throw unusual;
    // Line breaks behind the content count only where they are kept.
    if (!header.source.includes('+')) end = content;
    const source = text.slice(written, end);
    const props: CST.Token[] = [{ type: 'block-scalar-header', offset: header.start, indent, source: header.source }];
    const token = { type: 'block-scalar', offset: header.start, indent, props, source } as const;
    const { value } = CST.resolveAsScalar(token, true, () => {
      throw unusual;
    });
    this.#newLine(end);
    if (text[end - 1] !== '\n') this.#blank = false;
    this.next();
    return { value, start: header.start, end: writtenEnd(text, written, end) };
  }

  #newLine(offset: number): void {
    this.#offset = offset;
    this.#lineStart = offset;
    this.#blank = true;
    this.#spaced = true;
  }

  #token(character: string): Token {
    switch (character) {
      case '{':
      case '[':
        this.#flowLevel++;
        return this.#made(character, this.#offset + 1);
      case '}':
      case ']':
        if (--this.#flowLevel < 0) throw unusual;
        return this.#made(character, this.#offset + 1);
      case ',':
        if (this.#flowLevel === 0) throw unusual;
        return this.#made(character, this.#offset + 1);
      case '"':
      case "'":
        return this.#scalar('quoted', quoted[character]);
      case '|':
      case '>':
        if (this.#flowLevel > 0) throw unusual;
        return this.#scalar('|', /[|>][-+]?/y);
      case '-':
      case ':':
        // In a flow collection the value may follow a key in quotes at once, as in JSON.
        if (
          this.#isSpaceAt(this.#offset + 1) ||
          (character === ':' && this.#flowLevel > 0 && this.now?.type === 'quoted')
        ) {
          if (character === '-' && this.#flowLevel > 0) throw unusual;
          return this.#made(character, this.#offset + 1);
        }
        // A mark of lists has no place in a flow collection, and `[-]` is no text either.
        if (this.#flowLevel > 0 && /[,[\]{}]/.test(this.#text[this.#offset + 1]!)) throw unusual;
        break;
      case '&':
      case '*':
      case '!':
      case '?':
      case '%':
      case '@':
      case '`':
      case '#':
      case '\t':
      case '\r':
        throw unusual;
    }
    // `---` and `...` begin and end documents.
    if (this.#offset === this.#lineStart && /^(?:---|\.\.\.)/.test(this.#text.slice(this.#offset, this.#offset + 3))) {
      throw unusual;
    }
    return this.#scalar('plain', this.#flowLevel > 0 ? plainInFlow : plainInBlock);
  }

  #scalar(type: Token['type'], pattern: RegExp): Token {
    const end = this.#match(pattern, this.#offset);
    if (end === undefined) throw unusual;
    return this.#made(type, end);
  }

  #made(type: Token['type'], end: number): Token {
    const start = this.#offset;
    const source = this.#text.slice(start, end);
    const column = start - this.#lineStart;
    const token = { type, source, start, end, column, first: this.#blank, comments: this.#comments };
    this.#comments = Number.POSITIVE_INFINITY;
    this.#offset = end;
    this.#blank = false;
    this.#spaced = false;
    if (type === 'quoted') {
      const lineBreak = source.lastIndexOf('\n');
      if (lineBreak !== -1) this.#lineStart = start + lineBreak + 1;
    }
    return token;
  }

  #isSpaceAt(offset: number): boolean {
    const character = this.#text[offset];
    return character === undefined || character === ' ' || character === '\n' || character === '\r';
  }

  /** The end of the match that begins at the offset. */
  #match(pattern: RegExp, offset: number): number | undefined {
    pattern.lastIndex = offset;
    return pattern.test(this.#text) ? pattern.lastIndex : undefined;
  }
}
