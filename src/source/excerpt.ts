import type { Problem } from '../model/problem.ts';

/** Characters of a line that are kept, and how many of them before a place that lies far to the right. */
const kept = 2000;
const before = 200;

/** The line of the place with its neighbours, whole. */
export function excerptOf(lines: readonly string[], line: number): { line: number; text: string }[] {
  const excerpt: { line: number; text: string }[] = [];
  for (let at = Math.max(1, line - 1); at <= Math.min(lines.length, line + 1); at++) {
    const text = lines[at - 1] ?? '';
    if (at === line || text.trim() !== '') excerpt.push({ line: at, text });
  }
  return excerpt;
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
