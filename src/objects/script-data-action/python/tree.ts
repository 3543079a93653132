import { createRequire } from 'node:module';
import { refusalOf } from './refusal.ts';
import { retold } from './retell.ts';

/** A node of a syntax tree, plain: comments are left out, and a leaf has its text. */
export interface Node {
  name: string;
  /** Offsets in the text that was parsed. */
  from: number;
  to: number;
  text: string;
  children: readonly Node[];
  /** What it stands in; the script itself stands in nothing. */
  parent: Node | undefined;
}

/** Something in a script that a person has to mend, at an offset of its text. */
export interface Fault {
  offset: number;
  message: string;
}

type Parser = typeof import('@lezer/python')['parser'];
type Tree = ReturnType<Parser['parse']>;

const require = createRequire(import.meta.url);
let parser: Parser | undefined;

/** Twenty milliseconds that only a repository with a script in it pays; and `check` cannot wait for an `import()`. */
function loadParser(): Parser {
  parser ??= (require('@lezer/python') as typeof import('@lezer/python')).parser.configure({ strict: true });
  return parser;
}

/** Python itself gives up at 200 brackets and 100 blocks; a sum of so many terms nobody writes. */
const deepest = 1000;

/** What became of a script: its tree, what is wrong with it, or why this check can tell neither. */
export type Parsed = { root: Node } | { fault: Fault } | { doubt: Fault };

/**
 * Strict: the parser gives up at the first error, since to recover from one can take it seconds where a file is made for that.
 */
export function parsePython(script: string): Parsed {
  // A byte order mark is no part of the first line.
  const text = script.replace(/^\ufeff/, '\n');
  const parsed = treeOf(text);
  if (!('tree' in parsed)) return parsed;
  const { tree, grafts, told } = parsed;
  const cursor = tree.cursor();
  const stack: (Node & { children: Node[] })[] = [];
  for (;;) {
    const { from, to } = cursor;
    const name = cursor.name === 'None' && text.startsWith('yield', from) ? 'YieldExpression' : cursor.name;
    const parent = stack.at(-1);
    const graft = name === 'VariableName' ? grafts.get(from) : undefined;
    // A name may stand for what the parser does not know; everything else is as it was written.
    const written = (name === 'VariableName' ? told : text).slice(from, to);
    const node = graft ?? { name, from, to, text: written, children: [], parent };
    if (graft !== undefined) graft.parent = parent;
    if (name !== 'Comment') parent?.children.push(node);
    stack.push(node as Node & { children: Node[] });
    if (stack.length > deepest) {
      return {
        doubt: { offset: from, message: 'this is nested too deeply for this check, so nothing is said of the script' },
      };
    }
    if (cursor.firstChild()) continue;
    for (;;) {
      const done = stack.pop()!;
      if (cursor.nextSibling()) break;
      if (!cursor.parent()) return { root: done };
    }
  }
}

type Grafts = ReadonlyMap<number, Node>;

function treeOf(text: string): { tree: Tree; grafts: Grafts; told: string } | { fault: Fault } | { doubt: Fault } {
  const first = strict(text);
  if (typeof first !== 'number') return { tree: first, grafts: new Map(), told: text };
  const { text: other, grafts: places, read } = retold(text);
  const second = other === text ? first : strict(other);
  if (typeof second === 'number') return refusalOf(text, second, read);
  const grafts = new Map<number, Node>();
  for (const { from, to } of places.values()) {
    const part = graftOf(text, from, to);
    if (typeof part === 'number') return refusalOf(text, part, read);
    grafts.set(from, part);
  }
  return { tree: second, grafts, told: other };
}

/** The tree, or the offset of the first error. */
function strict(text: string): Tree | number {
  try {
    return loadParser().parse(text);
  } catch (error) {
    const at = /^No parse at (\d+)$/.exec(error instanceof Error ? error.message : '')?.[1];
    if (at === undefined) throw error;
    return Number(at);
  }
}

/** An expression that the retold script has a name for, parsed by itself; its offsets are those of the script. */
function graftOf(text: string, from: number, to: number): Node | number {
  const parsed = parsePython(`(${text.slice(from, to)})`);
  if (!('root' in parsed)) return from + ('fault' in parsed ? parsed.fault : parsed.doubt).offset - 1;
  const statement = parsed.root.children[0]?.children[0];
  if (statement === undefined) return from;
  const stack = [statement];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    node.from += from - 1;
    node.to += from - 1;
    stack.push(...node.children);
  }
  return bare(statement);
}

/** What stands between commas, brackets aside. */
export function separated(nodes: readonly Node[]): Node[][] {
  const groups: Node[][] = [[]];
  for (const node of nodes) {
    if (node.name === ',') groups.push([]);
    else if (!brackets.has(node.name)) groups.at(-1)!.push(node);
  }
  return groups.filter((group) => group.length > 0);
}

const brackets = new Set(['(', ')', '[', ']', '{', '}']);

/** What stands in parentheses that only group. */
export function bare(node: Node): Node {
  let inner = node;
  while (inner.name === 'ParenthesizedExpression' && inner.children.length === 3) inner = inner.children[1]!;
  return inner;
}

export interface Argument {
  /** Of `name=value`. */
  name?: string;
  star?: '*' | '**';
  value: Node;
}

/** The arguments of a call. */
export function argumentsOf({ children }: Node): Argument[] {
  return separated(children[1]?.children ?? []).map((group): Argument => {
    const [first, second, third] = group as [Node, Node?, Node?];
    if ((first.name === '*' || first.name === '**') && second !== undefined) return { star: first.name, value: second };
    if (second?.name === 'AssignOp' && second.text === '=' && third !== undefined) {
      return { name: first.text, value: third };
    }
    return { value: first };
  });
}

/** The text that a literal stands for; undefined where that is not plain: escapes, bytes, formatted ones. */
export function literalOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  const inner = bare(node);
  if (inner.name === 'ContinuedString') {
    const parts = inner.children.map(literalOf);
    return parts.includes(undefined) ? undefined : parts.join('');
  }
  const match = inner.name === 'String' ? /^([a-z]*)('''|"""|'|")([\s\S]*)\2$/i.exec(inner.text) : null;
  if (match === null || /b/i.test(match[1]!)) return undefined;
  return match[3]!.includes('\\') && !/r/i.test(match[1]!) ? undefined : match[3];
}
