import { expect, test } from 'vitest';
import type { Failure } from '../model/failure.ts';
import type { Answer, ApiRequest } from '../model/http.ts';
import { drop, failureOf, json, type Play, path, type World, world } from './fixture.ts';

const get = (id: number | string): { path: string; params: { actionId: string } } => ({
  path,
  params: { actionId: `a${id}` },
});
const post = (n: number): ApiRequest => ({ method: 'POST', path: '/api/v2/integrations/actions', body: { name: n } });
const times = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));
const start = Date.parse('2026-01-01');
const elapsed = (w: World): number => w.clock.now().getTime() - start;

/** Nothing but failures until so many milliseconds have passed. */
async function outage(ms: number, how: Play = (response) => json(response, 503, {})): Promise<World> {
  const w: World = await world((response, seen, nth) =>
    elapsed(w) < ms ? how(response, seen, nth) : json(response, 200, { id: 'a' }),
  );
  return w;
}

const reasonsOf = (results: PromiseSettledResult<Answer>[]): string[] =>
  results.map((one) => (one.status === 'fulfilled' ? 'done' : (one.reason as Failure).reason));

test.each([
  ['answers 503', undefined],
  ['drops connections', drop],
] as [string, Play | undefined][])(
  'a short outage that %s fails no read, and few are sent meanwhile',
  async (_what, how) => {
    const w = await outage(12_000, how);
    const answers = await w.clock.drive(Promise.all(times(40, (i) => w.client.reader().get(get(i)))));
    expect(answers).toHaveLength(40);
    // Four failed and were followed by four before it opened, with sixteen under way; then two probes.
    expect(w.client.stats().retries).toBeLessThanOrEqual(22);
    expect(w.client.stats().circuit).toBe('closed');
  },
);

test('in a long outage calls fail at once, and one probe at a time is sent', async () => {
  const w = await outage(600_000);
  const first = await w.clock.drive(Promise.allSettled(times(40, (i) => w.client.reader().get(get(i)))));
  expect(new Set(reasonsOf(first))).toEqual(new Set(['CircuitOpen']));
  expect(elapsed(w)).toBeLessThan(70_000);
  await w.clock.advance(30_000);
  const [sent, before] = [w.seen.length, elapsed(w)];
  const failures = await Promise.allSettled(times(20, (i) => w.client.reader().get(get(i))));
  for (const one of failures) {
    expect(one).toMatchObject({ status: 'rejected', reason: { reason: 'CircuitOpen', class: 'TryLater' } });
  }
  expect(elapsed(w)).toBe(before);
  expect(w.seen.length - sent).toBeLessThanOrEqual(1);
  expect(w.client.stats().circuit).toBe('open');
  await w.clock.advance(600_000);
  expect(await w.client.reader().get(get(1))).toMatchObject({ body: { id: 'a' }, receipt: { attempts: 1 } });
  expect(w.client.stats().circuit).toBe('closed');
});

test('in an outage no write is sent twice, and what was not sent waits for the end', async () => {
  const w = await outage(12_000);
  const results = await w.clock.drive(Promise.allSettled(times(60, (i) => w.client.writer().send(post(i)))));
  const names = w.seen.map((seen) => seen.body);
  expect(new Set(names).size).toBe(names.length);
  const reasons = reasonsOf(results);
  expect(new Set(reasons)).toEqual(new Set(['done', 'Unsettled']));
  // As many as of the reads above.
  expect(reasons.filter((reason) => reason === 'Unsettled').length).toBeLessThanOrEqual(22);
});

test('one object that always fails does not shut out the others', async () => {
  const w = await world((response, seen) => json(response, seen.url.pathname.endsWith('/abroken') ? 500 : 200, {}));
  for (let i = 0; i < 3; i++) {
    expect((await failureOf(w, w.client.reader().get(get('broken')))).reason).toBe('ServerError');
    expect((await w.client.reader().get(get(i))).receipt.attempts).toBe(1);
  }
  expect(w.client.stats().circuit).toBe('closed');
});

test.each([400, 403, 404, 409, 422, 501])('refusals (%d) come from a Genesys that works', async (status) => {
  const w = await world((response) => json(response, status, {}));
  const calls = times(20, (i) => w.client.reader().get(get(i)));
  await w.clock.drive(Promise.allSettled(calls));
  expect(w.seen).toHaveLength(20);
  expect(w.client.stats().circuit).toBe('closed');
});

test('429s count only where the pause was sat out', async () => {
  const w = await world((response, _seen, nth) =>
    json(response, nth <= 16 ? 429 : 200, {}, nth <= 16 ? { 'retry-after': '1' } : {}),
  );
  await w.clock.drive(Promise.all(times(16, (i) => w.client.reader().get(get(i)))));
  expect(w.client.stats()).toMatchObject({ rateLimited: 16, circuit: 'closed' });
  expect(w.lines.filter(({ level }) => level === 'warn')).toEqual([]);
});

test('429s in spite of all pauses open it', async () => {
  const w = await world((response) => json(response, 429, {}, { 'retry-after': '1' }));
  // Each is given up after five tries; of three at once one counts.
  await w.clock.drive(Promise.allSettled(times(3, (i) => w.client.writer().send(post(i)))));
  expect(w.client.stats().circuit).toBe('closed');
  await w.clock.drive(Promise.allSettled(times(3, (i) => w.client.writer().send(post(i)))));
  expect(w.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  expect(w.lines.find(({ level }) => level === 'warn')?.fields).toMatchObject({
    last: 'POST /api/v2/integrations/actions: status 429',
  });
});

test('a token endpoint that fails counts too, and one that answers again says nothing of the API', async () => {
  let down = true;
  const w = await world((response) => json(response, down ? 503 : 200, {}), {
    token: (response) => json(response, down ? 503 : 200, { access_token: 'x', expires_in: 3600 }),
  });
  expect((await failureOf(w, w.client.connect())).reason).toBe('ServerError');
  expect((await failureOf(w, w.client.connect())).reason).toBe('CircuitOpen');
  expect(w.tokenRequests.length).toBeLessThanOrEqual(10);
  expect(w.seen).toHaveLength(0);
  down = false;
  await w.clock.advance(60_000);
  await w.client.connect();
  expect(w.client.stats().circuit).toBe('probing');
  await w.client.reader().get(get(1));
  expect(w.client.stats().circuit).toBe('closed');
});

test('the check of a new token may be the probe', async () => {
  const w: World = await world((response) => json(response, elapsed(w) < 100_000 ? 503 : 200, {}), {
    onToken: async (reader) => {
      await reader.get({ path: '/api/v2/organizations/me' });
    },
  });
  for (let i = 0; i < 3; i++) await failureOf(w, w.client.reader().get(get(i)));
  expect(w.client.stats().circuit).not.toBe('closed');
  await w.clock.advance(100_000);
  await w.client.reader().get(get(1));
  expect(w.client.stats().circuit).toBe('closed');
});

test('stopping the client ends the waits for a probe', async () => {
  const w = await outage(600_000);
  const pending = Promise.allSettled(times(60, (i) => w.client.writer().send(post(i))));
  while (w.client.stats().circuit !== 'open') await new Promise((resolve) => setImmediate(resolve));
  await w.clock.untilWaiting();
  w.client.stop();
  expect(new Set(reasonsOf(await pending))).toEqual(new Set(['Unsettled', 'Interrupted']));
  expect(w.clock.waiting()).toBe(0);
});
