import { expect, test } from 'vitest';
import { aroundWrites } from './support/kill-kinds.ts';
import { complaint, pointsOf, sample, tryPoints } from './support/kill-points.ts';
import { scenarios } from './support/kill-scenarios.ts';

/** One with each phase, the others with what becomes of their writes; `npm run test:long` tries every single point of many more. */
const shortly = {
  'flow: create': sample,
  'flow: rename and update': aroundWrites,
  'flow: delete, with its action': aroundWrites,
  'flow: a timeout of a foreign one': aroundWrites,
};

test.each(Object.entries(shortly))('a run that is killed: %s', { timeout: 120_000 }, async (name, some) => {
  const scenario = scenarios.find((one) => one.name === name)!;
  const tried = await tryPoints(scenario, some(await pointsOf(scenario)));
  expect(tried.length).toBeGreaterThanOrEqual(2);
  expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
});
