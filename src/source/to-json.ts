import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar } from 'yaml';
import type { Json, JsonObject } from '../model/json.ts';
import type { ProblemCode } from '../model/problem.ts';
import { colorComment } from './color-comment.ts';
import { tooDeepMessage } from './depth.ts';
import { limits } from './limits.ts';

/** `fine` where it is good YAML that only resources may not hold: other tools' files are left in peace. */
export type Report = (code: ProblemCode, message: string, offset: number, fine?: 'fine-elsewhere') => void;

type Node = ParsedNode | null;

const reserved = new Set(['__proto__', 'constructor', 'prototype']);
const knownTags = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((t) => `tag:yaml.org,2002:${t}`));

/**
 * A syntax tree as plain JSON: one walk that does what `toJS` does and judges on the way (keys, tags, numbers, depth,
 * alias expansion). Aliases are expanded by walking their anchor again, and what that costs is counted. `text` is the whole
 * file's.
 */
export function toJson(root: Node, text: string, report: Report): { value: Json; variables: boolean } {
  const walk = new Walk(text, report);
  return { value: walk.value(root, 0), variables: walk.variables };
}

class Walk {
  variables = false;
  readonly #text: string;
  readonly #report: Report;
  readonly #anchors = new Map<string, ParsedNode>();
  #inAlias = 0;
  /** The alias in the document's own text that is being expanded. */
  #outermost: ParsedNode | undefined;
  #aliased = 0;
  #aliasedCharacters = 0;
  #stopped = false;

  constructor(text: string, report: Report) {
    this.#text = text;
    this.#report = report;
  }

  value(node: Node, depth: number): Json {
    if (node === null || this.#stopped) return null;
    if (this.#inAlias > 0 && ++this.#aliased > limits.aliasedValues) {
      return this.#stop(
        'alias-bomb',
        `aliases expand to more than ${limits.aliasedValues} values`,
        this.#outermost ?? node,
      );
    }
    if (depth >= limits.depth && !isScalar(node)) return this.#stop('too-deep', tooDeepMessage, node);
    if (node.tag !== undefined && !knownTags.has(node.tag)) {
      this.#report(
        'yaml',
        `the tag ${shortTag(node.tag)} is not read here; leave it out`,
        offsetOf(node),
        'fine-elsewhere',
      );
      return null;
    }
    const value = isScalar(node)
      ? this.#scalar(node)
      : isMap(node)
        ? this.#map(node, depth)
        : isSeq(node)
          ? node.items.map((item) => this.value(item as Node, depth + 1))
          : this.#alias(node, depth);
    // Set after its content, so that an alias within its own anchor has nothing to refer to.
    if (!isAlias(node) && node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    return value;
  }

  #map(node: Extract<ParsedNode, { items: { key: unknown }[] }>, depth: number): JsonObject {
    const result: JsonObject = {};
    for (const pair of node.items as { key: ParsedNode; value: Node }[]) {
      const key = this.#key(pair.key);
      if (key === undefined) continue;
      if (Object.hasOwn(result, key)) {
        this.#report('duplicate-key', `the key "${key}" is here twice`, offsetOf(pair.key));
      } else result[key] = this.value(pair.value, depth + 1);
    }
    return result;
  }

  #key(node: ParsedNode): string | undefined {
    const scalar = isAlias(node) ? this.#anchors.get(node.source) : node;
    if (scalar === undefined || !isScalar(scalar)) {
      this.#report('yaml', 'a key must be a plain text', offsetOf(node), 'fine-elsewhere');
      return undefined;
    }
    const key = keyText(scalar);
    if (reserved.has(key)) {
      this.#report('reserved-key', `the key "${key}" is reserved and may not be used`, offsetOf(node));
      return undefined;
    }
    if (key === '<<' && scalar.type === 'PLAIN') {
      const message = 'merge keys (<<) are not part of YAML 1.2; repeat the values, or use a variable or a patch';
      this.#report('yaml', message, offsetOf(node), 'fine-elsewhere');
      return undefined;
    }
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isAlias(node)) this.#count(key, node);
    else if (this.#inAlias > 0) this.#count(key, this.#outermost ?? node);
    return key;
  }

  #alias(node: ParsedNode, depth: number): Json {
    const source = isAlias(node) ? node.source : '';
    const target = this.#anchors.get(source);
    if (target === undefined) {
      this.#report('yaml', `the alias *${source} has no anchor &${source} before it`, offsetOf(node));
      return null;
    }
    if (this.#inAlias++ === 0) this.#outermost = node;
    const value = this.value(target, depth);
    this.#inAlias--;
    return value;
  }

  #count(text: string, alias: { range?: readonly number[] | null }): void {
    this.#aliasedCharacters += text.length;
    if (this.#aliasedCharacters <= limits.aliasedCharacters || this.#stopped) return;
    this.#stop('alias-bomb', `aliases expand to more than ${limits.aliasedCharacters} characters`, alias);
  }

  #scalar(node: Scalar): Json {
    const { value } = node;
    if (typeof value === 'string') {
      if (this.#inAlias > 0) this.#count(value, this.#outermost ?? node);
      if (!this.variables && value.includes('$(')) this.variables = true;
      return value;
    }
    if (typeof value === 'number') return this.#number(value, node);
    if (value === null && node.source === '') return this.#empty(node);
    if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null;
    return String(value);
  }

  #empty(node: Scalar): null {
    const color = this.#inAlias > 0 ? undefined : colorComment(this.#text, offsetOf(node));
    if (color !== undefined) this.#report('yaml', color.message, color.offset, 'fine-elsewhere');
    return null;
  }

  #number(value: number, node: Scalar): Json {
    const written = node.source ?? String(value);
    if (!Number.isFinite(value)) {
      const inf = /^[-+]?\.(inf|nan)$/i.test(written);
      const message = inf ? `must be a finite number, but is ${written}` : `the number ${written} is too large`;
      this.#report('schema', message, offsetOf(node));
      return null;
    }
    if (Number.isInteger(value) && !Number.isSafeInteger(value) && losesDigits(written)) {
      const message = `the number ${written} has more digits than a number can hold; quote it to keep it as text`;
      this.#report('schema', message, offsetOf(node));
      return null;
    }
    return value;
  }

  /** One such problem is enough, and going on is what would be dangerous. */
  #stop(code: ProblemCode, message: string, node: { range?: readonly number[] | null }): null {
    this.#stopped = true;
    this.#report(code, message, offsetOf(node));
    return null;
  }
}

/** A key as it was written: `1.0` is no other key for being a number. */
export function keyText({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : (source ?? String(value ?? ''));
}

function offsetOf(node: { range?: readonly number[] | null }): number {
  return node.range?.[0] ?? 0;
}

/** An exponent says that only the first digits are meant. */
function losesDigits(written: string): boolean {
  const exponent = /^[-+]?([\d.]+)e/i.exec(written);
  return exponent === null || (exponent[1] ?? '').replace(/\D/g, '').replace(/^0+|0+$/g, '').length > 17;
}

function shortTag(tag: string): string {
  return tag.startsWith('tag:yaml.org,2002:') ? `!!${tag.slice('tag:yaml.org,2002:'.length)}` : tag;
}
