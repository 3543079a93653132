import { inUnit, unitMs } from './duration.ts';
import { type Lines, outerStart, type Splice } from './edit-lines.ts';
import type { MapNode, PairNode } from './parse-node.ts';

const unitNames = { m: 'minutes', s: 'seconds', ms: 'ms' } as const;

/** One step in its text, and the timeout that it shall have: each form of writing it is a method. */
export class Place {
  /** The line below `lit:`. */
  readonly unit: string;
  readonly #text: string;
  readonly #lines: Lines;
  readonly #step: MapNode;
  readonly #amount: number;
  readonly #unitName: string;
  readonly #eol: string;
  /** How much deeper a map stands in this file than its key, as spaces. */
  readonly #indent: string;

  constructor(lines: Lines, step: MapNode, ms: number) {
    this.#text = lines.text;
    this.#lines = lines;
    this.#step = step;
    const { amount, unit } = inUnit(ms);
    this.#amount = amount;
    this.#unitName = unitNames[unit];
    this.#eol = lines.eol(step.start);
    const category = step.pairs.find(({ key }) => key === 'category');
    const block = category?.value.kind === 'map' && !category.value.flow ? category : undefined;
    const deeper =
      block === undefined ? 2 : this.#lines.column(outerStart(block.value)) - this.#lines.column(block.start);
    this.#indent = ' '.repeat(deeper > 0 ? deeper : 2);
    this.unit = `${this.#indent}${this.#unitName}: ${amount}`;
  }

  /** A step without a timeout: it goes before `category`, where Architect writes it. */
  inserted(): Splice[] {
    const category = this.#step.pairs.find(({ key }) => key === 'category');
    if (category === undefined) throw new Error('a step that calls a data action has a category');
    const start = this.#lines.pairStart(category);
    if (this.#step.flow) {
      const text = `${this.#lines.quoted('timeout', category)}: ${this.#flowText(category, this.#step.start)}, `;
      return [{ start, end: start, text }];
    }
    const column = this.#lines.column(start);
    const above = this.#lines.aboveComments(start, column);
    const lines = ['timeout:', `${this.#indent}lit:`, `${this.#indent}${this.unit}`, ''];
    return [{ start: above, end: above, text: lines.join(this.#eol + ' '.repeat(column)) }];
  }

  /** A value in flow style: in a flow map, or in place of a flow map. */
  inFlow(pair: PairNode, start: number): Splice {
    const { value } = pair;
    const style = value.kind === 'map' && value.flow ? value.start : this.#step.start;
    const text = this.#flowText(pair, style);
    if (value.end > start) return { start, end: value.end, text };
    const colon = this.#lines.colonEnd(pair);
    const at = Math.max(colon ?? pair.end, value.start);
    return { start: at, end: at, text: `${colon === undefined ? ':' : ''} ${text}` };
  }

  /** A duration literal: one unit stays, with the new amount; the others go. */
  units(literal: MapNode): Splice[] {
    const wanted = unitMs(this.#unitName);
    const kept = literal.pairs.find(({ key }) => unitMs(key) === wanted) ?? literal.pairs[0]!;
    const amount = String(this.#amount);
    const splices: Splice[] = [];
    if (unitMs(kept.key) !== wanted) {
      splices.push({ start: kept.start, end: kept.end, text: this.#lines.quoted(this.#unitName, kept) });
    }
    const { value } = kept;
    if (value.end > value.start) splices.push({ start: outerStart(value), end: value.end, text: amount });
    else {
      const colon = this.#lines.colonEnd(kept);
      const at = Math.max(colon ?? kept.end, value.start);
      splices.push({ start: at, end: at, text: `${colon === undefined ? ':' : ''} ${amount}` });
    }
    if (!literal.flow) {
      return [
        ...splices,
        ...literal.pairs.filter((pair) => pair !== kept).map((pair) => this.#lines.lineRemoved(pair)),
      ];
    }
    const first = literal.pairs[0]!;
    const last = literal.pairs.at(-1)!;
    if (first !== kept)
      splices.push({ start: this.#lines.pairStart(first), end: this.#lines.pairStart(kept), text: '' });
    if (last !== kept) splices.push({ start: value.end, end: last.value.end, text: '' });
    return splices;
  }

  /** `noValue: true` or `exp: ...` becomes `lit:` with the unit below it. */
  literal(pair: PairNode): Splice[] {
    return [{ start: pair.start, end: pair.end, text: 'lit' }, ...this.block(pair, [this.unit.trimStart()])];
  }

  /** Puts a block in place of the value of a key of a block map. Comments beside and above the value stay. */
  block(pair: PairNode, lines: readonly string[]): Splice[] {
    const { value } = pair;
    const keyColumn = this.#lines.column(this.#lines.pairStart(pair));
    const column = keyColumn + this.#indent.length;
    const colon = this.#lines.colonEnd(pair) ?? pair.end;
    const written = (at: number) => lines.join(this.#eol + ' '.repeat(at));
    const below = (offset: number, text = this.#eol + ' '.repeat(column) + written(column)) => {
      const end = this.#lines.lineEnd(offset);
      return { start: end, end, text };
    };
    if (value.end === outerStart(value)) {
      // `? timeout` and nothing more.
      const alone = `${this.#eol}${' '.repeat(keyColumn)}: ${written(keyColumn + 2)}`;
      return [this.#lines.colonEnd(pair) === undefined ? below(pair.end, alone) : below(Math.max(colon, value.start))];
    }
    const start = outerStart(value);
    if (this.#text.slice(colon, start).includes('\n')) {
      const at = Math.max(this.#lines.column(start), column);
      return [{ start, end: value.end, text: ' '.repeat(at - this.#lines.column(start)) + written(at) }];
    }
    if (!/^[|>]/.test(this.#text[value.start] ?? '')) {
      return [{ start: colon, end: value.end, text: '' }, below(value.end)];
    }
    // The header of a block scalar may have a comment, and its text begins on the next line.
    const header = /^[|>][-+\d]*/.exec(this.#text.slice(value.start, value.start + 4))?.[0].length ?? 1;
    const { start: lineEnd, text } = below(value.start);
    return [
      { start: colon, end: value.start + header, text: '' },
      { start: lineEnd, end: Math.max(lineEnd, value.end), text },
    ];
  }

  #flowText(pair: PairNode, braces: number): string {
    const space = this.#text[braces + 1] === ' ' ? ' ' : '';
    const key = (name: string) => this.#lines.quoted(name, pair);
    return `{${space}${key('lit')}: {${space}${key(this.#unitName)}: ${this.#amount}${space}}${space}}`;
  }
}
