import type { Json } from '../../../model/json.ts';

/** A plain scalar by the core schema of YAML 1.2: `yes`, `on` and dates are text. */
export function plainValue(text: string): Json {
  // Most plain scalars are names and begin with a letter that no number, truth value or null begins with.
  if (!/^[-+.~\dnNtTfF]/.test(text)) return text === '' ? null : text;
  if (/^(?:~|[Nn]ull|NULL)$/.test(text)) return null;
  if (/^(?:[Tt]rue|TRUE)$/.test(text)) return true;
  if (/^(?:[Ff]alse|FALSE)$/.test(text)) return false;
  return numberOf(text) ?? text;
}

/** Infinity and NaN are no JSON: they stay what is written there. */
function numberOf(text: string): number | undefined {
  const number = /^0o[0-7]+$/.test(text)
    ? Number.parseInt(text.slice(2), 8)
    : /^0x[0-9a-fA-F]+$/.test(text)
      ? Number.parseInt(text.slice(2), 16)
      : /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)
        ? Number(text)
        : undefined;
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** The end of what is written between the two places, without space and line breaks behind it. */
export function writtenEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && ' \t\r\n'.includes(text[at - 1]!)) at--;
  return at;
}
