import { expect, test } from 'vitest';
import { chaotic, complaintOf, play, seedsOf } from './support/long-chaos.ts';

/** A fifth of all answers spoilt; `npm run test:long` plays 200 seeds. */
test.each(seedsOf(10))('chaos, seed %i: it converges, and nothing is doubled, orphaned or lost', async (seed) => {
  const seeded = await play(seed);
  expect(seeded.chaos.calls).toBeGreaterThan(30);
  expect(complaintOf(seeded)).toBeUndefined();
});

test.each(seedsOf(3))('chaos over web messaging and schedules, seed %i: the same', async (seed) => {
  const seeded = await play(seed, 0.2, chaotic.web);
  expect(seeded.chaos.calls).toBeGreaterThan(60);
  expect(complaintOf(seeded)).toBeUndefined();
});
