import { type Token, type Tokens, tokensOf } from './tokens.ts';

/** A text that means the same and is as long, and the expressions that stand behind a name in it. */
export interface Retold {
  text: string;
  /** By the offset of the name that takes its place: the expression as it is written, to be parsed by itself. */
  grafts: Map<number, { from: number; to: number }>;
  read: Tokens;
}

/**
 * A script in words that the parser knows, where it lacks a form of Python that has others: all else stays at its offset. It is
 * asked for only where the parser gave up, and is then parsed once more.
 */
export function retold(script: string): Retold {
  // A form feed begins the line anew.
  const plain = script.replaceAll(/^[ \t]*\f[ \t\f]*/gm, (blank) => {
    const last = blank.lastIndexOf('\f') + 1;
    return '\n'.repeat(last) + blank.slice(last);
  });
  const read = tokensOf(plain);
  const grafts: Retold['grafts'] = new Map();
  const parts: { from: number; to: number; text: string }[] = [];
  const put = (from: number, to: number, text = ''): void => {
    if (to > from) parts.push({ from, to, text: text.padEnd(to - from) });
  };
  const graft = (from: number, to: number): void => {
    grafts.set(from, { from, to });
    put(from, to, '_');
  };
  for (const offset of read.formats) put(offset, offset + 1, '<');
  for (const line of linesOf(read.tokens)) {
    for (const [i, token] of line.entries()) retellToken(line, i, token, put);
    retellStatement(line, put, graft);
  }
  return { text: replaced(plain, parts), grafts, read };
}

export function* linesOf(tokens: readonly Token[]): Generator<Token[]> {
  let line: Token[] = [];
  for (const token of tokens) {
    line.push(token);
    if (token.kind !== 'newline') continue;
    yield line;
    line = [];
  }
  if (line.length > 0) yield line;
}

type Put = (from: number, to: number, text?: string) => void;

/** The first of several changes of one place counts. */
function replaced(text: string, parts: { from: number; to: number; text: string }[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const part of parts.sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (part.from < at) continue;
    pieces.push(text.slice(at, part.from), part.text);
    at = part.to;
  }
  return pieces.join('') + text.slice(at);
}

const valueEnds = new Set([')', ']', '}', ';', '=', ',']);

function retellToken(line: readonly Token[], i: number, token: Token, put: Put): void {
  const { kind, text, from, to } = token;
  const next = line[i + 1];
  const before = line[i - 1];
  const isLast = next === undefined || next.kind === 'newline' || valueEnds.has(next.text);
  // `5.`
  if (kind === 'number' && /\.(?!\d)/.test(text)) put(from + text.indexOf('.'), from + text.indexOf('.') + 1, '0');
  if (kind === 'name' && text === 'yield' && isLast) put(from, to, 'None');
  if (kind === 'name' && text === 'print' && i === 0 && /^[=,:]$/.test(next?.text ?? '')) put(from, to, 'Print');
  if (text === 'for' && kind === 'name') loseStars(line, i, put);
  if (text === 'lambda' && kind === 'name') loseLambdaSigns(line, i, put);
  // `def f(*args: *types)`, `a[*b]`
  const isSubscript = text === '[' && before !== undefined && isOperand(before);
  if (isSubscript || text === ':') loseStar(next, put);
  if (isSubscript) for (const at of within(line, i)) if (line[at]!.text === ',') loseStar(line[at + 1], put);
}

export const keywords: ReadonlySet<string> = new Set(
  `False None True and as assert async await break class continue def del elif else except finally for from global if import in
  is lambda nonlocal not or pass raise return try while with yield`.split(/\s+/),
);

/** Whether a value may end with it. */
export function isOperand({ kind, text }: Token): boolean {
  if (kind === 'name') return !keywords.has(text) || /^[FNT]/.test(text);
  return kind === 'number' || kind === 'string' || [')', ']', '}', '...'].includes(text);
}

/** Where the tokens are that stand directly within the bracket that opens at `i`. */
function* within(line: readonly Token[], i: number): Generator<number> {
  const inner = line[i]!.depth + 1;
  for (let at = i + 1; at < line.length && line[at]!.depth >= inner; at++) if (line[at]!.depth === inner) yield at;
}

function loseStar(token: Token | undefined, put: Put): void {
  if (token?.kind === 'op' && token.text === '*') put(token.from, token.to);
}

/** `for a, *b in *c, d`: in targets of comprehensions, and in what a statement goes through. */
function loseStars(line: readonly Token[], i: number, put: Put): void {
  const { depth } = line[i]!;
  const isStatement = i === 0 || (i === 1 && line[0]!.text === 'async');
  for (let at = i; at < line.length; at++) {
    const { text, depth: here } = line[at]!;
    const isOver = text === ':' || (text === 'in' && !isStatement) || (text === 'for' && at > i);
    if (here < depth || (here === depth && isOver)) return;
    if (here === depth && (text === 'for' || text === ',' || text === 'in')) loseStar(line[at + 1], put);
  }
}

/** `lambda a, /, b,: a` */
function loseLambdaSigns(line: readonly Token[], i: number, put: Put): void {
  const { depth } = line[i]!;
  for (let at = i + 1; at < line.length; at++) {
    const [token, next] = [line[at]!, line[at + 1]];
    if (token.depth < depth || (token.depth === depth && [':', 'lambda'].includes(token.text))) return;
    if (token.depth !== depth || token.text !== ',') continue;
    if (next?.text === '/') put(token.from, next.to);
    if (next?.text === ':') put(token.from, token.to);
  }
}

function retellStatement(line: readonly Token[], put: Put, graft: Put): void {
  const [first, second] = line;
  if (first === undefined || second === undefined) return;
  const colon = line.findIndex(({ depth, text, kind }) => depth === 0 && text === ':' && kind === 'op');
  const at = first.text === 'async' ? 1 : 0;
  if (line[at]!.text === 'with' && colon !== -1) retellWith(line.slice(at, colon), put, graft);
  if (first.text === '@') retellDecorator(line.slice(1), graft);
  const isHeader = second.kind !== 'op' || ['(', '[', '{', '-', '*', '~', '...'].includes(second.text);
  if (colon < 2 || !isHeader || first.kind !== 'name') return;
  const isEnd = line[colon + 1]?.kind === 'newline';
  if (first.text === 'match' && isEnd) graft(second.from, line[colon - 1]!.to);
  if (first.text === 'case') retellCase(line.slice(1, colon), put);
}

/** `with (a as b, c as d):` without its parentheses, and `as (a, b)`, `as a.b`. */
function retellWith(line: readonly Token[], put: Put, graft: Put): void {
  const last = line.length - 1;
  if (last < 1) return;
  const inner = [...within(line, 1)].map((at) => line[at]!);
  const isGrouped = line[1]?.text === '(' && line[last]!.text === ')' && line[last]!.depth === 0;
  const depth = isGrouped && inner.some(({ text }) => text === 'as') ? 1 : 0;
  if (depth === 1) {
    const items = line.slice(2, last);
    if (items.at(-1)!.text === ',') items.pop();
    put(line[1]!.from, items[0]!.from);
    for (const [i, { to, depth: here }] of items.entries()) {
      const next = items[i + 1];
      if (next !== undefined && here === 1 && next.depth === 1) put(to, next.from);
    }
    put(items.at(-1)!.to, line[last]!.to);
  }
  for (const [i, { text, depth: here }] of line.entries()) {
    if (text !== 'as' || here !== depth) continue;
    let end = i + 1;
    while (end < line.length && line[end]!.depth >= depth && !isTargetEnd(line[end]!, depth)) end++;
    const target = line.slice(i + 1, end);
    if (target.length > 1) graft(target[0]!.from, target.at(-1)!.to);
  }
}

function isTargetEnd({ text, depth: here }: Token, depth: number): boolean {
  return here === depth && (text === ',' || text === 'as');
}

/** A decorator may be any expression; the parser knows names, and one call of them. */
function retellDecorator(line: readonly Token[], graft: Put): void {
  const value = line.at(-1)?.kind === 'newline' ? line.slice(0, -1) : line;
  if (value.length > 0) graft(value[0]!.from, value.at(-1)!.to);
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Empty patterns, `case A():`, and a text in several pieces; up to the guard. */
function retellCase(line: readonly Token[], put: Put): void {
  for (const [i, token] of line.entries()) {
    const [before, next] = [line[i - 1], line[i + 1]];
    if (token.kind === 'name' && token.text === 'if' && token.depth === 0) return;
    if (token.kind === 'string' && before?.kind === 'string') put(token.from, token.to);
    if (token.kind !== 'op' || next === undefined || closers[token.text] !== next.text) continue;
    put(token.from, next.to, before !== undefined && isOperand(before) ? '' : '_');
  }
}
