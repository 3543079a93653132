import type { Json, JsonObject } from '../model/json.ts';
import { formatPointer, type Pointer } from '../model/pointer.ts';
import type { ProblemCode } from '../model/problem.ts';
import { didYouMean } from '../model/suggest.ts';
import { limits } from './limits.ts';

export type Variables = Readonly<Record<string, Json>>;

export interface VariableProblem {
  code: ProblemCode;
  pointer: Pointer;
  message: string;
}

/** How many characters variables may still produce: a long variable that is used often would fill the memory. */
export class Budget {
  #all = 0;
  #document = 0;

  /** From here on another document is filled in. */
  begin(): void {
    this.#document = 0;
  }

  /** Why so many characters more are too many, if they are. */
  take(characters: number): string | undefined {
    this.#all += characters;
    this.#document += characters;
    if (this.#document > limits.variableCharacters) {
      return `variables put more than ${limits.variableCharacters} characters into the document`;
    }
    if (this.#all > limits.totalVariableCharacters) {
      return `variables put more than ${limits.totalVariableCharacters} characters into all documents together`;
    }
    return undefined;
  }
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
  budget: Budget = new Budget(),
): { value: Json; problems: VariableProblem[] } {
  const problems: VariableProblem[] = [];
  let full = false;

  const lookUp = (whole: string, name: string | undefined, path: (string | number)[]): Json | undefined => {
    const problem = (message: string, code: ProblemCode = 'undefined-variable'): undefined =>
      void problems.push({ code, pointer: formatPointer(path), message });
    if (full) return undefined;
    if (name === undefined) return problem('"$(" without ")"; write "$$(" for a literal "$("');
    if (!nameForm.test(name)) return problem(`"${whole}" names no variable; write "$$(" for a literal "$("`);
    if (Object.hasOwn(variables, name)) {
      const found = variables[name];
      const tooMuch = budget.take(typeof found === 'string' ? found.length : 0);
      if (tooMuch === undefined) return found;
      full = true;
      return problem(tooMuch, 'too-large');
    }
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
        const pointer = formatPointer(path);
        problems.push({
          code: 'undefined-variable',
          pointer,
          message: `the variable "${name}" is null and must stand alone`,
        });
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
