import { expect, test } from 'vitest';
import { faultsOf, points, stories, tryFault } from '../support/flow-faults.ts';
import { complaint, type Tried } from '../support/kill-points.ts';
import { useDays } from '../support/long-day.ts';
import { report, rowOf } from '../support/long-table.ts';

const openAny = useDays();
const open = () => openAny({ sandbox: { jobMs: 3 } });

test.each(stories)('a request interrupted: flow: $what', async (story) => {
  const tried: Tried[] = [];
  for (const fault of (await points(await open(), story)).flatMap(faultsOf))
    tried.push(await tryFault(await open(), story, fault));
  report(rowOf(`a request interrupted: flow: ${story.what}`, tried));
  expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
});
