import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../../model/json.ts';
import { align, type Pair } from './align.ts';
import { anchors } from './anchors.ts';

const equal = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);
const step = (name: string, text = ''): Json => ({ say: { name, text } });

/** `0-0` for a pair, `0-` and `-0` for what is in one list only, with `!` where it moved. */
function aligned(want: Json[], live: Json[]): string {
  return align(want, live, equal)
    .map(({ want, live, moved }) => `${want ?? ''}-${live ?? ''}${moved ? '!' : ''}`)
    .join(' ');
}

test('items are matched by what they are, then by name, then by place', () => {
  const [a, b, c] = [step('a'), step('b'), step('c')];
  expect(aligned([a, b, c], [a, c])).toBe('0-0 1- 2-1');
  expect(aligned([a, c], [a, b, c])).toBe('0-0 -1 1-2');
  expect(aligned([c, a, b], [a, b, c])).toBe('0-2! 1-0 2-1');
  expect(aligned([a, step('b', 'x'), c], [step('b'), c])).toBe('0- 1-0 2-1');
  expect(aligned([a, step('x'), c], [a, step('y'), c])).toBe('0-0 1-1 2-2');
  expect(aligned([a, { wait: {} }], [a, b])).toMatch(/^0-0 (1- -1|-1 1-)$/);
  expect(aligned(['no', 'yes'], ['no', 'ja'])).toBe('0-0 1-1');
  expect(aligned([], [a])).toBe('-0');
});

test('every item of both lists is there once, in the order of the wanted list', () => {
  const list = fc.array(fc.record({ say: fc.record({ name: fc.constantFrom('a', 'b', ''), text: fc.nat(3) }) }));
  fc.assert(
    fc.property(list, list, (want, live) => {
      const pairs = align(want, live, equal);
      const places = (side: keyof Pair): number[] => pairs.flatMap((pair) => (pair[side] as number | undefined) ?? []);
      expect(places('want')).toEqual([...want.keys()]);
      expect(places('live').sort((a, b) => a - b)).toEqual([...live.keys()]);
    }),
  );
});

/** The length of the longest common subsequence, by the book. */
function common(a: string[], b: string[]): number {
  const best = a.concat('').map(() => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i]![j] = a[i] === b[j] ? 1 + best[i + 1]![j + 1]! : Math.max(best[i + 1]![j]!, best[i]![j + 1]!);
    }
  }
  return best[0]![0]!;
}

test('anchors are as many as there can be, and in order', () => {
  const list = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
  fc.assert(
    fc.property(list, list, (a, b) => {
      const found = anchors(a.length, b.length, (row, column) => a[row] === b[column]);
      expect(found).toHaveLength(common(a, b));
      for (const [i, [row, column]] of found.entries()) {
        expect(a[row]).toBe(b[column]);
        if (i > 0) expect(row > found[i - 1]![0] && column > found[i - 1]![1]).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('long lists of nothing but other items are matched in turn', () => {
  const long = (text: string): Json[] => Array.from({ length: 2000 }, (_, i) => step(`${i % 10}`, text));
  const pairs = align(long('a'), long('b'), equal);
  expect(pairs).toHaveLength(2000);
  expect(pairs.every(({ want, live, moved }) => want === live && moved === undefined)).toBe(true);
});
