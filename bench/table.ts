/** One figure beside its bar. */
export interface Row {
  what: string;
  figure: string;
  bar: string;
  ok: boolean;
  /** What the figure includes, and what it was measured against. */
  note?: string;
}

interface Limit {
  what: string;
  value: number;
  most: number;
  unit?: string;
  digits?: number;
  note?: string;
}

/** A figure that may be at most its bar. */
export function atMost({ what, value, most, unit = '', digits = 0, note }: Limit): Row {
  return {
    what,
    figure: `${value.toFixed(digits)}${unit}`,
    bar: `<= ${most}${unit}`,
    ok: value <= most,
    ...(note === undefined ? {} : { note }),
  };
}

/** A figure that must be exactly its bar. */
export function exactly(what: string, value: number, wanted: number, note?: string): Row {
  const row = { what, figure: String(value), bar: `= ${wanted}`, ok: value === wanted };
  return note === undefined ? row : { ...row, note };
}

/** The rows of one section in columns, with the notes below the lines that they belong to. */
export function render(title: string, rows: readonly Row[]): string {
  const wide = (part: 'what' | 'figure' | 'bar', floor: number): number =>
    Math.max(floor, ...rows.map((row) => row[part].length));
  const [what, figure, bar] = [wide('what', 52), wide('figure', 9), wide('bar', 9)];
  const lines = rows.flatMap((row) => [
    `  ${row.what.padEnd(what)}  ${row.figure.padStart(figure)}  ${row.bar.padEnd(bar)}  ${row.ok ? 'ok' : 'FAIL'}`,
    ...(row.note === undefined ? [] : [`      ${row.note}`]),
  ]);
  return [title, ...lines].join('\n');
}
