import { expect, test } from 'vitest';
import { isExcluded } from '../model/resource.ts';
import { fakeKind, lines, resolved, timeout } from './fixture.ts';
import type { ResolveOptions } from './resolve.ts';

const environment = (body: string): string => `apiVersion: genesys-gitops/v1\nkind: Environment\n${body}`;
const otherSurface = timeout('a', { kind: 'ScriptDataAction', apiVersion: 'other.genesys-gitops/v1' }).replace(
  / {2}time.*\n/,
  '',
);

test('surfaces have to be enabled, all of them', async () => {
  const files = { 'a.yaml': otherSurface, 'b.yaml': timeout('b') };
  expect((await resolved(files, { surfaces: ['platform', 'other'] })).problems).toEqual([]);
  expect((await resolved(files)).problems).toEqual([]);
  expect(lines((await resolved(files, { surfaces: ['platform'] })).problems)).toEqual([
    'a.yaml:1:13: surface-not-enabled: ScriptDataAction belongs to the surface "other", which this target does not enable: exclude ScriptDataAction/a (or ScriptDataAction/*) in its environment, or add the surface to the target',
  ]);
  const { problems } = await resolved(files, { surfaces: ['other'] });
  expect(problems.map(({ place, code }) => `${place?.path} ${code}`)).toEqual(['b.yaml surface-not-enabled']);
});

test('one repository serves targets of two surfaces: each environment excludes what is not its own', async () => {
  const files = {
    'a.yaml': otherSurface,
    'b.yaml': timeout('b'),
    'environments/one.yaml': environment(
      "patches: [{ target: ScriptDataAction/a, unset: [/spec/x] }]\nexclude: ['ScriptDataAction/*']\n",
    ),
    'environments/other.yaml': environment('exclude: [Timeout/b]\n'),
  };
  const one = await resolved(files, { surfaces: ['platform'], environment: 'one' });
  expect(lines(one.problems)).toEqual([]);
  expect(one.resources.map(({ name }) => name)).toEqual(['b']);
  // Also what is gone from the repository: to exclude is to release, not to delete.
  expect(isExcluded(one.excluded, 'ScriptDataAction/gone')).toBe(true);
  expect(isExcluded(one.excluded, 'Timeout/b')).toBe(false);
  const other = await resolved(files, { surfaces: ['other'], environment: 'other' });
  expect([lines(other.problems), other.resources.map(({ name }) => name)]).toEqual([[], ['a']]);
  const wrong = { ...files, 'environments/one.yaml': environment("exclude: ['ScriptDataActio/*', 'DataAction/*']\n") };
  expect(lines((await resolved(wrong, { environment: 'one' })).problems)).toEqual([
    'environments/one.yaml:3:11: unknown-patch-target: there is no kind "ScriptDataActio" (did you mean "ScriptDataAction"?)',
  ]);
});

test("a target's variables go before those of its environment, and their document keeps the place", async () => {
  const files = {
    'a.yaml': timeout('a', { timeoutSeconds: '$(limit)', integration: '$(crm)' }),
    'environments/prod.yaml': environment('variables: { limit: 5, crm: CRM }\n'),
  };
  const spec = async (options: Partial<ResolveOptions>) => (await resolved(files, options)).resources[0]?.spec;
  expect(await spec({ environment: 'prod', variables: { limit: 7 } })).toMatchObject({
    timeoutSeconds: 7,
    integration: 'CRM',
  });
  expect(await spec({ variables: { limit: 7, crm: 'x' } })).toMatchObject({ timeoutSeconds: 7, integration: 'x' });
  const { problems } = await resolved(files, { environment: 'prod', variables: { limit: 99 } });
  expect(lines(problems)).toEqual([expect.stringMatching(/^a\.yaml:6:19: schema: .* but is 99$/)]);
});

test('what a target allows is told to its kinds; nothing where no target is known', async () => {
  const heard: unknown[] = [];
  const kind = fakeKind('Timeout', 'timeout.schema.json', {
    check: (_resource, _rules, allowed) => {
      heard.push(allowed);
      return [];
    },
    advise: (_resource, _rules, allowed) => {
      heard.push(allowed);
      return [];
    },
  });
  await resolved({ 'a.yaml': timeout('a') }, { kinds: [kind], allowed: { organizations: ['o'] } });
  await resolved({ 'a.yaml': timeout('a') }, { kinds: [kind] });
  expect(heard).toEqual([{ organizations: ['o'] }, { organizations: ['o'] }, undefined, undefined]);
});
