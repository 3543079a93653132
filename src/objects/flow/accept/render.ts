import { stringify } from 'yaml';
import type { Json } from '../../../model/json.ts';
import { type Lines, outerStart } from '../yaml/edit-lines.ts';
import type { YamlNode } from '../yaml/parse-node.ts';

/** How a file indents. */
export interface Style {
  /** How much deeper a map stands than its key. */
  indent: number;
  /** The same of a list. */
  list: number;
}

/** What the first map and the first list of the file show; Architect's own way where there is none. */
export function styleOf(lines: Lines, root: YamlNode): Style {
  const found: Partial<Style> = {};
  const walk = (node: YamlNode): void => {
    if (found.indent !== undefined && found.list !== undefined) return;
    if (node.kind === 'list') for (const item of node.items) walk(item);
    if (node.kind !== 'map' || node.flow) return;
    for (const pair of node.pairs) {
      const { value } = pair;
      const deeper = lines.column(outerStart(value)) - lines.column(lines.pairStart(pair));
      if (value.kind === 'map' && !value.flow && deeper > 0) found.indent ??= deeper;
      if (value.kind === 'list' && !value.flow && deeper >= 0) found.list ??= deeper;
      walk(value);
    }
  };
  walk(root);
  return { indent: found.indent ?? 2, list: found.list ?? 2 };
}

const options = { version: '1.2', lineWidth: 0, nullStr: '' } as const;

/** The value as lines of block style, of which the first stands where the value stands. */
export function block(value: Json, { indent, list }: Style): string[] {
  const text = stringify(value, { ...options, indent, indentSeq: list > 0 });
  return text.replace(/\n$/, '').split('\n');
}

/** A text, number, ... or something empty: what stands behind the colon, and the lines below it. */
export function inline(value: Json, style: Style, like = ''): { head: string; body: string[] } {
  if (typeof value === 'string' && like.startsWith('"')) return { head: JSON.stringify(value), body: [] };
  const isPlain = typeof value === 'string' && /^[ -~\u00A0-\uD7FF]*$/.test(value);
  if (isPlain && like.startsWith("'")) return { head: `'${value.replaceAll("'", "''")}'`, body: [] };
  const [head = '', ...body] = block({ k: value }, style);
  return { head: head.replace(/^k: ?/, ''), body: body.map((line) => line.slice(style.indent)) };
}

/** On one line, as it may stand within braces. */
export function flow(value: Json, padded: boolean): string {
  const text = stringify(value, {
    ...options,
    nullStr: 'null',
    collectionStyle: 'flow',
    flowCollectionPadding: padded,
    defaultStringType: 'PLAIN',
    blockQuote: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return text.replace(/\n$/, '');
}
