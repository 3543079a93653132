import { expect, test } from 'vitest';
import { chaoticOf } from './support/chaos-kinds.ts';
import { fixtures } from './support/fixtures.ts';
import { chaotic, complaintOf, play, type Seeded, seedsOf } from './support/long-chaos.ts';

/** A fifth of all answers spoilt; `npm run test:long` plays 200 seeds. */
test.each(seedsOf(4))('chaos, seed %i: it converges, and nothing is doubled, orphaned or lost', async (seed) => {
  const seeded = await play(seed);
  expect(seeded.chaos.calls).toBeGreaterThan(30);
  expect(complaintOf(seeded)).toBeUndefined();
});

test('chaos over web messaging and schedules: the same', async () => {
  const seeded = await play(1, 0.2, chaotic.web);
  expect(seeded.chaos.calls).toBeGreaterThan(60);
  expect(complaintOf(seeded)).toBeUndefined();
});

test('chaos over each kind by itself: the same', async () => {
  const played: Seeded[] = [];
  // Another seed for each, so that all that can happen does to some.
  for (const [i, fixture] of fixtures.entries()) played.push(await play(i + 1, 0.2, await chaoticOf(fixture)));
  expect(played.flatMap((one, i) => complaintOf(one)?.replace(/^/, `${fixtures[i]!.kind}: `) ?? [])).toEqual([]);
  // Else it proves nothing.
  for (const { chaos } of played) expect(Object.values(chaos.played).some((times) => times > 0)).toBe(true);
});
