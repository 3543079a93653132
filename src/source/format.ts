import type { Problem } from '../model/problem.ts';
import { escaped, unprintable } from '../model/unprintable.ts';
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

/** Text that a terminal shows and does not obey: what it would hide becomes `\x1b` or `\u202e`, tabs a space. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    if (character === '\t') return ' ';
    if (character === '\n') return '\\n';
    const code = character.charCodeAt(0);
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : escaped(character);
  });
}
