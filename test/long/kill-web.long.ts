import { expect, test } from 'vitest';
import { complaint, pointsOf, tryPoints } from '../support/kill-points.ts';
import { scenarios } from '../support/kill-scenarios.ts';
import { report, rowOf } from '../support/long-table.ts';

test.each(scenarios.filter(({ name }) => /^(web|schedule): /.test(name)))('killed: $name', async (scenario) => {
  const tried = await tryPoints(scenario, await pointsOf(scenario));
  report(rowOf(`killed: ${scenario.name}`, tried));
  expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
});
