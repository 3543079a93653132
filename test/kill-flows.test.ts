import { expect, test } from 'vitest';
import { complaint, pointsOf, sample, tryPoints } from './support/kill-points.ts';
import { scenarios } from './support/kill-scenarios.ts';

/** Each phase once; `npm run test:long` tries every single point of many more. */
const shortly = [
  'flow: create',
  'flow: rename and update',
  'flow: delete, with its action',
  'flow: a timeout of a foreign one',
];

test.each(scenarios.filter(({ name }) => shortly.includes(name)))(
  'a run that is killed: $name',
  { timeout: 120_000 },
  async (scenario) => {
    const tried = await tryPoints(scenario, sample(await pointsOf(scenario)));
    expect(tried.length).toBeGreaterThanOrEqual(10);
    expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
  },
);
