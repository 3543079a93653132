import type { FlowFile } from '../model.ts';
import { type Lines, outerStart } from '../yaml/edit-lines.ts';
import { readFlow } from '../yaml/parse.ts';
import type { PairNode, YamlNode } from '../yaml/parse-node.ts';
import { substitute, tokenPlaces } from '../yaml/substitutions.ts';

/** A flow's file as it is written, with the places at which its values stand in it, tokens not filled in. */
export interface SourceFile {
  text: string;
  /** With the values of its tokens. */
  flow: FlowFile;
  root: YamlNode;
  /** The tokens that stand, or bring what stands, from the one place to the other. */
  tokensIn(start: number, end: number): string[];
  /** True where a value of a token brought the beginning or the end of the node, among other things. */
  isTorn(node: YamlNode | PairNode): boolean;
}

export function sourceFile(text: string, values: Readonly<Record<string, string>>): SourceFile | undefined {
  const { text: filled, sourceOffset, isBrought } = substitute(text, values);
  const read = readFlow(filled);
  if ('flaws' in read) return undefined;
  const tokens = tokenPlaces(text).filter(({ token }) => Object.hasOwn(values, token));
  const torn = new Set<YamlNode | PairNode>();
  const made = new Map<YamlNode, YamlNode>();

  function placed<T extends { start: number; end: number }>(node: T): T {
    const own = { ...node, start: sourceOffset(node.start), end: sourceOffset(node.end) };
    if (isBrought(node.start) || isBrought(node.end)) torn.add(own as unknown as YamlNode);
    return own;
  }

  /** Aliases come after what they refer to. */
  function moved(node: YamlNode): YamlNode {
    const own = placed(node);
    made.set(node, own);
    if (own.props !== undefined) own.props = sourceOffset(own.props);
    if (own.kind === 'list') own.items = own.items.map(moved);
    else if (own.kind === 'map') {
      own.pairs = own.pairs.map((pair) => {
        const at = placed(pair);
        at.value = moved(pair.value);
        return at;
      });
    } else if (own.kind === 'alias') own.target = made.get(own.target) ?? own.target;
    return own;
  }

  return {
    text,
    flow: read.flow,
    root: moved(read.root),
    tokensIn: (start, end) => {
      const found = tokens.filter((one) => one.start < Math.max(end, start + 1) && one.end > start);
      return [...new Set(found.map(({ token }) => token))];
    },
    isTorn: (node) => torn.has(node),
  };
}

/** Whether a comment stands within the node, beside its scalars and keys. */
export function hasComment({ text }: Lines, node: YamlNode): boolean {
  const spans: [number, number][] = [];
  const walk = (at: YamlNode): void => {
    if (at.kind === 'list') for (const item of at.items) walk(item);
    else if (at.kind === 'map') {
      for (const { start, end, value } of at.pairs) {
        spans.push([start, end]);
        walk(value);
      }
    } else spans.push([at.start, at.end]);
  };
  walk(node);
  let from = outerStart(node);
  for (const [start, end] of spans) {
    if (text.slice(from, start).includes('#')) return true;
    // The mark of a text over several lines may have one behind it.
    if (/^[|>][^\n]*#/.test(text.slice(start, Math.min(end, start + 1000)))) return true;
    from = Math.max(from, end);
  }
  return text.slice(from, node.end).includes('#');
}

export function hasAnchor(node: YamlNode): boolean {
  if (node.anchor !== undefined) return true;
  if (node.kind === 'list') return node.items.some(hasAnchor);
  return node.kind === 'map' && node.pairs.some(({ value }) => hasAnchor(value));
}
