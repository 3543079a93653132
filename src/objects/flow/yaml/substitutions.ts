/** `{{name}}`; spaces inside the braces are allowed. */
const tokens = /\{\{ *([A-Za-z0-9_.-]+) *\}\}/g;

export interface Substituted {
  /** The text with every token that has a value replaced by it. */
  text: string;
  /** Tokens without a value, each time that they stand there; they stay in the text. */
  missing: { token: string; offset: number }[];
  /** Values without a token. */
  unused: string[];
  /** Where in the file a place of the rendered text comes from; for what a value brought, its token. */
  sourceOffset(rendered: number): number;
}

/** One replaced token, in the rendered text (`from`, `to`) and in the file (`source`, `sourceEnd`). */
interface Replaced {
  from: number;
  to: number;
  source: number;
  sourceEnd: number;
}

/**
 * Replaces `{{name}}` in the text, as Genesys's own deployers do: before it is parsed, in keys too. A value is put in
 * as it is: a `{{x}}` within it is not looked at again.
 */
export function substitute(text: string, values: Readonly<Record<string, string>>): Substituted {
  const missing: Substituted['missing'] = [];
  const unused = new Set(Object.keys(values));
  const replaced: Replaced[] = [];
  let rendered = '';
  let copied = 0;
  for (const match of text.matchAll(tokens)) {
    const token = match[1] ?? '';
    const value = Object.hasOwn(values, token) ? values[token] : undefined;
    if (value === undefined) {
      missing.push({ token, offset: match.index });
      continue;
    }
    unused.delete(token);
    rendered += text.slice(copied, match.index);
    const from = rendered.length;
    rendered += value;
    copied = match.index + match[0].length;
    replaced.push({ from, to: rendered.length, source: match.index, sourceEnd: copied });
  }
  rendered += text.slice(copied);
  return { text: rendered, missing, unused: [...unused], sourceOffset: (offset) => locate(replaced, offset) };
}

function locate(replaced: readonly Replaced[], offset: number): number {
  // The last token that begins at or before the offset; of several that begin there (empty values), the last.
  let low = 0;
  let high = replaced.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (replaced[middle]!.from <= offset) low = middle + 1;
    else high = middle;
  }
  const before = replaced[low - 1];
  if (before === undefined) return offset;
  return offset < before.to ? before.source : before.sourceEnd + (offset - before.to);
}
