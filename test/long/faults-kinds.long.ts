import { expect, test } from 'vitest';
import { fixtures } from '../support/fixtures.ts';
import { complaint, type Tried } from '../support/kill-points.ts';
import { atLength, disturb, undisturbed } from '../support/kind-faults.ts';
import { storiesOf } from '../support/kind-stories.ts';
import { ofKind, report, rowOf } from '../support/long-table.ts';

test.each(fixtures.map((fixture) => [fixture.kind, fixture] as const))(
  'a request interrupted: %s',
  async (kind, fixture) => {
    const tried: Tried[] = [];
    for (const story of storiesOf(fixture)) {
      const expected = await undisturbed(story);
      for (const one of atLength(expected)) {
        const found = await disturb(story, expected, one);
        tried.push({ ...found, at: `${story.what}, ${found.at}` });
      }
    }
    report(rowOf(ofKind('a request interrupted', kind), tried));
    expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
  },
);
