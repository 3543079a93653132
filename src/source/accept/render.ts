import { Document, Scalar } from 'yaml';
import { isObject, type Json } from '../../model/json.ts';
import { unprintable } from '../../model/unprintable.ts';
import { isHidden, shown } from '../write.ts';

/** How a text writes what it holds, as far as new parts of it follow that. */
export interface Style {
  json: boolean;
  /** Columns by which what is inside stands deeper. */
  step: number;
  /** The same for the items of a list below its key; it may be 0. */
  listStep: number;
  singleQuotes: boolean;
  /** True for `{ a: 1 }`, false for `{a: 1}`. */
  padded: boolean;
}

export function styleOf(text: string, json: boolean): Style {
  const steps = [...text.matchAll(/^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n( +)[^\s#-]/gm)];
  const jsonStep = /^[[{][^\S\n]*\r?\n( +)/.exec(text)?.[1]?.length;
  const deeper = steps.map(([, outer = '', inner = '']) => inner.length - outer.length).find((n) => n > 0);
  const list = /^( *)(- )?[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n( *)- /m.exec(text);
  const [, outer = '', dash = '', inner = ''] = list ?? [];
  const step = (json ? jsonStep : deeper) ?? 2;
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return {
    json,
    step,
    listStep: list === null ? step : Math.max(0, inner.length - outer.length - dash.length),
    singleQuotes: count(/(?:: |- |\[|, )'/g) > count(/(?:: |- |\[|, )"/g),
    padded: /[{[] \S/.test(text) || !/[{[]\S/.test(text),
  };
}

/** A value that is a map or a list, with something in it, as the lines of a block. The first column is 0. */
export function blockLines(value: Json, style: Style): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => behind('-', item, 2, style));
  const pairs = Object.entries(isObject(value) ? value : {});
  return pairs.flatMap(([key, child]) => {
    const name = `${scalarText(key, 'PLAIN', style, true).head}:`;
    if (!isFilled(child)) return behind(name, child, style.step, style);
    const deeper = Array.isArray(child) ? style.listStep : style.step;
    return [name, ...blockLines(child, style).map((line) => indented(line, deeper))];
  });
}

/** A value after a dash, or what is no collection after a key: on its line, and below it. */
function behind(start: string, value: Json, step: number, style: Style): string[] {
  if (isFilled(value)) {
    const [first = '', ...rest] = blockLines(value, style);
    return [`${start} ${first}`, ...rest.map((line) => indented(line, step))];
  }
  if (typeof value === 'object' && value !== null) return [`${start} ${inlineText(value, style)}`];
  const isLong = typeof value === 'string' && value.includes('\n');
  const { head, body } = scalarText(value, isLong ? 'BLOCK_LITERAL' : 'PLAIN', { ...style, step }, false);
  // Below a dash, from where the spaces of a text count is hard to say.
  if (start === '-' && /^[|>]\d/.test(head)) return [`${start} ${quoted(String(value))}`];
  return [`${start} ${head}`, ...body.map((line) => indented(line, step))];
}

/** True for a map or a list with something in it. */
export function isFilled(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

export function indented(line: string, columns: number): string {
  return line === '' ? '' : ' '.repeat(columns) + line;
}

/** A value on one line, within `{}` or `[]` as well. */
export function inlineText(value: Json, style: Style): string {
  if (style.json) return jsonText(value);
  const pad = style.padded ? ' ' : '';
  if (Array.isArray(value)) return `[${value.map((item) => inlineText(item, style)).join(', ')}]`;
  if (!isObject(value)) return scalarText(value, 'PLAIN', style, true).head;
  const pairs = Object.entries(value).map(([key, child]) => inlinePair(key, child, style));
  return pairs.length === 0 ? '{}' : `{${pad}${pairs.join(', ')}${pad}}`;
}

/** `name: value` for `{}`. */
export function inlinePair(key: string, value: Json, style: Style): string {
  return `${style.json ? jsonText(key) : scalarText(key, 'PLAIN', style, true).head}: ${inlineText(value, style)}`;
}

/** A text in double quotes, with escapes for what no file of YAML may hold, and for what nobody would see. */
function quoted(text: string): string {
  return shown(JSON.stringify(text));
}

/** JSON with the same escapes; it knows them by code units only. */
export function jsonText(value: Json, step?: number | '\t'): string {
  const hex = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const text = JSON.stringify(value, null, step);
  return text.replace(unprintable, (one) => (one === '\n' || one === '\t' ? one : one.split('').map(hex).join('')));
}

export type ScalarStyle = 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE' | 'BLOCK_LITERAL' | 'BLOCK_FOLDED';

/**
 * A scalar in a style, or in another one where that style cannot hold it: what stands on the line, and the lines below,
 * without their common indentation. Within `{}` or `[]` it is on one line.
 */
export function scalarText(
  value: Json,
  wanted: ScalarStyle,
  { step, singleQuotes }: Style,
  isFlow: boolean,
): { head: string; body: string[] } {
  const isText = typeof value === 'string';
  // Without quotes it would be YAML 1.1's merge key, which is refused.
  if (value === '<<') return { head: quoted(value), body: [] };
  if (isText && (isHidden(value) || (isFlow && value.includes('\n')))) return { head: quoted(value), body: [] };
  const scalar = new Scalar(value);
  scalar.type = wanted;
  const isFolded = wanted === 'BLOCK_FOLDED';
  const text = new Document({ k: scalar }).toString({
    indent: step,
    lineWidth: isFolded ? 80 : 0,
    blockQuote: isFolded ? 'folded' : 'literal',
    singleQuote: singleQuotes && wanted !== 'QUOTE_DOUBLE',
  });
  const [first = '', ...below] = text.replace(/\n$/, '').split('\n');
  const head = first.replace(/^k: ?/, '');
  if (isText && isFlow && !/^["']/.test(head) && /[,[\]{}]/.test(head)) return { head: quoted(value), body: [] };
  return { head, body: below.map((line) => line.slice(step)) };
}
