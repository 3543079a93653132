import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { silent } from '../model/log.ts';
import { nearest } from '../model/suggest.ts';
import { tooDeepIn } from './depth.ts';
import { type Files, folderWith, kinds, lines, noSecrets, resolved, resolvedFolder, timeout } from './fixture.ts';
import { accessTo } from './git-command.ts';
import { Damaged, listTree } from './git-objects.ts';
import { checkUrl, hideCredentials } from './git-url.ts';
import { parseYaml } from './parse.ts';
import { secretTexts, withoutSecrets } from './redact.ts';
import { resolve } from './resolve.ts';
import { openSource } from './source.ts';
import { writeDocuments } from './write.ts';

/** What a hostile config repository may ask for: each is a problem, and costs little. */
const environment = (rest: string): Files => ({
  'environments/e.yaml': `apiVersion: genesys-gitops/v1\nkind: Environment\n${rest}`,
});
const action = (name: string, rest: string): string =>
  `apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: ${name} }\nspec:\n  integration: CRM\n${rest}`;
const first = async (files: Files): Promise<string[]> =>
  lines((await resolved(files, { environment: 'e' })).problems).map((line) => line.slice(0, 140));

test('a suggestion is made for words and lists that people write', () => {
  expect(nearest('gett', ['got', 'get', 'x'.repeat(1000)])).toBe('get');
  expect(nearest('a'.repeat(65), ['a'.repeat(64)])).toBeUndefined();
  expect(nearest('gett', [...Array.from({ length: 1000 }, (_, i) => `k${i}`), 'get'])).toBeUndefined();
});

test('a long variable that is used often is a problem', async () => {
  const variables = environment(`variables: { big: ${'x'.repeat(100_000)} }\n`);
  const many = action('a', `  config: { request: { requestTemplate: "${'$(big)'.repeat(6000)}" } }\n`);
  expect(await first({ ...variables, 'a.yaml': many })).toEqual([
    'a.yaml:6:41: too-large: variables put more than 2000000 characters into the document',
  ]);
  const some = (i: number): string =>
    action(`a${i}`, `  config: { request: { requestTemplate: "${'$(big)'.repeat(15)}" } }\n`);
  const documents = Array.from({ length: 14 }, (_, i) => some(i)).join('---\n');
  expect(await first({ ...variables, 'a.yaml': documents })).toEqual([
    'a.yaml:97:41: too-large: variables put more than 20000000 characters into all documents together',
  ]);
});

test('aliases of a long text are a bomb as well', () => {
  const text = `a: &a ${'x'.repeat(100_000)}\nb: [${'*a, '.repeat(50)}]\n`;
  expect(parseYaml(Buffer.from(text)).problems).toMatchObject([{ code: 'alias-bomb', line: 2 }]);
});

test('the path of a file is short', async () => {
  const { problems } = await resolved({ 'a.yaml': action('a', `  file: "${'a/'.repeat(513)}x"\n`) });
  expect(lines(problems)).toEqual([expect.stringMatching(/^a\.yaml:6:9: schema: spec\.file must be .*1 to 1024/)]);
});

test('many documents that are too deep are parsed once for their places', () => {
  const deep = tooDeepIn(`${'['.repeat(300)}\n---\n`.repeat(200));
  const started = performance.now();
  for (let i = 0; i < 200; i++) expect(deep(i * 305).offset).toBe(i * 305 + 100);
  // One parse takes some 50 ms.
  expect(performance.now() - started).toBeLessThan(1500);
});

test('an environment patches and unsets only so much', async () => {
  const files = { 'a.yaml': timeout('a') };
  const unset = environment(`patches:\n- target: Timeout/a\n  unset: [${'/spec/x, '.repeat(1001)}]\n`);
  const path = 'environments/e.yaml:3:1: too-large: the patches of one environment must not';
  expect(await first({ ...files, ...unset })).toEqual([`${path} unset more than 1000 fields`]);
  const keys = Array.from({ length: 10_000 }, (_, i) => `k${i}: 1`).join(', ');
  const patch = environment(`patches:\n- target: Timeout/a\n  patch: { spec: { ${keys} } }\n`);
  expect(await first({ ...files, ...patch })).toEqual([`${path} hold more than 10000 keys`]);
});

test('a patch does not change the environment that it stands in', async () => {
  const patches = environment(
    'patches:\n- target: Timeout/a\n  patch: { metadata: { annotations: { x: &x "1" } } }\n- target: Timeout/a\n  patch: { metadata: { annotations: { y: *x } } }\n  unset: [/metadata/annotations/x]\n',
  );
  await using folder = await folderWith({ 'a.yaml': timeout('a'), ...patches });
  const options = { baseDir: '/', cacheDir: '/nowhere', log: silent, readSecret: noSecrets };
  const snapshot = await (await openSource({ path: folder.path }, options)).read();
  for (const _again of [1, 2]) {
    const { resources, problems } = await resolve(snapshot, { kinds, environment: 'e' });
    expect(problems).toEqual([]);
    expect(resources[0]?.annotations).toEqual({ y: '1' });
  }
});

test('referenced files are bounded together', async () => {
  const names = Array.from({ length: 14 }, (_, i) => `t${i}`);
  const files = Object.fromEntries(
    names.flatMap((name) => [
      [`${name}.yaml`, action(name, `  requestTemplateFile: ${name}.vm\n`)],
      [`${name}.vm`, Buffer.alloc(4_900_000, name)],
    ]),
  );
  const { problems } = await resolved(files);
  expect(lines(problems)).toEqual([
    expect.stringMatching(/^t\d+\.vm:1:1: file-too-large: all referenced files together are over 64000000 bytes$/),
  ]);
});

test('a YAML file has at most 512 kB', async () => {
  const { problems } = await resolved({ 'a.yaml': `# ${'x'.repeat(512_000)}\n` });
  expect(problems).toMatchObject([{ code: 'file-too-large' }]);
});

test('a document that cannot be read is not hidden by a reference to its file', async () => {
  const { problems } = await resolved({
    'a.yaml': action('a', '  requestTemplateFile: b.yaml\n'),
    'b.yaml': `${timeout('b')}  x: [\n`,
  });
  expect(problems).toMatchObject([{ code: 'yaml', place: { path: 'b.yaml' } }]);
});

test.each([
  ['0xFFFFFFFFFFFFFFFFFF', false],
  ['0o7777777777777777777777', false],
  ['99999999999999999999.0', false],
  ['123456789012345678901e2', false],
  ['0x1F', true],
  ['1e30', true],
  ['1.7976931348623157e+308', true],
])('the number %s loses nothing: %s', (number, fine) => {
  expect(parseYaml(Buffer.from(`a: ${number}\n`)).problems.length === 0).toBe(fine);
});

test('trees that hold each other many times over are listed only so far', async () => {
  await using folder = await folderWith({});
  const git = (args: string[], input = ''): string =>
    execFileSync('git', args, { cwd: folder.path, input, encoding: 'utf8' }).trim();
  git(['init', '-q', '--bare', '.']);
  for (const leaf of [`100644 blob ${git(['hash-object', '-w', '--stdin'])}\tf\n`, '']) {
    let tree = git(['mktree'], leaf);
    for (let level = 0; level < 10; level++) {
      tree = git(['mktree'], Array.from({ length: 10 }, (_, i) => `040000 tree ${tree}\t${i}\n`).join(''));
    }
    const access = accessTo({ env: process.env });
    const error = await listTree(folder.path, tree, access, { files: 1000, treeBytes: 1e9 }).catch((e: unknown) => e);
    expect(error).toMatchObject({ message: 'the repository holds more than 1000 files and folders' });
    expect(error).not.toBeInstanceOf(Damaged);
    await expect(listTree(folder.path, tree, access, { files: 1e9, treeBytes: 1000 })).rejects.toThrow(
      'the list of files is over 1000 bytes',
    );
  }
  await expect(listTree(folder.path, '0'.repeat(40), accessTo({ env: process.env }))).rejects.toBeInstanceOf(Damaged);
});

test('a name that is not UTF-8 is a problem, in a folder and in git', async () => {
  await using folder = await folderWith({ 'a.yaml': timeout('a') });
  const odd = Buffer.concat([Buffer.from(`${folder.path}/caf`), Buffer.from([0xe9])]);
  mkdirSync(odd);
  writeFileSync(Buffer.concat([odd, Buffer.from('/b.yaml')]), timeout('b'));
  const said = [expect.stringMatching(/^caf\ufffd:1:1: not-utf8: the name of the file or folder is not UTF-8/)];
  expect(lines((await resolvedFolder(folder.path)).problems)).toEqual(said);

  const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: folder.path });
  git('init', '-q', '-b', 'main', '.');
  git('add', '-A');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'x');
  await using cache = await folderWith({});
  const options = { baseDir: '/', cacheDir: cache.path, log: silent, readSecret: noSecrets };
  const source = await openSource({ url: `file://${folder.path}` }, options);
  expect(lines((await resolve(await source.read(), { kinds })).problems)).toEqual(said);
});

test.each([
  'https://hunter2@example.com/x.git',
  'https://user:p/hunter2@example.com/x.git',
  'https://user:12/hunter2@example.com/x.git',
  'ssh://user:hunter2@example.com/x.git',
  'ssh://user:p/hunter2@example.com/x.git',
  'user:hunter2@example.com:x.git',
])('credentials in %s are refused and not printed', (url) => {
  const auth = { knownHostsFile: '/k' };
  expect(() => checkUrl({ url, auth })).toThrow(/credentials|refused/);
  expect(() => checkUrl({ url, auth })).not.toThrow(/hunter2/);
  if (url.includes('://')) expect(hideCredentials(`cannot reach ${url}: no`)).not.toContain('hunter2');
  if (!url.includes('://')) return;
  const line = `  url: "${url}"`;
  const problem = { code: 'schema', message: url, excerpt: [{ line: 1, text: line }] } as const;
  expect(
    JSON.stringify(withoutSecrets({ ...problem, excerpt: [...problem.excerpt] }, secretTexts({ url }))),
  ).not.toContain('hunter2');
});

test('a user of ssh is no secret', () => {
  const url = 'ssh://git@example.com:22/x.git';
  expect(() => checkUrl({ url, auth: { knownHostsFile: '/k' } })).not.toThrow();
  expect(hideCredentials(url)).toBe(url);
});

test('control characters are written so that they are read back', () => {
  const spec = { a: 'x\u0085y', b: 'one\n\u009b\u001b two\n', '\u0080': '\u007f', c: '\ufeffx' };
  const [text = ''] = writeDocuments([{ apiVersion: 'v', kind: 'K', handle: 'h', spec }]).values();
  const { documents, problems } = parseYaml(Buffer.from(text));
  expect(problems).toEqual([]);
  expect(documents[0]?.value).toMatchObject({ spec });
});
