import { expect, test } from 'vitest';
import { kinds, surfaces } from '../src/objects/index.ts';
import { fixtures } from './support/fixtures.ts';
import { aroundWrites, scenarioOf } from './support/kill-kinds.ts';
import { complaint, pointsOf, sample, tryPoints } from './support/kill-points.ts';
import { chiefOf } from './support/kind-stories.ts';

/** The first kind of each surface that creates and deletes what it is about; `npm run test:long` has all kinds, and every point. */
const chosen = surfaces.flatMap(({ name }) => {
  const kind = kinds.find((one) => one.surface === name && one.owns);
  return fixtures.filter((fixture) => fixture.kind === kind?.name);
});

const stories = chosen.flatMap((fixture) =>
  chiefOf(fixture).map((story, i) => ({ what: story.what, story, some: i === 0 ? sample : aroundWrites })),
);

test('there is such a kind of each surface', () => {
  expect(chosen).toHaveLength(surfaces.length);
});

test.each(stories)('a run that is killed: $what', { timeout: 120_000 }, async ({ story, some }) => {
  const scenario = await scenarioOf(story);
  const tried = await tryPoints(scenario, some(await pointsOf(scenario)));
  expect(tried.length).toBeGreaterThanOrEqual(2);
  expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
});
