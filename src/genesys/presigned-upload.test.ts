import { createServer, type IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { Failure } from '../model/failure.ts';
import type { RequestSeen, Upload } from '../model/http.ts';
import { drop, failureOf, json, type Play, truncate, type World, world } from './fixture.ts';
import { caFile, listen, proxy, tlsServer } from './net.fixture.ts';

const text = '\uFEFFinboundCall:\r\n  name: Grüße 👋\n';
const headers = { 'x-amz-server-side-encryption': 'AES256' };
const at = (base: string): Upload => ({ url: `${base}/in/f.yaml?X-Amz-Signature=s3cr3t-of-a-day`, headers, text });

/** A client and the upload to its own server: the path alone tells the two kinds of request apart. */
async function storage(play: Play, options: Parameters<typeof world>[1] = {}): Promise<World & { upload: Upload }> {
  const w = await world(play, options);
  return { ...w, upload: at(w.url) };
}

const ok: Play = (response) => void response.writeHead(200).end();
const xml = (status: number, code: string, message: string, more = {}): Play => {
  const body = `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return (response) => void response.writeHead(status, { 'content-type': 'application/xml', ...more }).end(body);
};

test('the text goes out as it is, with the given headers and the length, and with nothing of ours', async () => {
  const w = await storage(ok);
  await w.client.connect();
  const answer = await w.client.writer().upload(w.upload);
  expect(answer.body).toBeNull();
  expect(w.seen).toHaveLength(1);
  const [seen] = w.seen;
  expect(seen).toMatchObject({ method: 'PUT', body: text });
  expect(seen?.headers).toMatchObject({ ...headers, 'content-length': String(Buffer.byteLength(text)) });
  const harmless = ['host', 'user-agent', 'accept-encoding', 'connection', 'content-length'];
  expect(Object.keys(seen?.headers ?? {}).toSorted()).toEqual([...harmless, ...Object.keys(headers)].toSorted());
});

test.each([
  ['none', {}, undefined],
  ['an empty one', { 'content-type': '' }, ''],
  ['one in capitals', { 'Content-Type': 'binary/octet-stream' }, 'binary/octet-stream'],
  ['a length of its own', { 'Content-Length': '7', 'transfer-encoding': 'chunked' }, undefined],
] as [string, Record<string, string>, string | undefined][])('content-type: %s', async (_what, given, expected) => {
  let got: IncomingHttpHeaders = {};
  const w = await storage((response, seen) => {
    got = seen.headers;
    response.end();
  });
  await w.client.writer().upload({ ...w.upload, headers: given });
  expect(got['content-type']).toBe(expected);
  expect(got['content-length']).toBe(String(Buffer.byteLength(text)));
  expect(got['transfer-encoding']).toBeUndefined();
});

test('an empty text has a length too', async () => {
  const w = await storage(ok);
  await w.client.writer().upload({ ...w.upload, text: '' });
  expect(w.seen[0]?.headers['content-length']).toBe('0');
});

test('the query is not written anew: it is signed', async () => {
  let asked = '';
  const server = createServer((request, response) => {
    asked = request.url ?? '';
    response.end();
  });
  const query = '/b%20c/%C3%A4+d?X-Amz-Credential=A%2F2026%2fs3&e=+%20&X-Amz-Date=1&empty&X-Amz-Signature=ab%3D%3d';
  const url = `http://127.0.0.1:${await listen(server)}${query}`;
  const w = await storage(ok);
  await w.client.writer().upload({ ...w.upload, url });
  expect(asked).toBe(query);
});

test('receipt and metrics say `(presigned)`; neither allowance, token nor statistics know of it', async () => {
  const seen: RequestSeen[] = [];
  const spent = { 'inin-ratelimit-count': '1', 'inin-ratelimit-allowed': '1', 'inin-ratelimit-reset': '59' };
  const w = await storage((response) => json(response, 200, {}, spent), {
    rateBudget: 100,
    onRequest: (one) => void seen.push(one),
  });
  await w.client.reader().get({ path: '/api/v2/x' });
  const before = w.clock.now().getTime();
  const { receipt } = await w.client.writer().upload(w.upload);
  const told = { method: 'PUT', pathTemplate: '(presigned)', status: 200, durationMs: expect.any(Number) };
  expect(receipt).toMatchObject({ ...told, attempts: 1 });
  expect(seen.at(-1)).toEqual(told);
  expect(w.clock.now().getTime()).toBe(before);
  expect(w.client.stats()).toMatchObject({ requests: 1, tokens: 1 });
});

test.each([
  [xml(403, 'AccessDenied', 'Request has expired'), 'Gone', /Request has expired \(code AccessDenied\)\. .*new job/],
  [xml(400, 'ExpiredToken', 'The provided token has expired.'), 'Gone', /expired or was refused/],
  [xml(404, 'NoSuchBucket', 'It is not there'), 'Gone', /a new job is needed/],
  [xml(400, 'EntityTooLarge', 'too large'), 'RequestTooLarge', /EntityTooLarge/],
  [xml(400, 'InvalidDigest', `a\nb ${'x'.repeat(5000)}`), 'BadRequest', /status 400: a b x+… \(code InvalidDigest\)/],
  [(response) => json(response, 400, { message: 'no YAML' }), 'BadRequest', /status 400: no YAML\./],
  [(response) => void response.writeHead(400).end('plain words'), 'BadRequest', /: plain words\./],
  [(response) => void response.writeHead(409).end('<html>x</html>'), 'BadRequest', /status 409\. /],
  [xml(501, 'NotImplemented', 'A header'), 'BadRequest', /NotImplemented/],
  [(response) => void response.writeHead(407).end(), 'NetworkError', /proxy asks for credentials/],
  [xml(503, 'SlowDown', 'Reduce'), 'Unsettled', /SlowDown\)\. Whether it took effect is not known/],
  [xml(400, 'RequestTimeout', 'not read from'), 'Unsettled', /RequestTimeout/],
  [(response) => void response.writeHead(408).end(), 'Unsettled', /status 408/],
  [(response) => void response.writeHead(429, { 'retry-after': '9' }).end(), 'RateLimited', /status 429/],
  [(response) => truncate(response), 'Unsettled', /broke off/],
  [drop, 'Unsettled', /no answer came/],
] as [Play, string, RegExp][])('a refusal is sent once and means one thing: %#', async (play, reason, words) => {
  const w = await storage(play);
  const failure = await failureOf(w, w.client.writer().upload(w.upload));
  expect(failure).toMatchObject({ reason, message: expect.stringMatching(words) });
  expect(failure.message).toMatch(/^PUT \(presigned\) at 127\.0\.0\.1:\d+: /);
  expect(failure.message).not.toMatch(/\p{Cc}/u);
  expect(failure.message.length).toBeLessThan(800);
  expect(w.seen).toHaveLength(1);
});

test('a redirect is not followed', async () => {
  const w = await storage((response) => void response.writeHead(307, { location: '/elsewhere' }).end());
  expect(await failureOf(w, w.client.writer().upload(w.upload))).toMatchObject({ reason: 'BadRequest' });
  expect(w.seen).toHaveLength(1);
});

test('storage that fails does not open the circuit of the organisation', async () => {
  const w = await storage((response, { method }) => void response.writeHead(method === 'PUT' ? 503 : 200).end('{}'));
  for (let i = 0; i < 12; i++) await failureOf(w, w.client.writer().upload(w.upload));
  expect(w.client.stats().circuit).toBe('closed');
});

test('where no byte left it is tried again, `before` asked each time, and then it is a network error', async () => {
  const w = await storage(ok);
  let asked = 0;
  const upload = w.client.writer().upload(at('http://127.0.0.1:1'), () => void asked++);
  const failure = await failureOf(w, upload);
  expect(failure).toMatchObject({ reason: 'NetworkError', message: expect.stringContaining('ECONNREFUSED') });
  expect(asked).toBe(5);
});

test('where `before` throws, or the client was stopped, nothing is sent', async () => {
  const w = await storage(ok);
  const over = (): void => {
    throw new Failure('LeaseLost', 'over');
  };
  expect((await failureOf(w, w.client.writer().upload(w.upload, over))).reason).toBe('LeaseLost');
  w.client.stop();
  expect((await failureOf(w, w.client.writer().upload(w.upload))).reason).toBe('Interrupted');
  expect(w.seen).toHaveLength(0);
});

test('stopping ends the wait before another try', async () => {
  const w = await storage(ok);
  const pending = failureOf(
    { ...w, clock: { ...w.clock, drive: (p) => p } },
    w.client.writer().upload(at('http://127.0.0.1:1')),
  );
  await w.clock.untilWaiting();
  w.client.stop();
  expect((await pending).reason).toBe('Interrupted');
});

test.each([
  ['http in clear', 'http://127.0.0.1:1/x?sig=s3cr3t-of-a-day', /begins with http:/],
  ['another scheme', 'file:///etc/passwd?sig=s3cr3t-of-a-day', /begins with file:/],
  ['no URL', 's3cr3t-of-a-day', /is none/],
  ['credentials', 'https://user:s3cr3t-of-a-day@localhost:1/', /holds credentials/],
])('a URL that is %s is refused where the API is https', async (_what, url, words) => {
  const w = await storage(ok, { apiUrl: 'https://localhost:1' });
  const failure = await failureOf(w, w.client.writer().upload({ url, headers: {}, text }));
  expect(failure).toMatchObject({ reason: 'BadAnswer', message: expect.stringMatching(words) });
  expect(failure.message).not.toContain('s3cr3t');
});

test('a header that cannot be sent is refused before anything is', async () => {
  const w = await storage(ok);
  const failure = await failureOf(w, w.client.writer().upload({ ...w.upload, headers: { 'x-a': 'b\r\nc: d' } }));
  expect(failure).toMatchObject({ reason: 'BadAnswer', message: expect.stringContaining('Nothing was sent') });
  expect(w.seen).toHaveLength(0);
});

test('caFile and proxies are those of the client', async () => {
  const { url, through } = await proxy();
  const port = await tlsServer();
  const w = await storage(ok, { caFile: caFile(), env: { HTTPS_PROXY: url, NO_PROXY: '127.0.0.1' } });
  await w.client.writer().upload(at(`https://localhost:${port}`));
  expect(through).toEqual([`CONNECT localhost:${port}`]);
});
