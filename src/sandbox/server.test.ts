import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { actionInput, connect, login, webServices, world } from './fixture.ts';
import { startSandbox } from './index.ts';
import { endpoints } from './routes/index.ts';

const paths = { actions: '/integrations/actions' };

describe('a token', () => {
  it('comes for a client from the Basic header or from the form', async () => {
    await using w = await world();
    const basic = await login(w.sandbox.url);
    expect(basic.body).toMatchObject({ token_type: 'bearer', expires_in: 86_400 });
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'sandbox-admin',
      client_secret: 'sandbox-secret',
    });
    const response = await fetch(`${w.sandbox.url}/oauth/token`, { method: 'POST', body: form });
    expect(response.status).toBe(200);
  });

  it.each([
    ['a wrong secret', 'sandbox-daemon', 'wrong', 401, 'invalid_client'],
    ['an unknown client', 'nobody', 'sandbox-secret', 401, 'invalid_client'],
  ])('is refused for %s', async (_case, id, secret, status, error) => {
    await using w = await world();
    const refused = await login(w.sandbox.url, id, secret);
    expect([refused.status, refused.body['error']]).toEqual([status, error]);
    expect(refused.body['error_description']).toBeTruthy();
  });

  it.each([
    ['grant_type=password', 'unsupported_grant_type'],
    ['', 'invalid_request'],
    ['grant_type=client_credentials', 'invalid_request'],
  ])('is refused for the form "%s"', async (body, error) => {
    await using w = await world();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(`${w.sandbox.url}/oauth/token`, { method: 'POST', headers, body });
    expect([response.status, ((await response.json()) as { error: string }).error]).toEqual([400, error]);
  });

  it('expires, by the life of its client', async () => {
    let now = 1_000_000;
    const seed = { clients: [{ id: 'short', tokenLifeSeconds: 300 }] };
    await using w = await world({ now: () => now, seed });
    const call = await connect(w.sandbox, 'short');
    expect((await call('GET', paths.actions)).status).toBe(200);
    now += 300_000;
    expect((await call('GET', paths.actions)).body).toMatchObject({ code: 'bad.credentials', status: 401 });
    expect((await w.call('GET', paths.actions)).status).toBe(200);
  });
});

describe('a refusal', () => {
  it('is an ErrorBody whose context is the correlation id of the answer', async () => {
    await using w = await world();
    const refused = await w.call('GET', '/integrations/actions/none');
    const contextId = refused.headers.get('ININ-Correlation-Id');
    expect(contextId).toMatch(/^[0-9a-f-]{36}$/);
    expect(refused.body).toEqual({
      message: 'The requested resource was not found.',
      code: 'not.found',
      status: 404,
      messageParams: {},
      contextId,
      details: [],
      errors: [],
    });
  });

  it.each([
    [{}, 'authentication.required'],
    [{ authorization: 'Bearer nonsense' }, 'bad.credentials'],
    [{ authorization: 'Basic c2FuZGJveA==' }, 'authentication.required'],
  ])('is 401 without a token that is known: %o', async (headers, code) => {
    await using w = await world();
    const response = await fetch(`${w.sandbox.url}/api/v2/organizations/me`, {
      headers: headers as Record<string, string>,
    });
    expect(response.headers.get('ININ-Correlation-Id')).toBeTruthy();
    expect(await response.json()).toMatchObject({ code, status: 401 });
  });

  it.each([
    ['GET', '/nothing', undefined, {}, 404, 'not.found'],
    ['PUT', paths.actions, {}, {}, 405, 'method not allowed'],
    ['POST', paths.actions, '{"name": ', {}, 400, 'bad.request'],
    ['POST', paths.actions, '', {}, 400, 'bad.request'],
    [
      'POST',
      paths.actions,
      'name=x',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported.media.type',
    ],
    ['POST', paths.actions, JSON.stringify({ name: 'x'.repeat(512_000) }), {}, 413, 'request.entity.too.large'],
    ['POST', paths.actions, [], {}, 400, 'invalid.value'],
    ['POST', paths.actions, {}, {}, 400, 'constraint.validation'],
    ['GET', `${paths.actions}?pageSize=101`, undefined, {}, 400, 'invalid.query.param.value'],
    ['GET', `${paths.actions}?pageNumber=0`, undefined, {}, 400, 'invalid.query.param.value'],
    ['GET', `${paths.actions}?secure=maybe`, undefined, {}, 400, 'invalid.query.param.value'],
    ['GET', `${paths.actions}?sortBy=colour`, undefined, {}, 400, 'invalid.query.param.value'],
    [
      'GET',
      `${paths.actions}?ids=${Array.from({ length: 51 }, (_, n) => n).join(',')}`,
      undefined,
      {},
      400,
      'invalid.query.param.value',
    ],
  ])('%s %s is refused', async (method, path, body, headers, status, code) => {
    await using w = await world();
    const refused = await w.call(method, path, body, headers as Record<string, string>);
    expect([refused.status, refused.body['code']]).toEqual([status, code]);
  });

  it('names every field at fault', async () => {
    await using w = await world();
    const input = { ...actionInput(w.state), name: 7, colour: 'red', category: 'x'.repeat(257), version: 3 };
    const refused = await w.call('POST', paths.actions, input);
    const details = refused.body['details'] as unknown as { fieldName: string; errorCode: string }[];
    expect(details.map(({ fieldName, errorCode }) => `${fieldName}: ${errorCode}`).sort()).toEqual([
      'category: constraint.validation',
      'colour: invalid.property',
      'name: invalid.value',
      'version: invalid.property',
    ]);
  });
});

describe('permissions and scopes', () => {
  const clients = [
    { id: 'reader', permissions: ['integrations:*:view'], scopes: ['integrations:readonly'] },
    { id: 'bridge', permissions: ['bridge:actions:view'] },
    { id: 'nobody', permissions: [] },
  ];

  it('are those of the published document, named in the refusal', async () => {
    await using w = await world({ seed: { clients } });
    const nobody = await connect(w.sandbox, 'nobody');
    expect((await nobody('GET', paths.actions)).body).toMatchObject({
      code: 'missing.any.permissions',
      status: 403,
      message: expect.stringContaining('integrations:action:view, bridge:actions:view'),
      messageParams: { permissions: 'integrations:action:view, bridge:actions:view' },
    });
    expect((await nobody('GET', '/audits/query/servicemapping')).body).toMatchObject({
      code: 'missing.permissions',
      messageParams: { permissions: 'audits:audit:view' },
    });
    expect((await nobody('GET', '/organizations/me')).status).toBe(200);
  });

  it('need one of several, and may be wildcards', async () => {
    await using w = await world({ seed: { clients } });
    const [bridge, reader] = [await connect(w.sandbox, 'bridge'), await connect(w.sandbox, 'reader')];
    expect((await bridge('GET', paths.actions)).status).toBe(200);
    expect((await reader('GET', paths.actions)).status).toBe(200);
    expect((await bridge('GET', '/integrations')).status).toBe(403);
    expect((await reader('POST', paths.actions, {})).body['code']).toBe('app.not.authorized.for.scope');
  });
});

describe('the rate limit', () => {
  it('counts requests of a client in windows of a minute and says when to come back', async () => {
    let now = 5_000_000;
    await using w = await world({ rateLimit: 2, now: () => now });
    const headersOf = (reply: { headers: Headers }) =>
      ['count', 'allowed', 'reset'].map((name) => reply.headers.get(`inin-ratelimit-${name}`));
    expect(headersOf(await w.call('GET', paths.actions))).toEqual(['1', '2', '60']);
    now += 20_000;
    expect(headersOf(await w.call('GET', paths.actions))).toEqual(['2', '2', '40']);
    const refused = await w.call('GET', paths.actions);
    expect(refused.headers.get('retry-after')).toBe('40');
    expect(refused.body).toMatchObject({ code: 'too.many.requests.retry.after', status: 429, limit: { value: 2 } });
    expect((await (await connect(w.sandbox))('GET', paths.actions)).status).toBe(429);
    expect((await (await connect(w.sandbox, 'sandbox-admin'))('GET', paths.actions)).status).toBe(200);
    now += 40_000;
    expect((await w.call('GET', paths.actions)).status).toBe(200);
  });
});

describe('the server', () => {
  it('logs what it served, without secrets', async () => {
    await using w = await world({ now: () => 42 });
    const credential = { name: 'c', type: { id: 'basicAuth' }, credentialFields: { userName: 'u', password: 'p' } };
    const made = await w.call('POST', '/integrations/credentials', credential);
    await w.call('GET', `/integrations/${webServices(w.state).id}?expand=config.current`);
    expect(w.sandbox.requests()).toEqual([
      {
        n: 2,
        method: 'POST',
        path: '/api/v2/integrations/credentials',
        pathTemplate: '/api/v2/integrations/credentials',
        status: 200,
        clientId: 'sandbox-daemon',
        correlationId: made.headers.get('ININ-Correlation-Id'),
        at: 42,
        body: { ...credential, credentialFields: { userName: '***', password: '***' } },
      },
      expect.objectContaining({ n: 3, method: 'GET', pathTemplate: '/api/v2/integrations/{integrationId}' }),
    ]);
    const served = await (await fetch(`${w.sandbox.url}/__sandbox/requests`)).json();
    expect(served).toEqual(w.sandbox.requests());
  });

  it('closes at once, kept connections or not', async () => {
    const w = await world();
    await w.call('GET', '/organizations/me');
    const begun = performance.now();
    await w.sandbox.close();
    expect(performance.now() - begun).toBeLessThan(1000);
    await expect(fetch(w.sandbox.url)).rejects.toThrow();
  });

  it('serves what its README lists', () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `(\/api\/[^`]+)` *\| ([A-Z, ]+?) *\|$/gm)];
    const listed = rows.flatMap(([, path, methods]) => methods!.split(', ').map((method) => `${method} ${path}`));
    expect(listed.sort()).toEqual(endpoints.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('refuses a quirk that it does not know', async () => {
    await expect(startSandbox({ quirks: ['upside-down'] })).rejects.toThrow('There is no quirk "upside-down". Known: ');
  });
});
