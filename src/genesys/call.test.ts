import { expect, test } from 'vitest';
import { drop, failureOf, json, type Play, params, path, secret, truncate, world } from './fixture.ts';

const get = { path, params };
const post = { method: 'POST', path: '/api/v2/integrations/actions', body: { name: 'x' } } as const;

/** The given answers one after the other, then 200. */
const first =
  (...plays: Play[]): Play =>
  (response, seen, nth) => {
    const play = plays[nth - 1];
    if (play === undefined) json(response, 200, { id: 'a1' });
    else play(response, seen, nth);
  };
const status =
  (code: number, headers: Record<string, string> = {}): Play =>
  (response) =>
    json(response, code, { message: 'no', code: 'c' }, headers);
const raw =
  (body: string, type: string): Play =>
  (response) => {
    response.writeHead(200, { 'content-type': type });
    response.end(body);
  };

test('a receipt tells what a request cost and how it is found again', async () => {
  const w = await world((response) =>
    json(response, 200, { id: 'a1' }, { date: 'Fri, 02 Jan 2026 03:04:05 GMT', 'inin-correlation-id': 'abc' }),
  );
  const { body, receipt } = await w.client.reader().get({ ...get, query: { expand: 'contract', includeConfig: true } });
  expect(body).toEqual({ id: 'a1' });
  expect(receipt).toEqual({
    method: 'GET',
    pathTemplate: path,
    status: 200,
    attempts: 1,
    correlationId: 'abc',
    serverDate: '2026-01-02T03:04:05.000Z',
    durationMs: expect.any(Number),
  });
  expect(w.seen[0]!.url.search).toBe('?expand=contract&includeConfig=true');
  expect(w.lines).toContainEqual({ level: 'debug', message: 'genesys request', fields: receipt });
});

test.each([
  ['500 and 503', [status(500), status(503)], 3],
  ['408', [status(408)], 2],
  ['a dropped connection', [drop], 2],
  ['an empty body', [raw('', 'application/json')], 2],
  ['a page of HTML', [raw('<html></html>', 'text/html')], 2],
  ['JSON that breaks off', [raw('{"id":', 'application/json')], 2],
  ['a truncated body', [(response) => truncate(response)], 2],
  ['an array', [raw('[]', 'application/json')], 2],
  ['null', [raw('null', 'application/json')], 2],
] as [string, Play[], number][])('a GET goes on after %s', async (_what, plays, attempts) => {
  const w = await world(first(...plays));
  const answer = await w.clock.drive(w.client.reader().get(get));
  expect(answer).toMatchObject({ body: { id: 'a1' }, receipt: { attempts } });
  expect(w.client.stats().retries).toBe(plays.length);
});

test('a GET is given up after five tries, with backoff between them', async () => {
  const w = await world(status(503));
  const failure = await failureOf(w, w.client.reader().get(get));
  expect(failure).toMatchObject({ reason: 'ServerError', class: 'Retry', detail: { status: 503, apiCode: 'c' } });
  expect(failure.detail.receipt?.attempts).toBe(5);
  expect(w.seen).toHaveLength(5);
  // Half of 1, 2, 4 and 8 s.
  expect(w.clock.now().getTime() - Date.parse('2026-01-01')).toBe(7_500);
});

test('501 is not tried again', async () => {
  const w = await world(status(501));
  expect((await failureOf(w, w.client.reader().get(get))).class).toBe('NeedsHuman');
  expect(w.seen).toHaveLength(1);
});

test.each([
  ['a dropped connection', drop],
  ['500', status(500)],
  ['503 with Retry-After', status(503, { 'retry-after': '1' })],
  ['408', status(408)],
  ['an empty answer', raw('', 'application/json')],
  ['a page of HTML', raw('<html></html>', 'text/html')],
  ['a truncated answer', (response) => truncate(response)],
] as [string, Play][])('a write is sent once; after %s it is unsettled', async (_what, play) => {
  for (const method of ['POST', 'PATCH', 'PUT', 'DELETE'] as const) {
    if (method === 'DELETE' && _what === 'an empty answer') continue;
    const w = await world(play);
    const failure = await failureOf(w, w.client.writer().send({ ...post, method }));
    expect(failure.reason).toBe('Unsettled');
    expect(w.seen).toHaveLength(1);
  }
});

test('a refusal whose body breaks off is a refusal still', async () => {
  const w = await world((response) => truncate(response, 409));
  expect((await failureOf(w, w.client.writer().send(post))).reason).toBe('Conflict');
});

test('a write that reached nobody is tried again, then named a network error', async () => {
  const w = await world(status(200));
  await w.client.reader().get(get);
  const closed = await world(status(200), { apiUrl: 'http://127.0.0.1:1', loginUrl: w.url });
  const failure = await failureOf(closed, closed.client.writer().send(post));
  expect(failure.reason).toBe('NetworkError');
  expect(closed.client.stats().requests).toBe(5);
});

test('answers without a body are fine where none is due', async () => {
  const w = await world((response) => {
    response.writeHead(204);
    response.end();
  });
  expect((await w.client.writer().send({ method: 'DELETE', path, params })).body).toBeNull();
});

test('text is taken as it comes, and 404 is none', async () => {
  const w = await world((response, seen) => {
    if (seen.url.pathname.endsWith('gone')) return json(response, 404, {});
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end('$' + '{input.x}');
  });
  expect(await w.client.reader().text(get)).toBe('$' + '{input.x}');
  expect(await w.client.reader().text({ path, params: { actionId: 'gone' } })).toBeUndefined();
  expect(w.seen[0]!.headers.accept).toBe('*/*');
});

test('a redirect is not followed', async () => {
  const w = await world((response, seen) => {
    if (seen.url.pathname === '/there') json(response, 200, {});
    response.writeHead(302, { location: 'http://evil.example/there?x=1' });
    response.end();
  });
  const failure = await failureOf(w, w.client.reader().get(get));
  expect(failure.reason).toBe('BadRequest');
  expect(failure.message).toContain('redirect to evil.example is not followed');
  expect(w.seen).toHaveLength(1);
});

test('a body over the limit is refused', async () => {
  const w = await world((response) => json(response, 200, { x: 'y'.repeat(5000) }), { maxBody: 1000 });
  const failure = await failureOf(w, w.client.reader().get(get));
  expect(failure.reason).toBe('BadAnswer');
  expect(failure.message).toContain('longer than 1000 bytes');
});

test('an answer that does not come is given up', async () => {
  const w = await world(() => undefined, { timeouts: { response: 20 } });
  expect((await failureOf(w, w.client.writer().send(post))).reason).toBe('Unsettled');
});

test('parameters are one segment each, and never empty or dots', async () => {
  const w = await world(status(200));
  const reader = w.client.reader();
  await reader.get({ path, params: { actionId: 'a/b?c#d e' } });
  expect(w.seen[0]!.url.pathname).toBe('/api/v2/integrations/actions/a%2Fb%3Fc%23d%20e');
  for (const actionId of ['', '.', '..']) {
    expect((await failureOf(w, reader.get({ path, params: { actionId } }))).reason).toBe('BadRequest');
  }
  await expect(reader.get({ path })).rejects.toThrow('needs the parameter actionId');
  expect(w.seen).toHaveLength(1);
});

test('a reader cannot send, and asks only what changes nothing', async () => {
  const w = await world(first(status(500)));
  expect('send' in w.client.reader()).toBe(false);
  const reader = w.client.reader();
  await expect(reader.ask({ path: '/api/v2/integrations/actions', body: {} })).rejects.toThrow('change nothing');
  const answer = await w.clock.drive(reader.ask({ path: '/api/v2/audits/query', body: { interval: 'x' } }));
  expect(answer.receipt).toMatchObject({ method: 'POST', attempts: 2 });
});

test('neither secret nor token appears in logs or errors', async () => {
  const texts: string[] = [];
  for (const play of [status(500), drop, status(401), status(429, { 'retry-after': '1' })]) {
    const w = await world(play);
    const failure = await failureOf(w, w.client.reader().get(get));
    texts.push(JSON.stringify(w.lines), failure.message, String(failure.stack), JSON.stringify(failure.detail));
  }
  const echo = await world((response, seen) => json(response, 400, { message: `bad ${seen.headers.authorization}` }));
  texts.push((await failureOf(echo, echo.client.reader().get(get))).message);
  expect(texts.at(-1)).toContain('(hidden)');
  const basic = Buffer.from(`the-client:${secret}`).toString('base64');
  for (const hidden of [secret, basic, 'token-number-']) expect(texts.join('\n')).not.toContain(hidden);
});

test('a closed client fails what comes later', async () => {
  const w = await world(status(200));
  w.client.close();
  expect((await failureOf(w, w.client.reader().get(get))).reason).toBe('Interrupted');
});

test('closing ends the waits for another try', async () => {
  const w = await world(status(500));
  const pending = w.client.reader().get(get);
  await w.clock.untilWaiting();
  w.client.close();
  await expect(pending).rejects.toMatchObject({ reason: 'Interrupted' });
  expect(w.clock.waiting()).toBe(0);
});

test('an http URL that leaves the machine is warned of', async () => {
  const w = await world(status(200), { apiUrl: 'http://gateway.example/' });
  expect(w.lines).toEqual([{ level: 'warn', fields: { host: 'gateway.example' }, message: expect.any(String) }]);
});

test.each([202, 204])('a GET that is answered %d without a body has no answer', async (code) => {
  const w = await world((response) => {
    response.writeHead(code);
    response.end();
  });
  expect((await failureOf(w, w.client.reader().get({ path: '/api/v2/organizations/me' }))).reason).toBe('BadAnswer');
});

test.each(['a b', 'x'.repeat(65), '<script>'])('a correlation id "%s" is not kept', async (id) => {
  const w = await world((response) => json(response, 404, {}, { 'inin-correlation-id': id }));
  const { detail } = await failureOf(w, w.client.reader().get(get));
  expect(detail).toMatchObject({ status: 404, receipt: { status: 404 } });
  expect(JSON.stringify([detail, w.lines])).not.toContain('correlationId');
});

test('a secret is hidden before a message is cut in the middle of it', async () => {
  const w = await world((response) => {
    const text = `${'x'.repeat(490)}${secret}`;
    json(response, 400, { message: text, code: text, details: [{ fieldName: text }], errors: [{ message: text }] });
  });
  const { message, detail } = await failureOf(w, w.client.reader().get(get));
  expect(message + detail.apiCode).not.toContain(secret.slice(0, 6));
  const page = await world((response) =>
    raw('<p>', `text/html; ${'x'.repeat(80)}${secret}`)(response, null as never, 1),
  );
  const bad = await failureOf(page, page.client.reader().get(get));
  expect(bad.message).not.toContain(secret.slice(0, 6));
});

test('what fails in the background holds nobody else up', async () => {
  const audits = '/api/v2/audits/query/realtime';
  const slow = status(429, { 'retry-after': '600' });
  const w = await world((response, seen, nth) => {
    if (seen.url.pathname !== audits) json(response, 200, { id: 'a1' });
    else (seen.url.searchParams.has('slow') ? slow : status(503))(response, seen, nth);
  });
  const background = w.client.reader('background');
  for (let n = 0; n < 3; n++) await failureOf(w, background.ask({ path: audits, body: {} }));
  expect(w.client.stats()).toMatchObject({ requests: 15, circuit: 'closed' });
  const before = w.clock.now();
  const failure = await failureOf(w, background.ask({ path: audits, query: { slow: true }, body: {} }));
  expect(failure).toMatchObject({ reason: 'RateLimited', detail: { after: 600_000, receipt: { attempts: 1 } } });
  expect(await w.client.reader().get(get)).toMatchObject({ body: { id: 'a1' } });
  expect(w.clock.now()).toEqual(before);
  expect(w.client.stats().rateLimited).toBe(1);
});
