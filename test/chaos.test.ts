import { expect, test } from 'vitest';
import { complaintOf, play, seedsOf } from './support/long-chaos.ts';

/** A fifth of all answers spoilt; `npm run test:long` plays 200 seeds. */
test.each(seedsOf(10))('chaos, seed %i: it converges, and nothing is doubled, orphaned or lost', async (seed) => {
  const seeded = await play(seed);
  expect(seeded.chaos.calls).toBeGreaterThan(30);
  expect(complaintOf(seeded)).toBeUndefined();
});
