import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { keyText } from '../to-json.ts';

export type Node = ParsedNode | null;
export type MapNode = YAMLMap.Parsed;
export type SeqNode = YAMLSeq.Parsed;
export type Collection = MapNode | SeqNode;

/** A place in a syntax tree: a value, and where it hangs. */
export interface Spot {
  node: Node;
  /** Undefined for the whole document. */
  parent?: Collection;
  /** Which pair or item of the parent it is. */
  index: number;
}

/** The node at a path; `alias` where an alias stands on the way; undefined where nothing is there. */
export function spotAt(root: Node, parts: readonly string[]): Spot | 'alias' | undefined {
  let spot: Spot = { node: root, index: 0 };
  for (const part of parts) {
    const { node } = spot;
    if (isAlias(node)) return 'alias';
    if (isMap(node)) {
      const index = node.items.findIndex(({ key }) => isScalar(key) && keyText(key) === part);
      if (index === -1) return undefined;
      spot = { node: node.items[index]!.value as Node, parent: node as MapNode, index };
    } else if (isSeq(node)) {
      const index = Number(part);
      if (!(index < node.items.length)) return undefined;
      spot = { node: node.items[index] as Node, parent: node as SeqNode, index };
    } else return undefined;
  }
  return spot;
}

export function isFlow(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true;
}

export function isBlockText(node: Node): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}

/** Where a value ends, without the comments behind it. `from` is where an empty one would stand. */
export function contentEnd(node: Node, from: number): number {
  if (node === null) return from;
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last = node.items.at(-1);
    if (last === undefined) return node.range[1];
    if (isSeq(node)) return contentEnd(last as Node, (last as ParsedNode | null)?.range[0] ?? from);
    const { key, value } = last as { key: ParsedNode; value: Node };
    return contentEnd(value, key.range[1]);
  }
  return isEmptyNode(node) ? from : node.range[1];
}

/** True for a value that is written as nothing at all. */
export function isEmptyNode(node: Node): boolean {
  return node === null || (isScalar(node) && node.range[0] === node.range[1]);
}
