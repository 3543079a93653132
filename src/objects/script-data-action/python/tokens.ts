import { textReader } from './texts.ts';
import type { Fault } from './tree.ts';

export interface Token {
  /** A newline ends a logical line; those within brackets are none. */
  kind: 'name' | 'number' | 'string' | 'op' | 'newline';
  text: string;
  from: number;
  to: number;
  /** How many brackets it stands in; a bracket itself stands outside of its own. */
  depth: number;
}

export interface Tokens {
  tokens: Token[];
  /** Where a format begins with `=` within a formatted text: `f"{x:=5}"`. */
  formats: number[];
  /** What is no token of any Python: a bracket or a text without an end, a sign that it does not know. */
  fault?: Fault;
}

const blank = /(?:[ \t\f\r]|\\\r?\n)*(?:#[^\n]*)?/y;
const word = /[\p{ID_Start}_]\p{ID_Continue}*/uy;
const number =
  /0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*(?:\.(?:\d[\d_]*)?)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?/y;
const operator =
  /\*\*=|\/\/=|>>=|<<=|\.\.\.|->|:=|==|!=|<=|>=|<>|[-+*/%&|^@]=|\*\*|\/\/|<<|>>|[-+*/%@&|^~<>()[\]{},:.;=]/y;
/** Python's own limit. */
const deepest = 200;

const closing: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** The words and signs of a script, as Python itself tells them apart; up to the first that it could not. */
export function tokensOf(script: string): Tokens {
  const tokens: Token[] = [];
  const texts = textReader(script);
  const { formats } = texts;
  const open: Token[] = [];
  const add = (kind: Token['kind'], from: number, to: number): Token => {
    const token = { kind, text: script.slice(from, to), from, to, depth: open.length };
    tokens.push(token);
    return token;
  };
  const stop = (offset: number, message: string): Tokens => ({ tokens, formats, fault: { offset, message } });
  let at = 0;
  for (;;) {
    at = after(blank, script, at)!;
    if (at >= script.length) break;
    const isText = texts.beginsAt(at);
    if (script[at] === '\n') {
      if (open.length === 0 && tokens.length > 0 && tokens.at(-1)!.kind !== 'newline') add('newline', at, at + 1);
      at++;
    } else if (isText) {
      const to = texts.endOf(at);
      if (to === undefined) return stop(at, 'the text that begins here does not end');
      at = add('string', at, to).to;
    } else {
      const kinds = [
        ['name', word],
        ['number', number],
        ['op', operator],
      ] as const;
      const found = kinds.flatMap(([kind, pattern]) => {
        const to = after(pattern, script, at);
        return to === undefined || to === at ? [] : [{ kind, to }];
      })[0];
      if (found === undefined) return stop(at, unknownSign(script, at));
      const sign = script.slice(at, found.to);
      const opener = found.kind === 'op' ? closing[sign] : undefined;
      if (opener !== undefined) {
        const last = open.pop();
        if (last?.text !== opener) return stop(at, `this is no Python: "${sign}" cannot stand here`);
      }
      const token = add(found.kind, at, found.to);
      if (found.kind === 'op' && '([{'.includes(sign)) open.push(token);
      if (open.length > deepest) return stop(at, 'brackets are nested too deeply here for any Python');
      at = found.to;
    }
  }
  const last = open.at(-1);
  if (last !== undefined) return stop(last.from, 'the bracket that opens here is never closed');
  if (tokens.length > 0 && tokens.at(-1)!.kind !== 'newline') add('newline', script.length, script.length);
  return { tokens, formats };
}

function after(pattern: RegExp, script: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(script) ? pattern.lastIndex : undefined;
}

function unknownSign(script: string, at: number): string {
  const sign = String.fromCodePoint(script.codePointAt(at)!);
  if (/[\u2018\u2019\u201c\u201d]/.test(sign)) return `${sign} is a typographic quote; Python knows only ' and "`;
  return `this is no Python: ${JSON.stringify(sign)} cannot stand here`;
}
