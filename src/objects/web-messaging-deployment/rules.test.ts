import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../model/json.ts';
import { noRules } from '../../model/rules.ts';
import { checkDeployment } from './rules.ts';

const check = (spec: JsonObject): [string, string][] => {
  const document = { path: 'a.yaml', index: 0 };
  const rest = { surface: 'platform', annotations: {}, files: {}, document, from: [] };
  return checkDeployment({ kind: 'WebMessagingDeployment', name: 'web', spec, ...rest }, noRules).map(
    ({ pointer = '', message }) => [pointer, message],
  );
};
const complaint = (domain: string): string | undefined => check({ allowedDomains: [domain] })[0]?.[1];

test.each([
  ...['acme.com', 'www.acme.com', 'WWW.Acme.COM', 'a.b.c.d.example', 'xn--bcher-kva.de', 'my-shop.co.uk', '3m.com'],
  ...['*.acme.com', 'localhost', `${'a'.repeat(63)}.com`, '1.2.3.4.example'],
])('%s is a domain', (domain) => {
  expect(complaint(domain)).toBeUndefined();
});

describe('what is not a domain is told, with what was probably meant', () => {
  const alone = 'give the name of the host alone';
  test.each([
    ['https://www.acme.com/', `${alone} (did you mean "www.acme.com"?)`],
    ['http://acme.com', `${alone} (did you mean "acme.com"?)`],
    ['//acme.com', `${alone} (did you mean "acme.com"?)`],
    ['acme.com/shop', `${alone} (did you mean "acme.com"?)`],
    ['acme.com?x=1', `${alone} (did you mean "acme.com"?)`],
    ['acme.com:8443', `${alone} (did you mean "acme.com"?)`],
    ['https://user:pass@shop.acme.com:8443/a/b?c#d', `${alone} (did you mean "shop.acme.com"?)`],
    ['http://localhost:3000', `${alone} (did you mean "localhost"?)`],
    ['https://*.acme.com', `${alone} (did you mean "*.acme.com"?)`],
    ['.acme.com', `${alone} (did you mean "acme.com"?)`],
    ['acme.com.', `${alone} (did you mean "acme.com"?)`],
    [' acme.com ', `${alone} (did you mean "acme.com"?)`],
    ['info@acme.com', `${alone} (did you mean "acme.com"?)`],
    ['bücher.de', 'write it as browsers send it (did you mean "xn--bcher-kva.de"?)'],
    ['https://Bücher.de/', 'write it as browsers send it (did you mean "xn--bcher-kva.de"?)'],
    ['*', 'to allow all domains, say allowAllDomains: true'],
    ['acme', 'give the name of a host, as www.example.com'],
    ['*.com', 'give the name of a host, as www.example.com'],
    ['www.*.com', 'give the name of a host, as www.example.com'],
    ['*acme.com', 'give the name of a host, as www.example.com'],
    ['acme..com', 'give the name of a host, as www.example.com'],
    ['-acme.com', 'give the name of a host, as www.example.com'],
    ['ac me.com', 'give the name of a host, as www.example.com'],
    ['a_b.com', 'give the name of a host, as www.example.com'],
    ['a.0x1f', 'give the name of a host, as www.example.com'],
    ['x.0xa', 'give the name of a host, as www.example.com'],
    [`${'a'.repeat(64)}.com`, 'give the name of a host, as www.example.com'],
    ['', 'give the name of a host, as www.example.com'],
  ])('%s', (domain, said) => {
    const shown = domain.length <= 60 ? domain : `${domain.slice(0, 57)}...`;
    expect(complaint(domain)).toBe(`"${shown}" is not a domain; ${said}`);
  });

  test.each([
    '10.0.0.1',
    'http://10.0.0.1:8080/',
    '::1',
    '[2001:db8::1]',
    'https://[2001:db8::1]:8443/',
    '1.1.1.0x1',
    '0x7f.1',
  ])('%s is an address', (domain) => {
    expect(complaint(domain)).toBe(`"${domain}" is not a domain but an IP address; give the name of the host`);
  });
});

test('all that is wrong is told, each at its place', () => {
  expect(check({ allowAllDomains: true, allowedDomains: ['acme.com', 'https://acme.com', '*'] })).toEqual([
    ['/spec/allowedDomains', 'all domains are allowed, so the list of them has to be empty: take out one of the two'],
    [
      '/spec/allowedDomains/1',
      '"https://acme.com" is not a domain; give the name of the host alone (did you mean "acme.com"?)',
    ],
    ['/spec/allowedDomains/2', '"*" is not a domain; to allow all domains, say allowAllDomains: true'],
  ]);
});

test.each<JsonObject>([
  {},
  { allowAllDomains: true },
  { allowAllDomains: true, allowedDomains: [] },
  { allowAllDomains: true, allowedDomains: null },
  { allowAllDomains: false, allowedDomains: ['acme.com'] },
  { allowAllDomains: null, allowedDomains: ['acme.com'] },
  { allowedDomains: null },
])('%j is fine', (spec) => {
  expect(check(spec)).toEqual([]);
});
