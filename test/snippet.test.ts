import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { snippetIn } from '../src/objects/web-messaging-deployment/snippet.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { cli, folder } from './support/cli.ts';

const dir = folder();
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ activationMs: 1 });
  sandbox.state.seedWebConfiguration({ name: 'Store' });
  sandbox.state.seedWebDeployment({ name: 'Acme Shop', configuration: 'Store', allowAllDomains: true });
  sandbox.state.seedWebDeployment({ name: 'Old Shop', configuration: 'Store', status: 'Inactive' });
});
afterAll(async () => {
  await sandbox.close();
  dir.remove();
});

const document = (handle: string, name: string): string =>
  JSON.stringify({
    apiVersion: 'genesys-gitops/v1',
    kind: 'WebMessagingDeployment',
    metadata: { name: handle },
    spec: { name, configuration: 'Store' },
  });

test('by handle, live name or id: the snippet alone on stdout', async () => {
  const file = dir.write('repo/shop.yaml', document('shop', 'Acme Shop'));
  const config = dir.config(sandbox.url, { path: 'repo' }, { environment: undefined });
  const { id } = sandbox.state.webDeploymentNamed('Acme Shop')!;
  const ask = async (...names: string[]): Promise<void> => {
    for (const { code, stdout, stderr } of await Promise.all(
      names.map((name) => cli(['snippet', name, '-c', config])),
    )) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^<script [\s\S]*<\/script>\n$/);
      expect(stdout).toContain(id);
    }
  };
  await ask('shop', 'Acme Shop', id);
  expect((await cli(['apply', '-c', config])).code).toBe(0);
  // What is managed is known by its handle without the repository.
  rmSync(file);
  await ask('WebMessagingDeployment/shop');
});

test('one that is off is said so; one that is not there has a nearest name; several targets need one', async () => {
  const config = dir.config(sandbox.url, { path: 'repo' }, { environment: undefined });
  const off = await cli(['snippet', 'Old Shop', '-c', config]);
  expect(off.stderr).toBe('"Old Shop" is Inactive: pages get no messenger until it is Active\n');
  const none = await cli(['snippet', 'Acme Shap', '-c', config]);
  expect({ code: none.code, stdout: none.stdout }).toEqual({ code: 1, stdout: '' });
  expect(none.stderr).toBe(
    'ReferenceNotFound: there is no web messaging deployment "Acme Shap" in the organisation of target "test" (did you mean "Acme Shop"?)\n',
  );
  const first = JSON.parse(readFileSync(config, 'utf8')) as { targets: object[] };
  const two = dir.write(
    path.basename(config),
    JSON.stringify({ ...first, targets: [...first.targets, { ...first.targets[0], name: 'other' }] }),
  );
  const both = await cli(['snippet', 'shop', '-c', two]);
  expect(both.stderr).toContain('a snippet belongs to one organisation; add --target with one of: test, other');
});

test('what a terminal would obey or hide is left out of it, and said', async () => {
  const config = dir.config(sandbox.url, { path: 'repo' }, { environment: undefined });
  const { id } = sandbox.state.webDeploymentNamed('Old Shop')!;
  const snippet = '<script>\r\n\t\u001b]0;owned\u0007\u001b[2Jx()\u202e\u200b;\n</script>';
  const path = `/api/v2/webdeployments/deployments/${id}`;
  const body = JSON.stringify({ id, name: 'a\u061c\u200d\u2060b', status: 'x\ufeff\u{e0041}\u180e', snippet });
  sandbox.addFault({ when: { method: 'GET', path, times: 1 }, then: { instead: { status: 200, body } } });
  expect(await cli(['snippet', id, '-c', config])).toMatchObject({
    code: 0,
    stdout: '<script>\n\t]0;owned[2Jx();\n</script>\n',
    stderr:
      '5 control or invisible characters of the snippet that Genesys tells were left out; look at it before you paste it\n' +
      '"a\\u061c\\u200d\\u2060b" is x\\ufeff\\u{e0041}\\u180e: pages get no messenger until it is Active\n',
  });
});

test('where Genesys tells none, it is made of region and id', () => {
  expect(snippetIn({ id: 'x', snippet: '<script/>' }, undefined)).toBe('<script/>');
  for (const [domain, environment] of [
    ['mypurecloud.ie', 'prod-euw1'],
    ['usw2.pure.cloud', 'prod-usw2'],
  ]) {
    const made = snippetIn({ id: 'x' }, domain);
    expect(made).toContain(`'https://apps.${domain}/genesys-bootstrap/genesys.min.js'`);
    expect(made).toContain(`environment: '${environment}',\n    deploymentId: 'x'`);
  }
  expect(snippetIn({ id: 'x' }, undefined)).toBeUndefined();
  expect(snippetIn({ id: 'x' }, 'use2.us-gov-pure.cloud')).toBeUndefined();
});
