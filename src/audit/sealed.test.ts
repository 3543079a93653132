import { expect, test } from 'vitest';
import { record } from '../../test/support/audit-days.ts';
import { createVault } from '../model/seal.ts';
import { sealed } from './sealed.ts';

const vault = createVault('key', { crm: 'a-granted-secret' });
const secret = 'Bearer abcdefgh';

function shown(property: string, value: string): string {
  const one = { ...record({ at: 0, entity: 'a' }), changes: [{ property, from: [value], to: [value] }] };
  const [change] = sealed(one, ['/config/request/headers/*'], vault).changes;
  expect(change!.from).toEqual(change!.to);
  return change!.to[0]!;
}

test.each([
  ['config.request.headers.Authorization', secret],
  ['headers.Authorization', secret],
  ['Request.Headers.authorization', secret],
  ['config.request.headers', JSON.stringify({ Authorization: secret })],
  ['config', JSON.stringify({ request: { headers: { Authorization: secret } } })],
  ['config.request', `{"headers":{"Authorization":"${secret}`],
  ['description', 'a-granted-secret'],
  ['Config.Request.Headers[X-Api-Key]', secret],
  ['X-Api-Key', secret],
  ['header: Authorization', secret],
  ['Authorization header', secret],
  ['headers.X-Own.Name', secret],
  ['headers[0]', secret],
  ['headers', `Authorization: ${secret}`],
  ['headers', `[{"key":"Authorization","value":"${secret}"}]`],
  ['headers', `["Authorization","${secret}"]`],
  ['config', `{"request":{"headers":[{"key":"Authorization","value":"${secret}"}]}}`],
  ['config.parameters', `[{"key":"Authorization","value":"${secret}"}]`],
  ['credentialFields.password', secret],
  ['config', `{"credentialFields":{"password":"${secret}"}}`],
  ['fields', `{"password":"${secret}`],
])('%s: %s is not shown', (property, value) => {
  const text = shown(property, value);
  expect(text).toContain('(sensitive');
  expect(text).not.toMatch(/abcdefgh|granted/);
});

test.each([
  ['config.request.headers.Accept', 'text/plain'],
  ['config.timeoutSeconds', '9'],
  ['translationMap', '{"name":"$.name"}'],
  ['name', 'Get {it}'],
  ['labels', '[{"key":"Title","value":"Hello"}]'],
  ['labels[0].key', 'Title'],
  ['authentication', 'true'],
])('%s: %s is shown as it is', (property, value) => {
  expect(shown(property, value)).toBe(value);
});

test('a secret is found before a text is cut, and in the name of a property', () => {
  const long = shown('url', `https://example.com/${'p'.repeat(170)}a-granted-secret`);
  expect(long).toHaveLength(201);
  expect(long).not.toContain('a-gran');
  const one = {
    ...record({ at: 0, entity: 'a' }),
    changes: [{ property: 'map.a-granted-secret', from: [], to: ['1'] }],
  };
  expect(sealed(one, [], vault).changes[0]!.property).toMatch(/^map\.\(sensitive, hmac/);
});

test('a long text that is no whole is looked through in no time', () => {
  const began = performance.now();
  expect(shown('config', `{"${'y'.repeat(20_000)}`)).toHaveLength(201);
  expect(performance.now() - began).toBeLessThan(200);
});
