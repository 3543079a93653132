import { expect, test } from 'vitest';
import { chaoticOf } from '../support/chaos-kinds.ts';
import { fixtures } from '../support/fixtures.ts';
import { complaintOf, play, type Seeded, seedsOf } from '../support/long-chaos.ts';
import { ofKind, report, rowOf } from '../support/long-table.ts';

test.each(fixtures.map((fixture) => [fixture.kind, fixture] as const))('chaos: %s', async (kind, fixture) => {
  const story = await chaoticOf(fixture);
  const seeded: Seeded[] = [];
  for (const seed of seedsOf(10)) seeded.push(await play(seed, 0.2, story));
  report(rowOf(ofKind('chaos', kind), seeded));
  expect(seeded.flatMap((one) => complaintOf(one) ?? [])).toEqual([]);
});
