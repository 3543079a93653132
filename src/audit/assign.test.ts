import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign } from './assign.ts';

type Pairs = readonly (readonly [number, number])[];

/** All ways to give records to writes that do not cross, each with what speaks for it. */
function ways(
  weights: readonly (readonly number[])[],
  crosses: (one: number, other: number) => boolean,
): [Pairs, number][] {
  let all: [Pairs, number][] = [[[], 0]];
  weights.forEach((row, write) => {
    all = all.flatMap(([pairs, sum]) => [
      [pairs, sum] as [Pairs, number],
      ...row.flatMap((weight, record): [Pairs, number][] =>
        weight === 0 || pairs.some(([, earlier]) => earlier === record || crosses(earlier, record))
          ? []
          : [[[...pairs, [write, record]], sum + weight]],
      ),
    ]);
  });
  return all;
}

/** By definition: what is so in every best way. */
function certain(weights: readonly (readonly number[])[], crosses: (one: number, other: number) => boolean) {
  const all = ways(weights, crosses);
  const best = Math.max(...all.map(([, sum]) => sum));
  const good = all.filter(([, sum]) => sum === best).map(([pairs]) => pairs);
  return weights.map((_, write) => {
    const had = new Set(good.map((pairs) => pairs.find(([one]) => one === write)?.[1]));
    return had.size === 1 ? [...had][0] : undefined;
  });
}

const puzzles = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([writes, records]) =>
  fc.array(fc.array(fc.constantFrom(0, 0, 6, 6, 7), { minLength: records, maxLength: records }), {
    minLength: writes,
    maxLength: writes,
  }),
);

test.each([
  ['in strict order', (): boolean => true, (earlier: number, later: number): boolean => earlier > later],
  ['in no order', (): boolean => false, (): boolean => false],
  [
    'two by two',
    (one: number, other: number): boolean => one >> 1 < other >> 1,
    (a: number, b: number) => a >> 1 > b >> 1,
  ],
])('law: what is certain of records %s is what holds in every best way', (_what, recordsInOrder, crosses) => {
  fc.assert(
    fc.property(puzzles, (weights) => {
      const found = assign({
        writes: weights.length,
        records: weights[0]!.length,
        weight: (write, record) => weights[write]![record]!,
        writesInOrder: () => true,
        recordsInOrder,
      });
      expect(found).toEqual(certain(weights, crosses));
    }),
    { numRuns: 300 },
  );
});

test('too many that might be anybody’s are not told apart, in no time', () => {
  const began = performance.now();
  const found = assign({
    writes: 40,
    records: 40,
    weight: () => 1,
    writesInOrder: () => false,
    recordsInOrder: () => false,
  });
  expect(new Set(found)).toEqual(new Set([undefined]));
  expect(performance.now() - began).toBeLessThan(1000);
});

test('fifty writes and fifty records of one instant hold nobody up, whatever it costs to ask for their order', () => {
  const dates = Array.from({ length: 50 }, (_, n) => new Date(n * 10).toISOString());
  const began = performance.now();
  const found = assign({
    writes: 50,
    records: 50,
    weight: () => 51,
    writesInOrder: (one, other) => Date.parse(dates[one]!) < Date.parse(dates[other]!),
    recordsInOrder: () => false,
  });
  expect(new Set(found)).toEqual(new Set([undefined]));
  expect(performance.now() - began).toBeLessThan(1000);
});

test('what would take the memory of the process is not told apart', () => {
  const many = { writes: 3000, records: 3000, writesInOrder: () => true, recordsInOrder: () => true };
  expect(new Set(assign({ ...many, weight: () => 3001 }))).toEqual(new Set([undefined]));
});
