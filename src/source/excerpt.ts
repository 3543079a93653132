import type { Problem } from '../model/problem.ts';

/** Characters of a line that are kept, and how many of them before a place that lies far to the right. */
const kept = 2000;
const before = 200;

/** The line of the place with its neighbours, whole. */
export function excerptOf(
  lines: { at(line: number): string | undefined },
  line: number,
): { line: number; text: string }[] {
  return [line - 1, line, line + 1].flatMap((number) => {
    const text = lines.at(number);
    return text === undefined || (number !== line && text.trim() === '') ? [] : [{ line: number, text }];
  });
}

/** How many characters of its lines an excerpt leaves out at the left, for a place in this column. */
export function cutBefore(column: number): number {
  return column > kept - before ? column - before : 0;
}

/** The problem with long lines cut around its place: some files are one line. What is hidden in them is hidden before. */
export function cutExcerpt(problem: Problem): Problem {
  if (problem.excerpt === undefined) return problem;
  const start = cutBefore(problem.place?.column ?? 1);
  const excerpt = problem.excerpt.map(({ line, text }) => ({ line, text: text.slice(start, start + kept) }));
  return { ...problem, excerpt };
}
