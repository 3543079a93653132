import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, lines, resolved, resolvedFolder, timeout } from './fixture.ts';
import { formatProblems } from './format.ts';

const good = { 'good.yaml': timeout('good') };
const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi']
  .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(', ')}]\n`)
  .join('')}`;
const utf16 = Buffer.from('\ufeffkind: Timeout\n', 'utf16le');

/** Each case: what stands in bad.yaml, and the whole of what is said about it. */
const cases: [string, string | Uint8Array, string | RegExp][] = [
  ['an open quote', 'a: "b\n', /^bad\.yaml:2:1: yaml: missing closing "quote/],
  [
    'tabs as indentation',
    'a:\n  - x\n\t- y\n\tb: 1\n',
    'bad.yaml:3:1: yaml: a tab indents this line; YAML indents with spaces only',
  ],
  ['an alias bomb', bomb, /^bad\.yaml:5:8: alias-bomb: aliases expand to more than 10000 values$/],
  ['an alias of itself', 'a: &a [*a]\n', 'bad.yaml:1:8: yaml: the alias *a has no anchor &a before it'],
  [
    '20,000 open brackets',
    `spec: ${'['.repeat(20_000)}`,
    'bad.yaml:1:106: too-deep: maps and lists are nested more than 100 deep',
  ],
  [
    '20,000 nested brackets',
    `spec: ${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    'bad.yaml:1:106: too-deep: maps and lists are nested more than 100 deep',
  ],
  [
    '20,000 nested dashes',
    `spec:\n  ${'- '.repeat(20_000)}`,
    'bad.yaml:2:201: too-deep: maps and lists are nested more than 100 deep',
  ],
  [
    '101 nested brackets',
    `${'['.repeat(101)}${']'.repeat(101)}`,
    'bad.yaml:1:101: too-deep: maps and lists are nested more than 100 deep',
  ],
  [
    '__proto__',
    'kind: Timeout\n__proto__: {}\n',
    'bad.yaml:2:1: reserved-key: the key "__proto__" is reserved and may not be used',
  ],
  [
    'constructor',
    'a: { constructor: 1 }\n',
    'bad.yaml:1:6: reserved-key: the key "constructor" is reserved and may not be used',
  ],
  [
    'prototype',
    'a: { "prototype": 1 }\n',
    'bad.yaml:1:6: reserved-key: the key "prototype" is reserved and may not be used',
  ],
  ['one key twice', 'kind: Timeout\nkind: Timeout\n', 'bad.yaml:2:1: duplicate-key: the key "kind" is here twice'],
  [
    'a JavaScript tag',
    'kind: Timeout\na: !!js/function "x"\n',
    'bad.yaml:2:18: yaml: the tag !!js/function is not read here; leave it out',
  ],
  [
    'a binary tag',
    'kind: Timeout\na: !!binary aGk=\n',
    'bad.yaml:2:13: yaml: the tag !!binary is not read here; leave it out',
  ],
  [
    'a tag of one’s own',
    'kind: Timeout\na: !Ref x\n',
    'bad.yaml:2:9: yaml: the tag !Ref is not read here; leave it out',
  ],
  [
    'a merge key',
    'kind: Timeout\na: &a { x: 1 }\nb: { <<: *a }\n',
    'bad.yaml:3:6: yaml: merge keys (<<) are not part of YAML 1.2; repeat the values, or use a variable or a patch',
  ],
  [
    'YAML 1.1',
    '%YAML 1.1\n---\na: yes\n',
    'bad.yaml:1:1: yaml: the file asks for YAML 1.1; only YAML 1.2 is read here',
  ],
  ['a list', '- a\n', 'bad.yaml:1:1: not-an-object: a document must be a map'],
  ['a text', 'hello\n', 'bad.yaml:1:1: not-an-object: a document must be a map'],
  ['a list as a key', 'kind: Timeout\n? [a]\n: b\n', 'bad.yaml:2:3: yaml: a key must be a plain text'],
  [
    'Latin-1',
    Buffer.from('kind: Timeout\nname: caf\xe9\n', 'latin1'),
    'bad.yaml:2:10: not-utf8: the file is not UTF-8 text. Save it as UTF-8',
  ],
  ['UTF-16', utf16, 'bad.yaml:1:1: not-utf8: the file is not UTF-8 text; it looks like UTF-16. Save it as UTF-8'],
  [
    'a NUL byte',
    'a: 1\nb: \0\n',
    'bad.yaml:2:4: not-utf8: the file holds a NUL byte, so it is no text (UTF-16 or binary?)',
  ],
  [
    'an escape character',
    'a: "\u001b[31m"\n',
    'bad.yaml:1:5: yaml: the control character U+001B is not allowed in YAML; write it as an escape in double quotes',
  ],
  [
    '50 MB',
    Buffer.alloc(50_000_000, 'a'),
    'bad.yaml:1:1: file-too-large: the file has 50000000 bytes; at most 512000 are read',
  ],
];

test.each(cases)('%s', async (_name, content, said) => {
  const { problems, resources } = await resolved({ ...good, 'bad.yaml': content });
  expect(lines(problems)).toEqual([typeof said === 'string' ? said : expect.stringMatching(said)]);
  expect(resources.map(({ name }) => name)).toEqual(['good']);
});

test('other documents of a file are read although one is bad', async () => {
  const { resources, problems } = await resolved({ 'a.yaml': `${timeout('a')}---\nkind: !x 1\n---\n${timeout('b')}` });
  expect(resources.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(problems).toHaveLength(1);
});

test('a thousand mistakes in a thousand documents take no quadratic time', async () => {
  const text = Array.from({ length: 1000 }, (_, i) =>
    timeout(`t${i}`, { timeoutSeconds: '0', actions: `[${'1, '.repeat(80)}]` }),
  );
  const { problems } = await resolved({ 'a.yaml': text.join('---\n') });
  expect(problems.length).toBeGreaterThan(1000);
});

test('many keys take no quadratic time', async () => {
  const many = Array.from({ length: 50_000 }, (_, i) => `k${i}: 1\n`).join('');
  const { warnings } = await resolved({ 'a.yaml': many });
  expect(warnings.map(({ code }) => code)).toEqual(['orphan-file']);
});

test('what other tools write is theirs: tags, merge keys and {{tokens}} make no problem of an orphan', async () => {
  const { problems, warnings } = await resolved({
    'stack.yaml': 'a: !Ref x\n',
    'compose.yaml': 'a: &a { x: 1 }\nb: { <<: *a }\n',
    'flow.yaml': 'inboundCall:\n  name: {{name}}\n',
  });
  expect(problems).toEqual([]);
  expect(warnings.map(({ code }) => code)).toEqual(['orphan-file', 'orphan-file', 'orphan-file']);
});

test('the prototype of objects stays as it was', async () => {
  await resolved({ 'a.yaml': '{"__proto__": {"polluted": true}}\n' });
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('control characters never reach the terminal', async () => {
  const name = '\\e]0;owned\\a\\u202e';
  const text = timeout('x', { integration: `"${name}"`, timeoutSeconds: `"${name}"` });
  const { problems } = await resolved({ 'a\u001b[31m.yaml': text });
  const printed = formatProblems(problems, { color: false });
  expect(printed).toContain('a\\x1b[31m.yaml:6:19');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

const action = (field: string, value: string): string =>
  `apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: a }\nspec:\n  integration: CRM\n  ${field}: ${JSON.stringify(value)}\n`;

test.each([
  ['../../etc/passwd', 'is outside the repository (by ..)'],
  ['x/../../../etc/passwd', 'is outside the repository (by ..)'],
  ['/etc/passwd', 'is outside the repository (an absolute path)'],
  ['C:\\x', 'is outside the repository (an absolute path)'],
  ['link', 'is outside the repository (by a symbolic link)'],
  ['out/passwd', 'is outside the repository (by a symbolic link)'],
  ['up/x', 'is outside the repository (by a symbolic link)'],
  ['loop', 'is outside the repository (its symbolic links do not end)'],
])('a reference to %s is refused', async (path, why) => {
  await using folder = await folderWith({ ...good, 'd/a.yaml': action('file', path) });
  await symlink('/etc/passwd', join(folder.path, 'd/link'));
  await symlink('/etc', join(folder.path, 'd/out'));
  await symlink('../..', join(folder.path, 'd/up'));
  await symlink('loop', join(folder.path, 'd/loop'));
  const { problems, resources } = await resolvedFolder(folder.path);
  expect(lines(problems)).toEqual([expect.stringMatching(/^d\/a\.yaml:6:9: file-outside-repository: the file /)]);
  expect(problems[0]?.message).toContain(why);
  expect(resources.map(({ name }) => name)).toEqual(['good']);
});

test('links within the repository are followed, and a document behind a link outside is refused', async () => {
  await using folder = await folderWith({
    'd/a.yaml': action('requestTemplateFile', 'here/t.vm'),
    'files/t.vm': '$!{x}',
  });
  await symlink('../files', join(folder.path, 'd/here'));
  expect((await resolvedFolder(folder.path)).resources[0]?.files['/spec/requestTemplateFile']).toEqual({
    path: 'files/t.vm',
    text: '$!{x}',
  });
  await mkdir(join(folder.path, 'e'));
  await symlink('/etc/passwd', join(folder.path, 'e/x.yaml'));
  expect(lines((await resolvedFolder(folder.path)).problems)).toEqual([
    'e/x.yaml:1:1: file-outside-repository: the file "x.yaml" is outside the repository (by a symbolic link)',
  ]);
});

test('a missing file is said with the nearest one', async () => {
  const { problems } = await resolved({ 'd/a.yaml': action('file', 'get.custm.json'), 'd/get.custom.json': '{}' });
  expect(lines(problems)).toEqual([
    'd/a.yaml:6:9: file-not-found: the file "d/get.custm.json" is not in the repository (did you mean "get.custom.json"?)',
  ]);
});

test.each([
  ['{"a": 1,}', '1:9: export-invalid: not valid JSON: '],
  ['{"a": \n', '1:6: export-invalid: not valid JSON: it ends too early'],
  ['{"a": 1, "a": 2}', '1:10: duplicate-key: the key "a" is here twice'],
  ['{"__proto__": 1}', '1:2: reserved-key: the key "__proto__" is reserved and may not be used'],
  [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, '1:101: too-deep: maps and lists are nested more than 100 deep'],
])('an export of %.20s', async (content, said) => {
  const { problems } = await resolved({ 'a.yaml': action('file', 'x.json'), 'x.json': content });
  expect(lines(problems)).toEqual([expect.stringContaining(`x.json:${said}`)]);
});

test('a large or binary referenced file is said once, at the file', async () => {
  const { problems } = await resolved({
    'a.yaml': action('requestTemplateFile', 'big.vm'),
    'b.yaml': action('requestTemplateFile', 'bin.vm').replace('name: a', 'name: b'),
    'big.vm': 'x'.repeat(5_000_001),
    'bin.vm': Buffer.from([0x50, 0xff, 0x00]),
  });
  expect(lines(problems)).toEqual([
    'big.vm:1:1: file-too-large: the file has 5000001 bytes; at most 5000000 are read',
    'bin.vm:1:2: not-utf8: the file is not UTF-8 text. Save it as UTF-8',
  ]);
});
