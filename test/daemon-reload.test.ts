import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Sandbox } from '../src/sandbox/index.ts';
import type { Folder, Running } from './support/cli.ts';
import { useSandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let dir: Folder;
let repo: string;
const { start } = useSandbox((made) => {
  ({ sandbox, dir } = made);
  repo = dir.actions('repo');
});

const configure = (target: object = {}, top: object = {}): string =>
  dir.config(sandbox.url, { path: repo }, target, { waits: { lease: 3 }, ...top });

async function address(from: Running, but = ''): Promise<string> {
  const line = await from.line(new RegExp(`"address":"(?!${but || 'none'}")[^"]+".*"health served"`));
  return (JSON.parse(line) as { address: string }).address;
}

async function metric(at: string, name: string): Promise<string[]> {
  const text = await (await fetch(`${at}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(`genesys_gitops_${name}`));
}

async function stopped({ child, finished }: Running): Promise<string> {
  child.kill('SIGTERM');
  const { code, stderr } = await finished;
  expect(code).toBe(0);
  return stderr;
}

test('a changed configuration is taken into use; a bad one is told with its places, and changes nothing', async () => {
  const config = configure();
  const good = readFileSync(config, 'utf8');
  const daemon = start(['run', '-c', config]);
  const at = await address(daemon);
  await daemon.line(/"run finished"/);

  writeFileSync(config, good.replace('"targets"', '"tragets"'));
  const problem = JSON.parse(await daemon.line(/"problem in the configuration"/)) as { place: object };
  expect(problem.place).toMatchObject({ path: 'genesys-gitops.yaml', line: 7, column: 3 });
  await daemon.line(/"configuration refused, the one in force stays"/);
  expect(await metric(at, 'config_last_reload_successful')).toEqual(['genesys_gitops_config_last_reload_successful 0']);
  writeFileSync(config, good);
  await daemon.line(/"the configuration is again the one that is in force"/);
  writeFileSync(config, good.replace('"name": "test"', '"name": "test", "schedule": "every now and then"'));
  await daemon.line(/is not a cron expression.*"configuration refused/);

  // The same in other words is no change.
  writeFileSync(config, `# a comment\n${good}\n`);
  writeFileSync(config, good.replace('"name": "test"', '"name": "other", "schedule": "* * * * * *"'));
  await daemon.line(/"target":"other".*"run finished"/);
  expect(await metric(at, 'config_last_reload_successful')).toEqual(['genesys_gitops_config_last_reload_successful 1']);
  expect(await metric(at, 'config_reloads_total{result="applied"}')).toEqual([
    'genesys_gitops_config_reloads_total{result="applied"} 1',
  ]);
  expect(await (await fetch(`${at}/metrics`)).text()).not.toContain('target="test"');
  expect(await (await fetch(`${at}/readyz`)).json()).toMatchObject({ status: 'ready', targets: ['other'] });
  expect((await stopped(daemon)).match(/a new loop begins/g)).toHaveLength(1);
});

test('a secret that Kubernetes swaps is picked up', async () => {
  const swap = (name: string, secret: string): void => {
    mkdirSync(path.join(dir.path, 'secret', name), { recursive: true });
    writeFileSync(path.join(dir.path, 'secret', name, 'client-secret'), secret);
    symlinkSync(name, path.join(dir.path, 'secret/..data_tmp'));
    renameSync(path.join(dir.path, 'secret/..data_tmp'), path.join(dir.path, 'secret/..data'));
  };
  swap('..2026_01', 'not-the-secret');
  symlinkSync('..data/client-secret', path.join(dir.path, 'secret/client-secret'));
  const daemon = start(['run', '-c', configure({ clientSecret: { fromFile: './secret/client-secret' } })]);
  await daemon.line(/"AuthenticationFailed"/);
  swap('..2026_02', 'sandbox-secret');
  await daemon.line(/"run finished"/);
  expect(await stopped(daemon)).not.toMatch(/not-the-secret|sandbox-secret/);
});

test('another address to listen at: the new one answers, the old one does not; a busy one is told', async () => {
  const config = configure();
  const daemon = start(['run', '-c', config]);
  const old = await address(daemon);
  await daemon.line(/"run finished"/);
  configure({}, { listen: 'localhost:0' });
  const now = await address(daemon, old);
  expect((await fetch(`${now}/healthz`)).status).toBe(200);
  await expect.poll(() => fetch(`${old}/healthz`).catch(() => 'refused')).toBe('refused');
  configure({}, { listen: sandbox.url.slice('http://'.length) });
  await daemon.line(/"cannot listen there, the old address stays"/);
  expect((await fetch(`${now}/healthz`)).status).toBe(200);
});

test('a reload in the middle of a write: it gets its answer, and nothing is made twice', async () => {
  sandbox.addFault({
    when: { method: 'POST', path: '/api/v2/integrations/actions', nth: 2 },
    then: { delayMs: 1_500 },
  });
  const daemon = start(['run', '-c', configure({}), '--log-level', 'debug']);
  await daemon.line(/"change applied"/);
  configure({ schedule: '*/10 * * * * *' });
  await daemon.line(/a new loop begins/);
  await daemon.line(/"status":"succeeded".*"run finished"/);
  const names = sandbox.state.actions().map(({ name }) => name);
  expect(names.length).toBe(new Set(names).size);
  expect(await stopped(daemon)).not.toMatch(/Unsettled/);
});

test('credentials with a permission that was missing: what stalled for it is done at once', async () => {
  sandbox.state.takePermissions('sandbox-daemon', 'integrations:action:add');
  const clientId = { fromFile: dir.write('client-id', 'sandbox-daemon') };
  const daemon = start(['run', '-c', configure({ clientId, schedule: '0 0 1 1 *' })]);
  await daemon.line(/"status":"failed".*"run finished"/);
  expect(sandbox.state.actionNamed('Get Customer')).toBeUndefined();
  dir.write('client-id', 'sandbox-admin');
  await daemon.line(/"status":"succeeded".*"run finished"/);
  expect(sandbox.state.actionNamed('Get Customer')).toBeDefined();
});
