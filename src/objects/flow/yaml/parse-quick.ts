import { CST } from 'yaml';
import { deepest, type MapNode, type PairNode, type YamlNode } from './parse-node.ts';
import { plainValue } from './parse-scalar.ts';
import { type Token, Tokens, unusual } from './parse-tokens.ts';

/**
 * Reads the YAML that Architect writes: block maps and lists, scalars, flow collections on one line. Anything else
 * (anchors, tags, explicit keys, tabs, mistakes) gives undefined, and the yaml package's documents read it instead.
 * It is here because those take 130 MB and half a second for a flow of 2 MB, and an edit reads a flow three times.
 * A test compares the two readers on generated texts.
 */
export function readQuickly(text: string): YamlNode | undefined {
  try {
    const reader = new QuickReader(text);
    return reader.document();
  } catch (error) {
    // A RangeError: a line of many megabytes is too much for a regular expression.
    if (error === unusual || error instanceof RangeError) return undefined;
    throw error;
  }
}

class QuickReader {
  readonly #tokens: Tokens;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = new Tokens(text);
  }

  document(): YamlNode {
    const root = this.#block(-1);
    if (this.#tokens.now !== undefined) throw unusual;
    return root;
  }

  /** The node that begins at the token; `parent` is the column of the map or list that it stands in. */
  #block(parent: number): YamlNode {
    const token = this.#here();
    if (token.column <= parent) throw unusual;
    if (token.type === '-') return this.#nested(() => this.#list(token));
    if (token.type !== 'plain' && token.type !== 'quoted') return this.#inline(parent);
    this.#tokens.next();
    if (this.#tokens.now?.type === ':') return this.#nested(() => this.#map(token));
    this.#below(token, parent);
    return this.#scalar(token, parent);
  }

  /** The yaml package does not say where a scalar below a comment ends that is indented less than it. */
  #below(token: Token, parent: number): void {
    if (token.comments <= parent) throw unusual;
  }

  /** The pairs of a block map whose first key has been read. */
  #map(first: Token): YamlNode {
    const pairs: PairNode[] = [];
    const { column } = first;
    for (let key = first; ; ) {
      const colonEnd = this.#colon(key);
      const value = this.#blockValue(column, colonEnd);
      pairs.push({ key: keyText(key), start: key.start, end: key.end, value });
      const next = this.#tokens.now;
      if (next === undefined || next.column < column) return collection('map', pairs, first.start);
      if (!next.first || next.column > column) throw unusual;
      if (next.type !== 'plain' && next.type !== 'quoted') throw unusual;
      key = next;
      this.#tokens.next();
    }
  }

  #blockValue(column: number, colonEnd: number): YamlNode {
    const next = this.#tokens.now;
    if (next === undefined) return nothing(colonEnd);
    if (!next.first) return this.#inline(column);
    // The list of a key may stand in the key's own column.
    if (next.column === column && next.type === '-') return this.#nested(() => this.#list(next));
    return next.column > column ? this.#block(column) : nothing(colonEnd);
  }

  #list(first: Token): YamlNode {
    const items: YamlNode[] = [];
    const { column } = first;
    for (let dash = first; ; ) {
      this.#tokens.next();
      const content = this.#tokens.now;
      const empty = content === undefined || (content.first && content.column <= column);
      items.push(empty ? nothing(dash.end) : this.#block(column));
      const next = this.#tokens.now;
      if (next === undefined || next.column < column || (next.column === column && next.type !== '-')) {
        if (next !== undefined && !next.first) throw unusual;
        return { kind: 'list', flow: false, items, start: first.start, end: items.at(-1)!.end };
      }
      if (!next.first || next.column > column) throw unusual;
      dash = next;
    }
  }

  /** A value on the line of its key or dash, which no block map or list may be. */
  #inline(parent: number): YamlNode {
    const token = this.#here();
    if (token.type === '|') this.#below(token, parent);
    if (token.type === '{' || token.type === '[') {
      const node = this.#nested(() => this.#flow());
      if (this.#tokens.now?.type === ':') throw unusual;
      return node;
    }
    if (token.type === '|') {
      const value = this.#tokens.blockScalar(token, parent);
      return { kind: 'scalar', ...value };
    }
    if (token.type !== 'plain' && token.type !== 'quoted') throw unusual;
    this.#tokens.next();
    if (this.#tokens.now?.type === ':') throw unusual;
    return this.#scalar(token, parent);
  }

  /** A scalar that is no key; over several lines it is indented more than its map or list. */
  #scalar(token: Token, parent: number): YamlNode {
    if (token.type === 'plain') return scalar(this.#tokens.joined(token, parent));
    if (token.source.includes('\n')) {
      // Every line but blank ones.
      const shallow = new RegExp(`\\n {0,${Math.max(parent, 0)}}(?![ \\r\\n])`);
      if (shallow.test(token.source) || /\n *\t/.test(token.source)) throw unusual;
    }
    return scalar(token);
  }

  /** A flow collection; over several lines it has rules of its own, which are left to the yaml package. */
  #flow(): YamlNode {
    const open = this.#here();
    const close = open.type === '{' ? '}' : ']';
    const pairs: PairNode[] = [];
    const items: YamlNode[] = [];
    this.#tokens.next();
    for (let at = this.#sameLine(); at.type !== close; at = this.#sameLine()) {
      if (open.type === '{') pairs.push(this.#flowPair());
      else items.push(this.#flowValue());
      const after = this.#sameLine().type;
      if (after === ',') this.#tokens.next();
      else if (after !== close) throw unusual;
    }
    const { end } = this.#here();
    this.#tokens.next();
    const place = { flow: true, start: open.start, end };
    return open.type === '{' ? { kind: 'map', pairs, ...place } : { kind: 'list', items, ...place };
  }

  #flowPair(): PairNode {
    const key = this.#sameLine();
    if (key.type !== 'plain' && key.type !== 'quoted') throw unusual;
    this.#tokens.next();
    // A key alone, `{a}`, is legal and strange.
    if (this.#sameLine().type !== ':') throw unusual;
    const colonEnd = this.#colon(key);
    const { type } = this.#sameLine();
    const value = type === ',' || type === '}' ? nothing(colonEnd) : this.#flowValue();
    return { key: keyText(key), start: key.start, end: key.end, value };
  }

  #flowValue(): YamlNode {
    const token = this.#sameLine();
    if (token.type === '{' || token.type === '[') return this.#nested(() => this.#flow());
    if (token.type !== 'plain' && token.type !== 'quoted') throw unusual;
    this.#tokens.next();
    return scalar(token);
  }

  /** The place behind the colon of this key, which is passed. */
  #colon(key: Token): number {
    const colon = this.#tokens.now;
    if (colon === undefined || colon.type !== ':' || colon.first) throw unusual;
    if (key.source.includes('\n') || key.source === '' || colon.start - key.start > 1000) throw unusual;
    this.#tokens.next();
    return colon.end;
  }

  #here(): Token {
    if (this.#tokens.now === undefined) throw unusual;
    return this.#tokens.now;
  }

  #sameLine(): Token {
    const token = this.#here();
    if (token.first || token.source.includes('\n')) throw unusual;
    return token;
  }

  #nested(read: () => YamlNode): YamlNode {
    if (++this.#depth > deepest) throw unusual;
    const node = read();
    this.#depth--;
    return node;
  }
}

function collection(kind: 'map', pairs: PairNode[], start: number): MapNode {
  return { kind, flow: false, pairs, start, end: pairs.at(-1)!.value.end };
}

function nothing(offset: number): YamlNode {
  return { kind: 'scalar', value: null, start: offset, end: offset };
}

function scalar(token: Token): YamlNode {
  const text = textOf(token);
  const value = token.type === 'plain' ? plainValue(text) : text;
  return { kind: 'scalar', value, start: token.start, end: token.end };
}

/** A key as it is written: `1.0` is no other key for being a number. */
function keyText(token: Token): string {
  return textOf(token);
}

function textOf({ type, source, start }: Token): string {
  if (source === '') throw unusual;
  const simple = !source.includes('\n') && (type === 'plain' ? !/^[\t,%|>@`]/.test(source) : false);
  if (simple) return source;
  const kind = type === 'plain' ? 'scalar' : source.startsWith('"') ? 'double-quoted-scalar' : 'single-quoted-scalar';
  const onError = () => {
    throw unusual;
  };
  const resolved = CST.resolveAsScalar({ type: kind, source, offset: start, indent: 0 }, true, onError);
  return resolved.value;
}
