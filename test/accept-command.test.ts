import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { driftOf } from '../src/app/drift.ts';
import { driftJson, driftLines } from '../src/cli/drift-report.ts';
import { main } from '../src/cli/index.ts';
import { plain } from '../src/cli/text.ts';
import { world as gitWorld } from '../src/source/fixture.ts';
import { type Drifting, useDrifting } from './support/drifting.ts';
import { config, contract, webServices } from './support/world.ts';

const document = (name: string, spec: object): string =>
  `${JSON.stringify({ apiVersion: 'genesys-gitops/v1', kind: 'DataAction', metadata: { name }, spec }, null, 2)}\n`;
const spec = { integration: webServices, contract: contract(), config: { ...config(), timeoutSeconds: 10 } };
const environment = 'apiVersion: genesys-gitops/v1\nkind: Environment\n';

let world: Drifting;
useDrifting(
  (made) => {
    world = made;
  },
  { 'a.yaml': document('a', spec), 'b.yaml': document('b', spec), 'environments/prod.yaml': environment },
  { sandbox: { auditDelayMs: 0 } },
);

test('tells who, from where, what from what to what, against what, and what becomes of it', async () => {
  await world.apply();
  const before = await driftOf(world.app, world.target, {});
  expect([...driftLines([{ target: 'test', drift: before }], plain)].at(-1)).toBe(
    'Drift: nothing changed without a commit.',
  );

  world.editAction('a', '/config/timeoutSeconds', 33);
  world.sandbox.state.deleteAction(world.sandbox.state.actionNamed('b')!.id);
  const drift = await driftOf(world.app, world.target, {});
  const lines = [...driftLines([{ target: 'test', drift }], plain)].flatMap((part) => part.split('\n'));
  const who = 'changed by Sandbox Admin \\(client sandbox-ui\\) at [\\d: Z-]+, from 198.51.100.7';
  const told = [
    'test · Sandbox · folder@sha256:\\w{10}',
    '',
    '~ changed DataAction/a {2}"Web Services Data Actions / a"',
    ' {4}config.timeoutSeconds: 33 → 10',
    ` {4}${who}: \\w+; .*config.timeoutSeconds 10 → 33`,
    ' {4}against folder@sha256:\\w{10}',
    ' {4}the next run takes it back',
    '- deleted DataAction/b {2}"Web Services Data Actions / b"',
    ` {4}${who}: Delete.*`,
    ' {4}against folder@sha256:\\w{10}',
    ' {4}the next run makes it anew',
    'Drift: 2 objects.',
  ];
  for (const one of told) expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${one}$`)));

  const [entry] = JSON.parse(driftJson([{ target: 'test', drift }])) as [{ changes: object[] }];
  expect(entry).toMatchObject({
    target: 'test',
    organization: { name: 'Sandbox' },
    changes: [
      { name: 'a', cause: 'drift', fields: [{ path: '/config/timeoutSeconds', from: 33, to: 10, by: 'DataAction/a' }] },
      { name: 'b', deleted: true, fields: [] },
    ],
  });
});

/** A call of the command line within this process. */
async function call(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    }),
  );
  try {
    return { code: await main(args), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test('a patch is for the repository, wherever in it the documents stand, and for one target', async () => {
  await using repository = await gitWorld({
    'README.md': 'Not ours.\n',
    'genesys/a b.yaml': document('a', spec),
    'genesys/environments/prod.yaml': environment,
  });
  vi.stubEnv('SECRET', 'sandbox-secret');
  const { dir, sandbox } = world;
  const source = { url: repository.url, branch: 'main', directory: 'genesys' };
  const file = dir.config(sandbox.url, source, { name: 'one' }, { journal: './var/other.db' });
  const early = await call('drift', '-c', file);
  expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('no journal is there yet') });
  expect((await call('apply', '-c', file)).code).toBe(0);
  const quiet = await call('drift', '-c', file, '--as-patch');
  expect(quiet).toEqual({ code: 0, stdout: '', stderr: 'nothing drifted in one\n' });

  world.editAction('a', '/config/timeoutSeconds', 33);
  expect((await call('drift', '-c', file)).code).toBe(2);
  const { stdout, stderr, code } = await call('drift', '-c', file, '--as-patch');
  expect([stderr, code]).toEqual(['', 0]);
  const folder = path.join(repository.work, 'genesys');
  expect(await call('drift', '-c', file, '--as-patch', '--source', folder)).toMatchObject({ code: 0, stdout });
  execFileSync('git', ['apply', '--index', '-'], { cwd: repository.work, input: stdout });
  repository.git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'accept');
  expect((await call('plan', '-c', file, '--exit-code')).code).toBe(0);

  const { targets } = JSON.parse(readFileSync(file, 'utf8')) as { targets: object[] };
  dir.config(sandbox.url, source, {}, { targets: [...targets, { ...targets[0], name: 'two' }] });
  const both = await call('drift', '-c', file, '--as-patch');
  expect(both).toMatchObject({ code: 1, stderr: expect.stringContaining('add --target with one of: one, two') });
  vi.unstubAllEnvs();
});
