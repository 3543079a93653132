import { expect, test } from 'vitest';
import { Failure } from '../model/failure.ts';
import type { ApiRequest, RequestSeen } from '../model/http.ts';
import { drop, failureOf, json, params, path, type World, world } from './fixture.ts';

const post: ApiRequest = { method: 'POST', path: '/api/v2/integrations/actions', body: { name: 'x' } };
const headers = { 'inin-ratelimit-count': '1', 'inin-ratelimit-allowed': '1', 'inin-ratelimit-reset': '59' };

/** What a lease does: it throws when its time is over. */
function lease(w: World, ms: number): () => void {
  const ends = w.clock.now().getTime() + ms;
  return () => {
    if (w.clock.now().getTime() >= ends) throw new Failure('LeaseLost', 'paused for too long');
  };
}

test('a process that was paused while it waited for the rate budget sends nothing', async () => {
  const w = await world((response) => json(response, 200, {}, headers), { rateBudget: 100 });
  const writer = w.client.writer();
  await writer.send(post);
  const pending = writer.send(post, lease(w, 90_000));
  await w.clock.untilWaiting();
  // The whole process stands still: time passes and no timer runs.
  w.clock.jump(3_600_000);
  expect(await failureOf(w, pending)).toMatchObject({ reason: 'LeaseLost', message: 'paused for too long' });
  expect(w.seen).toHaveLength(1);
  // The allowance that was not used is there for the next one, at once.
  const before = w.clock.now().getTime();
  await w.clock.drive(writer.send(post, lease(w, 90_000)));
  expect(w.clock.now().getTime()).toBe(before);
});

test.each([401, 403, 429])('`before` is called again before the try after a %d', async (status) => {
  const w = await world((response, seen, nth) =>
    json(response, seen.method === 'POST' && nth === 2 ? status : 200, {}, { 'retry-after': '5' }),
  );
  await w.client.reader().get({ path, params });
  // Old enough for a fresh token after a 403.
  await w.clock.advance(120_000);
  let asked = 0;
  await w.clock.drive(w.client.writer().send(post, () => void asked++));
  expect(asked).toBe(2);
  expect(w.seen).toHaveLength(3);
});

test('a lease that ends during the pause after a 429 sends nothing more', async () => {
  const w = await world((response) => json(response, 429, {}, { 'retry-after': '30' }));
  expect((await failureOf(w, w.client.writer().send(post, lease(w, 20_000)))).reason).toBe('LeaseLost');
  expect(w.seen).toHaveLength(1);
});

test('where `before` throws, nobody waits for the place that was not used', async () => {
  const w = await world((response) => json(response, 200, {}), { concurrency: 1 });
  for (let i = 0; i < 3; i++) {
    const failing = w.client.writer().send(post, () => {
      throw new Failure('LeaseLost', 'over');
    });
    expect((await failureOf(w, failing)).reason).toBe('LeaseLost');
  }
  await w.client.writer().send(post);
  expect(w.client.stats().requests).toBe(1);
});

test('a probe that `before` keeps back leaves its place to the next', async () => {
  let down = true;
  const w = await world((response) => json(response, down ? 503 : 200, {}));
  for (let i = 0; i < 5; i++) await failureOf(w, w.client.writer().send(post));
  expect(w.client.stats().circuit).toBe('open');
  down = false;
  await w.clock.advance(60_000);
  expect((await failureOf(w, w.client.writer().send(post, lease(w, 0)))).reason).toBe('LeaseLost');
  expect((await w.client.writer().send(post)).receipt.status).toBe(200);
  expect(w.client.stats().circuit).toBe('closed');
});

test('every try that went over the wire is told, those for a token too, and what the listener throws is ignored', async () => {
  const seen: RequestSeen[] = [];
  const w = await world(
    (response, _one, nth) => (nth === 1 ? drop(response) : json(response, nth === 2 ? 503 : 200, { nth }, {})),
    {
      onRequest: (one) => {
        seen.push(one);
        throw new Error('a broken metric');
      },
    },
  );
  await w.clock.drive(w.client.reader().get({ path, params }));
  const durationMs = expect.any(Number);
  expect(seen).toEqual([
    { method: 'POST', pathTemplate: '/oauth/token', status: 200, durationMs },
    ...[0, 503, 200].map((status) => ({ method: 'GET', pathTemplate: path, status, durationMs })),
  ]);
});

test('the statistics show the share of the allowance in the current window', async () => {
  const told = { 'inin-ratelimit-count': '31', 'inin-ratelimit-allowed': '200', 'inin-ratelimit-reset': '30' };
  const w = await world((response) => json(response, 200, {}, told), { rateBudget: 50 });
  expect(w.client.stats()).toMatchObject({ budget: {}, circuit: 'closed', throttledMs: 0 });
  await w.client.reader().get({ path, params });
  expect(w.client.stats().budget).toEqual({ allowed: 100, left: 69 });
  await w.clock.advance(31_000);
  expect(w.client.stats().budget).toEqual({ allowed: 100, left: 100 });
});
