/** Where the texts of a script end: formatted ones, in which there is code, among them. */
export interface TextReader {
  beginsAt(at: number): boolean;
  /** Behind its last quote; undefined where it has none. */
  endOf(at: number): number | undefined;
  /** Where a format begins with `=`: `f"{x:=5}"`. */
  formats: number[];
}

const start = /([rRbBuUfF]{0,2})("""|'''|"|')/y;
const word = /[A-Za-z_]\w*/y;

/** Nobody nests texts in the code of texts deeper. */
const deepest = 8;

interface Body {
  quote: string;
  isRaw: boolean;
  /** How many texts this one stands in. */
  level: number;
}

export function textReader(script: string): TextReader {
  const formats: number[] = [];
  const known = new Map<number, number | undefined>();
  // A file may be made so that one text is looked for within the other again and again.
  let left = 20 * script.length;

  function endOf(at: number, level = 0): number | undefined {
    if (known.has(at)) return known.get(at);
    start.lastIndex = at;
    const [all, prefix, quote] = start.exec(script) as unknown as [string, string, string];
    const body: Body = { quote, isRaw: /r/i.test(prefix), level };
    const before = formats.length;
    const found = /f/i.test(prefix) && level < deepest && left > 0 ? formattedEnd(at + all.length, body) : undefined;
    if (found === undefined) formats.length = before;
    const end = found ?? plainEnd(at + all.length, quote);
    known.set(at, end);
    return end;
  }

  function plainEnd(from: number, quote: string): number | undefined {
    for (let at = from; at < script.length; at++, left--) {
      if (script[at] === '\\') at++;
      else if (script.startsWith(quote, at)) return at + quote.length;
      else if (script[at] === '\n' && quote.length === 1) return undefined;
    }
    return undefined;
  }

  /** What stands in braces is code, in which a text may have the same quotes again (Python 3.12). */
  function formattedEnd(from: number, body: Body): number | undefined {
    for (let at = from; at < script.length && left-- > 0; at++) {
      const sign = script[at]!;
      if (sign === '\\') {
        if (script[at + 1] !== '{') at++;
        if (!body.isRaw && script.startsWith('N{', at)) at = Math.max(at, script.indexOf('}', at));
      } else if (script.startsWith(body.quote, at)) return at + body.quote.length;
      else if (sign === '\n' && body.quote.length === 1) return undefined;
      else if (sign === '{') {
        const end = script[at + 1] === '{' ? at + 2 : fieldEnd(at + 1, body);
        if (end === undefined) return undefined;
        at = end - 1;
      }
    }
    return undefined;
  }

  function fieldEnd(from: number, body: Body): number | undefined {
    let depth = 0;
    for (let at = from; at < script.length && left-- > 0; at++) {
      const sign = script[at]!;
      if (beginsAt(at)) {
        const end = endOf(at, body.level + 1);
        if (end === undefined) return undefined;
        at = end - 1;
      } else if (/[A-Za-z_]/.test(sign)) {
        word.lastIndex = at;
        word.test(script);
        at = word.lastIndex - 1;
      } else if ('([{'.includes(sign)) depth++;
      else if (sign === '}' && depth === 0) return at + 1;
      else if (')]}'.includes(sign)) depth--;
      else if (sign === ':' && depth === 0) return formatEnd(at + 1, body);
    }
    return undefined;
  }

  function formatEnd(from: number, body: Body): number | undefined {
    if (body.level >= deepest) return undefined;
    if (script[from] === '=') formats.push(from);
    for (let at = from; at < script.length && left-- > 0; at++) {
      const sign = script[at]!;
      if (sign === '}') return at + 1;
      if (script.startsWith(body.quote, at) || (sign === '\n' && body.quote.length === 1)) return undefined;
      if (sign === '{') {
        const end = fieldEnd(at + 1, { ...body, level: body.level + 1 });
        if (end === undefined) return undefined;
        at = end - 1;
      }
    }
    return undefined;
  }

  function beginsAt(at: number): boolean {
    start.lastIndex = at;
    return start.test(script);
  }

  return { beginsAt, endOf, formats };
}
