import { expect, test } from 'vitest';
import { offsetOf, schedule } from './schedule.ts';

test('the offset is up to a tenth of the interval, and never more than its limit', () => {
  const all = [0, 0.5, 0.999].map((x) => offsetOf(30_000, 3_000, () => x));
  expect(all).toEqual([0, 1500, 2997]);
  expect(offsetOf(24 * 3_600_000, 60_000, () => 0.5)).toBe(30_000);
});

test('the offset is drawn once, so the gap between ticks stays the interval', async () => {
  const drawn: number[] = [];
  const random = (): number => {
    drawn.push(0.9);
    return 0.9;
  };
  const came: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    came.push(Date.now());
    if (came.length === 3) resolve();
  };
  const ticking = schedule({ expression: '* * * * * *', mostOffsetMs: 3_000, run }, random);
  expect(ticking.intervalMs).toBe(1000);
  expect(ticking.next()!.getTime() % 1000).toBe(90);
  await promise;
  await ticking.stop();
  expect(drawn).toHaveLength(1);
  for (const at of came) expect(at % 1000).toBeGreaterThanOrEqual(85);
  expect(came[2]! - came[0]!).toBeGreaterThan(1900);
});

test('stopped within its offset, a tick does not come', async () => {
  let came = 0;
  const run = async (): Promise<void> => {
    came++;
  };
  const ticking = schedule({ expression: '* * * * * *', mostOffsetMs: 3_000, run }, () => 0.99);
  // In the middle of an offset `next` is the one that is pending.
  await expect.poll(() => ticking.next()!.getTime() - Date.now(), { interval: 5, timeout: 3000 }).toBeLessThan(95);
  await ticking.stop();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(came).toBe(0);
});

test('the time zone counts', async () => {
  const ticking = schedule(
    { expression: '0 3 * * *', timeZone: 'Asia/Kolkata', mostOffsetMs: 0, run: async () => {} },
    Math.random,
  );
  expect(ticking.next()!.toISOString()).toMatch(/T21:30:00/);
  await ticking.stop();
});
