import type { Json, JsonObject } from '../../../model/json.ts';
import { type Pointer, parsePointer } from '../../../model/pointer.ts';
import type { Flaw } from '../model.ts';
import { Flaws } from './flaws.ts';

/** Where a node's own text stands: without its anchor and tag, and without the line break behind a block scalar. */
interface Placed {
  start: number;
  end: number;
  /** Where its anchor or tag begins. */
  props?: number;
  anchor?: string;
}

export interface ScalarNode extends Placed {
  kind: 'scalar';
  value: Json;
}

export interface MapNode extends Placed {
  kind: 'map';
  flow: boolean;
  pairs: PairNode[];
}

export interface ListNode extends Placed {
  kind: 'list';
  flow: boolean;
  items: YamlNode[];
}

/** `*name`; its target is shared, not copied. */
export interface AliasNode extends Placed {
  kind: 'alias';
  target: YamlNode;
}

export interface PairNode {
  key: string;
  /** Of the key, with its anchor and tag. */
  start: number;
  end: number;
  value: YamlNode;
}

/** A YAML text as this folder works on it: values with their places, small enough for flows of megabytes. */
export type YamlNode = ScalarNode | MapNode | ListNode | AliasNode;

/** Maps and lists within each other. A real flow of 47 nested steps has 250; the stack holds several times the limit. */
export const deepest = 1000;
export const tooDeepMessage = `maps and lists are nested more than ${deepest} deep`;

/** What aliases may bring into one flow; Architect writes none. */
const aliasLimits = { values: 10_000, characters: 1_000_000 };

/** Keys that JavaScript gives a meaning of its own. */
const reserved = new Set(['__proto__', 'constructor', 'prototype']);

/** The plain value of a node, its aliases written out; what JSON cannot say, or what nobody means, becomes a flaw. */
export function toJson(root: YamlNode): { value: Json; flaws: Flaw[] } {
  const flaws = new Flaws();
  let outermost: AliasNode | undefined;
  let bomb = false;
  let deep = false;
  let values = 0;
  let characters = 0;
  let depth = 0;

  function read(node: YamlNode): Json {
    if (outermost !== undefined && overBound(node)) return null;
    if (node.kind === 'scalar') return node.value;
    if (depth >= deepest) return tooDeep(node);
    depth++;
    const value = node.kind === 'list' ? node.items.map(read) : node.kind === 'map' ? readMap(node) : readAlias(node);
    depth--;
    return value;
  }

  function readAlias(node: AliasNode): Json {
    const within = outermost;
    outermost ??= node;
    const value = read(node.target);
    outermost = within;
    return value;
  }

  /** Aliases may nest what is shallow in the text. */
  function tooDeep({ start }: YamlNode): null {
    if (!deep) flaws.add('too-deep', () => ({ message: tooDeepMessage, offset: outermost?.start ?? start }));
    deep = true;
    return null;
  }

  function readMap({ pairs }: MapNode): JsonObject {
    const result: JsonObject = {};
    for (const { key, start, value } of pairs) {
      const flaw = keyFlaw(key, result);
      if (flaw === undefined) result[key] = read(value);
      // A map that an alias repeats has had its say where it stands.
      else if (outermost === undefined) flaws.add(flaw.code, () => ({ message: flaw.message, offset: start }));
    }
    return result;
  }

  /** Counts what aliases bring; over the bound nothing is read any more, since going on is what would be dangerous. */
  function overBound(node: YamlNode): boolean {
    if (bomb) return true;
    values++;
    if (node.kind === 'scalar' && typeof node.value === 'string') characters += node.value.length;
    if (node.kind === 'map') for (const { key } of node.pairs) characters += key.length;
    bomb = values > aliasLimits.values || characters > aliasLimits.characters;
    if (bomb) {
      const message = `aliases expand to more than ${aliasLimits.values} values or ${aliasLimits.characters} characters`;
      flaws.add('alias-bomb', () => ({ message, offset: outermost?.start ?? node.start }));
    }
    return bomb;
  }

  const value = read(root);
  return { value, flaws: flaws.all() };
}

function keyFlaw(key: string, map: JsonObject): Pick<Flaw, 'code' | 'message'> | undefined {
  if (reserved.has(key)) return { code: 'reserved-key', message: `the key "${key}" is reserved and may not be used` };
  if (Object.hasOwn(map, key)) return { code: 'duplicate-key', message: `the key "${key}" is here twice` };
  if (key === '<<') {
    return { code: 'yaml', message: 'merge keys (<<) are not part of YAML 1.2; repeat the values' };
  }
  return undefined;
}

/** What stands behind an alias, or the node itself. */
export function resolved(node: YamlNode): Exclude<YamlNode, AliasNode> {
  return node.kind === 'alias' ? resolved(node.target) : node;
}

/** The node at the pointer and the pair or item that holds it; undefined where there is none. */
export function nodeAt(root: YamlNode, pointer: Pointer): { node: YamlNode; pair?: PairNode; found: boolean } {
  let at: { node: YamlNode; pair?: PairNode } = { node: root };
  for (const part of parsePointer(pointer)) {
    const inside = resolved(at.node);
    if (inside.kind === 'map') {
      const pair = pairOf(inside, part);
      if (pair === undefined) return { ...at, found: false };
      at = { node: pair.value, pair };
    } else if (inside.kind === 'list') {
      const node = inside.items[Number(part)];
      if (node === undefined) return { ...at, found: false };
      at = { node };
    } else return { ...at, found: false };
  }
  return { ...at, found: true };
}

const manyPairs = 50;
const indexes = new WeakMap<MapNode, Map<string, PairNode>>();

/** The pair of the key; long maps are indexed, since they are asked for many keys. */
export function pairOf(map: MapNode, key: string): PairNode | undefined {
  if (map.pairs.length < manyPairs) return map.pairs.find((pair) => pair.key === key);
  let index = indexes.get(map);
  if (index === undefined) {
    index = new Map(map.pairs.map((pair) => [pair.key, pair]));
    indexes.set(map, index);
  }
  return index.get(key);
}
