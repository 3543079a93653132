import type { Json } from '../../../model/json.ts';

/** What one message of Genesys's may take of an outcome, a log or a comment, in characters. */
const longest = 500;
/** So many messages are told; the others are counted. */
const mostTold = 20;
const longestName = 200;
/** No id of Genesys's is longer; a longer one is no id. */
const longestId = 200;

/** Breaks, terminal codes, and marks that turn the direction of writing. */
const unprintable = /[\s\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** What Genesys wrote as one line of bounded length; empty where it is no text. */
export function lineOf(value: Json | undefined, most = longest): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return '';
  const begun = value.slice(0, 4 * most);
  const line = begun.replaceAll(unprintable, ' ').trim();
  if (line.length <= most && begun.length === value.length) return line;
  const cut = line.slice(0, most - 1);
  // Half a character is no text.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

export function nameOf(value: Json | undefined): string {
  return lineOf(value, longestName);
}

/** The first of them, each a line; how many more there are is the last. */
export function told(texts: readonly string[]): string[] {
  const lines = texts.slice(0, mostTold).map((text) => lineOf(text));
  const rest = texts.length - lines.length;
  return rest === 0 ? lines : [...lines, `and ${rest} more`];
}

/** An id as Genesys answers it; undefined for what cannot be one. */
export function idIn(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= longestId ? value : undefined;
}
