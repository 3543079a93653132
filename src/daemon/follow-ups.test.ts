import { expect, test } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import { createFollowUps, followUpDelay } from './follow-ups.ts';

const day = 24 * 3_600_000;

test('10, 20, 40 seconds and so on, up to an hour, and never beyond the schedule', () => {
  expect([0, 1, 2, 12].map((before) => followUpDelay(before, undefined, day))).toEqual([
    10_000, 20_000, 40_000, 3_600_000,
  ]);
  expect(followUpDelay(2, undefined, 30_000)).toBeUndefined();
  expect(followUpDelay(2, 5_000, 30_000)).toBe(5_000);
  expect(followUpDelay(0, 0, undefined)).toBe(100);
});

test('each comes once, a success begins the count anew, and a run that begins takes its place', async () => {
  const clock = fakeClock();
  const ran: string[] = [];
  const followUps = createFollowUps(clock, (target) =>
    ran.push(`${target} ${clock.now().toISOString().slice(14, 19)}`),
  );
  followUps.ended('a', {}, day);
  await clock.advance(60_000);
  followUps.ended('a', {}, day);
  expect(followUps.next('a')).toEqual(new Date(clock.now().getTime() + 20_000));
  await clock.advance(60_000);
  followUps.ended('a', undefined, day);
  followUps.ended('a', {}, day);
  await clock.advance(60_000);
  expect(ran).toEqual(['a 00:10', 'a 01:20', 'a 02:10']);

  followUps.ended('a', { after: 3_000 }, day);
  followUps.cancel('a');
  await clock.advance(60_000);
  expect([ran.length, clock.waiting(), followUps.next('a')]).toEqual([3, 0, undefined]);
});
