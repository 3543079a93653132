import { inUnit, unitMs } from './duration.ts';
import type { MapNode, PairNode, YamlNode } from './parse-node.ts';

/** Text to put in place of what stands from `start` to `end`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

const unitNames = { m: 'minutes', s: 'seconds', ms: 'ms' } as const;

/** The changes that give the `callData` step this timeout. `anchored`: an alias refers to its value, keep the anchor. */
export function setTimeout(text: string, step: MapNode, ms: number, anchored: boolean): Splice[] {
  const place = new Place(text, step, ms);
  const pair = step.pairs.find(({ key }) => key === 'timeout');
  if (pair === undefined) return place.inserted();
  const { value } = pair;
  const only = value.kind === 'map' && value.pairs.length === 1 ? value.pairs[0]! : undefined;
  if (only?.key === 'lit' && only.value.kind === 'map' && hasUnits(text, only.value)) return place.units(only.value);
  if (value.kind === 'map' && value.flow) return [place.inFlow(pair, value.start)];
  if (step.flow || anchored) return [place.inFlow(pair, anchored ? value.start : outerStart(value))];
  if (only !== undefined) return place.literal(only);
  return place.block(pair, ['lit:', place.unit]);
}

/** The text with the changes made. */
export function applied(text: string, splices: readonly Splice[]): string {
  let result = '';
  let copied = 0;
  for (const { start, end, text: put } of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < copied) throw new Error('two edits of a flow overlap');
    result += text.slice(copied, start) + put;
    copied = end;
  }
  return result + text.slice(copied);
}

/** True where every unit can be replaced where it stands: each is one short value in its line. */
function hasUnits(text: string, { pairs }: MapNode): boolean {
  return (
    pairs.length > 0 &&
    pairs.every(({ start, value }) => {
      const simple = (value.kind === 'scalar' || value.kind === 'alias') && value.props === undefined;
      return simple && !text.slice(start, value.end).includes('\n') && !/^[|>]/.test(text[value.start] ?? '');
    })
  );
}

function outerStart(node: YamlNode): number {
  return node.props ?? node.start;
}

/** One step in its text. */
class Place {
  /** The line below `lit:`. */
  readonly unit: string;
  readonly #text: string;
  readonly #step: MapNode;
  readonly #amount: number;
  readonly #unitName: string;
  readonly #eol: string;
  /** How much deeper a map stands in this file than its key, as spaces. */
  readonly #indent: string;

  constructor(text: string, step: MapNode, ms: number) {
    this.#text = text;
    this.#step = step;
    const { amount, unit } = inUnit(ms);
    this.#amount = amount;
    this.#unitName = unitNames[unit];
    const lineBreak = text.indexOf('\n', step.start);
    this.#eol = text[(lineBreak === -1 ? text.lastIndexOf('\n') : lineBreak) - 1] === '\r' ? '\r\n' : '\n';
    const category = step.pairs.find(({ key }) => key === 'category');
    const block = category?.value.kind === 'map' && !category.value.flow ? category : undefined;
    const deeper = block === undefined ? 2 : this.#column(outerStart(block.value)) - this.#column(block.start);
    this.#indent = ' '.repeat(deeper > 0 ? deeper : 2);
    this.unit = `${this.#indent}${this.#unitName}: ${amount}`;
  }

  /** A step without a timeout: it goes before `category`, where Architect writes it. */
  inserted(): Splice[] {
    const category = this.#step.pairs.find(({ key }) => key === 'category');
    if (category === undefined) throw new Error('a step that calls a data action has a category');
    const start = this.#pairStart(category);
    if (this.#step.flow) {
      const text = `${this.#quoted('timeout', category)}: ${this.#flowText(category, this.#step.start)}, `;
      return [{ start, end: start, text }];
    }
    const column = this.#column(start);
    const above = this.#aboveComments(start, column);
    const lines = ['timeout:', `${this.#indent}lit:`, `${this.#indent}${this.unit}`, ''];
    return [{ start: above, end: above, text: lines.join(this.#eol + ' '.repeat(column)) }];
  }

  /** A value in flow style: in a flow map, or in place of a flow map. */
  inFlow(pair: PairNode, start: number): Splice {
    const { value } = pair;
    const style = value.kind === 'map' && value.flow ? value.start : this.#step.start;
    const text = this.#flowText(pair, style);
    if (value.end > start) return { start, end: value.end, text };
    const colon = this.#colonEnd(pair);
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
      splices.push({ start: kept.start, end: kept.end, text: this.#quoted(this.#unitName, kept) });
    }
    const { value } = kept;
    if (value.end > value.start) splices.push({ start: outerStart(value), end: value.end, text: amount });
    else {
      const colon = this.#colonEnd(kept);
      const at = Math.max(colon ?? kept.end, value.start);
      splices.push({ start: at, end: at, text: `${colon === undefined ? ':' : ''} ${amount}` });
    }
    if (!literal.flow) {
      return [...splices, ...literal.pairs.filter((pair) => pair !== kept).map((pair) => this.#lineRemoved(pair))];
    }
    const first = literal.pairs[0]!;
    const last = literal.pairs.at(-1)!;
    if (first !== kept) splices.push({ start: this.#pairStart(first), end: this.#pairStart(kept), text: '' });
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
    const keyColumn = this.#column(this.#pairStart(pair));
    const column = keyColumn + this.#indent.length;
    const colon = this.#colonEnd(pair) ?? pair.end;
    const written = (at: number) => lines.join(this.#eol + ' '.repeat(at));
    const below = (offset: number, text = this.#eol + ' '.repeat(column) + written(column)) => {
      const end = this.#lineEnd(offset);
      return { start: end, end, text };
    };
    if (value.end === outerStart(value)) {
      // `? timeout` and nothing more.
      const alone = `${this.#eol}${' '.repeat(keyColumn)}: ${written(keyColumn + 2)}`;
      return [this.#colonEnd(pair) === undefined ? below(pair.end, alone) : below(Math.max(colon, value.start))];
    }
    const start = outerStart(value);
    if (this.#text.slice(colon, start).includes('\n')) {
      const at = Math.max(this.#column(start), column);
      return [{ start, end: value.end, text: ' '.repeat(at - this.#column(start)) + written(at) }];
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

  /** Takes out a pair of a block map with its line; a comment beside it stays, in a line of its own. */
  #lineRemoved(pair: PairNode): Splice {
    const start = this.#pairStart(pair);
    const lineStart = this.#text.lastIndexOf('\n', start - 1) + 1;
    const lineEnd = this.#lineEnd(pair.value.end);
    const rest = this.#text.slice(pair.value.end, lineEnd);
    if (rest.trim() !== '') return { start, end: lineEnd - rest.trimStart().length, text: '' };
    const next = this.#text.indexOf('\n', lineEnd);
    if (next !== -1) return { start: lineStart, end: next + 1, text: '' };
    // The last line has no line break: the one before it goes, and again the last line has none.
    const before = this.#text[lineStart - 2] === '\r' ? lineStart - 2 : lineStart - 1;
    return { start: before, end: lineEnd, text: '' };
  }

  #flowText(pair: PairNode, braces: number): string {
    const space = this.#text[braces + 1] === ' ' ? ' ' : '';
    const key = (name: string) => this.#quoted(name, pair);
    return `{${space}${key('lit')}: {${space}${key(this.#unitName)}: ${this.#amount}${space}}${space}}`;
  }

  /** A key in quotes where that key is in quotes. */
  #quoted(key: string, { start }: PairNode): string {
    const mark = this.#text[start];
    return mark === '"' || mark === "'" ? mark + key + mark : key;
  }

  /** Where the pair begins, with the anchor or tag of its key and the mark of an explicit one. */
  #pairStart({ start }: PairNode): number {
    const line = this.#text.slice(this.#text.lastIndexOf('\n', start - 1) + 1, start);
    return start - (/(?:\?[ \t]+)?(?:[&!][^\s,{}[\]]*[ \t]+)*$/.exec(line)?.[0].length ?? 0);
  }

  #colonEnd(pair: PairNode): number | undefined {
    const found = /^\s*:/.exec(this.#text.slice(pair.end, pair.end + 200))?.[0];
    if (found === undefined) return undefined;
    const end = pair.end + found.length;
    // In a later line it is another key's, unless it stands below the mark of this one.
    const own = !found.includes('\n') || this.#column(end - 1) === this.#column(this.#pairStart(pair));
    return own ? end : undefined;
  }

  #column(offset: number): number {
    const lineStart = this.#text.lastIndexOf('\n', offset - 1) + 1;
    return offset - lineStart - (lineStart === 0 && this.#text.startsWith('\uFEFF') ? 1 : 0);
  }

  /** The end of the line, before its line break. */
  #lineEnd(offset: number): number {
    const found = this.#text.indexOf('\n', offset);
    if (found === -1) return this.#text.length;
    return this.#text[found - 1] === '\r' && found > offset ? found - 1 : found;
  }

  /** Above the comments that stand directly over the line, since they belong to it. */
  #aboveComments(start: number, column: number): number {
    let above = start;
    for (;;) {
      const lineStart = this.#text.lastIndexOf('\n', above - 1) + 1;
      const inLine = this.#text.slice(lineStart, above);
      if (lineStart === 0 || inLine.trim() !== '') return above;
      const before = this.#text.lastIndexOf('\n', lineStart - 2) + 1;
      if (!/^ *#/.test(this.#text.slice(before, lineStart))) return above;
      const comment = this.#text.indexOf('#', before);
      if (comment - before !== column) return above;
      above = comment;
    }
  }
}
