import { expect, test } from 'vitest';
import type { Json } from '../model/json.ts';
import { classify, type Refusal } from './classify.ts';

const template = '/api/v2/integrations/actions/{actionId}';

function refusal(status: number, body?: Json, more: Partial<Refusal['context']> & { method?: string } = {}): Refusal {
  const { method = 'PATCH', ...context } = more;
  const attempt = `${method} ${template.replace('{actionId}', 'a1')}`;
  return { status, body, context: { attempt, writes: method !== 'GET', ...context } };
}

test.each([
  [302, 'BadRequest', 'BadRequest'],
  [400, 'BadRequest', 'BadRequest'],
  [401, 'AuthenticationFailed', 'AuthenticationFailed'],
  [403, 'PermissionMissing', 'PermissionMissing'],
  [404, 'Gone', 'Gone'],
  [405, 'BadRequest', 'BadRequest'],
  [407, 'NetworkError', 'NetworkError'],
  [408, 'ServerError', 'Unsettled'],
  [409, 'Conflict', 'Conflict'],
  [410, 'Gone', 'Gone'],
  [412, 'Conflict', 'Conflict'],
  [413, 'RequestTooLarge', 'RequestTooLarge'],
  [415, 'BadRequest', 'BadRequest'],
  [422, 'BadRequest', 'BadRequest'],
  [429, 'RateLimited', 'RateLimited'],
  [500, 'ServerError', 'Unsettled'],
  [501, 'BadRequest', 'BadRequest'],
  [503, 'ServerError', 'Unsettled'],
  [504, 'ServerError', 'Unsettled'],
])('%i is %s for a read and %s for a write', (status, read, write) => {
  expect(classify(refusal(status, undefined, { method: 'GET' })).reason).toBe(read);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    expect(classify(refusal(status, undefined, { method })).reason).toBe(write);
  }
});

test('a version that moved is a conflict, whatever the status', () => {
  const said = { message: 'The version 3 does not match the current version 4', code: 'bad.request' };
  expect(classify(refusal(400, said)).reason).toBe('Conflict');
});

test('a message says what was attempted, what Genesys said, and what to do', () => {
  const body = {
    message: 'The request could not be understood.',
    code: 'bad.request',
    details: [{ errorCode: 'too.long', fieldName: 'name' }],
    errors: [{ message: 'nested', details: [{ errorCode: 'invalid', fieldName: 'category' }] }],
  };
  expect(classify(refusal(400, body)).message).toBe(
    'PATCH /api/v2/integrations/actions/a1: Genesys answered 400: The request could not be understood (code bad.request; name: too.long; nested; category: invalid). Correct the document that this comes from.',
  );
});

test('what the surface says stands in the place of our own words, and decides nothing', () => {
  expect(classify(refusal(403)).message).toContain('A role, division or scope is missing');
  const { reason, message } = classify(refusal(403, { message: 'No.' }, { advice: 'Ask for the key.' }));
  expect(reason).toBe('PermissionMissing');
  expect(message).toBe('PATCH /api/v2/integrations/actions/a1: Genesys answered 403: No. Ask for the key.');
});

test('Retry-After goes along', () => {
  expect(classify(refusal(429, undefined, { retryAfter: 5000 })).after).toBe(5000);
});

test('what a server says is one line of bounded length', () => {
  const { message } = classify(refusal(400, { message: `a\nb\u001b[31m${'x'.repeat(5000)}`, details: [null, 7, 'x'] }));
  expect(message).not.toMatch(/\p{Cc}/u);
  expect(message.length).toBeLessThan(700);
});

test.each([[null], ['text'], [7], [[]], [{ message: 7, code: null, details: {} }]])('body %j is no trouble', (body) => {
  expect(classify(refusal(400, body as Json)).message).toContain('Genesys answered 400.');
});
