import { expect, test } from 'vitest';
import { complaint, pointsOf, sample, tryPoint, tryPoints } from './support/kill-points.ts';
import { scenarios } from './support/kill-scenarios.ts';

/** Each phase once; `npm run test:long` tries every single point, and all kinds of write at once. */
const shortly = ['create', 'create, with lists that lag for 45 seconds', 'update', 'contract change', 'delete'];

test.each(scenarios.filter(({ name }) => shortly.includes(name)))(
  'a run that is killed: $name',
  { timeout: 120_000 },
  async (scenario) => {
    const tried = await tryPoints(scenario, sample(await pointsOf(scenario)));
    expect(tried.length).toBeGreaterThanOrEqual(10);
    expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
  },
);

test('a draft of our own is known again where templates come as URIs', { timeout: 60_000 }, async () => {
  const scenario = { ...scenarios.find(({ name }) => name === 'contract change')!, quirks: ['template-uri'] };
  const write = 'POST /api/v2/integrations/actions/{actionId}/draft';
  expect(complaint(await tryPoint(scenario, { at: 'served', write }))).toBeUndefined();
});
