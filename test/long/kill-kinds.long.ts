import { expect, test } from 'vitest';
import { fixtures } from '../support/fixtures.ts';
import { scenarioOf } from '../support/kill-kinds.ts';
import { complaint, pointsOf, type Tried, tryPoints } from '../support/kill-points.ts';
import { chiefOf } from '../support/kind-stories.ts';
import { ofKind, report, rowOf } from '../support/long-table.ts';

test.each(fixtures.map((fixture) => [fixture.kind, fixture] as const))('killed: %s', async (kind, fixture) => {
  const tried: Tried[] = [];
  for (const story of chiefOf(fixture)) {
    const scenario = await scenarioOf(story);
    const found = await tryPoints(scenario, await pointsOf(scenario));
    tried.push(...found.map((one) => ({ ...one, at: `${story.what}, ${one.at}` })));
  }
  report(rowOf(ofKind('killed', kind), tried));
  expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
});
