import { expect, test } from 'vitest';
import { aroundWrites } from './support/kill-kinds.ts';
import { complaint, pointsOf, tryPoint, tryPoints } from './support/kill-points.ts';
import { scenarios } from './support/kill-scenarios.ts';

/** What no kind's own stories have (kill-kinds.test.ts); `npm run test:long` tries every single point of many more. */
test('a run that is killed: create, with lists that lag for 45 seconds', { timeout: 120_000 }, async () => {
  const scenario = scenarios.find(({ name }) => name === 'create, with lists that lag for 45 seconds')!;
  const tried = await tryPoints(scenario, aroundWrites(await pointsOf(scenario)));
  expect(tried.map(({ at }) => at.split(',')[0]).sort()).toEqual(['lost', 'served']);
  expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
});

test('a draft of our own is known again where templates come as URIs', { timeout: 60_000 }, async () => {
  const scenario = { ...scenarios.find(({ name }) => name === 'contract change')!, quirks: ['template-uri'] };
  const write = 'POST /api/v2/integrations/actions/{actionId}/draft';
  expect(complaint(await tryPoint(scenario, { at: 'served', write }))).toBeUndefined();
});
