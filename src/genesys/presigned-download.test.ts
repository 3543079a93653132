import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { RequestSeen } from '../model/http.ts';
import { drop, failureOf, type Play, truncate, type World, world } from './fixture.ts';
import { caFile, proxy, tlsServer } from './net.fixture.ts';

const text = '\uFEFFinboundCall:\r\n  name: Grüße 👋\n\n';
const give = (bytes: string | Buffer, headers = {}): Play => {
  return (response) => void response.writeHead(200, headers).end(bytes);
};
const urlOf = (w: World): string => `${w.url}/out/f.yaml?X-Amz-Signature=s3cr3t`;

test('the text comes as it is, and no token goes out', async () => {
  const w = await world(give(text));
  await w.client.connect();
  expect(await w.client.reader().download(urlOf(w))).toBe(text);
  const { headers, method } = w.seen[0]!;
  expect(method).toBe('GET');
  expect(Object.keys(headers).toSorted()).toEqual(['accept-encoding', 'connection', 'host', 'user-agent']);
});

test('compressed storage is read too', async () => {
  const w = await world(give(gzipSync(text), { 'content-encoding': 'gzip' }));
  expect(await w.client.reader().download(urlOf(w))).toBe(text);
});

test.each([
  ['bytes that are no UTF-8', give(Buffer.from([0x61, 0xff, 0x62])), /no UTF-8 text/],
  ['no content', (response) => void response.writeHead(204).end(), /status 204 in place of a text/],
] as [string, Play, RegExp][])('%s are no answer', async (_what, play, words) => {
  const w = await world(play);
  const failure = await failureOf(w, w.client.reader().download(urlOf(w)));
  expect(failure).toMatchObject({ reason: 'BadAnswer', message: expect.stringMatching(words) });
});

test('it is tried again like every GET, and told as `(presigned)`', async () => {
  const told: RequestSeen[] = [];
  const plays: Play[] = [drop, (response) => truncate(response), (response) => void response.writeHead(503).end()];
  const w = await world((response, seen, nth) => (plays[nth - 1] ?? give(text))(response, seen, nth), {
    onRequest: (one) => void told.push(one),
  });
  const before = w.clock.now().getTime();
  expect(await w.clock.drive(w.client.reader().download(urlOf(w)))).toBe(text);
  expect(told.map(({ method, pathTemplate, status }) => [method, pathTemplate, status])).toEqual(
    [0, 200, 503, 200].map((status) => ['GET', '(presigned)', status]),
  );
  // Half of 1, 2 and 4 seconds.
  expect(w.clock.now().getTime() - before).toBe(3_500);
  expect(w.client.stats()).toMatchObject({ requests: 0, retries: 3, tokens: 0 });
});

test.each([
  [503, 'ServerError', 5],
  [408, 'ServerError', 5],
  [403, 'Gone', 1],
  [404, 'Gone', 1],
  [400, 'BadRequest', 1],
  [429, 'RateLimited', 1],
  [307, 'BadRequest', 1],
])('status %d is %s, after %d tries, and no matter of the circuit', async (status, reason, tries) => {
  const w = await world((response) => void response.writeHead(status, { location: '/y' }).end());
  const failures = await Promise.all([1, 2, 3].map(() => failureOf(w, w.client.reader().download(urlOf(w)))));
  for (const failure of failures) expect(failure).toMatchObject({ reason, detail: { status } });
  expect(w.seen).toHaveLength(3 * tries);
  expect(w.client.stats().circuit).toBe('closed');
});

test('a URL that has expired is said to have, in words', async () => {
  const w = await world((response) => void response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>'));
  const { message } = await failureOf(w, w.client.reader().download(urlOf(w)));
  expect(message).toMatch(
    /^GET \(presigned\) at [\d.:]+: status 403 \(code AccessDenied\)\. The URL has expired or was refused; a new job is/,
  );
});

test('a body that is longer than agreed on is given up at once', async () => {
  const w = await world(give('x'.repeat(70_000)), { maxBody: 20_000 });
  const failure = await failureOf(w, w.client.reader().download(urlOf(w)));
  expect(failure).toMatchObject({ reason: 'BadAnswer', message: expect.stringContaining('longer than 20000') });
  expect(w.seen).toHaveLength(1);
});

test('in clear only where the API is', async () => {
  const w = await world(give(text), { apiUrl: 'https://localhost:1' });
  const failure = await failureOf(w, w.client.reader().download(urlOf(w)));
  expect(failure).toMatchObject({ reason: 'BadAnswer', message: expect.stringContaining('begins with http:') });
  expect(w.seen).toHaveLength(0);
});

test('caFile and proxies are those of the client', async () => {
  const { url, through } = await proxy();
  const port = await tlsServer();
  const w = await world(give(text), { caFile: caFile(), env: { HTTPS_PROXY: url } });
  expect(await w.client.reader().download(`https://localhost:${port}/x`)).toBe('secure');
  expect(through).toEqual([`CONNECT localhost:${port}`]);
});

test('stopping ends waits, those before another try too, and there are none after it', async () => {
  const w = await world((response) => void response.writeHead(503).end());
  const reader = w.client.reader();
  const pending = Promise.allSettled([reader.wait(60_000), reader.download(urlOf(w))]);
  await w.clock.untilWaiting(2);
  w.client.stop();
  for (const one of [...(await pending), ...(await Promise.allSettled([reader.wait(1), reader.download(urlOf(w))]))])
    expect(one).toMatchObject({ status: 'rejected', reason: { reason: 'Interrupted' } });
  expect(w.seen).toHaveLength(1);
  expect(w.clock.waiting()).toBe(0);
});

test('a wait lasts as long as it is told to, and the client says who it is', async () => {
  const w = await world(give(text));
  const before = w.clock.now().getTime();
  await w.clock.drive(w.client.reader().wait(15_000));
  expect(w.clock.now().getTime() - before).toBe(15_000);
  expect([w.client.reader().clientId, w.client.writer().clientId]).toEqual(['the-client', 'the-client']);
});
