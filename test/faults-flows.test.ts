import { expect, test } from 'vitest';
import { flowStories } from './support/flow-faults.ts';
import { complaint } from './support/kill-points.ts';
import { useDays } from './support/long-day.ts';
import { faultsOf, points, sample, tryFault } from './support/long-faults.ts';

const openAny = useDays();
const open = () => openAny({ sandbox: { jobMs: 3 } });

/** `npm run test:long` tries every request in every way. */
test.each(flowStories)(
  '$what: whatever becomes of a request, it comes to the same',
  { timeout: 120_000 },
  async (story) => {
    const isWrite = ({ method, path = '' }: { method?: string; path?: string }): boolean =>
      method !== 'GET' && !path.startsWith('/api/v2/integrations');
    const faults = sample((await points(await open(), story)).flatMap(faultsOf), isWrite);
    expect(faults.length).toBeGreaterThan(15);
    for (const fault of faults) expect(complaint(await tryFault(await open(), story, fault))).toBeUndefined();
  },
);
