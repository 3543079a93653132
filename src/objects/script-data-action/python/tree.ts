import { createRequire } from 'node:module';

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

/**
 * A script as a tree, or the first thing that is wrong with it. Strict: the parser gives up at the first error, since to
 * recover from one can take it seconds where a file is made for that.
 */
export function parsePython(text: string): { root: Node } | { fault: Fault } {
  const tree = treeOf(text);
  if ('fault' in tree) return tree;
  const cursor = tree.cursor();
  const stack: (Node & { children: Node[] })[] = [];
  for (;;) {
    const { from, to } = cursor;
    const name = cursor.name === 'None' && text.startsWith('yield', from) ? 'YieldExpression' : cursor.name;
    const parent = stack.at(-1);
    const node = { name, from, to, text: text.slice(from, to), children: [], parent };
    if (name !== 'Comment') parent?.children.push(node);
    stack.push(node);
    if (stack.length > deepest) return { fault: { offset: from, message: 'this is nested too deeply' } };
    if (cursor.firstChild()) continue;
    for (;;) {
      const done = stack.pop()!;
      if (cursor.nextSibling()) break;
      if (!cursor.parent()) return { root: done };
    }
  }
}

function treeOf(text: string): Tree | { fault: Fault } {
  try {
    return loadParser().parse(text);
  } catch (error) {
    const retold = text.replaceAll(bareYield, 'None ');
    if (retold !== text) return treeOf(retold);
    const at = /^No parse at (\d+)$/.exec(error instanceof Error ? error.message : '')?.[1];
    if (at === undefined) throw error;
    return { fault: syntaxFault(text, Number(at)) };
  }
}

/** A `yield` without a value, which the parser does not know: read as `None`, so that all else stays where it is. */
const bareYield = /\byield(?=[ \t]*(?:[)#\n]|$))/g;

/** What there is at the first place that is no Python, in the words that help most. */
function syntaxFault(text: string, at: number): Fault {
  const rest = text.slice(at);
  const offset = at + (/^[ \t]+/.exec(rest)?.[0].length ?? 0);
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const line = text.slice(start).split('\n', 1)[0]!;
  const quote = /[\u2018\u2019\u201c\u201d]/.exec(line);
  if (quote !== null) {
    return { offset: start + quote.index, message: `${quote[0]} is a typographic quote; Python knows only ' and "` };
  }
  if (/^\s*(print|exec)\s+["'\w]/.test(line)) return { offset, message: 'this is Python 2; Python 3 is needed' };
  if (/^\s*with\s*\(/.test(line)) {
    const message = 'items of a with in parentheses are not read by this check; give each a with of its own';
    return { offset, message };
  }
  if (rest.trim() === '') {
    const message = 'the script ends here in the middle of something: a bracket, a text or a block is not finished';
    return { offset: lastVisible(text), message };
  }
  const isBlock = text.slice(start, at).trim() === '' && /:\s*(#.*)?\n\s*$/.test(text.slice(0, start));
  if (isBlock) return { offset, message: 'an indented block has to come after the colon' };
  if (/^[ \t]*(#.*)?\n/.test(rest)) {
    const isOpening = /^\s*(async|def|class|if|elif|else|for|while|try|except|finally|with)\b/.test(line);
    return {
      offset: at,
      message: isOpening ? 'this line has to end with a colon' : 'this line ends in the middle of something',
    };
  }
  const word = /^\s*([^\s()[\]{},:;]+|.)/.exec(rest)?.[1] ?? '';
  return { offset, message: `this is no Python: ${quoted(word)} cannot stand here` };
}

function lastVisible(text: string): number {
  return Math.max(0, text.trimEnd().length - 1);
}

function quoted(word: string): string {
  return JSON.stringify(word.length > 40 ? `${word.slice(0, 40)}...` : word);
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
