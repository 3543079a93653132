import { expect, test } from 'vitest';
import type { Fault } from '../src/sandbox/index.ts';
import { complaint } from './support/kill-points.ts';
import { faultsOf, points, tryFault } from './support/long-faults.ts';
import { useWebDays } from './support/web-days.ts';
import { webStories } from './support/web-faults.ts';

const open = useWebDays();
/** Two that are written in one run; each by itself is in faults-kinds.test.ts, and `npm run test:long` has more stories. */
const shortly = ['web: another colour, which the deployment takes', 'schedule: create, with its group'];
const isShort = ({ when, then }: Fault): boolean =>
  then.drop === true || then.lostResponse === true || then.status !== undefined || when.times === undefined;

test.each(webStories.filter(({ what }) => shortly.includes(what)))(
  '$what: whatever becomes of a write, it comes to the same',
  { timeout: 120_000 },
  async (story) => {
    const writes = (await points(await open(), story)).filter(({ method }) => method !== 'GET');
    const faults = writes.flatMap(faultsOf).filter(isShort);
    expect(faults.length).toBeGreaterThanOrEqual(12);
    for (const fault of faults) expect(complaint(await tryFault(await open(), story, fault))).toBeUndefined();
  },
);
