import { describe, expect, test } from 'vitest';
import { fakeKind, kinds, lines, resolved, timeout } from './fixture.ts';
import { locate } from './resolve.ts';

const bad = async (text: string): Promise<string[]> => lines((await resolved({ 'a.yaml': text })).problems);

test('a document becomes a resource', async () => {
  const { resources, problems, warnings, empty } = await resolved({ 'a.yaml': timeout('crm') });
  expect(problems).toEqual([]);
  expect(warnings).toEqual([]);
  expect(empty).toBe(false);
  expect(resources).toEqual([
    {
      kind: 'Timeout',
      name: 'crm',
      surface: 'platform',
      annotations: {},
      spec: { integration: 'CRM', timeoutSeconds: 10 },
      files: {},
      document: { path: 'a.yaml', index: 0 },
      from: ['a.yaml'],
    },
  ]);
});

test('one file may hold several documents', async () => {
  const { resources } = await resolved({ 'a.yaml': `# both\n---\n${timeout('a')}---\n${timeout('b')}---\n` });
  expect(resources.map(({ name, document }) => [name, document.index])).toEqual([
    ['a', 0],
    ['b', 1],
  ]);
});

test.each([
  ['0', 'but is 0'],
  ['61', 'but is 61'],
  ['1.5', 'but is 1.5'],
  ['ten', 'but is "ten"'],
  ['"10"', 'but is "10"'],
  ['null', 'but is null'],
])('a timeout of %s is refused in plain words', async (value, ending) => {
  expect(await bad(timeout('a', { timeoutSeconds: value }))).toEqual([
    `a.yaml:6:19: schema: spec.timeoutSeconds must be an integer from 1 to 60, ${ending}`,
  ]);
});

test.each([
  ['.inf', 'a.yaml:6:19: schema: must be a finite number, but is .inf'],
  ['1e999', 'a.yaml:6:19: schema: the number 1e999 is too large'],
  [
    '12345678901234567890',
    'a.yaml:6:19: schema: the number 12345678901234567890 has more digits than a number can hold; quote it to keep it as text',
  ],
])('the number %s is refused', async (value, line) => {
  expect(await bad(timeout('a', { timeoutSeconds: value }))).toEqual([line]);
});

describe('heads of documents', () => {
  test.each([
    ['kind', 'Timeuot', 'a.yaml:2:7: unknown-kind: there is no kind "Timeuot" (did you mean "Timeout"?)'],
    [
      'apiVersion',
      'genesys-gitops/v2',
      'a.yaml:1:13: schema: the apiVersion of Timeout must be "genesys-gitops/v1", but is "genesys-gitops/v2"',
    ],
    [
      'metadata',
      '{ name: -a }',
      'a.yaml:3:19: schema: metadata.name must be a handle (letters, digits, dots, dashes, underscores), but is "-a"',
    ],
    [
      'metadata',
      '{ name: "$(x)" }',
      'a.yaml:3:19: schema: metadata.name must be a handle (letters, digits, dots, dashes, underscores), but is "$(x)"',
    ],
    ['metadata', '{}', 'a.yaml:3:1: schema: the field "name" in metadata is missing'],
    ['metadata', '{ name: a, labels: {} }', 'a.yaml:3:22: unknown-field: unknown field "labels" in metadata'],
    [
      'metadata',
      '{ name: a, annotations: { genesys-gitops/prun: disabled } }',
      'a.yaml:3:37: unknown-field: unknown field "genesys-gitops/prun" in metadata.annotations (did you mean "genesys-gitops/prune"?)',
    ],
    [
      'metadata',
      '{ name: a, annotations: { genesys-gitops/prune: disable } }',
      'a.yaml:3:59: schema: metadata.annotations.genesys-gitops/prune must be one of "enabled", "disabled", but is "disable" (did you mean "disabled"?)',
    ],
  ])('%s: %s', async (field, value, line) => {
    expect(await bad(timeout('a', { [field]: value }))).toEqual([line]);
  });

  test('a pause of drift has an end', async () => {
    const pausing = (time: string): string =>
      timeout('a', { metadata: `{ name: a, annotations: { genesys-gitops/drift-pause: ${time} } }` });
    expect(await bad(pausing('90d'))).toEqual([]);
    for (const time of ['90d1s', '999999w']) {
      expect(await bad(pausing(time))).toEqual([
        expect.stringMatching(/^a.yaml:3:65: schema: a document can pause the healing of drift for 90d at most/),
      ]);
    }
  });

  test('foreign annotations are nobody’s business', async () => {
    expect(await bad(timeout('a', { metadata: '{ name: a, annotations: { team: crm } }' }))).toEqual([]);
  });

  test('a missing apiVersion or kind is said', async () => {
    expect(await bad('kind: Timeout\nmetadata: { name: a }\nspec: {}\n')).toEqual([
      'a.yaml:1:1: schema: the field "apiVersion" is missing',
    ]);
    expect(await bad('apiVersion: genesys-gitops/v1\nmetadata: { name: a }\nspec: {}\n')).toEqual([
      'a.yaml:1:1: schema: the field "kind" is missing',
    ]);
  });
});

test('an unknown field is said with the nearest right one, and what it misspells is not missing as well', async () => {
  const text = timeout('a').replace('timeoutSeconds', 'timeoutSecond');
  expect(await bad(text)).toEqual([
    'a.yaml:6:3: unknown-field: unknown field "timeoutSecond" in spec (did you mean "timeoutSeconds"?)',
  ]);
});

test('two documents of one handle: both places', async () => {
  const { problems, resources } = await resolved({ 'a.yaml': timeout('x'), 'b.yaml': timeout('x') });
  expect(lines(problems)).toEqual(['b.yaml:3:19: duplicate-resource: Timeout/x is also at a.yaml:3:19']);
  expect(resources).toHaveLength(1);
});

test('all problems come at once, by place, and a broken file leaves the others alone', async () => {
  const { problems, resources } = await resolved({
    'b.yaml': timeout('b', { timeoutSeconds: '61', actions: '[a, a]' }),
    'a.yaml': 'kind: [\n',
    'c.yaml': timeout('c'),
  });
  expect(lines(problems)).toEqual([
    expect.stringMatching(/^a\.yaml:2:1: yaml: /),
    'b.yaml:6:19: schema: spec.timeoutSeconds must be an integer from 1 to 60, but is 61',
    'b.yaml:7:16: schema: spec.actions has the same item twice',
  ]);
  expect(resources.map(({ name }) => name)).toEqual(['c']);
});

test('an empty repository is empty, and that is no problem', async () => {
  for (const files of [{}, { 'a.yaml': '# nothing\n' }, { 'README.md': 'hello' }]) {
    const { empty, problems, resources } = await resolved(files);
    expect({ empty, problems, resources }).toEqual({ empty: true, problems: [], resources: [] });
  }
});

test('YAML of others is an orphan; dot-folders and the daemon’s file are not', async () => {
  const { warnings, problems } = await resolved({
    'values.yaml': 'replicas: 1\n',
    'k8s.yaml': 'apiVersion: apps/v1\nkind: Deployment\n',
    '.github/workflows/ci.yaml': 'on: push\n',
    'genesys-gitops.yaml': 'apiVersion: genesys-gitops/v1\nkind: Daemon\n',
    'node_modules/x/y.yaml': 'a: [\n',
  });
  expect(problems).toEqual([]);
  expect(lines(warnings)).toEqual([
    'k8s.yaml:1:1: orphan-file: the file is no resource, and nothing refers to it',
    'values.yaml:1:1: orphan-file: the file is no resource, and nothing refers to it',
  ]);
});

test('what a kind finds gets its place and lines, also when it is found later', async () => {
  const nosy = fakeKind('Timeout', 'timeout.schema.json', {
    check: () => [{ code: 'schema', message: 'no', resource: 'Timeout/a', pointer: '/spec/exceptions/0/name' }],
  });
  const text = `${timeout('a')}  exceptions:\n    - name: x\n      timeoutSeconds: 5\n`;
  const desired = await resolved({ 'a.yaml': text }, { kinds: [nosy] });
  expect(lines(desired.problems)).toEqual(['a.yaml:8:13: schema: no']);
  expect(desired.problems[0]?.excerpt).toEqual([
    { line: 7, text: '  exceptions:' },
    { line: 8, text: '    - name: x' },
    { line: 9, text: '      timeoutSeconds: 5' },
  ]);
  const late = locate(desired, {
    code: 'schema',
    message: 'late',
    resource: 'Timeout/a',
    pointer: '/spec/integration',
  });
  expect(late.place).toEqual({ path: 'a.yaml', line: 5, column: 16 });
  const unknown = { code: 'schema', message: 'who?', resource: 'Timeout/z' } as const;
  expect(locate(desired, unknown)).toEqual(unknown);
});

test('kinds are an argument', async () => {
  const { problems } = await resolved({ 'a.yaml': timeout('a') }, { kinds: kinds.slice(0, 1) });
  expect(problems.map(({ code }) => code)).toEqual(['unknown-kind']);
});
