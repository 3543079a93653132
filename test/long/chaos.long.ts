import { expect, test } from 'vitest';
import { chaotic, complaintOf, play, type Seeded, seedsOf } from '../support/long-chaos.ts';
import { report, rowOf } from '../support/long-table.ts';

test.each([
  ['a fifth of all answers spoilt', 'actions', 0.2, 200],
  ['nearly half of all answers spoilt', 'actions', 0.45, 100],
  ['web: a fifth of all answers spoilt', 'web', 0.2, 100],
  ['web: nearly half of all answers spoilt', 'web', 0.45, 50],
] as const)('chaos: %s', async (name, story, share, count) => {
  const seeded: Seeded[] = [];
  for (const seed of seedsOf(count)) seeded.push(await play(seed, share, chaotic[story]));
  report(rowOf(`chaos: ${name}`, seeded));
  expect(seeded.flatMap((one) => complaintOf(one) ?? [])).toEqual([]);
  // Else it proves nothing: requests were spoilt in every story, and many runs failed of it.
  expect(seeded.filter(({ troubled }) => troubled > 0).length).toBeGreaterThan(seeded.length / 5);
  expect(seeded.every(({ chaos }) => Object.values(chaos.played).some((times) => times > 0))).toBe(true);
});
