import { Document, Scalar, visit } from 'yaml';
import { isObject, type Json } from '../../model/json.ts';
import { textOf } from '../write.ts';

/** How a text writes what it holds, as far as new parts of it follow that. */
export interface Style {
  json: boolean;
  /** Columns by which what is inside stands deeper. */
  step: number;
  /** True where the items of a list stand deeper than its key. */
  indentsLists: boolean;
  singleQuotes: boolean;
  /** True for `{ a: 1 }`, false for `{a: 1}`. */
  padded: boolean;
}

export function styleOf(text: string, json: boolean): Style {
  const steps = [...text.matchAll(/^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n( +)[^\s#-]/gm)];
  const jsonStep = /^[[{][^\S\n]*\r?\n( +)/.exec(text)?.[1]?.length;
  const deeper = steps.map(([, outer = '', inner = '']) => inner.length - outer.length).find((n) => n > 0);
  const list = /^( *)(?:- )?[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n( *)- /m.exec(text);
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return {
    json,
    step: (json ? jsonStep : deeper) ?? 2,
    indentsLists: list === null || (list[2] ?? '').length > (list[1] ?? '').length,
    singleQuotes: count(/(?:: |- |\[|, )'/g) > count(/(?:: |- |\[|, )"/g),
    padded: /[{[] \S/.test(text) || !/[{[]\S/.test(text),
  };
}

/** A value as the lines of a block: `a: 1`, `- x`. The first column is 0. */
export function blockLines(value: Json, style: Style): string[] {
  return textOf(value, optionsOf(style)).replace(/\n$/, '').split('\n');
}

/** A value on one line, within `{}` or `[]` as well. */
export function inlineText(value: Json, style: Style): string {
  if (style.json) return JSON.stringify(value);
  const document = new Document([value]);
  visit(document, {
    Collection(_key, node) {
      node.flow = true;
    },
  });
  const text = document.toString({ ...optionsOf(style), flowCollectionPadding: false, lineWidth: 0 }).trimEnd();
  const inner = text.slice(1, -1).trim();
  return style.padded && isObject(value) ? inner.replace(/^\{(.+)\}$/s, '{ $1 }') : inner;
}

/** `name: value` for `{}`. */
export function inlinePair(key: string, value: Json, style: Style): string {
  if (style.json) return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  return inlineText({ [key]: value }, { ...style, padded: false }).slice(1, -1);
}

export type ScalarStyle = 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE' | 'BLOCK_LITERAL' | 'BLOCK_FOLDED';

/** A scalar in a style, or in another one where that style cannot hold it: what stands on the line, and the lines below. */
export function scalarText(
  value: Json,
  wanted: ScalarStyle,
  { step, singleQuotes }: Style,
  isFlow: boolean,
): { head: string; body: string[] } {
  const scalar = new Scalar(value);
  scalar.type = wanted;
  const document = new Document({ k: scalar });
  if (isFlow) visit(document, { Map: (_key, node) => void (node.flow = true) });
  const blockQuote = wanted === 'BLOCK_FOLDED' ? 'folded' : 'literal';
  const text = document.toString({
    indent: step,
    lineWidth: wanted === 'BLOCK_FOLDED' ? 80 : 0,
    blockQuote,
    singleQuote: singleQuotes && wanted !== 'QUOTE_DOUBLE',
  });
  const lines = text.replace(/\n$/, '').split('\n');
  if (isFlow)
    return {
      head: lines
        .join(' ')
        .replace(/^\{ k: /, '')
        .replace(/ \}$/, ''),
      body: [],
    };
  const [head = '', ...body] = lines;
  // Without the indentation of the library: the caller knows the column.
  return { head: head.replace(/^k: ?/, ''), body: body.map((line) => line.slice(step)) };
}

function optionsOf({ step, indentsLists, singleQuotes }: Style): Parameters<Document['toString']>[0] {
  return { indent: step, indentSeq: indentsLists, singleQuote: singleQuotes };
}
