import { describe, expect, test } from 'vitest';
import {
  type Color,
  contrastOf,
  formatColor,
  luminance,
  nearestOf,
  nearestPassing,
  parseColor,
  shownRatio,
  white,
} from './color.ts';

const color = (text: string): Color => parseColor(text)!;
const onWhite = (text: string): number => contrastOf(color(text), white);

describe('contrast by WCAG 2.2', () => {
  // Known pairs, as the checkers of WebAIM and of browsers' developer tools give them.
  test.each([
    ['#000', '#fff', '21.00:1'],
    ['#FFFFFF', '#fff', '1.00:1'],
    ['#767676', '#fff', '4.54:1'],
    ['#777777', '#fff', '4.47:1'],
    ['#FF0000', '#FFFFFF', '3.99:1'],
    ['#0000FF', '#FFFFFF', '8.59:1'],
    ['#595959', '#FFFFFF', '7.00:1'],
    ['#5a5a5a', '#FFFFFF', '6.89:1'],
    ['#00FF00', '#000000', '15.30:1'],
  ])('%s on %s is %s', (a, b, said) => {
    expect(shownRatio(contrastOf(color(a), color(b)))).toBe(said);
    expect(contrastOf(color(b), color(a))).toBe(contrastOf(color(a), color(b)));
  });

  test('4.5 is the border between #767676 and #777777, and a ratio is never rounded up', () => {
    expect([onWhite('#767676') >= 4.5, onWhite('#777777') >= 4.5]).toEqual([true, false]);
    expect(shownRatio(4.4999)).toBe('4.49:1');
    expect(shownRatio(6.999)).toBe('6.99:1');
  });

  test('luminance is linear below its threshold, and a power above it', () => {
    expect(luminance([10, 10, 10])).toBeCloseTo(10 / 255 / 12.92, 10);
    expect(luminance([11, 11, 11])).toBeCloseTo(((11 / 255 + 0.055) / 1.055) ** 2.4, 10);
    expect(luminance(white)).toBeCloseTo(1, 10);
  });
});

test.each([
  ['#0aF', '#00AAFF'],
  ['#0a84ff', '#0A84FF'],
])('%s is read as %s', (text, said) => {
  expect(formatColor(color(text))).toBe(said);
});

test.each([
  ...['red', '#12', '#1234', '#12345', '#1234567', '#12345g', ' #123456', '#123456\n', '0A84FF', ''],
  ...[null, undefined, 123456, {}, []],
])('%j is no colour', (value) => {
  expect(parseColor(value)).toBeUndefined();
});

describe('the nearest shade that passes', () => {
  test.each([
    ['#0A84FF', 4.5, '#0975E2'],
    ['#0A84FF', 7, '#0758AA'],
    ['#FFFFFF', 4.5, '#767676'],
    ['#000000', 7, '#000000'],
  ])('%s for %f on white is %s', (from, ratio, to) => {
    expect(formatColor(nearestPassing(color(from), white, ratio)!)).toBe(to);
  });

  test('really passes, whatever the colour, and is a darker one on white', () => {
    let seed = 1;
    const random = (): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % 256;
    };
    for (let i = 0; i < 500; i++) {
      const from: Color = [random(), random(), random()];
      for (const ratio of [4.5, 7]) {
        const near = nearestPassing(from, white, ratio)!;
        expect(contrastOf(near, white)).toBeGreaterThanOrEqual(ratio);
        expect(luminance(near)).toBeLessThanOrEqual(luminance(from));
      }
    }
  });

  test('is lighter on a dark ground, and there may be none on a grey one', () => {
    const near = nearestPassing(color('#555555'), color('#111111'), 4.5)!;
    expect(luminance(near)).toBeGreaterThan(luminance(color('#555555')));
    expect(contrastOf(near, color('#111111'))).toBeGreaterThanOrEqual(4.5);
    expect(nearestPassing(color('#0A84FF'), color('#777777'), 7)).toBeUndefined();
  });
});

test('the nearest of several colours', () => {
  const brand = ['#00205B', '#0B5FFF', '#FF0000'].map(color);
  expect(formatColor(nearestOf(color('#0A84FF'), brand)!)).toBe('#0B5FFF');
  expect(nearestOf(white, [])).toBeUndefined();
});
