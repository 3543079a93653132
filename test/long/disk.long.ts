import { expect, test } from 'vitest';
import { complaint, fillDisk, type Tried } from '../support/kill-points.ts';
import { scenarios } from '../support/kill-scenarios.ts';
import { report, rowOf } from '../support/long-table.ts';

test('disk full: all four at once', async () => {
  const scenario = scenarios.find(({ name }) => name === 'all four at once')!;
  const tried: Tried[] = [];
  // Under 36 kB it does not open; over 180 kB the whole run fits.
  for (let kilobytes = 32; kilobytes <= 180; kilobytes += 4) tried.push(await fillDisk(scenario, kilobytes));
  report(rowOf(`disk full: ${scenario.name}`, tried));
  expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
});
