import { stripVTControlCharacters, styleText } from 'node:util';
import { escaped, unprintable } from '../model/unprintable.ts';

export type Paint = (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string) => string;

/** Colours on a terminal that wants them (`NO_COLOR` and `FORCE_COLOR` are respected), plain text in a pipe. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

export const plain: Paint = (_style, text) => text;

/**
 * Text of somebody else's, safe to print on one line: control characters (terminal escapes and line breaks among them),
 * bidirectional marks and invisible characters are shown, never obeyed.
 */
export function safe(text: string): string {
  return text.replace(unprintable, (character) => short[character] ?? escaped(character));
}

const short: Record<string, string> = { '\n': '\\n', '\t': '\\t' };

/** The same for a text of several lines: line breaks and tabs stay. Only where no line of it can pass for one of ours. */
export function safeLines(text: string): string {
  return text.replace(/[^\n\t]+/g, safe);
}

/** A text of several lines without what `safe` would show, for those who copy it; and how many characters that were. */
export function withoutHidden(text: string): { text: string; left: number } {
  let left = 0;
  const kept = text.replaceAll('\r\n', '\n').replace(unprintable, (character) => {
    if (character === '\n' || character === '\t') return character;
    left++;
    return '';
  });
  return { text: kept, left };
}

/** `DataAction/get-customer`: whom a change is about. */
export function owner({ kind, name }: { kind: string; name: string }): string {
  return safe(`${kind}/${name}`);
}

/** `1 change`, `2 changes`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `main@sha1:8c8dc18` for `main@sha1:8c8dc18b01c83377...`: what people compare by eye. */
export function shortRevision(revision: string): string {
  return safe(revision.replace(/(:[0-9a-f]{10})[0-9a-f]+$/, '$1'));
}

/** Columns to fit into; infinite in a pipe, where whoever reads the lines wants them whole. */
export function terminalWidth(stream: NodeJS.WriteStream): number {
  return stream.isTTY === true ? Math.max(stream.columns ?? 80, 40) : Number.POSITIVE_INFINITY;
}

/**
 * A text after its head, broken between words where the line is full; what follows hangs under where it began, or
 * `deeper`. A command stays whole, so that it can be copied.
 */
export function hang(head: string, text: string, width: number, deeper = 0): string {
  if (text.includes('`genesys-gitops ')) return head + text;
  const indent = ' '.repeat(columns(head) + deeper);
  const lines: string[] = [];
  let line = head;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && columns(line) + 1 + columns(word) > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line += empty ? word : ` ${word}`;
    }
    empty = false;
  }
  return [...lines, line].join('\n');
}

/** Lines as they fit the screen: those that are wider are broken between words, and hang. */
export function* fitted(parts: Iterable<string>, width: number): Generator<string> {
  for (const part of parts) {
    for (const line of part.split('\n')) {
      if (columns(line) <= width) yield line;
      else {
        const indent = /^ */.exec(line)![0];
        yield hang(indent, line.slice(indent.length), width, 4);
      }
    }
  }
}

/** What a text takes on the screen: colours take nothing. */
function columns(text: string): number {
  return stripVTControlCharacters(text).length;
}
