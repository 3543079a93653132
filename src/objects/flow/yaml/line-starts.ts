/** Where the lines of a text begin, counted once and only when first asked for. */
export class LineStarts {
  readonly #text: string;
  #starts: number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Line and column of a place, counted from 1. */
  position(offset: number): { line: number; column: number } {
    const index = this.#index(offset);
    return { line: index + 1, column: offset - this.#all()[index]! + 1 };
  }

  /** Where the line of the place begins. */
  start(offset: number): number {
    return this.#all()[this.#index(offset)]!;
  }

  /** The line break that ends the line of the place; -1 where it is the last line. */
  lineBreak(offset: number): number {
    return (this.#all()[this.#index(offset) + 1] ?? 0) - 1;
  }

  #index(offset: number): number {
    const starts = this.#all();
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  #all(): number[] {
    if (this.#starts !== undefined) return this.#starts;
    const starts = [0];
    for (let at = this.#text.indexOf('\n'); at !== -1; at = this.#text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
    return starts;
  }
}
