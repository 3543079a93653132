import { expect, test } from 'vitest';
import type { Sandbox } from '../src/sandbox/index.ts';
import type { Folder, Running } from './support/cli.ts';
import { useSandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let dir: Folder;
let daemon: Running;
const { start } = useSandbox((made) => {
  ({ sandbox, dir } = made);
});

async function run(target: object = {}): Promise<string> {
  daemon = start(['run', '-c', dir.config(sandbox.url, { path: 'repo' }, target)]);
  return (JSON.parse(await daemon.line(/"health served"/)) as { address: string }).address;
}

async function ask(url: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(url);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test('ready once a revision was read, whether Genesys answers or not; well all the time', async () => {
  await sandbox.close();
  const at = await run();
  await daemon.line(/"source unavailable/);
  expect(await ask(`${at}/readyz`)).toMatchObject({ status: 503, body: { status: 'not ready', journal: 'ok' } });
  expect((await ask(`${at}/healthz`)).status).toBe(200);
  dir.write('repo/actions/bad.yaml', 'kind: Nonsense\n');
  await daemon.line(/"revision refused/);
  expect((await ask(`${at}/readyz`)).status).toBe(503);
  dir.write('repo/actions/bad.yaml', '');
  dir.write(
    'repo/environments/prod.yaml',
    'apiVersion: genesys-gitops/v1\nkind: Environment\nmetadata: { name: prod }\n',
  );
  await daemon.line(/"NetworkError".*"reconciliation failed"/);
  const { status, body } = await ask(`${at}/readyz`);
  expect([status, body]).toMatchObject([200, { status: 'ready', revision: expect.stringMatching(/^folder@sha256:/) }]);
  expect((await ask(`${at}/healthz`)).body).toEqual({ status: 'ok', targets: ['test'] });
}, 30_000);

test('metrics of a run over real connections, and no label of unbounded values', async () => {
  dir.actions('repo');
  const before = sandbox.state.actions().length;
  const at = await run();
  await daemon.line(/"run finished"/);
  // The run is measured when it has been told of.
  await expect.poll(async () => (await fetch(`${at}/metrics`)).text()).toContain('reconcile_total{');
  const answer = await fetch(`${at}/metrics`);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await answer.text();
  const made = sandbox.state.actions().length - before;
  for (const line of [
    'genesys_gitops_reconcile_total{target="test",status="succeeded",reason="ReconciliationSucceeded"} 1',
    'genesys_gitops_reconcile_condition{target="test",type="Ready",status="True"} 1',
    'genesys_gitops_consecutive_failures{target="test"} 0',
    'genesys_gitops_suspend_status{target="test"} 0',
    'genesys_gitops_circuit_state{target="test",state="closed"} 1',
    'genesys_gitops_token_requests_total{target="test"} 1',
    'genesys_gitops_source_polls_total{result="new"} 1',
    `genesys_gitops_changes_total{target="test",action="create",status="applied"} ${made}`,
    `genesys_gitops_planned_changes{target="test",action="create"} ${made}`,
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).toMatch(
    /requests_total\{target="test",method="POST",route="\/api\/v2\/integrations\/actions",status="200"\}/,
  );
  expect(text).toMatch(/rate_budget_left\{target="test"\} \d+/);
  expect(text).toMatch(/build_info\{version="\d+\.\d+\.\d+",node="v\d+/);
  // An object's id, a revision or a run's id would make a series of its own for each.
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|sha256|sandbox-secret/);
});
