import { CST, Lexer } from 'yaml';

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
}

const indicators = new Set(['-', ':', '{', '}', '[', ']', ',']);

/** The tokens of the yaml package's lexer with their places, one at a time. */
export class QuickTokens {
  now: Token | undefined;
  readonly #lexemes: Iterator<string>;
  #offset = 0;
  #lineStart = 0;
  /** Nothing but space so far in this line. */
  #blank = true;
  #spaced = true;

  constructor(text: string) {
    this.#lexemes = new Lexer().lex(text)[Symbol.iterator]();
    this.next();
  }

  /** Moves to the next token that matters. */
  next(): void {
    for (let source = this.#lexeme(); source !== undefined; source = this.#lexeme()) {
      if (this.#isFiller(source)) continue;
      if (source === CST.SCALAR) this.#token('plain', this.#lexeme() ?? '');
      else if (indicators.has(source)) this.#token(source as Token['type'], source);
      else if (source[0] === '"' || source[0] === "'") this.#token('quoted', source);
      else if (source[0] === '|' || source[0] === '>') this.#token('|', source);
      else throw unusual;
      return;
    }
    this.now = undefined;
  }

  /** The block scalar whose header is the token. */
  blockScalar(header: Token, indent: number): { value: string; start: number; end: number } {
    // With an indentation of its own it is rare, and counts from the parent's.
    if (/\d/.test(header.source)) throw unusual;
    const props: CST.SourceToken[] = [
      { type: 'block-scalar-header', offset: header.start, indent, source: header.source },
    ];
    for (let source = this.#lexeme(); source !== undefined && source !== CST.SCALAR; source = this.#lexeme()) {
      const type = source[0] === '#' ? 'comment' : /^[ \t]/.test(source) ? 'space' : 'newline';
      props.push({ type, offset: this.#offset, indent, source });
      if (!this.#isFiller(source)) throw unusual;
    }
    const source = this.#lexeme() ?? '';
    this.#offset += source.length;
    this.#lineStart = this.#offset;
    this.#blank = true;
    this.#spaced = true;
    const token = { type: 'block-scalar', offset: header.start, indent, props, source } as const;
    const { value } = CST.resolveAsScalar(token, true, () => {
      throw unusual;
    });
    const end = this.#offset - (source.length - source.trimEnd().length);
    this.next();
    return { value, start: header.start, end: source.trim() === '' ? header.end : end };
  }

  #lexeme(): string | undefined {
    const { value, done } = this.#lexemes.next();
    return done === true ? undefined : value;
  }

  /** Passes line breaks, space, comments and marks; false for all else. */
  #isFiller(source: string): boolean {
    if (source === '\n' || source === '\r\n') {
      this.#offset += source.length;
      this.#lineStart = this.#offset;
      this.#blank = true;
      this.#spaced = true;
      return true;
    }
    if (source === CST.DOCUMENT) return true;
    if (source === CST.BOM && this.#offset === 0) {
      this.#offset = 1;
      this.#lineStart = 1;
      return true;
    }
    const mark = source[0];
    if (mark !== ' ' && mark !== '\t' && mark !== '#') return false;
    if (mark === '#' ? !this.#spaced : source.includes('\t')) throw unusual;
    this.#spaced = true;
    this.#offset += source.length;
    return true;
  }

  #token(type: Token['type'], source: string): void {
    const start = this.#offset;
    this.now = { type, source, start, end: start + source.length, column: start - this.#lineStart, first: this.#blank };
    this.#offset = this.now.end;
    this.#blank = false;
    this.#spaced = false;
    const lineBreak = source.lastIndexOf('\n');
    if (lineBreak !== -1) this.#lineStart = start + lineBreak + 1;
  }
}
