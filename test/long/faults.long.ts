import { expect, test } from 'vitest';
import { flowStories } from '../support/flow-faults.ts';
import { complaint, type Tried } from '../support/kill-points.ts';
import { useDays } from '../support/long-day.ts';
import { faultsOf, points, tryFault } from '../support/long-faults.ts';
import { report, rowOf } from '../support/long-table.ts';
import { webStories } from '../support/web-faults.ts';

const openAny = useDays();
const open = () => openAny({ sandbox: { jobMs: 3, activationMs: 1 } });

test.each([...flowStories, ...webStories])('a request interrupted: $what', async (story) => {
  const tried: Tried[] = [];
  for (const fault of (await points(await open(), story)).flatMap(faultsOf))
    tried.push(await tryFault(await open(), story, fault));
  report(rowOf(`a request interrupted: ${story.what}`, tried));
  expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
});
