import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { missingPermission, permissionFor } from './platform-permissions.ts';

interface Published {
  paths: Record<string, Record<string, { 'x-inin-requires-permissions'?: { type: string; permissions: string[] } }>>;
}

// The published document is no part of this repository: where it is at hand, every entry is held against it.
const file = '/work/shared/genesys-api/openapi.json';

test.runIf(existsSync(file))('what is named is what is published', () => {
  const { paths } = JSON.parse(readFileSync(file, 'utf8')) as Published;
  let compared = 0;
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const named = permissionFor(method.toUpperCase(), path);
      const asked = operation['x-inin-requires-permissions'];
      if (named === undefined || asked === undefined) continue;
      compared++;
      const all = [...asked.permissions].toSorted();
      const between = asked.type === 'ALL' ? ' and ' : ' or ';
      expect(named.split(between).toSorted(), `${method} ${path}`).toEqual(all);
    }
  }
  expect(compared).toBeGreaterThan(55);
});

test.each([
  ['GET', '/api/v2/flows', 'architect:flow:view'],
  ['GET', '/api/v2/flows/{flowId}', 'architect:flow:view'],
  ['DELETE', '/api/v2/flows/{flowId}', 'architect:flow:delete'],
  ['POST', '/api/v2/flows/actions/unlock', 'architect:flow:unlock'],
  ['POST', '/api/v2/flows/jobs', 'architect:job:create'],
  ['GET', '/api/v2/flows/jobs/{jobId}', 'architect:job:view'],
  ['POST', '/api/v2/flows/export/jobs', 'architect:jobExport:create'],
  ['GET', '/api/v2/flows/export/jobs/{jobId}', 'architect:jobExport:view'],
  ['GET', '/api/v2/architect/dependencytracking/consumingresources', 'architect:dependencyTracking:view'],
])('%s %s needs %s', (method, path, permission) => {
  expect(permissionFor(method, path)).toBe(permission);
});

test('of what is not known nothing is said', () => {
  expect(permissionFor('GET', '/api/v2/organizations/me')).toBeUndefined();
});

test('a missing permission is named by the answer, else by the table; of endpoints of others nothing is said', () => {
  const pathTemplate = '/api/v2/integrations/actions/{actionId}';
  const refused = { status: 403, method: 'PATCH', pathTemplate, params: { actionId: 'a1' } };
  const body = { code: 'missing.permissions', message: 'You need one', messageParams: { p: '[architect:flow:edit]' } };
  expect(missingPermission({ ...refused, body })).toContain('needs the permission architect:flow:edit in');
  expect(missingPermission(refused)).toContain('needs the permission integrations:action:edit in');
  const scope = { code: 'app.not.authorized.for.scope', message: 'Scope x' };
  expect(missingPermission({ ...refused, body: scope })).toContain('the scope that the message names');
  const me = { ...refused, method: 'GET', pathTemplate: '/api/v2/organizations/me' };
  expect(missingPermission(me)).toBeUndefined();
  expect(missingPermission({ ...me, body })).toContain('architect:flow:edit');
  expect(missingPermission({ ...refused, pathTemplate: '/api/v2/x', body })).toBeUndefined();
  expect(missingPermission({ ...refused, status: 404 })).toBeUndefined();
});
