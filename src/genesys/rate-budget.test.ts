import { expect, test } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import { failureOf, json, params, path, world } from './fixture.ts';
import { createRateBudget } from './rate-budget.ts';
import { retryAfter } from './retry.ts';

const get = { path, params };
const headers = (count: number, allowed: number, reset: number): Record<string, string> => ({
  'inin-ratelimit-count': String(count),
  'inin-ratelimit-allowed': String(allowed),
  'inin-ratelimit-reset': String(reset),
});

test('before the first header 300 a minute are assumed, of which 80 % are used', async () => {
  const clock = fakeClock();
  const budget = createRateBudget({ clock, percent: 80, concurrency: 1000 });
  let started = 0;
  const all = Array.from({ length: 300 }, () => budget.acquire('read').then(() => started++));
  await clock.advance(59_000);
  expect(started).toBe(240);
  await clock.advance(1_500);
  await Promise.all(all);
  expect(started).toBe(300);
  expect(budget.throttledMs()).toBe(60_000);
});

test('the allowance of the headers is honoured, in windows as they tell', async () => {
  const clock = fakeClock();
  const budget = createRateBudget({ clock, percent: 50, concurrency: 1000 });
  await budget.acquire('read');
  budget.observe({ status: 200, headers: headers(5, 20, 30) });
  budget.release();
  let started = 0;
  const all = Array.from({ length: 7 }, () => budget.acquire('read').then(() => started++));
  await clock.advance(30_500);
  // Five of ten were used already, by somebody else too.
  expect(started).toBe(5);
  await clock.advance(1_000);
  await Promise.all(all);
});

test('a server with a small allowance sees no more than its share in any window', async () => {
  const times: number[] = [];
  const w = await world(
    (response) => {
      const now = w.clock.now().getTime() - Date.parse('2026-01-01');
      times.push(now);
      const window = Math.floor(now / 60_000);
      const count = times.filter((time) => Math.floor(time / 60_000) === window).length;
      const reset = Math.floor((60_000 - (now % 60_000)) / 1000);
      json(response, count > 10 ? 429 : 200, {}, headers(count, 10, reset));
    },
    { rateBudget: 100, concurrency: 4 },
  );
  await w.clock.drive(Promise.all(Array.from({ length: 35 }, () => w.client.reader().get(get))));
  expect(w.client.stats()).toMatchObject({ requests: 35, rateLimited: 0 });
  expect(times.filter((time) => time < 60_000)).toHaveLength(10);
  expect(w.client.stats().throttledMs).toBeGreaterThan(0);
});

test('what was under way at the first answer of a window is counted once, not twice', async () => {
  const clock = fakeClock();
  const budget = createRateBudget({ clock, percent: 100, concurrency: 1000 });
  for (let i = 0; i < 10; i++) await budget.acquire('read');
  // All ten are in the first count already; that is known only when the last answer is there.
  for (let count = 10; count > 0; count--) {
    budget.observe({ status: 200, headers: headers(count, 20, 30) });
    if (count === 10) expect(budget.state()).toEqual({ allowed: 20, left: 1 });
    budget.release();
  }
  expect(budget.state()).toEqual({ allowed: 20, left: 10 });
});

test.each([
  [300, 16],
  [6000, 50],
  [60_000, 64],
])('of an allowance of %d a minute, %d requests may be under way', async (allowed, most) => {
  const clock = fakeClock();
  const budget = createRateBudget({ clock, percent: 100 });
  budget.observe({ status: 200, headers: headers(0, allowed, 60) });
  let started = 0;
  for (let i = 0; i < 100; i++) void budget.acquire('read').then(() => started++);
  await clock.advance(1_000);
  expect(started).toBe(most);
});

test('writes go before reads, reads before background', async () => {
  const clock = fakeClock();
  const budget = createRateBudget({ clock, percent: 80, concurrency: 1 });
  await budget.acquire('read');
  const order: string[] = [];
  const all = (['background', 'read', 'write', 'background', 'write'] as const).map(async (priority) => {
    await budget.acquire(priority);
    order.push(priority);
    budget.release();
  });
  budget.release();
  await clock.drive(Promise.all(all));
  expect(order).toEqual(['write', 'write', 'read', 'background', 'background']);
});

test('a 429 pauses everybody for as long as Retry-After says', async () => {
  const w = await world((response, _seen, nth) =>
    nth === 1 ? json(response, 429, {}, { 'retry-after': '7' }) : json(response, 200, {}),
  );
  const pending = w.client.writer().send({ method: 'POST', path, params, body: {} });
  await w.clock.untilWaiting();
  const other = w.client.reader().get(get);
  await w.clock.advance(6_900);
  expect(w.seen).toHaveLength(1);
  await w.clock.drive(Promise.all([pending, other]));
  expect((await pending).receipt.attempts).toBe(2);
  expect(w.seen).toHaveLength(3);
  expect(w.client.stats().rateLimited).toBe(1);
});

test('without Retry-After the pause lasts to the end of the window, else it doubles', async () => {
  const start = Date.parse('2026-01-01');
  const told = await world((response, _seen, nth) => json(response, nth === 1 ? 429 : 200, {}, headers(300, 300, 20)));
  await told.clock.drive(told.client.reader().get(get));
  expect(told.clock.now().getTime() - start).toBe(21_000);
  const silent = await world((response) => json(response, 429, {}));
  const failure = await failureOf(silent, silent.client.reader().get(get));
  expect(failure).toMatchObject({ reason: 'RateLimited', class: 'TryLater' });
  expect(silent.seen).toHaveLength(5);
  expect(silent.clock.now().getTime() - start).toBe(1000 + 2000 + 4000 + 8000);
});

test('a pause that is too long to sit out fails at once, and says how long', async () => {
  const w = await world((response) => json(response, 429, {}, { 'retry-after': '3600' }));
  const failure = await failureOf(w, w.client.reader().get(get));
  expect(failure).toMatchObject({ reason: 'RateLimited', detail: { after: 300_000 } });
  expect(w.seen).toHaveLength(1);
});

test('a clock that is set back or forward holds nothing up', async () => {
  for (const jump of [-3_600_000, 3_600_000]) {
    const clock = fakeClock();
    const budget = createRateBudget({ clock, percent: 100, concurrency: 1000 });
    budget.observe({ status: 200, headers: headers(300, 300, 60) });
    budget.pause(5_000);
    clock.jump(jump);
    const before = clock.now().getTime();
    await clock.drive(budget.acquire('read'));
    expect(clock.now().getTime() - before).toBeLessThanOrEqual(61_000);
  }
});

test('Retry-After is seconds, a date, or words in the message', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  expect(retryAfter('3', now)).toBe(3000);
  expect(retryAfter('0', now)).toBeUndefined();
  expect(retryAfter('Thu, 01 Jan 2026 00:00:09 GMT', now)).toBe(9000);
  expect(retryAfter(undefined, now, 'Rate limit exceeded. Retry the request in [12] seconds')).toBe(12_000);
  expect(retryAfter('soon', now)).toBeUndefined();
});
