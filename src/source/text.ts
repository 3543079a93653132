import type { ProblemCode } from '../model/problem.ts';

export type Decoded = { text: string } | { code: ProblemCode; message: string; line: number; column: number };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

// What YAML's character set leaves out; NUL has its own message, since it means a binary file.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f]/;

/** Bytes as text, or why they are none, with the place. */
export function decode(bytes: Uint8Array): Decoded {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { code: 'not-utf8', message: notUtf8(bytes), ...placeOfBadByte(bytes) };
  }
  const nul = text.indexOf('\0');
  if (nul === -1) return { text };
  const message = 'the file holds a NUL byte, so it is no text (UTF-16 or binary?)';
  return { code: 'not-utf8', message, ...position(text, nul) };
}

/** The first character that YAML does not allow, if any. */
export function forbiddenCharacter(text: string): { message: string; line: number; column: number } | undefined {
  const at = text.search(forbidden);
  if (at === -1) return undefined;
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  const message = `the control character U+${code} is not allowed in YAML; write it as an escape in double quotes`;
  return { message, ...position(text, at) };
}

export type Positions = (offset: number) => { line: number; column: number };

/** Line and column, both from 1, of offsets in a text. Its lines are counted once, and only if one is asked for. */
export function positions(text: string): Positions {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/** Lines of a text by their number from 1, without what ends them. They are found once, and only if one is asked for. */
export function linesOf(text: string): { at(line: number): string | undefined } {
  let starts: number[] | undefined;
  return {
    at(line) {
      starts ??= lineStarts(text);
      const start = starts[line - 1];
      return start === undefined
        ? undefined
        : text.slice(start, (starts[line] ?? text.length + 1) - 1).replace(/\r$/, '');
    },
  };
}

export function position(text: string, offset: number): ReturnType<Positions> {
  return positions(text)(offset);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function notUtf8(bytes: Uint8Array): string {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return `the file is not UTF-8 text${utf16 ? '; it looks like UTF-16' : ''}. Save it as UTF-8`;
}

function placeOfBadByte(bytes: Uint8Array): { line: number; column: number } {
  // Decoding leniently puts U+FFFD where the first bad byte is; one that was written stays three bytes long.
  const lenient = new TextDecoder('utf-8').decode(bytes);
  for (let at = lenient.indexOf('\uFFFD'); at !== -1; at = lenient.indexOf('\uFFFD', at + 1)) {
    const offset = Buffer.byteLength(lenient.slice(0, at));
    if (!(bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd)) {
      return position(lenient, at);
    }
  }
  return { line: 1, column: 1 };
}
