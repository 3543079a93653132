import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { cli, type Folder, folder } from './support/cli.ts';

/** Real exports from public blueprints. They are not part of the project; where they are absent, made ones stand in. */
const shared = path.resolve(import.meta.dirname, '../../shared/samples/data-actions');
const own = path.resolve(import.meta.dirname, '../config-repo-example/actions/exports');
const samples = existsSync(shared) ? shared : own;

const integrations: Record<string, string> = {
  'purecloud-data-actions': 'Genesys Cloud Data Actions',
  'custom-rest-actions': 'Web Services Data Actions',
  'salesforce-datadip': 'Salesforce',
};

let sandbox: Sandbox;
let dir: Folder;
beforeEach(async () => {
  sandbox = await startSandbox({
    rateLimit: 100_000,
    seed: { integrations: [{ name: 'Salesforce', type: 'salesforce-datadip' }] },
  });
  dir = folder();
});
afterEach(async () => {
  await sandbox.close();
  dir.remove();
});

/** One document for each export, named for its file: several of them have one name. */
function writeRepository(files: readonly string[]): void {
  mkdirSync(path.join(dir.path, 'repo/exports'), { recursive: true });
  for (const [i, file] of files.entries()) {
    copyFileSync(path.join(samples, file), path.join(dir.path, 'repo/exports', file));
    const { integrationType = 'purecloud-data-actions' } = JSON.parse(
      readFileSync(path.join(samples, file), 'utf8'),
    ) as { integrationType?: string };
    const spec = { integration: integrations[integrationType], file: `exports/${file}`, ...duplicate(files, file) };
    const document = { apiVersion: 'genesys-gitops/v1', kind: 'DataAction', metadata: { name: `sample-${i}` }, spec };
    dir.write(`repo/sample-${i}.yaml`, JSON.stringify(document));
  }
}

const nameOf = (file: string): string =>
  (JSON.parse(readFileSync(path.join(samples, file), 'utf8')) as { name: string }).name.replace(/ - Exported .*/, '');

/** Two of the samples are the same action: the second one gets a name of its own. */
function duplicate(files: readonly string[], file: string): { name?: string } {
  const first = files.find((other) => nameOf(other) === nameOf(file));
  return first === file ? {} : { name: `${nameOf(file)} (${files.indexOf(file)})` };
}

test('every export applies as it is, plans as no change, and so does its own export', async () => {
  const files = readdirSync(samples).filter((file) => !file.includes('customAuth'));
  expect(files.length).toBeGreaterThan(0);
  writeRepository(files);
  const config = dir.config(sandbox.url, { path: 'repo' }, { environment: undefined });
  const applied = await cli(['apply', '-c', config, '--output', 'json']);
  expect(applied.stderr).toBe('');
  const [report] = JSON.parse(applied.stdout) as [{ problems: unknown[]; outcomes: { status: string }[] }];
  expect(report.problems).toEqual([]);
  expect(report.outcomes.map(({ status }) => status)).toEqual(files.map(() => 'applied'));
  for (const file of files) {
    const { config: wanted } = JSON.parse(readFileSync(path.join(samples, file), 'utf8')) as { config: object };
    const name = duplicate(files, file).name ?? nameOf(file);
    expect(sandbox.state.actionNamed(name)!.config).toMatchObject(wanted);
  }

  const again = await cli(['plan', '-c', config, '--exit-code']);
  expect(again.stdout).toContain(`Plan: 0 to create, 0 to update, 0 to delete, ${files.length} unchanged.`);
  expect(again.code).toBe(0);

  const out = path.join(dir.path, 'exported');
  expect((await cli(['export', '-c', config, '--out', out])).code).toBe(0);
  const fresh = dir.config(sandbox.url, { path: out }, { environment: undefined }, { journal: './var/other.db' });
  const plan = await cli(['plan', '-c', fresh, '--exit-code']);
  expect(plan.stdout).toContain(`Plan: 0 to create, 0 to update, 0 to delete, ${files.length} unchanged.`);
  expect(plan.code).toBe(0);
});

test('a custom authentication action is refused by name', async () => {
  const auth = {
    name: 'Office 365 (Auth)',
    integrationType: 'custom-rest-actions',
    actionType: 'customAuth',
    config: { request: {}, response: {} },
    contract: { input: {}, output: {} },
  };
  dir.write('repo/exports/auth.customAuth.json', JSON.stringify(auth));
  dir.write(
    'repo/auth.yaml',
    'apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: auth }\nspec:\n  integration: Web Services Data Actions\n  file: exports/auth.customAuth.json\n',
  );
  const { code, stdout } = await cli(['validate', path.join(dir.path, 'repo')]);
  expect(stdout).toMatch(/auth\.yaml:6:9: custom-auth-action: .*Office 365 \(Auth\)/);
  expect(code).toBe(1);
});

test('an export is checked as a document is: bounds, types, and no secret by the back door', async () => {
  const config = {
    timeoutSeconds: 9999.5,
    bogus: 1,
    request: { requestUrlTemplate: 5, requestType: 'TRACE', headers: { X: { secret: 'crm' } } },
    response: {},
  };
  const contract = { input: { inputSchema: {} }, output: { successSchema: [] } };
  dir.write('repo/exports/x.json', JSON.stringify({ name: 'X', config, contract }, null, 1));
  dir.write(
    'repo/x.yaml',
    'apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: x }\nspec: { integration: I, file: exports/x.json }\n',
  );
  const { code, stdout } = await cli(['validate', path.join(dir.path, 'repo'), '--output', 'json']);
  const { problems } = JSON.parse(stdout) as {
    problems: { code: string; message: string; place: { path: string; line: number } }[];
  };
  expect(
    problems.map(({ code: of, message, place }) => `${place.path}:${place.line} ${of} ${message.split(' ')[0]}`),
  ).toEqual([
    'exports/x.json:4 export-invalid config.timeoutSeconds',
    'exports/x.json:7 export-invalid config.request.requestUrlTemplate',
    'exports/x.json:8 export-invalid config.request.requestType',
    'exports/x.json:9 export-invalid config.request.headers',
    'exports/x.json:22 export-invalid contract.output.successSchema',
  ]);
  expect(code).toBe(1);
});

test('an export for another type of integration is a problem', async () => {
  writeRepository([
    readdirSync(samples).find((file) =>
      readFileSync(path.join(samples, file), 'utf8').includes('purecloud-data-actions'),
    )!,
  ]);
  const text = readFileSync(path.join(dir.path, 'repo/sample-0.yaml'), 'utf8');
  dir.write('repo/sample-0.yaml', text.replace('Genesys Cloud Data Actions', 'Salesforce'));
  const { code, stdout } = await cli([
    'plan',
    '-c',
    dir.config(sandbox.url, { path: 'repo' }, { environment: undefined }),
  ]);
  expect(stdout).toMatch(
    /sample-0\.yaml:1:\d+: integration-type-mismatch: .*purecloud-data-actions.*salesforce-datadip/,
  );
  expect(code).toBe(1);
});
