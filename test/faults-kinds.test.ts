import { describe, expect, test } from 'vitest';
import { fixtures } from './support/fixtures.ts';
import { complaint } from './support/kill-points.ts';
import { disturb, shortly, undisturbed } from './support/kind-faults.ts';
import { type KindStory, storiesOf } from './support/kind-stories.ts';

/** What is first written of a kind, the update that changes the most, and the deletion; `npm run test:long` has every one. */
describe.each(fixtures.map((fixture) => [fixture.kind, fixture] as const))('%s', (_kind, fixture) => {
  const [first, ...more] = storiesOf(fixture) as [KindStory, ...KindStory[]];
  const [last, deletion] = more.slice(Object.keys(fixture.updates).length - 1);
  test.each([first, last!, ...(deletion === undefined ? [] : [deletion])])(
    '$what: whatever becomes of a write, it comes to the same',
    async (story) => {
      const expected = await undisturbed(story);
      const tried = [];
      for (const one of shortly(expected, { all: story === first })) tried.push(await disturb(story, expected, one));
      expect(tried.length).toBeGreaterThan(2);
      // Else nobody was in its way.
      expect(tried.some(({ overwrote }) => overwrote)).toBe(!expected.creates);
      expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
    },
  );
});
