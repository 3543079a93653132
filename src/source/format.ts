import type { Problem } from '../model/problem.ts';
import { cutBefore } from './excerpt.ts';

const width = 160;
const longest = 1000;

/**
 * Problems as people read them: `path:line:column: code: message`, the lines, and a caret. Text from the repository
 * is escaped, so that a hostile file cannot write to the terminal.
 */
export function formatProblems(problems: readonly Problem[], { color = false }: { color?: boolean } = {}): string {
  const paint = (codes: string, text: string): string => (color ? `\u001b[${codes}m${text}\u001b[0m` : text);
  return problems
    .map((problem) => {
      const { place, code, message, resource } = problem;
      const at = place === undefined ? (resource ?? '') : `${place.path}:${place.line}:${place.column}`;
      const head = `${at === '' ? '' : `${paint('1', printable(at))}: `}${paint('31', code)}: ${printable(cut(message))}`;
      return [head, ...excerptLines(problem, paint)].join('\n');
    })
    .join('\n\n');
}

/** A name in a message may be as long as its author liked. */
function cut(message: string): string {
  return message.length <= longest ? message : `${message.slice(0, longest)}...`;
}

function excerptLines({ place, excerpt }: Problem, paint: (codes: string, text: string) => string): string[] {
  if (place === undefined || excerpt === undefined) return [];
  const digits = String(excerpt.at(-1)?.line ?? 0).length;
  // A line that is too long is shown around the caret; its neighbours are cut alike.
  const column = place.column - cutBefore(place.column);
  const start = column > width - 20 ? column - Math.floor(width / 2) : 0;
  return excerpt.flatMap(({ line, text }) => {
    const visible = printable(text.slice(start, start + width));
    const shown = `  ${paint('2', `${String(line).padStart(digits)} |`)} ${visible}`;
    if (line !== place.line || column - 1 > text.length) return [shown];
    const before = printable(text.slice(start, column - 1));
    return [shown, `  ${' '.repeat(digits)} ${paint('2', '|')} ${' '.repeat([...before].length)}${paint('31', '^')}`];
  });
}

// C0 and C1 controls, DEL, line separators, and the marks that turn the direction of writing.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Text that a terminal shows and does not obey: control characters become `\x1b`, tabs a space. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    if (character === '\t') return ' ';
    if (character === '\n') return '\\n';
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}
