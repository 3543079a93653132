import { describe, expect, test } from 'vitest';
import { fixtures } from './support/fixtures.ts';
import { complaint } from './support/kill-points.ts';
import { disturb, shortly, undisturbed } from './support/kind-faults.ts';
import { chiefOf } from './support/kind-stories.ts';

/** `npm run test:long` has every update, and reads. */
describe.each(fixtures.map((fixture) => [fixture.kind, chiefOf(fixture)] as const))('%s', (_kind, stories) => {
  test.each(stories)('$what: whatever becomes of a write, it comes to the same', async (story) => {
    const expected = await undisturbed(story);
    const tried = [];
    for (const one of shortly(expected, { all: story === stories[0] })) tried.push(await disturb(story, expected, one));
    expect(tried.length).toBeGreaterThan(2);
    // Else nobody was in its way.
    expect(tried.some(({ overwrote }) => overwrote)).toBe(!expected.creates);
    expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
  });
});
