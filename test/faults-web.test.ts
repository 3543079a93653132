import { expect, test } from 'vitest';
import { complaint } from './support/kill-points.ts';
import { faultsOf, points, tryFault } from './support/long-faults.ts';
import { useWebDays } from './support/web-days.ts';
import { webStories } from './support/web-faults.ts';

const open = useWebDays();
const isOfFlows = (path: string): boolean => path.includes('/flows') || path.includes('/architect-files');

/** Every write, in every way. `npm run test:long` tries every read as well. */
test.each(webStories)(
  '$what: whatever becomes of a write, it comes to the same',
  { timeout: 120_000 },
  async (story) => {
    const writes = (await points(await open(), story)).filter(
      ({ method, path }) => method !== 'GET' && !isOfFlows(path),
    );
    const faults = writes.flatMap(faultsOf);
    expect(faults.length).toBeGreaterThan(8);
    for (const fault of faults) expect(complaint(await tryFault(await open(), story, fault))).toBeUndefined();
  },
);
