import { expect, test } from 'vitest';
import type { TargetConfig } from '../model/daemon-config.ts';
import { surfaces } from '../objects/surfaces/index.ts';
import { accessOf, defaultsOf } from './access.ts';

const { name, defaults } = surfaces.find((one) => one.defaults !== undefined)!;
const target = (more: Partial<TargetConfig>): TargetConfig => ({ name: 't', surfaces: [name], ...more });
const [id, secret, host] = [defaults!.clientId.fromEnv, defaults!.clientSecret.fromEnv, defaults!.apiHost.fromEnv];

test('what a target leaves out is found where its only surface says', () => {
  const found = accessOf(target({}), { [id]: 'c', [secret]: 's' });
  expect(found).toMatchObject({ clientId: { fromEnv: id }, clientSecret: { fromEnv: secret } });
  expect(found.apiUrl).toBe('https://api.mypurecloud.com');
  expect(accessOf(target({}), { [id]: 'c', [secret]: 's', [host]: 'api.example.com' }).apiUrl).toBe(
    'https://api.example.com',
  );
  const own = { clientId: 'mine', clientSecret: { fromEnv: 'S' }, orgDomain: 'acme' };
  // What it says itself goes before the environment.
  expect(accessOf(target(own), { [id]: 'c', [host]: 'api.example.com' })).toEqual({ ...own });
});

test('what is missing is told by name, all of it', () => {
  expect(() => accessOf(target({}), {})).toThrow(
    `target "t" has no clientId, and the environment variable ${id}, where it then stands, is not set, and no clientSecret, and the environment variable ${secret}, where it then stands, is not set`,
  );
  expect(() => accessOf(target({ clientId: 'c' }), { [id]: 'x' })).toThrow(/^target "t" has no clientSecret/);
  expect(() => accessOf(target({}), { [id]: 'c', [secret]: 's', [host]: 'http://x/y' })).toThrow(
    `the environment variable ${host} must be the name of a host such as api.mypurecloud.com, but is "http://x/y"; for another URL say "apiUrl" in the target`,
  );
});

test('with another surface beside it nothing is taken for granted', () => {
  expect(defaultsOf(target({ surfaces: [name, 'platform'] }))).toBeUndefined();
  expect(defaultsOf({ name: 't' })).toBeUndefined();
  expect(() => accessOf(target({ surfaces: [name, 'platform'] }), { [id]: 'c', [secret]: 's' })).toThrow(
    'target "t" needs "clientId" and "clientSecret"',
  );
});
