import { expect, test } from 'vitest';
import { fixtures } from '../support/fixtures.ts';
import { scenarioOf } from '../support/kill-kinds.ts';
import { complaint, pointsOf, tryPoints } from '../support/kill-points.ts';
import { chiefOf } from '../support/kind-stories.ts';
import { report, rowOf } from '../support/long-table.ts';

test.each(fixtures.flatMap(chiefOf))('killed: $what', async (story) => {
  const scenario = await scenarioOf(story);
  const tried = await tryPoints(scenario, await pointsOf(scenario));
  report(rowOf(`killed: ${scenario.name}`, tried));
  expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
});
