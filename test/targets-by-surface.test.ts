import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesOf } from '../src/app/daemon-files.ts';
import { type App, checkForTargets, loadDaemonConfig, openApp } from '../src/app.ts';
import { silent } from '../src/model/log.ts';
import { kinds } from '../src/objects/kinds.ts';
import { fixtures } from '../src/objects/web-chat-configuration/fixture.ts';
import { tutorialIds as ids, type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { type Folder, folder } from './support/cli.ts';

let sandbox: Sandbox;
let dir: Folder;
const apps: App[] = [];
beforeEach(async () => {
  sandbox = await startSandbox({
    rateLimit: 1_000_000,
    surfaces: ['tutorial'],
    quirks: ['oauth-scope-strict'],
    tutorial: { featureFlags: ['enableFileUpload'] },
  });
  dir = folder();
  dir.write('repo/gateway.yaml', document('ExternalApplication', { id: '$(app)', timeoutMs: 5000 }));
  dir.write('repo/crm.yaml', document('Timeout', { integration: 'CRM', timeoutSeconds: 5 }));
  dir.write('repo/environments/acme.yaml', environment({ variables: { app: 'none' }, exclude: ['Timeout/*'] }));
  dir.write('repo/environments/prod.yaml', environment({ exclude: ['ExternalApplication/*'] }));
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await sandbox.close();
  dir.remove();
});

const document = (kind: string, spec: object): string =>
  JSON.stringify({
    apiVersion: kind === 'Timeout' ? 'genesys-gitops/v1' : 'tutorial.genesys-gitops/v1',
    kind,
    metadata: { name: 'one' },
    spec,
  });
const environment = (body: object): string =>
  JSON.stringify({ apiVersion: 'genesys-gitops/v1', kind: 'Environment', ...body });
const env = {
  GENESYS_CLIENT_ID: 'sandbox-daemon',
  GENESYS_CLIENT_SECRET: 'sandbox-secret',
  GENESYS_EXTERNAL_APP_ID: ids.application,
};

async function loaded(more: object = {}) {
  const acme = {
    ...{ name: 'acme', environment: 'acme', organization: 'Sandbox', surfaces: ['tutorial'], apiUrl: sandbox.url },
    variables: { app: { fromEnv: 'GENESYS_EXTERNAL_APP_ID' } },
    ...more,
  };
  const prod = {
    ...{ name: 'prod', environment: 'prod', organization: 'O', region: 'mypurecloud.ie', clientId: 'c' },
    clientSecret: { fromEnv: 'S' },
  };
  const file = dir.config('', { path: 'repo' }, {}, { targets: [acme, prod] });
  const read = await loadDaemonConfig(file);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return { config: read.config, file };
}

async function open(more: object = {}, variables: Record<string, string> = env): Promise<App> {
  const app = await openApp({ ...(await loaded(more)), log: silent, env: variables });
  apps.push(app);
  return app;
}

const apply = (app: App) => app.reconcile(app.config.targets[0]!, { mode: 'apply' });

test('a target of one surface: credentials from the environment, scopes of its kinds, variables of its own', async () => {
  const app = await open();
  const { outcomes } = await apply(app);
  expect(outcomes).toMatchObject([{ status: 'applied', object: { id: ids.application } }]);
  expect(sandbox.state.externalApplication(ids.application)?.timeout).toBe(5000);
  const { engine } = await app.connect(app.config.targets[0]!);
  expect(engine.kinds.map(({ surface }) => surface)).not.toContain('platform');
  expect(engine.types.map(({ surface }) => surface)).not.toContain('platform');
});

test('it asks for the scopes of all its kinds, or for those that it names', async () => {
  sandbox.state.takeScopes('sandbox-daemon', 'task:write');
  await expect(apply(await open())).rejects.toThrow(/task:write/);
  const scopes = [...(kinds.find(({ name }) => name === 'ExternalApplication')?.scopes ?? [])];
  expect((await apply(await open({ scopes }))).outcomes).toMatchObject([{ status: 'applied' }]);
});

test('what its file or its environment lacks is told by name', async () => {
  await expect(apply(await open({}, {}))).rejects.toThrow(
    'target "acme": a variable has no value: "app": the environment variable GENESYS_EXTERNAL_APP_ID is not set',
  );
  const { GENESYS_CLIENT_ID: _id, ...rest } = env;
  await expect(apply(await open({}, rest))).rejects.toThrow(
    /no clientId, and the environment variable GENESYS_CLIENT_ID/,
  );
});

test('what Genesys finds wrong with a field is told at its line; an organisation that is not allowed, before', async () => {
  const [id] = ids.webChats;
  const spec = { ...fixtures[0]!.example, organizations: [id], replicateTo: undefined };
  dir.write('repo/chat.yaml', document('WebChatConfiguration', spec).replace('"enableRichText"', '\n"enableFlying"'));
  await expect(apply(await open())).rejects.toMatchObject({
    desired: { problems: [{ code: 'organization-not-allowed', place: { path: 'chat.yaml' } }] },
  });
  const { outcomes } = await apply(await open({ organizations: [id] }));
  const failed = outcomes.find(({ status }) => status === 'failed');
  expect(failed?.faults).toMatchObject([{ place: { path: 'chat.yaml', line: 2, column: 16 } }]);
});

test('a variable in a file: another value is another reading, and the file is watched', async () => {
  const value = dir.write('app-id', `${ids.application}\n`);
  const app = await open({ variables: { app: { fromFile: 'app-id' } } });
  expect(filesOf(app.config, `${dir.path}/daemon.yaml`)).toContain(value);
  expect((await apply(app)).desired.resources[0]?.spec['id']).toBe(ids.application);
  dir.write('app-id', 'another');
  const read = await apply(app);
  expect(read.desired.resources[0]?.spec['id']).toBe('another');
});

test('documents are checked as each target reads them', async () => {
  const { config, file } = await loaded({ variables: { app: 'x' } });
  expect(await checkForTargets({ config, file, folder: undefined }, config.targets)).toMatchObject({
    ...{ resources: 1, environments: ['acme', 'prod'], problems: [] },
  });
  dir.write('repo/environments/prod.yaml', environment({}));
  const { problems } = await checkForTargets({ config, file, folder: undefined }, config.targets);
  // Without a target's variable the document cannot be read, but it is not to be.
  expect(problems.map(({ code, resource }) => `${code} ${resource}`)).toEqual([
    'surface-not-enabled ExternalApplication/one',
  ]);
});
