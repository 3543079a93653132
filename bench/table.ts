/** One figure beside its bar. */
export interface Row {
  what: string;
  figure: string;
  bar: string;
  ok: boolean;
  /** By how much a measured time may miss its bar before it counts as missed here; counts have none. */
  miss?: number;
  /** What the figure includes, and what it was measured against. */
  note?: string;
}

interface Limit {
  what: string;
  value: number;
  most: number;
  unit?: string;
  digits?: number;
  /** Counted, not measured: then it is exact on any machine. */
  counted?: boolean;
  note?: string;
}

/** A figure that may be at most its bar. */
export function atMost({ what, value, most, unit = '', digits = 0, counted = false, note }: Limit): Row {
  return {
    what,
    figure: `${value.toFixed(digits)}${unit}`,
    bar: `<= ${most}${unit}`,
    ok: value <= most,
    ...(counted ? {} : { miss: value / most - 1 }),
    ...(note === undefined ? {} : { note }),
  };
}

/** A figure that must be at least its bar. */
export function atLeast({
  what,
  value,
  least,
  unit = '',
  digits = 0,
  note,
}: Omit<Limit, 'most' | 'counted'> & { least: number }): Row {
  return {
    what,
    figure: `${value.toFixed(digits)}${unit}`,
    bar: `>= ${least}${unit}`,
    ok: value >= least,
    miss: least / value - 1,
    ...(note === undefined ? {} : { note }),
  };
}

/** A figure that must be exactly its bar. */
export function exactly(what: string, value: number, wanted: number, note?: string): Row {
  const row = { what, figure: String(value), bar: `= ${wanted}`, ok: value === wanted };
  return note === undefined ? row : { ...row, note };
}

/** A figure without a bar: what something costs, for those who plan with it. */
export function told(what: string, value: number, { unit = '', digits = 0, note = '' } = {}): Row {
  return { what, figure: `${value.toFixed(digits)}${unit}`, bar: '', ok: true, ...(note === '' ? {} : { note }) };
}

/** Whether a figure counts as missed where a measured time may miss its bar by `tolerance` (0.25 is a quarter). */
export function isMissed({ ok, miss = Number.POSITIVE_INFINITY }: Row, tolerance: number): boolean {
  return !ok && miss > tolerance;
}

function verdict(row: Row, tolerance: number): string {
  if (row.ok) return row.bar === '' ? '' : 'ok';
  return isMissed(row, tolerance) ? 'FAIL' : 'missed, within the tolerance asked for';
}

/** The rows of one section in columns, with the notes below the lines that they belong to. */
export function render(title: string, rows: readonly Row[], tolerance: number): string {
  const wide = (part: 'what' | 'figure' | 'bar', floor: number): number =>
    Math.max(floor, ...rows.map((row) => row[part].length));
  const [what, figure, bar] = [wide('what', 52), wide('figure', 9), wide('bar', 9)];
  const lines = rows.flatMap((row) => [
    `  ${row.what.padEnd(what)}  ${row.figure.padStart(figure)}  ${row.bar.padEnd(bar)}  ${verdict(row, tolerance)}`.trimEnd(),
    ...(row.note === undefined ? [] : [`      ${row.note}`]),
  ]);
  return [title, ...lines].join('\n');
}
