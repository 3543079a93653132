import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Sandbox } from '../src/sandbox/index.ts';
import { cli, type Folder } from './support/cli.ts';
import { useSandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let dir: Folder;
const { start } = useSandbox((made) => {
  ({ sandbox, dir } = made);
});

const ours = (): string => sandbox.state.flowNamed('inboundCall', 'Customer Lookup')!.id;
const published = (): string => sandbox.state.exportText(ours(), 'published');

test('a flow that somebody published by hand is healed; a draft that is only saved is left alone and mentioned', async () => {
  dir.example('repo');
  const config = dir.config(sandbox.url, { path: 'repo' }, { schedule: '* * * * * *' });
  const daemon = start(['run', '-c', config, '--log-level', 'info']);
  await daemon.line(/"msg":"run finished"/);
  const before = published();

  sandbox.state.editFlow(ours(), (yaml) => yaml.replace('en-us', 'de-de'));
  expect(published()).not.toBe(before);
  await daemon.line(/"cause":"drift","status":"applied"/);
  expect(published()).toBe(before);

  sandbox.state.editFlow(ours(), (yaml) => yaml.replace('en-us', 'fr-fr'), { publish: false });
  const runs = sandbox.state.flowJobs().length;
  const plan = await cli(['plan', '-c', config]);
  expect(plan.stdout).toMatch(/warning.* work-in-progress: .*"Customer Lookup".*not published over/);
  expect(plan.stdout).toContain('0 to update');
  expect(
    sandbox.state
      .flowJobs()
      .slice(runs)
      .filter(({ kind }) => kind === 'publish'),
  ).toEqual([]);
  expect(sandbox.state.flow(ours())!.saved).not.toBe(sandbox.state.flow(ours())!.published);
});

test('what is exported validates, and plans as no change', async () => {
  const config = dir.config(
    sandbox.url,
    { path: 'exported' },
    { environment: undefined },
    { journal: './other/journal.db' },
  );
  const out = path.join(dir.path, 'exported');
  const exported = await cli(['export', '-c', config, '--out', out]);
  expect([exported.code, exported.stderr.includes('flow')]).toEqual([0, false]);
  expect(readFileSync(path.join(out, 'flow/callback-offer.architect.yaml'), 'utf8')).toContain('Callback Offer');
  const valid = await cli(['validate', out]);
  expect([valid.code, valid.stdout]).toEqual([0, expect.stringMatching(/valid/)]);
  const applied = await cli(['apply', '-c', config]);
  expect(applied.stdout).toMatch(/0 to create, 0 to update, 0 to delete/);
  expect(sandbox.state.flowJobs().filter(({ kind }) => kind === 'publish')).toEqual([]);
});

test('plan --validate-flows tells what Genesys says of the live flows, and that it is not about the files', async () => {
  dir.example('repo');
  const config = dir.config(sandbox.url, { path: 'repo' });
  await cli(['apply', '-c', config]);
  sandbox.addFault({
    when: { method: 'POST', path: '/api/v2/flows/validate/jobs' },
    then: { job: { status: 'Failure', messages: [{ type: 'Error', text: 'The queue Support is gone' }] } },
  });
  const plan = await cli(['plan', '-c', config, '--validate-flows']);
  expect(plan.code).toBe(0);
  expect(plan.stdout).toMatch(
    /found-by-genesys: Genesys on the live flow "[^"]+", not on the file: error: The queue Support is gone/,
  );
});
