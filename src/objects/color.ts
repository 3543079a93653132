/** Red, green and blue, 0 to 255. */
export type Color = readonly [number, number, number];

export const white: Color = [255, 255, 255];

/** `#RGB` or `#RRGGBB` as a colour; undefined for everything else. */
export function parseColor(text: unknown): Color | undefined {
  const [, short, long] = /^#(?:([0-9a-f]{3})|([0-9a-f]{6}))$/i.exec(typeof text === 'string' ? text : '') ?? [];
  const digits = long ?? short?.replace(/./g, '$&$&');
  if (digits === undefined) return undefined;
  const at = (i: number): number => Number.parseInt(digits.slice(i, i + 2), 16);
  return [at(0), at(2), at(4)];
}

/** Those of the texts that are colours. */
export function parseColors(texts: readonly string[]): Color[] {
  return texts.flatMap((text) => {
    const color = parseColor(text);
    return color === undefined ? [] : [color];
  });
}

/** `#RRGGBB`. */
export function formatColor(color: Color): string {
  return `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`.toUpperCase();
}

/** The linear value of each 8-bit part. Source: "relative luminance" of WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
const linear = Array.from({ length: 256 }, (_, part) => {
  const c = part / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});

/** WCAG's relative luminance: 0 for black, 1 for white. */
export function luminance([red, green, blue]: Color): number {
  return 0.2126 * linear[red]! + 0.7152 * linear[green]! + 0.0722 * linear[blue]!;
}

/** WCAG's contrast ratio of two colours, 1 to 21, whichever is the text. */
export function contrastOf(a: Color, b: Color): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Two decimals, never rounded up, since 4.499 is not enough and may not look so. */
export function flooredRatio(ratio: number): number {
  return Math.floor(ratio * 100) / 100;
}

/** A ratio for people. */
export function shownRatio(ratio: number): string {
  return `${flooredRatio(ratio).toFixed(2)}:1`;
}

/** Contrast of text of normal size: WCAG 2.2, success criteria 1.4.3 and 1.4.6. */
export const leastContrast = { AA: 4.5, AAA: 7 };
export type Level = keyof typeof leastContrast;

/** `#0A84FF has 3.64:1 on white`. */
export function measured(color: Color, other: Color): string {
  const name = formatColor(other);
  const ratio = shownRatio(contrastOf(color, other));
  return `${formatColor(color)} has ${ratio} on ${name === formatColor(white) ? 'white' : name}`;
}

/**
 * The colour of the same hue, mixed with as little black or white as it takes, whose contrast to `other` is at least
 * `ratio`; undefined where no mixture does it.
 */
export function nearestPassing(color: Color, other: Color, ratio: number): Color | undefined {
  const from = luminance(color);
  let best: Color | undefined;
  for (const goal of [0, 255]) {
    for (let step = 0; step <= 255; step++) {
      const mixed = color.map((part) => Math.round(part + ((goal - part) * step) / 255)) as unknown as Color;
      if (contrastOf(mixed, other) < ratio) continue;
      if (best === undefined || Math.abs(luminance(mixed) - from) < Math.abs(luminance(best) - from)) best = mixed;
      break;
    }
  }
  return best;
}

/** The one of `colors` that is nearest to a colour, by the distance of red, green and blue. */
export function nearestOf(color: Color, colors: readonly Color[]): Color | undefined {
  const distance = (one: Color): number => one.reduce((sum, part, i) => sum + (part - color[i]!) ** 2, 0);
  return colors.toSorted((a, b) => distance(a) - distance(b))[0];
}
