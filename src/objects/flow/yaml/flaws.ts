import type { Flaw } from '../model.ts';

/** So many flaws of one kind are told of a file; who has more mends these first. */
export const mostFlaws = 50;

/** Flaws of one file, bounded: what is over the bound is counted, and its place is not looked for. */
export class Flaws {
  readonly #told: Flaw[] = [];
  #more: { count: number; code: Flaw['code'] } | undefined;

  /** None so far. */
  get none(): boolean {
    return this.#told.length === 0;
  }

  add(code: Flaw['code'], make: () => Omit<Flaw, 'code'>): void {
    if (this.#told.length < mostFlaws) this.#told.push({ code, ...make() });
    else {
      this.#more ??= { count: 0, code };
      this.#more.count++;
    }
  }

  /** By their places where asked; the last says how many more there are, if any. */
  all(sorted = false): Flaw[] {
    const told = sorted ? this.#told.toSorted((a, b) => a.offset - b.offset) : [...this.#told];
    if (this.#more === undefined) return told;
    const { count, code } = this.#more;
    return [...told, { code, message: moreFlaws(count), offset: told.at(-1)!.offset }];
  }
}

export function moreFlaws(count: number): string {
  return `and ${count} more in this file, which are not listed`;
}
