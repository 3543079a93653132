import { expect, test } from 'vitest';
import type { Refused, Surface } from '../model/surface.ts';
import { failureOf, json, params, path, secret, world } from './fixture.ts';
import { hostsOf } from './regions.ts';

const odd = 'sécret & "+" 100%/Ü';

function surface(more: Partial<Surface> = {}): Surface {
  return {
    name: 'form',
    token: { at: 'api', credentials: 'form', scoped: true, expiresIn: 3600 },
    asks: ['/api/v2/form/query'],
    advise: () => undefined,
    ...more,
  };
}

const other = surface({
  name: 'other',
  token: { at: 'login', credentials: 'header', scoped: false },
  asks: ['/api/v2/other/query'],
});

test('credentials and scopes travel in a form to the host of the API, whatever the login host is', async () => {
  const w = await world((response) => json(response, 200, {}), {
    ...{ surfaces: [surface(), other], scopes: ['a:read', 'a:write'] },
    ...{ loginUrl: 'http://127.0.0.1:1', clientSecret: async () => odd },
  });
  await w.client.connect();
  const [seen] = w.tokenRequests;
  expect(seen!.headers.authorization).toBeUndefined();
  expect(seen!.headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(Object.fromEntries(new URLSearchParams(seen!.body))).toEqual({
    ...{ grant_type: 'client_credentials', client_id: 'the-client', client_secret: odd, scope: 'a:read a:write' },
  });
});

test('the first surface decides how, and only one that names scopes is given any', async () => {
  const w = await world((response) => json(response, 200, {}), { surfaces: [other, surface()], scopes: ['a'] });
  await w.client.connect();
  expect(w.tokenRequests[0]!.headers.authorization).toMatch(/^Basic /);
  expect(w.tokenRequests[0]!.body).toBe('grant_type=client_credentials');
  const none = await world((response) => json(response, 200, {}), { surfaces: [surface()], scopes: [] });
  await none.client.connect();
  expect(none.tokenRequests[0]!.body).not.toContain('scope');
});

test('where no end is told a token is good for as long as the surface says; where it says nothing there is none', async () => {
  const token = { token: (response: Parameters<typeof json>[0]) => json(response, 200, { access_token: 'x' }) };
  const w = await world((response) => json(response, 200, {}), { ...token, surfaces: [surface()] });
  await w.client.connect();
  await w.clock.advance(3_539_000);
  await w.client.connect();
  expect(w.tokenRequests).toHaveLength(1);
  await w.clock.advance(2_000);
  await w.client.connect();
  expect(w.tokenRequests).toHaveLength(2);
  const strict = await world((response) => json(response, 200, {}), { ...token, surfaces: [other] });
  expect((await failureOf(strict, strict.client.connect())).reason).toBe('BadAnswer');
});

test('no message repeats the secret in the form in which it was sent', async () => {
  const w = await world((response) => json(response, 200, {}), {
    ...{ surfaces: [surface()], clientSecret: async () => odd },
    token: (response, seen) => json(response, 401, { error_description: `Not: ${seen.body} ${odd}` }),
  });
  const { message } = await failureOf(w, w.client.connect());
  expect(message).toContain('client_secret=(hidden)');
  expect(message).not.toMatch(/s(é|%C3%A9)cret/i);
});

test('POSTs that only look are those of all surfaces, and of no others', async () => {
  const w = await world((response) => json(response, 200, {}), { surfaces: [surface(), other] });
  const reader = w.client.reader();
  await reader.ask({ path: '/api/v2/form/query', body: {} });
  await reader.ask({ path: '/api/v2/other/query', body: {} });
  await expect(reader.ask({ path: '/api/v2/audits/query', body: {} })).rejects.toThrow('not among the POSTs');
});

test('the first surface that has words for a refusal speaks; it is told what was refused', async () => {
  const told: Refused[] = [];
  const mute = surface({
    advise(refused) {
      told.push(refused);
      return undefined;
    },
  });
  const loud = { ...other, advise: ({ status }: Refused) => (status === 404 ? `Look for ${secret}.` : undefined) };
  const last = surface({ name: 'last', advise: () => 'Said last.' });
  const w = await world((response, _seen, nth) => json(response, nth === 1 ? 404 : 403, { message: `No ${secret}` }), {
    ...{ surfaces: [mute, loud, last], scopes: ['a:read'] },
  });
  const get = { path, params };
  expect((await failureOf(w, w.client.reader().get(get))).message).toMatch(/: No \(hidden\)\. Look for \(hidden\)\.$/);
  expect((await failureOf(w, w.client.reader().get(get))).message).toMatch(/: No \(hidden\)\. Said last\.$/);
  const refused = { method: 'GET', pathTemplate: path, params, body: { message: 'No (hidden)' }, scopes: ['a:read'] };
  expect(told).toEqual([
    { status: 404, ...refused },
    { status: 403, ...refused },
  ]);
});

test('of a refused token speaks the surface that asked for it', async () => {
  const advise = ({ pathTemplate, body, scopes }: Refused): string =>
    `${pathTemplate} ${JSON.stringify(body)} ${scopes?.join('+')}`;
  const refuse = (status: number) => (response: Parameters<typeof json>[0]) =>
    json(response, status, { error: 'invalid_scope', error_description: 'Too much' });
  const surfaces = [surface({ advise }), surface({ advise: () => 'Not I.' })];
  const more = { surfaces, scopes: ['a', 'b'] };
  const w = await world((response) => json(response, 200, {}), { ...more, token: refuse(400) });
  const failure = await failureOf(w, w.client.connect());
  expect(failure.reason).toBe('AuthenticationFailed');
  expect(failure.message).toContain(
    'the-client (400: Too much). /oauth/token {"error":"invalid_scope","error_description":"Too much"} a+b',
  );
  const silent = { ...more, surfaces: [surface(), ...surfaces] };
  const usual = await world((response) => json(response, 200, {}), { ...silent, token: refuse(400) });
  expect((await failureOf(usual, usual.client.connect())).message).toContain('(400: Too much). Check the client id,');
  const slow = await world((response) => json(response, 200, {}), { ...more, token: refuse(429) });
  expect(await failureOf(slow, slow.client.connect())).toMatchObject({
    reason: 'RateLimited',
    message: expect.stringContaining('with 429. /oauth/token'),
  });
});

test('a scope that was given meanwhile is found with a fresh token, once', async () => {
  const w = await world(
    (response, seen) => json(response, seen.headers.authorization === 'Bearer token-number-1' ? 403 : 200, {}),
    { surfaces: [surface()], scopes: ['a:read'] },
  );
  await w.client.connect();
  await w.clock.advance(120_000);
  expect((await w.clock.drive(w.client.reader().get({ path, params }))).receipt.attempts).toBe(2);
  expect(w.tokenRequests.every(({ body }) => body.endsWith('scope=a%3Aread'))).toBe(true);
});

test("an organisation's own domain, where tokens come from there", () => {
  const acme = { api: 'https://acme.mypurecloud.com', login: 'https://acme.mypurecloud.com' };
  expect(hostsOf({ orgDomain: 'acme' }, 'api')).toEqual(acme);
  expect(hostsOf({ orgDomain: 'Acme', region: 'mypurecloud.ie' }, 'api')).toEqual(acme);
  expect(hostsOf({ region: 'mypurecloud.ie', loginUrl: 'https://login.example.com' }, 'api').login).toBe(
    'https://api.mypurecloud.ie',
  );
  expect(() => hostsOf({ orgDomain: 'acme' })).toThrow('give `region` instead');
  for (const orgDomain of ['evil.example/', 'a.b', '', '-a', 'a@b', 'a:1', 'a\n'])
    expect(() => hostsOf({ orgDomain }, 'api')).toThrow('first part of a host name');
});

test('a client without a surface is refused', async () => {
  await expect(world(() => undefined, { surfaces: [] })).rejects.toThrow('`surfaces`');
});
