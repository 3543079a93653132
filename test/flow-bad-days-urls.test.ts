import { describe, expect, test } from 'vitest';
import { flowIn, jobsOf, liveText, once, registering, upload, useFlowDays } from './support/flow-days.ts';
import { action, main } from './support/flow-faults.ts';
import type { Day } from './support/long-day.ts';
import { said } from './support/stories.ts';

const open = useFlowDays();
const before = [action, main()];
const after = [action, main('Main Line', 'Good day')];

async function published(...quirks: string[]): Promise<Day> {
  const day = await open({ sandbox: { quirks } });
  await day.apply(before);
  return day;
}

describe('a presigned URL', () => {
  test('that has expired: a new job has a new one', async () => {
    const day = await published();
    const stop = day.it.sandbox.onRequest(({ method, phase, pathTemplate }) => {
      if (method !== 'GET' || pathTemplate !== '/api/v2/flows/{flowId}' || phase !== 'served') return;
      stop();
      jobsOf(day).registered.at(-1)!.expiresAt = 0;
    });
    expect((await day.apply(after)).outcomes.map(said)).toEqual(['applied']);
    expect([jobsOf(day).registered.length, jobsOf(day).started.length]).toEqual([3, 2]);
  });

  test('that is refused for good: two jobs, and a clear failure', async () => {
    const day = await published();
    day.it.sandbox.addFault({ when: upload, then: { status: 403 } });
    const [outcome] = (await day.apply(after)).outcomes;
    expect(outcome!.message).toMatch(/^Genesys's file store refused "Main Line" \(job [\w-]+\): .*status 403/);
    expect([jobsOf(day).registered.length, jobsOf(day).started.length]).toEqual([3, 1]);
    day.it.sandbox.clearFaults();
    await day.apply(after, { byHand: true });
    await day.endsWell(after);
  });
});

test.each([
  ['the upload', upload, 2],
  ['the registration', registering, 3],
])('a lost answer to %s: published once', async (_what, when, registered) => {
  // A second upload would publish a second time.
  const day = await published('flow-upload-repeats');
  day.it.sandbox.addFault(once(when, { lostResponse: true }));
  expect((await day.apply(after)).outcomes.map(said)).toEqual(['applied']);
  expect([jobsOf(day).registered.length, jobsOf(day).started.length]).toEqual([registered, 2]);
  expect([flowIn(day).versions.length, liveText(day).includes('Good day')]).toEqual([2, true]);
});
