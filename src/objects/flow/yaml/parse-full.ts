import {
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  type ParsedNode,
  Parser,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Flaw } from '../model.ts';
import { Flaws } from './flaws.ts';
import { deepest, tooDeepMessage, type YamlNode } from './parse-node.ts';
import { writtenEnd } from './parse-scalar.ts';

const options = {
  version: '1.2',
  schema: 'core',
  // Compared when the plain values are made, in linear time.
  uniqueKeys: false,
  resolveKnownTags: false,
  prettyErrors: false,
  // Not `silent`, which would also be silent about a second document.
  logLevel: 'error',
} as const;

const knownTags = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((t) => `tag:yaml.org,2002:${t}`));

/** Reads any YAML by the yaml package's own documents; the flaws have their places. */
export function readFully(text: string): YamlNode | Flaw[] {
  const document = parseDocument(text, options);
  const flaws = syntaxFlaws(document, text);
  if (flaws.length > 0) return flaws;
  if (document.contents === null) return [{ code: 'yaml', message: 'the file is empty', offset: 0 }];
  const reader = new FullReader(text);
  const root = reader.node(document.contents, 0);
  return reader.flaws.none ? root : reader.flaws.all();
}

/**
 * The place where nesting goes over the limit, for text on which the composer ran out of stack: yaml's CST parser and
 * this walk keep stacks of their own.
 */
function tooDeepAt(text: string): number | undefined {
  for (const root of new Parser().parse(text)) {
    if (root.type !== 'document' || root.value === undefined) continue;
    const stack: { token: CST.Token; depth: number }[] = [{ token: root.value, depth: 1 }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { token, depth } = top;
      if (!('items' in token)) continue;
      if (depth > deepest) return token.offset;
      for (const item of token.items) {
        if (item.value) stack.push({ token: item.value, depth: depth + 1 });
        if (item.key) stack.push({ token: item.key, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

function syntaxFlaws(document: Document.Parsed, text: string): Flaw[] {
  // The composer recurses; what is within the limit and still too much for the stack is too deep all the same.
  if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) {
    const offset = tooDeepAt(text);
    const message = offset === undefined ? 'maps and lists are nested too deeply' : tooDeepMessage;
    return [{ code: 'too-deep', message, offset: offset ?? 0 }];
  }
  const version = document.directives?.yaml;
  if (version?.explicit === true && version.version !== '1.2') {
    const message = `the file asks for YAML ${version.version}; only YAML 1.2 is read here`;
    return [{ code: 'yaml', message, offset: Math.max(0, text.indexOf('%YAML')) }];
  }
  // One mistake in YAML often reads as several; the first ones say enough.
  return document.errors.slice(0, 5).map(({ message, pos, code }) => ({
    code: 'yaml',
    message:
      code === 'MULTIPLE_DOCS'
        ? 'the file holds several YAML documents; a flow is one'
        : message.charAt(0).toLowerCase() + message.slice(1),
    offset: pos[0],
  }));
}

class FullReader {
  readonly flaws = new Flaws();
  readonly #text: string;
  readonly #anchors = new Map<string, YamlNode>();
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** `from`: where the node is when it has no place of its own, being empty. */
  node(node: ParsedNode | null, from: number): YamlNode {
    if (node === null) return { kind: 'scalar', value: null, start: from, end: from };
    const { tag } = node;
    const start = node.range[0];
    if (tag !== undefined && !knownTags.has(tag)) {
      this.flaws.add('yaml', () => ({ message: `the tag ${tag} is not read here; leave it out`, offset: start }));
    }
    if (isAlias(node)) return this.#alias(node.source, start);
    if (++this.#depth > deepest && !isScalar(node)) {
      // One such flaw is enough.
      if (this.flaws.none) this.flaws.add('too-deep', () => ({ message: tooDeepMessage, offset: start }));
      this.#depth--;
      return { kind: 'scalar', value: null, start, end: start };
    }
    const read = this.#content(node, from);
    this.#depth--;
    const props = this.#props(from, start);
    if (props !== undefined) {
      read.props = props;
      // An empty value with an anchor or tag is behind it.
      if (read.start === read.end) {
        const written = /^(?:[&!][^\s,[\]{}]*\s*)+/.exec(this.#text.slice(props))?.[0] ?? '';
        read.start = props + written.trimEnd().length;
        read.end = read.start;
      }
    }
    if (node.anchor !== undefined) {
      read.anchor = node.anchor;
      // Set after its content, so that an alias within its own anchor has nothing to refer to.
      this.#anchors.set(node.anchor, read);
    }
    return read;
  }

  #content(node: Exclude<ParsedNode, { source: string; type: undefined }>, from: number): YamlNode {
    const start = node.range[0];
    if (isScalar(node)) return this.#scalar(node as Scalar.Parsed, from);
    const flow = (node as YAMLMap | YAMLSeq).flow === true;
    if (isMap(node)) {
      const pairs = node.items.flatMap(({ key, value }) => {
        const at = this.#key(key as ParsedNode);
        if (at === undefined) return [];
        return [{ ...at, value: this.node(value as ParsedNode | null, this.#afterColon(at.end)) }];
      });
      const end = flow ? node.range[1] : (pairs.at(-1)?.value.end ?? node.range[1]);
      return { kind: 'map', flow, pairs, start, end };
    }
    const items = (node as YAMLSeq<ParsedNode>).items.map((item) => this.node(item, item.range[0]));
    const end = flow ? node.range[1] : (items.at(-1)?.end ?? node.range[1]);
    return { kind: 'list', flow, items, start, end };
  }

  #scalar({ value, source, range, type }: Scalar.Parsed, from: number): YamlNode {
    // An empty value is found by yaml behind its comments, and here behind its key.
    if (range[0] === range[1]) return { kind: 'scalar', value: null, start: from, end: from };
    const end = type?.startsWith('BLOCK') === true ? writtenEnd(this.#text, range[0], range[1]) : range[1];
    const json = typeof value === 'number' && !Number.isFinite(value) ? (source ?? String(value)) : value;
    const plain = typeof json === 'bigint' || typeof json === 'symbol' || json === undefined ? String(source) : json;
    return { kind: 'scalar', value: plain as string | number | boolean | null, start: range[0], end };
  }

  #key(key: ParsedNode): { key: string; start: number; end: number } | undefined {
    const target = isAlias(key) ? this.#anchors.get(key.source) : undefined;
    const start = key.range[0];
    const end = key.range[1];
    if (target?.kind === 'scalar') return { key: String(target.value), start, end };
    if (!isScalar(key)) {
      this.flaws.add('yaml', () => ({ message: 'a key must be a plain text', offset: start }));
      return undefined;
    }
    const text = typeof key.value === 'string' ? key.value : (key.source ?? '');
    const node: YamlNode = { kind: 'scalar', value: text, start, end };
    if (key.anchor !== undefined) this.#anchors.set(key.anchor, node);
    return { key: text, start, end };
  }

  #afterColon(keyEnd: number): number {
    return keyEnd + (/^\s*:/.exec(this.#text.slice(keyEnd, keyEnd + 200))?.[0].length ?? 0);
  }

  #alias(name: string, start: number): YamlNode {
    const target = this.#anchors.get(name);
    const end = start + 1 + name.length;
    if (target !== undefined) return { kind: 'alias', target, start, end };
    const message = `the alias *${name} has no anchor &${name} before it`;
    this.flaws.add('yaml', () => ({ message, offset: start }));
    return { kind: 'scalar', value: null, start, end };
  }

  /** Where the anchor or tag before a value begins. */
  #props(from: number, start: number): number | undefined {
    const between = this.#text.slice(from, start);
    // Comments may stand between key and value too, and hold anything.
    const found = /(?:^|[\s:])([&!]\S*)/.exec(
      between.replaceAll(/(^|\s)#.*/g, (comment) => ' '.repeat(comment.length)),
    );
    return found === null ? undefined : from + found.index + found[0].length - found[1]!.length;
  }
}
