import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silent } from '../model/log.ts';
import {
  type Files,
  fakeKind,
  folderWith,
  kinds as known,
  lines,
  noSecrets,
  resolved,
  resolvedFolder,
  timeout,
  writeFiles,
} from './fixture.ts';
import { resolve } from './resolve.ts';
import { openSource } from './source.ts';

const kinds = [...known, fakeKind('Flow', 'flow.schema.json')];

const flow = (file: string, name = 'a'): string =>
  `apiVersion: genesys-gitops/v1\nkind: Flow\nmetadata: { name: ${name} }\nspec: { type: workflow, file: ${JSON.stringify(file)} }\n`;
const environment = (rest: string): string => `apiVersion: genesys-gitops/v1\nkind: Environment\n${rest}`;

/** What is said of these files, problems before warnings. */
async function said(files: Files, options: { environment?: string } = {}): Promise<string[]> {
  const { problems, warnings } = await resolved(files, { kinds, ...options });
  return [...lines(problems), ...lines(warnings)];
}

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi']
  .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(', ')}]\n`)
  .join('')}`;
const step = '    - callData:\n        name: {{step}} \n        timeout: { lit: { seconds: 15 } }\n';

/** Each is no YAML document, is over a limit, or is what documents may not be. */
const theirs: [string, string][] = [
  ['tokens as keys and an open quote', 'workflow:\n  {{type}}: "\n  - {{x}}: {{y\n'],
  ['a flow of 60,000 lines', `workflow:\n  actions:\n${step.repeat(20_000)}`],
  ['an alias bomb', bomb],
  ['a thousand levels', `workflow:\n  x: ${'['.repeat(1000)}\n`],
  ['doubled and reserved keys', 'workflow:\n  a: 1\n  a: 2\n  __proto__: {}\n'],
  ['anchors, merge keys and tags', 'workflow:\n  a: &a { x: !Ref y }\n  b: { <<: *a }\n'],
  ['a control character', 'workflow:\n  a: \u0001\n'],
  ['YAML 1.1', '%YAML 1.1\n---\nworkflow: { a: yes }\n'],
  ['several documents', '---\nworkflow: "\n---\nworkflow: [\n'],
  ['Velocity', '{ "a": ${input.a}, #if($x) "b": "\n'],
  ['a list', '- !x a\n- "\n'],
  ['a quoted top key and CRLF', '"workflow":\r\n  a: [\r\n'],
];

test.each(theirs)('what a document refers to is its own business: %s', async (_name, text) => {
  expect(await said({ 'd/a.yaml': flow('../f/flow.yaml'), 'f/flow.yaml': text })).toEqual([]);
});

test.each(theirs)('what nobody refers to is held to the rules: %s', async (_name, text) => {
  const found = await said({ 'a.yaml': timeout('a'), 'f/flow.yaml': text });
  expect(found[0]).toMatch(
    /^f\/flow\.yaml:\d+:\d+: (yaml|file-too-large|alias-bomb|too-deep|duplicate-key|orphan-file)/,
  );
});

test('a document is one also where something refers to it, however it is broken or disguised', async () => {
  const large = `${timeout('b')}# ${'x'.repeat(600_000)}\n`;
  const documents: [string, RegExp][] = [
    [`${timeout('b')}  x: [\n`, /: yaml: /],
    ['kind: Timeout\nmetadata: [\n', /: yaml: /],
    [timeout('b', { timeoutSeconds: '99' }), /: schema: /],
    [`workflow: {}\n---\n${timeout('b', { timeoutSeconds: '99' })}`, /: schema: /],
    [JSON.stringify({ apiVersion: 'genesys-gitops/v1', kind: 'Timeout', metadata: { name: 'b' } }), /: schema: /],
    ['? "\\x6bind"\n: Timeout\n? "apiV\\x65rsion"\n: "genesys\\x2dgitops\\/v1"\n', /: schema: /],
    [timeout('b', { timeoutSeconds: '99' }).replace(/^/gm, '  '), /: schema: /],
    ['metadata: { name: b }\nspec: {}\n', /: schema: /],
    [`!!map {apiVersion: genesys-gitops/v1, kind: [\n`, /: yaml: /],
    [large, /: file-too-large: the file has \d+ bytes; a YAML file that is a document, or could be one, has at most/],
    [`{ "a": ${JSON.stringify('x'.repeat(600_000))} }`, /: file-too-large: /],
  ];
  for (const [text, wanted] of documents) {
    const found = await said({ 'a.yaml': flow('b.yaml'), 'b.yaml': text });
    expect(found).not.toEqual([]);
    for (const line of found)
      expect([text.slice(0, 50), line]).toEqual([text.slice(0, 50), expect.stringMatching(wanted)]);
  }
  const { resources } = await resolved({ 'a.yaml': flow('b.yaml'), 'b.yaml': timeout('b') }, { kinds });
  expect(resources.map(({ name }) => name)).toEqual(['a', 'b']);
});

const stray = 'workflow: "\n';

test('a file that only an excluded or a wrong document refers to is no stray', async () => {
  const files = { 'f.yaml': stray, 'environments/e.yaml': environment('exclude: [Flow/a]\n') };
  expect(await said({ ...files, 'a.yaml': flow('f.yaml') }, { environment: 'e' })).toEqual([]);
  const unfit = flow('f.yaml').replace('workflow', 'wrkflow');
  expect(await said({ ...files, 'a.yaml': unfit })).toEqual([expect.stringMatching(/^a\.yaml:4:15: schema: /)]);
  const twice = { 'a.yaml': flow('g.yaml'), 'g.yaml': '', 'b.yaml': flow('f.yaml') };
  expect(await said({ ...files, ...twice })).toEqual([expect.stringMatching(/^b\.yaml:.*: duplicate-resource: /)]);
});

test('a file that is referred to under another environment is no stray', async () => {
  const files = {
    'a.yaml': flow('$(where)/f.yaml'),
    'b.yaml': flow('x/f.yaml', 'b'),
    'x/f.yaml': '',
    'y/f.yaml': stray,
    'z/f.yaml': stray,
    'environments/x.yaml': environment('variables: { where: x }\n'),
    'environments/y.yaml': environment(
      'variables: { where: y, z: z }\npatches:\n- target: Flow/b\n  patch: { spec: { file: $(z)/f.yaml } }\n',
    ),
  };
  expect(await said(files, { environment: 'x' })).toEqual([]);
  expect(await said(files, { environment: 'y' })).toEqual([]);
});

test.each([
  ['broken YAML', `${flow('My flow.yaml')}x: [\n`],
  ['unquoted, with spaces', `${flow('x').replace('"x"', 'My flow.yaml')}x: [\n`],
  ['a misspelt kind', flow('./My flow.yaml').replace('kind: Flow', 'kind: Flwo')],
  ['no name', flow('My flow.yaml').replace('{ name: a }', '{}')],
  [
    'a broken environment',
    environment('patches: [{ target: Flow/x, patch: { spec: { file: My flow.yaml }, x: 1 } }]\n'),
  ],
])('a file that a broken document names is not called a stray as well: %s', async (_name, text) => {
  const found = await said({ 'environments/a.yaml': text, 'environments/My flow.yaml': stray, 'other.yaml': stray });
  expect(found.filter((line) => line.startsWith('other.yaml'))).toHaveLength(1);
  expect(found.filter((line) => line.includes('My flow.yaml:'))).toEqual([]);
});

test('one content under two names: the one that nobody refers to is a problem', async () => {
  const files = { 'a.yaml': flow('f.yaml'), 'f.yaml': stray, 'g.yaml': stray };
  expect(await said(files)).toEqual([expect.stringMatching(/^g\.yaml:2:1: yaml: /)]);
});

test('links are followed to the file that is meant', async () => {
  await using folder = await folderWith({ 'a.yaml': flow('here.yaml'), 'f/flow.yaml': stray });
  await symlink('f/flow.yaml', join(folder.path, 'here.yaml'));
  expect((await resolvedFolder(folder.path, { kinds })).problems).toEqual([]);
});

test('referenced text has its own limits, told once, and must be text', async () => {
  const large = `workflow: ${'x'.repeat(5_000_000)}\n`;
  expect(await said({ 'a.yaml': flow('f.yaml'), 'f.yaml': large })).toEqual([
    'f.yaml:1:1: file-too-large: the file has 5000011 bytes; at most 5000000 are read',
  ]);
  expect(await said({ 'a.yaml': flow('f.yaml'), 'f.yaml': Buffer.from('workflow: caf\xe9\n', 'latin1') })).toEqual([
    'f.yaml:1:14: not-utf8: the file is not UTF-8 text. Save it as UTF-8',
  ]);
  const excluded = { 'environments/e.yaml': environment('exclude: [Flow/a]\n'), 'a.yaml': flow('f.yaml') };
  for (const encoding of ['latin1', 'utf16le'] as const) {
    const hidden = Buffer.from(`${timeout('b')}# \xe9\n`, encoding);
    expect(await said({ ...excluded, 'f.yaml': hidden }, { environment: 'e' })).toEqual([
      expect.stringMatching(/^f\.yaml:\d+:\d+: not-utf8: /),
    ]);
  }
});

test('a flow is parsed only when nothing refers to it any more', async () => {
  await using folder = await folderWith({ 'a.yaml': flow('f.yaml'), 'f.yaml': `${stray}${step.repeat(20_000)}` });
  const options = { baseDir: '/', cacheDir: '/nowhere', log: silent, readSecret: noSecrets };
  const source = await openSource({ path: folder.path }, options);
  const told = async (): Promise<[string[], number]> => {
    const snapshot = await source.read();
    const { problems } = await resolve(snapshot, { kinds });
    return [problems.map(({ code }) => code), snapshot.parses.parsed];
  };
  expect(await told()).toEqual([[], 1]);
  await writeFiles(folder.path, { 'f.yaml': stray });
  expect(await told()).toEqual([[], 1]);
  await writeFiles(folder.path, { 'a.yaml': timeout('a') });
  expect(await told()).toEqual([['yaml'], 3]);
  expect(await told()).toEqual([['yaml'], 3]);
});
