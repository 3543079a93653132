/** `{{name}}`; spaces inside the braces are allowed. */
const tokens = /\{\{ *([A-Za-z0-9_.-]+) *\}\}/g;

/** As many characters as a file may have. */
export const mostRendered = 5_000_000;

export interface Substituted {
  /** The text with every token that has a value replaced by it; as it was where that would be too large. */
  text: string;
  /** How many characters the text would have, where they are more than `mostRendered` by its values. */
  tooLarge?: number;
  /** Tokens without a value, each time that they stand there; they stay in the text. */
  missing: { token: string; offset: number }[];
  /** Values without a token. */
  unused: string[];
  /** Where in the file a place of the rendered text comes from; for what a value brought, its token. */
  sourceOffset(rendered: number): number;
  /** True where the place is in the middle of what a value brought: no place of the file. */
  isBrought(rendered: number): boolean;
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
  const parts: string[] = [];
  let copied = 0;
  let size = 0;
  for (const match of text.matchAll(tokens)) {
    const token = match[1] ?? '';
    const value = Object.hasOwn(values, token) ? values[token] : undefined;
    if (value === undefined) {
      missing.push({ token, offset: match.index });
      continue;
    }
    unused.delete(token);
    const from = size + match.index - copied;
    parts.push(text.slice(copied, match.index), value);
    size = from + value.length;
    copied = match.index + match[0].length;
    replaced.push({ from, to: size, source: match.index, sourceEnd: copied });
  }
  size += text.length - copied;
  const rest = { missing, unused: [...unused] };
  // Counted before it is made: few tokens and one long value are more than a string can hold.
  if (size > Math.max(mostRendered, text.length))
    return { text, tooLarge: size, ...rest, sourceOffset: (at) => at, isBrought: () => false };
  parts.push(text.slice(copied));
  return {
    text: parts.join(''),
    ...rest,
    sourceOffset: (offset) => locate(replaced, offset),
    isBrought: (offset) => {
      const at = lastBefore(replaced, offset);
      return at !== undefined && at.from < offset && offset < at.to;
    },
  };
}

/** Every token of a file with its place, with or without a value. */
export function tokenPlaces(text: string): { token: string; start: number; end: number }[] {
  return [...text.matchAll(tokens)].map(({ index, 0: all, 1: token = '' }) => {
    return { token, start: index, end: index + all.length };
  });
}

function locate(replaced: readonly Replaced[], offset: number): number {
  const before = lastBefore(replaced, offset);
  if (before === undefined) return offset;
  return offset < before.to ? before.source : before.sourceEnd + (offset - before.to);
}

/** The last token that begins at or before the offset; of several that begin there (empty values), the last. */
function lastBefore(replaced: readonly Replaced[], offset: number): Replaced | undefined {
  let low = 0;
  let high = replaced.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (replaced[middle]!.from <= offset) low = middle + 1;
    else high = middle;
  }
  return replaced[low - 1];
}
