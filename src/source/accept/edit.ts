import { isSeq, visit } from 'yaml';
import { equal, isObject, type Json } from '../../model/json.ts';
import { parseYaml, trees } from '../parse.ts';
import { blockEdits } from './block.ts';
import { flowEdits } from './flow.ts';
import { type Splice, spliced } from './lines.ts';
import { isFlow, type Node, type Spot, spotAt } from './nodes.ts';
import { type Style, styleOf } from './render.ts';

/** One change of a value within a document: replaced or added, taken out, or put into a list before what stands there now. */
export type Operation = { at: readonly string[] } & ({ set: Json } | { remove: true } | { insert: Json });

/** What an edit goes by. */
export interface Place {
  text: string;
  style: Style;
  root: Node;
  spot: Spot;
}

/**
 * A text with one change made to one of its documents, everything else kept byte for byte: comments, order, quotes and
 * indentation. The result is parsed and compared with what was wanted; where no edit of the text comes to exactly that, the
 * reason is answered, and nothing is changed.
 */
export function edit(
  text: string,
  index: number,
  operation: Operation,
  form: 'yaml' | 'json' = 'yaml',
): { text: string } | { why: string } {
  const before = valuesIn(text);
  const tree = trees(text)[index];
  if (before === undefined || tree === undefined) return { why: 'the file cannot be read' };
  const wanted = before.map((value, i) => (i === index ? applied(value, operation) : value));
  const root = tree.contents as Node;
  for (const splices of attempts(text, root, operation, styleOf(text, form === 'json'))) {
    const result = spliced(text, splices);
    if (says(result, wanted, form)) return { text: result };
  }
  const shared = 'the place is shared by an anchor (&) and an alias (*), and others would change with it';
  return { why: hasAlias(tree) ? shared : 'no edit of this text says exactly that' };
}

function hasAlias(tree: ReturnType<typeof trees>[number]): boolean {
  let found = false;
  visit(tree, {
    Alias() {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

/** The value with the change made, as plain JSON. Where maps are missing on the way, they are made. */
export function applied(value: Json, operation: Operation): Json {
  const [part, ...rest] = operation.at;
  if (part === undefined) return 'set' in operation ? operation.set : value;
  const below = { ...operation, at: rest };
  if (Array.isArray(value)) {
    const i = Number(part);
    if (rest.length > 0) return value.map((item, n) => (n === i ? applied(item, below) : item));
    if ('remove' in operation) return value.filter((_item, n) => n !== i);
    if ('insert' in operation) return [...value.slice(0, i), operation.insert, ...value.slice(i)];
    return value.map((item, n) => (n === i ? operation.set : item));
  }
  const map = isObject(value) ? value : {};
  if (rest.length === 0 && 'remove' in operation) {
    const { [part]: _gone, ...kept } = map;
    return kept;
  }
  return { ...map, [part]: applied(map[part] ?? null, below) };
}

function* attempts(text: string, root: Node, operation: Operation, style: Style): Generator<Splice[]> {
  const { at } = operation;
  if (at.length === 0) return;
  const spot = spotAt(root, at);
  const parent = spotAt(root, at.slice(0, -1));
  if (spot === 'alias' || parent === 'alias') return;
  if (parent === undefined || (spot === undefined && !canHold(parent.node))) {
    // What is missing on the way is made with what is in it.
    if ('set' in operation) {
      const value: Json = { [at.at(-1)!]: operation.set };
      yield* attempts(text, root, { at: at.slice(0, -1), set: value }, style);
    }
    return;
  }
  const place = { text, style, root, spot: parent };
  // `{}` within a block is a block that has nothing in it yet.
  if (!style.json && 'items' in parent.node! && parent.node.items.length === 0 && !isFlow(parent.parent ?? null)) {
    yield* attempts(
      text,
      root,
      { at: at.slice(0, -1), set: applied(isSeq(parent.node) ? [] : {}, { ...operation, at: at.slice(-1) }) },
      style,
    );
  }
  const edits = isFlow(parent.node) ? flowEdits : blockEdits;
  yield* edits(place, operation, spot);
  yield* rewritten(text, root, operation, style);
}

function canHold(node: Node): boolean {
  return node !== null && 'items' in node;
}

/** The whole collection anew, as the last resort: only where no comment within it is lost. */
function* rewritten(text: string, root: Node, operation: Operation, style: Style): Generator<Splice[]> {
  const at = operation.at.slice(0, -1);
  const parent = spotAt(root, at);
  if (at.length === 0 || parent === 'alias' || parent?.node == null || !canHold(parent.node)) return;
  const [from, to] = parent.node.range;
  if (text.slice(from, to).includes('#')) return;
  const now = valueAlone(parent.node, text);
  if (now === undefined) return;
  yield* attempts(text, root, { at, set: applied(now, { ...operation, at: operation.at.slice(-1) }) }, style);
}

/** The value of a part of a text, where it can be told by itself. */
function valueAlone(node: NonNullable<Node>, text: string): Json | undefined {
  const column = node.range[0] - (text.lastIndexOf('\n', node.range[0] - 1) + 1);
  const values = valuesIn(' '.repeat(column) + text.slice(node.range[0], node.range[1]));
  return values?.length === 1 ? values[0] : undefined;
}

function valuesIn(text: string): Json[] | undefined {
  const { documents, problems } = parseYaml(Buffer.from(text));
  return problems.some(({ fineElsewhere }) => fineElsewhere !== true) ? undefined : documents.map(({ value }) => value);
}

function says(text: string, wanted: readonly Json[], form: 'yaml' | 'json'): boolean {
  if (form === 'json') {
    try {
      if (!equal(JSON.parse(text), wanted[0])) return false;
    } catch {
      return false;
    }
  }
  return equal(valuesIn(text) ?? null, [...wanted]);
}
