import { isOperand, keywords, linesOf } from './retell.ts';
import type { Token, Tokens } from './tokens.ts';
import type { Fault } from './tree.ts';

/**
 * Why the parser gave up at a place. A doubt where that is not sure to be the script's fault: the parser does not know all of
 * Python, and what is wrong with a good script would stop a whole repository.
 */
export function refusalOf(script: string, at: number, { tokens, fault }: Tokens): { fault: Fault } | { doubt: Fault } {
  const lines = [...linesOf(tokens)];
  const wrong = lines.flatMap((line, n) => pythonTwo(line) ?? colonFault(line) ?? lineFault(line, lines[n - 1]) ?? []);
  const sure = fault ?? first([...wrong.slice(0, 1), ...indentFaults(lines, script)]);
  if (sure !== undefined) return { fault: sure };
  const i = tokens.findIndex(({ to, kind }) => to > at || (kind === 'newline' && to >= at));
  const token = tokens[i] ?? tokens.at(-1);
  const before = tokens[i - 1];
  if (token !== undefined && before !== undefined && cannotFollow(before, token)) return { fault: wordsFor(token) };
  const line = lines.find((one) => one.at(-1)!.to > at) ?? lines.at(-1);
  const message = 'this check cannot read this line, so nothing more is said of the script; Python itself may know it';
  return { doubt: { offset: token?.from ?? line?.[0]?.from ?? 0, message } };
}

function first(faults: readonly Fault[]): Fault | undefined {
  return faults.toSorted((a, b) => a.offset - b.offset)[0];
}

function wordsFor({ kind, text, from }: Token): Fault {
  if (kind === 'newline') return { offset: from, message: 'this line ends in the middle of something' };
  const word = text.length > 40 ? `${text.slice(0, 40)}...` : text;
  return { offset: from, message: `this is no Python: ${JSON.stringify(word)} cannot stand here` };
}

function pythonTwo([first, second]: readonly Token[]): Fault | undefined {
  const isOld = first?.kind === 'name' && (first.text === 'print' || first.text === 'exec');
  const isGiven = ['name', 'string', 'number'].includes(second?.kind ?? '') && !isJoint(second!);
  if (!isOld || (!isGiven && second?.text !== '>>')) return undefined;
  return { offset: first.from, message: 'this is Python 2; Python 3 is needed' };
}

const opening = new Set('def class if elif else for while try except finally with'.split(' '));

/** A statement with a block of its own has a colon. */
function colonFault(line: readonly Token[]): Fault | undefined {
  const at = line[0]?.text === 'async' && line[0].kind === 'name' ? 1 : 0;
  const first = line[at];
  if (first?.kind !== 'name' || !opening.has(first.text) || line.some(({ text, depth }) => text === ':' && depth === 0))
    return undefined;
  const end = line.at(-1)!;
  return end.kind === 'newline' ? { offset: end.from, message: 'this line has to end with a colon' } : undefined;
}

/** A decorator has something to decorate; `:=` is no statement. */
function lineFault(line: readonly Token[], before: readonly Token[] | undefined): Fault | undefined {
  const first = line[0]!;
  if (before?.[0]?.text === '@' && !['@', 'async', 'def', 'class'].includes(first.text)) return wordsFor(first);
  return first.kind === 'name' && line[1]?.text === ':=' ? wordsFor(line[1]) : undefined;
}

/** What is deeper than the line before it, though that opens no block; or as deep as no block that is open. */
function indentFaults(lines: readonly (readonly Token[])[], script: string): Fault[] {
  const open = [0];
  let opener: readonly Token[] | undefined;
  for (const line of lines) {
    const [{ from }] = line as [Token];
    const width = widthAt(script, from);
    if (width === undefined) return [];
    const last = open.at(-1)!;
    if (opener !== undefined && width <= last) return [{ offset: from, message: blockNeeded }];
    if (opener === undefined && width > last) return [{ offset: from, message: otherIndent }];
    if (width > last) open.push(width);
    while (open.at(-1)! > width) open.pop();
    if (open.at(-1) !== width) return [{ offset: from, message: otherIndent }];
    opener = line.at(-2)?.text === ':' && line.at(-2)!.depth === 0 ? line : undefined;
  }
  const end = opener?.at(-2);
  return end === undefined ? [] : [{ offset: end.from, message: blockNeeded }];
}

const blockNeeded = 'an indented block has to come after the colon';
const otherIndent = 'this line is indented by other spaces or tabs than the block that it belongs to';

/** Columns before a place, as Python counts them; undefined where more than space stands there: a line that is continued. */
function widthAt(script: string, from: number): number | undefined {
  const start = script.lastIndexOf('\n', from - 1) + 1;
  const before = script.slice(start, from).replace(/^.*\f/, '');
  if (!/^[ \t]*$/.test(before) || script.slice(0, start).endsWith('\\\n')) return undefined;
  let width = 0;
  for (const sign of before) width += sign === '\t' ? 8 - (width % 8) : 1;
  return width;
}

const joints = new Set('and or in is not if else for as async from'.split(' '));

/** A word that may stand behind a value. */
function isJoint({ kind, text }: Token): boolean {
  return kind === 'name' && joints.has(text);
}

const soft = new Set(['match', 'case', 'type']);
const between = new Set(
  '/ // % & | ^ << >> == != <> < > <= >= = += -= *= /= //= %= @= &= |= ^= >>= <<= **= := ->'.split(' '),
);
const needsValue = new Set(
  [...between, '+', '-', '~', '**'].concat('and or not is in if elif while assert else await for'.split(' ')),
);
const startsValue = new Set('None True False not lambda await yield'.split(' '));
const compound = new Set('if for while with try def class'.split(' '));
const alone = new Set(['pass', 'break', 'continue']);

/** Whether no script of any Python has these two side by side. Of what is not told here, nobody knows. */
function cannotFollow(before: Token, token: Token): boolean {
  const [left, right] = [before.text, token.text];
  const isName = token.kind === 'name' && !keywords.has(right);
  const isKeyword = token.kind === 'name' && keywords.has(right);
  const isEnd = token.kind === 'newline' || (token.kind === 'op' && [';', ')', ']', '}', ','].includes(right));
  const isBetween = token.kind === 'op' ? between.has(right) : isKeyword && ['and', 'or', 'is', 'in'].includes(right);
  if (left === ':' || left === ';') return (isKeyword && compound.has(right)) || (left === ':' && right === '}');
  if (isOperand(before)) {
    if (soft.has(left)) return false;
    if (isKeyword) return !isJoint(token) && right !== 'import';
    if (token.kind === 'string') return before.kind !== 'string';
    return isName || token.kind === 'number' || ['{', '~', '...'].includes(right) || (right === '->' && left !== ')');
  }
  if (before.kind === 'name' && alone.has(left)) return token.kind !== 'newline' && right !== ';';
  if (left === 'def' || left === 'class') return !isName;
  if (left === 'else' && right === ':') return false;
  if (needsValue.has(left)) {
    // Stars and slashes stand alone among parameters.
    if (left === '/' && [',', ')', ':'].includes(right)) return false;
    if ((left === 'not' && right === 'in') || (left === 'is' && right === 'not')) return false;
    return isEnd || isBetween || right === ':' || (isKeyword && !startsValue.has(right));
  }
  if (['(', '[', '{'].includes(left)) {
    const isOther = isKeyword && !startsValue.has(right) && right !== 'async';
    return right === ',' || isBetween || isOther || (right === ':' && left !== '[');
  }
  if (left === ',') return right === ',' || (isBetween && !['=', '/', 'in'].includes(right));
  if (left === '.') return token.kind !== 'name' && right !== '.' && right !== '...';
  if (left === 'lambda') return right === '=';
  if (['import', 'from', 'global', 'nonlocal', 'del'].includes(left)) return isEnd || token.kind === 'number';
  return false;
}
