import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { demoSeed, type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { cli, type Folder, folder } from './support/cli.ts';

let sandbox: Sandbox;
let dir: Folder;
beforeEach(async () => {
  sandbox = await startSandbox({ rateLimit: 100_000, seed: demoSeed, activationMs: 1 });
  dir = folder();
});
afterEach(async () => {
  await sandbox.close();
  dir.remove();
});

describe('validate', () => {
  test('a valid repository is valid in each of its environments', async () => {
    const { code, stdout } = await cli(['validate', dir.example('repo')]);
    expect(stdout.trim()).toBe('valid: 14 resources in 3 environments (orders, prod, staging)');
    expect(code).toBe(0);
  });

  test('problems are told all at once, with place and line; exit 1', async () => {
    const repo = dir.example('repo');
    dir.write(
      'repo/timeouts/genesys.yaml',
      'apiVersion: genesys-gitops/v1\nkind: Timeout\nmetadata: { name: genesys }\nspec: { integration: X, timeoutSeconds: 61 }\n',
    );
    dir.write('repo/bad.yaml', 'apiVersion: genesys-gitops/v1\nkind: DataActoin\nmetadata: { name: x }\nspec: {}\n');
    const { code, stdout } = await cli(['validate', repo]);
    expect(stdout).toMatch(/bad\.yaml:2:7: unknown-kind: .*DataAction/);
    expect(stdout).toMatch(/timeouts\/genesys\.yaml:4:\d+: schema: .*60/);
    expect(code).toBe(1);
    const json = await cli(['validate', repo, '--output', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      valid: false,
      problems: [{ code: 'unknown-kind' }, { code: 'schema' }],
    });
  });

  test('of an environment that is not there only the problem is told', async () => {
    const { code, stdout } = await cli(['validate', dir.example('repo'), '--environment', 'prodd']);
    expect(stdout).toContain('environment-not-found');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 problem');
    expect(code).toBe(1);
  });
});

describe('plan and apply', () => {
  test('plan tells, apply does, plan is empty, and what is held or changed has its exit code', async () => {
    const config = dir.config(sandbox.url, { path: dir.example('repo') });
    const planned = await cli(['plan', '-c', config, '--exit-code']);
    expect(planned.stdout).toContain('Plan: 11 to create, 1 to update, 0 to delete, 0 unchanged.');
    expect(planned.stdout).toContain('warning deletions-unknown');
    expect(planned.code).toBe(2);
    expect(sandbox.state.actionNamed('Get Customer')).toBeUndefined();

    const applied = await cli(['apply', '-c', config]);
    expect(applied.stdout).toMatch(/Applied: 12 changes, in \d+ requests\./);
    expect(applied.code).toBe(0);
    expect(sandbox.state.actionNamed('Update Case')!.config.timeoutSeconds).toBe(30);

    const again = await cli(['plan', '-c', config, '--exit-code', '--output', 'json']);
    const [entry] = JSON.parse(again.stdout) as [Record<string, unknown>];
    expect(entry).toMatchObject({ target: 'test', changes: [], held: [], summary: { unchanged: 12 } });
    expect(Object.keys(entry)).toEqual(expect.arrayContaining(['revision', 'unchanged', 'warnings']));
    expect(again.code).toBe(0);

    rmSync(path.join(dir.path, 'repo/timeouts/crm.yaml'));
    rmSync(path.join(dir.path, 'repo/actions/update-case.yaml'));
    dir.config(sandbox.url, { path: 'repo' }, { policy: { prune: false } });
    const held = await cli(['apply', '-c', config, '--output', 'json']);
    const [report] = JSON.parse(held.stdout) as [{ held: unknown[]; outcomes: unknown[] }];
    expect(report).toMatchObject({ held: [{ action: 'delete', reason: 'PruneDisabled' }], outcomes: [] });
    expect(held.code).toBe(3);

    const status = await cli(['status', '-c', config, '--output', 'json']);
    expect(JSON.parse(status.stdout)).toMatchObject([
      {
        target: 'test',
        conditions: expect.arrayContaining([
          expect.objectContaining({ type: 'Ready', status: 'False', reason: 'PruneDisabled' }),
        ]),
      },
    ]);
  });

  test('markdown is for pull requests', async () => {
    const config = dir.config(sandbox.url, { path: dir.example('repo') });
    const { stdout } = await cli(['plan', '-c', config, '--output', 'markdown', '--only', 'DataAction/get-customer']);
    expect(stdout).toContain('| **create** | DataAction/get-customer |');
    expect(stdout).not.toContain('update-case');
  });

  test.each([
    ['wrong credentials', { clientId: 'nobody' }, 1, /AuthenticationFailed/],
    ['another organisation', { organization: 'Acme' }, 1, /WrongOrganization.*"Acme".*"Sandbox"/],
    [
      'an address where nobody listens',
      { apiUrl: 'http://127.0.0.1:1', loginUrl: 'http://127.0.0.1:1' },
      4,
      /NetworkError/,
    ],
    ['an environment that is not there', { environment: 'prdo' }, 1, /environment-not-found.*prod/],
  ])('%s', async (_what, target, code, message) => {
    const config = dir.config(sandbox.url, { path: dir.example('repo') }, target);
    const result = await cli(['apply', '-c', config]);
    expect(result.stdout + result.stderr).toMatch(message);
    expect(result.code).toBe(code);
    expect(sandbox.state.actionNamed('Get Customer')).toBeUndefined();
    expect(result.stdout + result.stderr).not.toContain('sandbox-secret');
  });

  test('a secret reaches Genesys, and nothing else', async () => {
    dir.write(
      'repo/a.yaml',
      `apiVersion: genesys-gitops/v1
kind: DataAction
metadata: { name: a }
spec:
  integration: Web Services Data Actions
  contract: { input: { inputSchema: { type: object, properties: {} } }, output: { successSchema: { type: object, properties: {} } } }
  config: { request: { requestUrlTemplate: "https://example.com", requestType: GET, headers: { X-Api-Key: { secret: crmKey } } } }
`,
    );
    const grants = { environment: undefined, secrets: { crmKey: { fromEnv: 'CRM_KEY' } } };
    const config = dir.config(sandbox.url, { path: 'repo' }, grants);
    const env = { CRM_KEY: 'the-key-of-the-crm' };
    const applied = await cli(['apply', '-c', config, '--output', 'json', '--log-level', 'debug'], env);
    expect(applied.code).toBe(0);
    expect(sandbox.state.actionNamed('a')!.config.request!.headers).toEqual({ 'X-Api-Key': 'the-key-of-the-crm' });
    const rotated = await cli(['plan', '-c', config], { CRM_KEY: 'the-next-key' });
    expect(rotated.stdout).toContain('~ update DataAction/a');
    const said = applied.stdout + applied.stderr + rotated.stdout;
    expect(said).toContain('(sensitive, hmac:');
    const kept = ['', '-wal'].map((suffix) => readIfThere(path.join(dir.path, `var/journal.db${suffix}`))).join('');
    for (const text of [said, kept]) expect(text).not.toMatch(/the-key-of-the-crm|the-next-key|sandbox-secret/);

    dir.config(sandbox.url, { path: 'repo' }, { environment: undefined });
    const ungranted = await cli(['plan', '-c', config]);
    expect(ungranted.stdout).toMatch(/a\.yaml:7:\d+: secret-not-granted/);
    expect(ungranted.code).toBe(1);
  });

  test("a mistake in the call or in the daemon's file is said in a sentence", async () => {
    const config = dir.config(sandbox.url, { path: 'repo' }, {}, { jurnal: 'x' });
    const result = await cli(['plan', '-c', config]);
    expect(result.stderr).toMatch(/unknown-field.*journal/s);
    expect(result.code).toBe(1);
    const target = await cli(['plan', '-c', dir.config(sandbox.url, { path: 'repo' }), '--target', 'tset']);
    expect(target.stderr).toContain('did you mean "test"');
  });
});

describe('export', () => {
  test('what it writes plans as no change, in a journal that knows nothing', async () => {
    const config = dir.config(sandbox.url, { path: dir.example('repo') });
    await cli(['apply', '-c', config]);
    const secret = sandbox.state.actionNamed('Get Customer')!;
    sandbox.state.editAction(secret.id, {
      config: {
        ...secret.config,
        request: { ...secret.config.request, headers: { Authorization: 'Bearer hunter2', 'X-Q': 'jQuery $(x) $$(y)' } },
      },
    });
    const out = path.join(dir.path, 'exported');
    const exported = await cli(['export', '-c', config, '--out', out]);
    expect(exported.code).toBe(0);
    expect(exported.stderr).toContain('get-customer-authorization: { fromFile: ... }');
    const grants = { secrets: { 'get-customer-authorization': { fromEnv: 'TOKEN' } }, environment: undefined };
    const fresh = dir.config(sandbox.url, { path: out }, grants, { journal: './var/other.db' });
    const plan = await cli(['plan', '-c', fresh, '--exit-code'], { TOKEN: 'Bearer hunter2' });
    expect(plan.stdout).toContain('0 to create, 0 to update, 0 to delete, 15 unchanged');
    expect(plan.code).toBe(0);
    const again = await cli(['export', '-c', config, '--out', out]);
    expect(again.stderr).toContain('is not empty');
    expect(again.code).toBe(1);
  });
});

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
