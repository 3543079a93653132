import { expect, test } from 'vitest';
import type { JsonObject } from '../model/json.ts';
import { checkTarget, type KnownSurface } from './daemon-target.ts';

const surfaces: readonly KnownSurface[] = [
  { name: 'platform', token: { at: 'login', credentials: 'header', scoped: false } },
  {
    name: 'other',
    token: { at: 'api', credentials: 'form', scoped: true },
    defaults: {
      clientId: { fromEnv: 'ID' },
      clientSecret: { fromEnv: 'SECRET' },
      apiHost: { fromEnv: 'HOST', otherwise: 'api.example.com' },
    },
  },
];
const credentials = { clientId: 'c', clientSecret: { fromEnv: 'S' } };

const missing = ['clientId', 'clientSecret'].map((name) => `the field "${name}" in targets.0 is missing`);
/** Who names no surfaces may have forgotten to. */
const orOther = ', or say `surfaces: [other]`, with which it may be left out';

test.each<[JsonObject, string[]]>([
  [{ region: 'mypurecloud.ie', ...credentials }, []],
  [{ region: 'mypurecloud.ie', surfaces: ['platform'], ...credentials }, []],
  [{}, ['a target needs "region", or "apiUrl" and "loginUrl"', ...missing].map((one) => ` ${one}${orOther}`)],
  [
    { surfaces: ['platform'] },
    ['a target needs "region", or "apiUrl" and "loginUrl"', ...missing].map((one) => ` ${one}`),
  ],
  [
    { orgDomain: 'acme', ...credentials },
    [
      '/orgDomain the surface "platform" gets its tokens from a login host: name the "region" here, or say `surfaces: [other]`',
    ],
  ],
  [
    { region: 'mypurecloud.ie', scopes: ['a'], ...credentials },
    ['/scopes the surface "platform" asks for no scopes by name: leave "scopes" out'],
  ],
  [{ surfaces: ['other'], scopes: ['a'] }, []],
  [{ apiUrl: 'https://a', ...credentials }, [` "apiUrl" and "loginUrl" go together${orOther}`]],
  [{ loginUrl: 'https://a', ...credentials }, expect.arrayContaining([' "apiUrl" and "loginUrl" go together'])],
  // Who speaks one surface alone may leave out what this surface knows where to find.
  [{ surfaces: ['other'] }, []],
  [{ surfaces: ['other'], orgDomain: 'acme' }, []],
  [{ surfaces: ['other'], apiUrl: 'https://a', ...credentials }, []],
  [
    { surfaces: ['other'], region: 'mypurecloud.i' },
    ['/region "mypurecloud.i" is no region of Genesys Cloud (did you mean "mypurecloud.ie"?)'],
  ],
  [
    { surfaces: ['other'], apiUrl: 'https://a', loginUrl: 'https://b' },
    ['/loginUrl the surface "other" gets its tokens from the API\'s own host: leave "loginUrl" out'],
  ],
  [
    { surfaces: ['other'], region: 'mypurecloud.ie', orgDomain: 'acme' },
    ['/orgDomain a target has one of "region", "apiUrl" and "orgDomain"'],
  ],
  // With others beside it nothing is taken for granted.
  [
    { surfaces: ['other', 'platform'], clientId: 'c' },
    [' a target needs "region", "apiUrl" or "orgDomain"', ' the field "clientSecret" in targets.0 is missing'],
  ],
  [{ surfaces: ['other', 'platform'], orgDomain: 'acme', ...credentials }, []],
  [
    { surfaces: ['platform', 'othr'], region: 'mypurecloud.ie', ...credentials },
    ['/surfaces/1 there is no surface "othr" (did you mean "other"?); there is platform, other'],
  ],
  [
    { surfaces: ['plattform'] },
    ['/surfaces/0 there is no surface "plattform" (did you mean "platform"?); there is platform, other'],
  ],
])('%j', (target, said) => {
  const found: string[] = [];
  checkTarget(
    { name: 'a', organization: 'o', ...target },
    { at: '/targets/0', surfaces, report: (message, at) => found.push(`${at.slice('/targets/0'.length)} ${message}`) },
  );
  expect(found).toEqual(said);
});
