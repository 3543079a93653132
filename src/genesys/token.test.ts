import { expect, test } from 'vitest';
import { drop, failureOf, json, params, path, secret, world } from './fixture.ts';
import { hostsOf } from './regions.ts';

const get = { path, params };

test('twenty calls at once share one token request', async () => {
  const w = await world((response) => json(response, 200, { id: 'a1' }));
  const reader = w.client.reader();
  await w.clock.drive(Promise.all(Array.from({ length: 20 }, () => reader.get(get))));
  expect(w.tokenRequests).toHaveLength(1);
  expect(w.tokenRequests[0]!.headers.authorization).toBe(
    `Basic ${Buffer.from(`the-client:${secret}`).toString('base64')}`,
  );
  expect(w.tokenRequests[0]!.body).toBe('grant_type=client_credentials');
  expect(w.seen.every((one) => one.headers.authorization === 'Bearer token-number-1')).toBe(true);
  expect(w.client.stats()).toMatchObject({ requests: 20, tokens: 1 });
});

test('a token is replaced a minute before it ends', async () => {
  const w = await world((response) => json(response, 200, {}));
  const reader = w.client.reader();
  await reader.get(get);
  await w.clock.advance(3_539_000);
  await reader.get(get);
  expect(w.tokenRequests).toHaveLength(1);
  await w.clock.advance(2_000);
  await reader.get(get);
  expect(w.tokenRequests).toHaveLength(2);
});

test('of a token with a very short life the half is used', async () => {
  const token = { access_token: 'short', expires_in: 10 };
  const w = await world((response) => json(response, 200, {}), { token: (response) => json(response, 200, token) });
  await w.client.reader().get(get);
  await w.clock.advance(4_900);
  await w.client.reader().get(get);
  expect(w.tokenRequests).toHaveLength(1);
  await w.clock.advance(200);
  await w.client.reader().get(get);
  expect(w.tokenRequests).toHaveLength(2);
});

test('a token that is refused in the middle is replaced once, for all who hold it', async () => {
  const w = await world((response, seen) =>
    seen.headers.authorization === 'Bearer token-number-1' ? json(response, 401, {}) : json(response, 200, {}),
  );
  const answers = await w.clock.drive(Promise.all([1, 2, 3].map(() => w.client.reader().get(get))));
  expect(answers.map((answer) => answer.receipt.attempts)).toEqual([2, 2, 2]);
  expect(w.tokenRequests).toHaveLength(2);
});

test('a write is sent again after a 401, since nothing happened', async () => {
  const w = await world((response, _seen, nth) => json(response, nth === 1 ? 401 : 200, {}));
  const answer = await w.clock.drive(w.client.writer().send({ method: 'POST', path, params, body: {} }));
  expect(answer.receipt).toMatchObject({ status: 200, attempts: 2 });
});

test('a second 401 stalls the target', async () => {
  const w = await world((response) => json(response, 401, { message: 'bad token', code: 'bad.credentials' }));
  const failure = await failureOf(w, w.client.reader().get(get));
  expect(failure).toMatchObject({ reason: 'AuthenticationFailed', class: 'TargetStalled', detail: { status: 401 } });
  expect(w.seen).toHaveLength(2);
});

test('a 403 is tried with a fresh token once where the token is old', async () => {
  const w = await world((response) => json(response, 403, {}));
  await w.client
    .reader()
    .get(get)
    .catch(() => undefined);
  expect(w.tokenRequests).toHaveLength(1);
  await w.clock.advance(120_000);
  const failure = await failureOf(w, w.client.reader().get(get));
  expect(failure.reason).toBe('PermissionMissing');
  expect(w.tokenRequests).toHaveLength(2);
  expect(w.seen).toHaveLength(3);
});

test('wrong credentials stall the target and say what to check', async () => {
  const w = await world((response) => json(response, 200, {}), {
    token: (response) => json(response, 401, { error: 'invalid_client', error_description: 'unknown client' }),
  });
  const failure = await failureOf(w, w.client.reader().get(get));
  expect(failure.reason).toBe('AuthenticationFailed');
  expect(failure.message).toContain('refused the client the-client (401: unknown client). Check the client id');
  expect(w.tokenRequests).toHaveLength(1);
});

test('what the token endpoint says is one line, of bounded length, without secrets', async () => {
  const w = await world((response) => json(response, 200, {}), {
    token: (response, seen) => {
      const said = `${'x'.repeat(170)} ${secret}\n${seen.headers.authorization?.slice(6)}\u001b[2J${'y'.repeat(500)}`;
      json(response, 401, { error_description: said });
    },
  });
  const { message } = await failureOf(w, w.client.reader().get(get));
  expect(message).toContain('(hidden)');
  expect(message).not.toContain(secret.slice(0, 12));
  expect(message).not.toContain(Buffer.from(`the-client:${secret}`).toString('base64').slice(0, 12));
  expect(message).not.toMatch(/\p{Cc}|y{200}/u);
});

test.each([1e-9, 0, -5])('tokens that are good for %d seconds are not asked for for ever', async (seconds) => {
  const w = await world((response) => json(response, 200, {}), {
    token: (response) => json(response, 200, { access_token: 'x-short-lived', expires_in: seconds }),
  });
  const failure = await failureOf(w, w.client.reader().get(get));
  expect(failure).toMatchObject({ reason: 'AuthenticationFailed', class: 'TargetStalled' });
  expect(failure.message).toContain('tokens that end at once');
  expect(w.tokenRequests).toHaveLength(3);
  expect(w.seen).toHaveLength(0);
});

test('nor are tokens that always end before they can be used', async () => {
  const w = await world((response) => json(response, 200, {}), {
    token: (response) => json(response, 200, { access_token: 'x-short-lived', expires_in: 10 }),
    onToken: async () => w.clock.jump(6_000),
  });
  const failure = await failureOf(w, w.client.reader().get(get));
  expect(failure.reason).toBe('AuthenticationFailed');
  expect(w.tokenRequests).toHaveLength(20);
});

test.each([
  ['drops connections', drop, 'NetworkError'],
  ['answers 500', (response: Parameters<typeof drop>[0]) => json(response, 500, {}), 'ServerError'],
  ['answers no token', (response: Parameters<typeof drop>[0]) => json(response, 200, {}), 'BadAnswer'],
] as const)('a token endpoint that %s is tried five times', async (_what, token, reason) => {
  const w = await world((response) => json(response, 200, {}), { token });
  const failure = await failureOf(w, w.client.reader().get(get));
  expect(failure).toMatchObject({ reason, class: 'Retry' });
  expect(w.tokenRequests).toHaveLength(5);
});

test('a new token is checked before anything else is sent with it', async () => {
  const order: string[] = [];
  const w = await world(
    (response, seen) => {
      order.push(seen.url.pathname);
      json(response, 200, { name: 'Acme' });
    },
    {
      onToken: async (reader) => {
        await reader.get({ path: '/api/v2/organizations/me' });
      },
    },
  );
  await w.clock.drive(Promise.all([1, 2].map(() => w.client.reader().get(get))));
  expect(order).toEqual(['/api/v2/organizations/me', ...Array(2).fill('/api/v2/integrations/actions/a1')]);
});

test('while the check fails nothing is sent, and no more tokens are asked for', async () => {
  let right = false;
  const w = await world((response) => json(response, 200, {}), {
    onToken: async () => {
      if (!right) throw new Error('another organisation');
    },
  });
  for (let i = 0; i < 3; i++) await expect(w.client.reader().get(get)).rejects.toThrow('another organisation');
  expect(w.seen).toHaveLength(0);
  right = true;
  await w.client.reader().get(get);
  expect(w.tokenRequests).toHaveLength(1);
});

test('regions are domains or AWS regions; unknown ones are refused', () => {
  expect(hostsOf({ region: 'mypurecloud.ie' })).toEqual({
    api: 'https://api.mypurecloud.ie',
    login: 'https://login.mypurecloud.ie',
  });
  expect(hostsOf({ region: 'us-west-2' }).login).toBe('https://login.usw2.pure.cloud');
  expect(hostsOf({ apiUrl: 'http://127.0.0.1:8080/' })).toEqual({
    api: 'http://127.0.0.1:8080',
    login: 'http://127.0.0.1:8080',
  });
  expect(hostsOf({ apiUrl: 'https://api.example.com/x' }).login).toBe('https://login.example.com/x');
  expect(() => hostsOf({ region: 'mypurecloud.dee' })).toThrow('did you mean "mypurecloud.de"');
  expect(() => hostsOf({})).toThrow('needs `region`');
  expect(() => hostsOf({ apiUrl: 'ftp://x' })).toThrow('http or https');
});

test('a token that ends while a call waits for the allowance is replaced before it is used', async () => {
  let valid = '';
  const w = await world(
    (response, seen) => {
      if (seen.headers.authorization !== `Bearer ${valid}`) return json(response, 401, {});
      json(
        response,
        200,
        {},
        { 'inin-ratelimit-count': '1', 'inin-ratelimit-allowed': '1', 'inin-ratelimit-reset': '59' },
      );
    },
    {
      rateBudget: 100,
      token: (response, _seen, nth) => {
        valid = `short-${nth}`;
        json(response, 200, { access_token: valid, expires_in: 20 });
      },
    },
  );
  const answers = await w.clock.drive(Promise.all([1, 2, 3].map(() => w.client.reader().get(get))));
  expect(answers.map((answer) => answer.receipt.attempts)).toEqual([1, 1, 1]);
  // A call that found its token ended gave its place back: three windows for three calls.
  expect(w.clock.now().getTime() - Date.parse('2026-01-01')).toBeLessThanOrEqual(2 * 61_000);
});
