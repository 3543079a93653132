import type { Problem } from '../model/problem.ts';

/** Problems by file, line and column; those without a place come first, since they are about the whole. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => {
    if (a.place === undefined || b.place === undefined)
      return Number(a.place !== undefined) - Number(b.place !== undefined);
    if (a.place.path !== b.place.path) return a.place.path < b.place.path ? -1 : 1;
    return a.place.line - b.place.line || a.place.column - b.place.column || (a.code < b.code ? -1 : 1);
  });
}
