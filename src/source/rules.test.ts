import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Rules } from '../model/rules.ts';
import { type Files, fakeKind, kinds, lines, resolved, resolvedFolder, timeout, world } from './fixture.ts';
import { type ResolveOptions, resolve } from './resolve.ts';

const rules = (spec: string): string => `apiVersion: genesys-gitops/v1\nkind: Rules\nspec: ${spec}\n`;

const problemsOf = async (files: Files, options: Partial<ResolveOptions> = {}): Promise<string[]> => {
  const { problems, warnings } = await resolved({ 'a.yaml': timeout('a'), ...files }, options);
  return lines([...problems, ...warnings]);
};

/** The rules that kinds are given. */
async function heard(files: Files, options: Partial<ResolveOptions> = {}): Promise<Rules[]> {
  const seen: Rules[] = [];
  const listen = (_resource: unknown, given: Rules): [] => {
    seen.push(given);
    return [];
  };
  const kind = fakeKind('Timeout', 'timeout.schema.json', { check: listen, advise: listen });
  await resolved({ 'a.yaml': timeout('a'), ...files }, { ...options, kinds: [kind] });
  return seen;
}

test.each(['rules.yaml', 'rules.yml'])('%s reaches every kind, and is neither resource nor stray', async (file) => {
  const spec = '{ greeting: { maxLength: 60, required: true } }';
  const given = { spec: { greeting: { maxLength: 60, required: true } }, required: false };
  expect(await heard({ [file]: rules(spec) })).toEqual([given, given]);
  expect(await problemsOf({ [file]: rules(spec) })).toEqual([]);
});

test('without rules nothing is demanded; a target can require what would be warned of', async () => {
  expect(await heard({})).toEqual([
    { spec: {}, required: false },
    { spec: {}, required: false },
  ]);
  expect((await heard({}, { rulesRequired: true })).map(({ required }) => required)).toEqual([true, true]);
});

test('they stand at the top of the source’s directory, and nowhere else', async () => {
  expect(await problemsOf({ 'brand/rules.yaml': rules('{}') })).toEqual([
    'brand/rules.yaml:2:7: rules-misplaced: rules must stand in rules.yaml: they hold for the whole repository',
  ]);
  expect(await problemsOf({ 'brand.yaml': rules('{}') })).toEqual([
    'brand.yaml:2:7: rules-misplaced: rules must stand in rules.yaml: they hold for the whole repository',
  ]);
  const [given] = await heard({ 'brand/rules.yaml': rules('{ colors: ["#fff"] }') });
  expect(given).toEqual({ spec: {}, required: false });
});

test('there is one set of them, in whatever files', async () => {
  const said = (at: string): string =>
    `${at}: rules-misplaced: there is one set of rules for a repository, and it is at rules.yaml:2:7 already`;
  expect(await problemsOf({ 'rules.yaml': rules('{}'), 'rules.yml': rules('{}') })).toEqual([said('rules.yml:2:7')]);
  expect(await problemsOf({ 'rules.yaml': `${rules('{}')}---\n${rules('{}')}` })).toEqual([said('rules.yaml:6:7')]);
});

test.each(['x/rules.txt', 'brand.yaml', '/etc/rules.yaml', 'gone.yaml'])(
  'a link to %s is not silently no rule, in a folder and in git',
  async (to) => {
    const text = rules('{ colors: ["#fff"] }');
    await using it = await world({ 'a.yaml': timeout('a'), 'x/rules.txt': text });
    await symlink(to, join(it.work, 'rules.yaml'));
    await it.commit({});
    const said =
      'rules.yaml:1:1: rules-misplaced: the rules are a symbolic link, which is not followed: put the file itself here';
    expect(lines((await resolvedFolder(it.work)).problems)).toEqual([said]);
    const source = await it.open();
    expect(lines((await resolve(await source.read(), { kinds })).problems)).toEqual([said]);
    await source.close();
  },
);

describe('they can only be stricter than the defaults', () => {
  test.each([
    [
      '{ greeting: { maxLength: 500 } }',
      '3:32: schema: spec.greeting.maxLength must be an integer from 1 to 150, but is 500',
    ],
    [
      '{ greeting: { maxLength: 0 } }',
      '3:32: schema: spec.greeting.maxLength must be an integer from 1 to 150, but is 0',
    ],
    ['{ greeting: { minTexts: 0 } }', '3:31: schema: spec.greeting.minTexts must be 1, 2 or 3, but is 0'],
    [
      '{ contrast: { level: A } }',
      '3:28: schema: spec.contrast.level must be one of "AA", "AAA", but is "A" (did you mean "AA"?)',
    ],
    [
      '{ contrast: { level: aaa } }',
      '3:28: schema: spec.contrast.level must be one of "AA", "AAA", but is "aaa" (did you mean "AAA"?)',
    ],
    ['{ contrast: { required: 1 } }', '3:31: schema: spec.contrast.required must be true or false, but is 1'],
    ['{ colors: [blue] }', '3:18: schema: spec.colors.0 must be a colour (#0B5FFF or #fff), but is "blue"'],
    ['{ colors: [] }', '3:17: schema: spec.colors must be a list with at least one item, but is an empty list'],
    ['{ contrst: {} }', '3:9: unknown-field: unknown field "contrst" in spec (did you mean "contrast"?)'],
    ['{ colors: ["$(brand)"] }', '3:18: schema: spec.colors.0 must be a colour (#0B5FFF or #fff), but is "$(brand)"'],
    ['null', '3:7: schema: spec must be a map, but is null'],
  ])('%s', async (spec, said) => {
    expect(await problemsOf({ 'rules.yaml': rules(spec) })).toEqual([`rules.yaml:${said}`]);
    expect(await heard({ 'rules.yaml': rules(spec) })).toContainEqual({ spec: {}, required: false });
  });
});

test('no environment changes them or is spared', async () => {
  const files = {
    'rules.yaml': rules('{}'),
    'environments/x.yaml':
      'apiVersion: genesys-gitops/v1\nkind: Environment\npatches: [{ target: Rules/all, patch: { spec: {} } }]\nexclude: [Rules/all]\n',
  };
  const said =
    'unknown-patch-target: the rules are the same in every environment: no environment can change them or be spared';
  expect(await problemsOf(files, { environment: 'x' })).toEqual([
    `environments/x.yaml:3:21: ${said}`,
    `environments/x.yaml:4:11: ${said}`,
  ]);
});

test('a misspelt kind or apiVersion is not silently no rule', async () => {
  const text = rules('{ colors: ["#fff"] }');
  expect(await problemsOf({ 'rules.yaml': text.replace('Rules', 'Rule') })).toEqual([
    'rules.yaml:1:1: schema: the field "metadata" is missing',
    'rules.yaml:2:7: unknown-kind: there is no kind "Rule" (did you mean "Rules"?)',
  ]);
  expect(await problemsOf({ 'rules.yaml': text.replace('genesys-gitops', 'gensys') })).toEqual([
    'rules.yaml:1:13: schema: apiVersion must be "genesys-gitops/v1", but is "gensys/v1"',
  ]);
});

describe('a document that does not fit its schema', () => {
  const nosy = (checksUnfit: boolean) =>
    fakeKind('Timeout', 'timeout.schema.json', {
      checksUnfit,
      check: () => [
        { code: 'greeting', message: 'of another field', resource: 'Timeout/a', pointer: '/spec/integration' },
        { code: 'greeting', message: 'of the same field', resource: 'Timeout/a', pointer: '/spec/timeoutSeconds' },
      ],
      advise: () => [{ code: 'greeting', message: 'advice', resource: 'Timeout/a', pointer: '/spec/integration' }],
    });
  const files = { 'a.yaml': timeout('a', { timeoutSeconds: '99' }) };
  const schema = 'a.yaml:6:19: schema: spec.timeoutSeconds must be an integer from 1 to 60, but is 99';

  test('is judged all the same where its kind can do that, but not of what the schema says', async () => {
    expect(await problemsOf(files, { kinds: [nosy(true)] })).toEqual([
      'a.yaml:5:16: greeting: of another field',
      schema,
      'a.yaml:5:16: greeting: advice',
    ]);
    expect(await problemsOf(files, { kinds: [nosy(false)] })).toEqual([schema]);
  });

  test('is not while a variable has no value', async () => {
    const unfilled = { 'a.yaml': timeout('a', { timeoutSeconds: '$(x)' }) };
    expect(await problemsOf(unfilled, { kinds: [nosy(true)] })).toEqual([
      'a.yaml:6:19: undefined-variable: the variable "x" has no value, since no environment is chosen',
    ]);
  });
});
