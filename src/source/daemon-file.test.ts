import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDaemon } from './daemon-check.ts';
import { loadDaemonConfig } from './daemon-file.ts';
import type { KnownSurface } from './daemon-target.ts';
import { folderWith, lines } from './fixture.ts';
import { formatProblems } from './format.ts';
import { readSecret } from './secret.ts';

const good = `apiVersion: genesys-gitops/v1
kind: Daemon
source: { url: "https://git.example.com/acme/genesys-config.git", branch: main, directory: ., poll: "*/30 * * * * *" }
targets:
  - name: prod
    environment: prod
    organization: Acme Production
    region: mypurecloud.ie
    clientId: { fromEnv: GENESYS_CLIENT_ID }
    clientSecret: { fromFile: secrets/client-secret }
    schedule: "*/5 * * * *"
    policy: { mode: apply, adopt: identical, prune: false, maxChanges: 100, maxDeletes: 5 }
journal: ./var/journal.db
`;

const surfaces: readonly KnownSurface[] = [
  { name: 'platform', token: { at: 'login', credentials: 'header', scoped: false } },
];

type Loaded = Awaited<ReturnType<typeof loadDaemonConfig>>;

async function load(text: string): Promise<{ loaded: Loaded; path: string }> {
  await using folder = await folderWith({ 'd.yaml': text });
  return { loaded: await loadDaemonConfig(join(folder.path, 'd.yaml'), surfaces), path: folder.path };
}

async function problems(text: string): Promise<string[]> {
  const { loaded } = await load(text);
  return 'problems' in loaded ? lines(loaded.problems) : [];
}

test('the file of the design is a configuration; secrets stay by reference', async () => {
  const { loaded, path } = await load(good);
  expect(loaded).toMatchObject({
    config: {
      source: { url: 'https://git.example.com/acme/genesys-config.git', branch: 'main' },
      targets: [{ name: 'prod', clientSecret: { fromFile: join(path, 'secrets/client-secret') } }],
      journal: './var/journal.db',
    },
  });
  expect(loaded).not.toHaveProperty('config.kind');
});

test('a folder as source, and defaults', async () => {
  const { loaded } = await load(good.replace(/source:.*/, 'source: { path: ./repo }').replace(/journal:.*\n/, ''));
  expect(loaded).toMatchObject({ config: { source: { path: './repo' }, journal: './var/journal.db' } });
});

test.each([
  [
    'mypurecloud.ie',
    'mypurecloud.i',
    '8:13: schema: "mypurecloud.i" is no region of Genesys Cloud (did you mean "mypurecloud.ie"?)',
  ],
  ['mypurecloud.ie', 'eu-west-1', '8:13: schema: region is the domain: "mypurecloud.ie" for eu-west-1'],
  ['    region', '    regoin', '8:5: unknown-field: unknown field "regoin" in targets.0 (did you mean "region"?)'],
  ['journal:', 'jurnal:', '13:1: unknown-field: unknown field "jurnal" (did you mean "journal"?)'],
  [
    'mode: apply',
    'mode: aply',
    '12:21: schema: targets.0.policy.mode must be one of "apply", "observe", but is "aply" (did you mean "apply"?)',
  ],
  [
    '    organization: Acme Production\n',
    '',
    '5:5: schema: a target that is written to needs "organization" (id or name), so that it is never the wrong one',
  ],
  ['url: "https', 'urls: "https', '3:11: unknown-field: unknown field "urls" in source (did you mean "url"?)'],
  [
    '"https://git',
    '"https://me:pw-1@git',
    '3:16: schema: url must not hold credentials: use auth {username, token: {fromEnv or fromFile}}',
  ],
  [
    '"https://git.example.com/acme',
    '"git@example.com:acme',
    '3:16: schema: an SSH source needs auth.knownHostsFile, so that it is the right host',
  ],
  ['"https://git', '"ext::sh', '3:16: schema: url must be an https, ssh or file URL, or user@host:path'],
  [
    'maxDeletes: 5',
    'maxDeletes: -1',
    '12:89: schema: targets.0.policy.maxDeletes must be an integer of at least 0, but is -1',
  ],
  [
    'prune: false',
    'prune: some',
    '12:53: schema: targets.0.policy.prune must be one of true, false, "all", but is "some"',
  ],
  ['kind: Daemon', 'kind: Deamon', '2:7: schema: kind must be "Daemon", but is "Deamon"'],
  [
    'fromEnv: GENESYS_CLIENT_ID',
    'fromEvn: X',
    '9:17: unknown-field: unknown field "fromEvn" in targets.0.clientId (did you mean "fromEnv"?)',
  ],
])('%s -> %s', async (from, to, said) => {
  const found = await problems(good.replace(from, to));
  expect(found).toEqual([`d.yaml:${said}`]);
  expect(found.join('\n')).not.toContain('pw-1');
});

test('two targets of one name', async () => {
  const target = /targets:\n([\s\S]*)journal:/.exec(good)?.[1] ?? '';
  expect(await problems(good.replace('journal:', `${target}journal:`))).toEqual([
    'd.yaml:13:11: duplicate-resource: there are two targets "prod"',
  ]);
});

test('an observing target needs no organization', async () => {
  expect(await problems(good.replace('mode: apply', 'mode: observe').replace(/ *organization.*\n/, ''))).toEqual([]);
});

test.each([
  ['literal', (text: string) => text.replace('{ fromFile: secrets/client-secret }', 'hunter2')],
  [
    'literal, and another mistake beside it',
    (text: string) => text.replace('{ fromFile: secrets/client-secret }', 'hunter2').replace('schedule', 'shedule'),
  ],
  ['number', (text: string) => text.replace('{ fromFile: secrets/client-secret }', '{ value: hunter2 }')],
  ['granted secret', (text: string) => text.replace('    schedule', '    secrets: { crm: hunter2 }\n    schedule')],
  [
    'in a file that is no YAML',
    (text: string) => `${text.replace('{ fromFile: secrets/client-secret }', 'hunter2')}    x: [`,
  ],
  ['in YAML that breaks on it', (text: string) => text.replace('{ fromFile: secrets/client-secret }', '"hunter2')],
  [
    'database password',
    (text: string) => text.replace('./var/journal.db', 'postgres://me:hunter2@db/x').replace('schedule', 'shedule'),
  ],
])('a secret in the file is never printed: %s', async (_name, spoil) => {
  const { loaded } = await load(spoil(good));
  expect('problems' in loaded && loaded.problems.length).toBeTruthy();
  expect(JSON.stringify(loaded)).not.toContain('hunter2');
  if ('problems' in loaded) expect(formatProblems(loaded.problems)).not.toContain('hunter2');
});

test('a literal clientSecret is explained', async () => {
  expect(await problems(good.replace('{ fromFile: secrets/client-secret }', 'hunter2'))).toEqual([
    'd.yaml:10:19: schema: clientSecret must not stand in the file: say {fromEnv: NAME} or {fromFile: PATH}, where the value is',
  ]);
});

test('a file that is not there, is empty, or is something else', async () => {
  const missing = await loadDaemonConfig('/nowhere/d.yaml', surfaces);
  expect(missing).toEqual({
    problems: [{ code: 'file-not-found', message: '/nowhere/d.yaml: there is no such file' }],
  });
  expect(await problems('')).toEqual(["d.yaml:1:1: not-an-object: the daemon's file must be a map with kind: Daemon"]);
  expect(await problems('- a\n')).toEqual([
    "d.yaml:1:1: not-an-object: the daemon's file must be a map with kind: Daemon",
  ]);
  expect(await problems(`${good}---\na: 1\n`)).toEqual(["d.yaml:15:1: schema: the daemon's file holds one document"]);
});

test('secrets are read when asked for, and errors name only where they stand', async () => {
  await using folder = await folderWith({ s: 'hunter2\n', empty: '\n' });
  expect(await readSecret({ fromFile: join(folder.path, 's') })).toBe('hunter2');
  expect(await readSecret({ fromEnv: 'X' }, { X: 'hunter2' })).toBe('hunter2');
  await expect(readSecret({ fromEnv: 'X' }, {})).rejects.toThrow('the environment variable X is not set');
  await expect(readSecret({ fromFile: join(folder.path, 'none') })).rejects.toThrow(/none cannot be read \(ENOENT\)$/);
  await expect(readSecret({ fromFile: join(folder.path, 'empty') })).rejects.toThrow(/is empty$/);
});

const more = (name: string, rest: string): string =>
  `  - { name: ${name}, organization: O, region: mypurecloud.ie, clientId: c, clientSecret: { fromEnv: S }, ${rest} }\n`;
const withTargets = (...all: string[]): string => good.replace('journal:', `${all.join('')}journal:`);

test('a target follows another', async () => {
  const { loaded } = await load(
    withTargets(more('late', 'after: { target: prod, soak: 1d12h }'), more('later', 'after: { target: late }')),
  );
  expect(loaded).toMatchObject({
    config: { targets: [{}, { after: { target: 'prod', soak: '1d12h' } }, { after: { target: 'late' } }] },
  });
});

test.each([
  [
    'of a name that nobody has',
    [more('late', 'after: { target: prd }')],
    '13:120: schema: there is no target "prd" to follow (did you mean "prod"?)',
  ],
  [
    'itself',
    [more('late', 'after: { target: late }')],
    '13:120: schema: "late", which follows "late": one of them has to take its revisions from the source, without "after"',
  ],
  [
    'in a circle, which is told once, and who follows into it is not in it',
    [more('a', 'after: { target: b }'), more('b', 'after: { target: a }'), more('c', 'after: { target: a }')],
    '13:117: schema: "a", which follows "b", which follows "a": one of them has to take its revisions from the source, without "after"',
  ],
  [
    'one that applies nothing',
    [more('watch', 'policy: { mode: observe }'), more('late', 'after: { target: watch }')],
    '14:120: schema: "watch" only observes: it never applies a revision that "late" could take',
  ],
  [
    'for no time',
    [more('late', 'after: { target: prod, soak: 30 }')],
    '13:132: schema: targets.1.after.soak must be a duration such as 45s, 30m, 2h or 1d, but is 30',
  ],
  [
    'for longer than there are dates',
    [more('late', `after: { target: prod, soak: ${'999999w'.repeat(5)} }`)],
    '13:132: schema: soak is at most a year: 365d',
  ],
  [
    'for a time without an end',
    [more('late', `after: { target: prod, soak: ${'1s'.repeat(21)} }`)],
    `13:132: schema: targets.1.after.soak must be a duration such as 45s, 30m, 2h or 1d, but is "${'1s'.repeat(21)}"`,
  ],
])('a target that follows: %s', async (_, targets, problem) => {
  expect(await problems(withTargets(...targets))).toEqual([`d.yaml:${problem}`]);
});

test('a circle of thousands is walked once, and told by its ends', () => {
  const targets = Array.from({ length: 3_000 }, (_, i) => ({
    name: `t${i}`,
    organization: 'O',
    region: 'mypurecloud.ie',
    clientId: 'c',
    clientSecret: { fromEnv: 'S' },
    after: { target: `t${(i + 1) % 3_000}` },
  }));
  const began = performance.now();
  const found = checkDaemon({ targets }, surfaces);
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(found.map(({ pointer, message }) => `${pointer} ${message}`)).toEqual([
    '/targets/0/after/target "t0", which follows "t1", which follows "t2", which follows "t3", which follows ... (2994 more), which follows "t2998", which follows "t2999", which follows "t0": one of them has to take its revisions from the source, without "after"',
  ]);
});
