import { expect, test } from 'vitest';
import { fixtures } from '../support/fixtures.ts';
import { complaint } from '../support/kill-points.ts';
import { atLength, disturb, undisturbed } from '../support/kind-faults.ts';
import { storiesOf } from '../support/kind-stories.ts';
import { report, rowOf } from '../support/long-table.ts';

test.each(fixtures.flatMap(storiesOf))('a request interrupted: $what', async (story) => {
  const expected = await undisturbed(story);
  const tried = [];
  for (const one of atLength(expected)) tried.push(await disturb(story, expected, one));
  report(rowOf(`a request interrupted: ${story.what}`, tried));
  expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
});
