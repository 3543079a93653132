import { expect, test } from 'vitest';
import type { ApiRequest } from '../model/http.ts';
import type { Json } from '../model/json.ts';
import { failureOf, json, params, path, secret, world } from './fixture.ts';

const put: ApiRequest = { method: 'PUT', path, params, body: { name: 'x' } };

test('an ETag comes with the answer as it was sent, and goes back as If-Match', async () => {
  const w = await world((response, _seen, nth) => json(response, 200, {}, nth === 1 ? { etag: 'W/"7"' } : {}));
  const { etag } = await w.client.reader().get({ path, params });
  expect(etag).toBe('W/"7"');
  expect(await w.client.writer().send({ ...put, ifMatch: etag! })).not.toHaveProperty('etag');
  await w.client.writer().send(put);
  expect(w.seen.map(({ headers }) => headers['if-match'])).toEqual([undefined, 'W/"7"', undefined]);
});

test.each([
  [409, { version: 8 }, { reason: 'Conflict', version: '8' }],
  [412, { version: 'a8' }, { reason: 'Conflict', version: 'a8' }],
  [409, { version: { of: 8 } }, { reason: 'Conflict' }],
  [412, 'no JSON object', { reason: 'Conflict' }],
  [400, { version: 8 }, { reason: 'BadRequest' }],
])('%i %j: the version that is there is told for code', async (status, body, { reason, ...version }) => {
  const w = await world((response) => json(response, status, body));
  const failure = await failureOf(w, w.client.writer().send(put));
  expect(failure.reason).toBe(reason);
  expect(failure.detail.version).toBe((version as { version?: string }).version);
});

test.each([400, 422])('%i: every field that is wrong is told for code, and in the message', async (status) => {
  const errors = [
    { field: 'widget.theme.colors.primary', message: 'is no\ncolour' },
    { path: '/greetings', message: `not ${secret}` },
    { fieldName: 'features', message: 'unsupported' },
    { message: 'of no field' },
    { field: 'without words' },
    null,
  ];
  const w = await world((response) => json(response, status, { message: 'Wrong', code: 'validation.failed', errors }));
  const { reason, detail, message } = await failureOf(w, w.client.writer().send(put));
  expect(reason).toBe('BadRequest');
  expect(detail.fields).toEqual([
    { path: 'widget.theme.colors.primary', message: 'is no colour' },
    { path: '/greetings', message: 'not (hidden)' },
    { path: 'features', message: 'unsupported' },
  ]);
  const told =
    'widget.theme.colors.primary: is no colour; /greetings: not (hidden); features: unsupported; of no field';
  expect(message).toContain(`Genesys answered ${status}: Wrong (code validation.failed; ${told}).`);
});

test('of very many fields the message has some, and says how many more there are', async () => {
  const errors: Json[] = Array.from({ length: 1000 }, (_, nth) => ({ field: `f${nth}`, message: 'x'.repeat(9000) }));
  const w = await world((response) => json(response, 422, { errors }));
  const { detail, message } = await failureOf(w, w.client.writer().send(put));
  expect(detail.fields!.length).toBe(200);
  expect(detail.fields!.every((one) => one.message.length < 600)).toBe(true);
  expect(message).toContain('and 990 more');
  expect(message.length).toBeLessThan(6000);
});

test('what is no list of faults is none', async () => {
  const w = await world((response) => json(response, 422, { errors: { field: 'a', message: 'b' } }));
  expect((await failureOf(w, w.client.writer().send(put))).detail).not.toHaveProperty('fields');
});
