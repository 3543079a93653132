import type { Json, JsonObject } from '../model/json.ts';
import { formatPointer, type Pointer } from '../model/pointer.ts';
import { didYouMean } from '../model/suggest.ts';

export type Variables = Readonly<Record<string, Json>>;

export interface VariableProblem {
  pointer: Pointer;
  message: string;
}

/** `$$(` (a literal `$(`), `$(name)`, or a `$(` that is never closed. */
const marker = /\$\$\(|\$\(([^()]*)\)|\$\(/g;
const nameForm = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/**
 * The value with `$(name)` filled in. A text that is exactly one variable becomes the variable's value, type and all.
 * Keys are never touched. `undefinedHint` ends the message about a variable that has no value.
 */
export function substitute(
  value: Json,
  variables: Variables,
  undefinedHint: string,
): { value: Json; problems: VariableProblem[] } {
  const problems: VariableProblem[] = [];

  const lookUp = (whole: string, name: string | undefined, path: (string | number)[]): Json | undefined => {
    const problem = (message: string): undefined => void problems.push({ pointer: formatPointer(path), message });
    if (name === undefined) return problem('"$(" without ")"; write "$$(" for a literal "$("');
    if (!nameForm.test(name)) return problem(`"${whole}" names no variable; write "$$(" for a literal "$("`);
    if (Object.hasOwn(variables, name)) return variables[name];
    const near = didYouMean(name, Object.keys(variables));
    return problem(`the variable "${name}" has no value${undefinedHint}${near}`);
  };

  const text = (source: string, path: (string | number)[]): Json => {
    const exact = /^\$\(([^()]*)\)$/.exec(source);
    if (exact !== null) return lookUp(source, exact[1], path) ?? null;
    return source.replace(marker, (whole, name: string | undefined) => {
      if (whole === '$$(') return '$(';
      const found = lookUp(whole, name, path);
      if (found === null) {
        problems.push({ pointer: formatPointer(path), message: `the variable "${name}" is null and must stand alone` });
      }
      return found === undefined || found === null ? '' : String(found);
    });
  };

  const walk = (at: Json, path: (string | number)[]): Json => {
    if (typeof at === 'string') return at.includes('$(') ? text(at, path) : at;
    if (Array.isArray(at)) return at.map((item, i) => walk(item, [...path, i]));
    if (typeof at !== 'object' || at === null) return at;
    const result: JsonObject = {};
    for (const [key, item] of Object.entries(at)) result[key] = walk(item, [...path, key]);
    return result;
  };

  return { value: walk(value, []), problems };
}
