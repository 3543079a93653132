import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import { cli, type Folder, folder } from './support/cli.ts';
import { config, contract, webServices } from './support/world.ts';

let sandboxes: Sandbox[];
let dir: Folder;
beforeEach(async () => {
  sandboxes = await Promise.all(['Staging', 'Prod'].map((orgName) => startSandbox({ rateLimit: 1_000_000, orgName })));
  dir = folder();
  const spec = { integration: webServices, contract: contract(), config: config() };
  const document = { apiVersion: 'genesys-gitops/v1', kind: 'DataAction', metadata: { name: 'a' }, spec };
  dir.write('repo/a.yaml', JSON.stringify(document));
});
afterEach(async () => {
  await Promise.all(sandboxes.map((one) => one.close()));
  dir.remove();
});

/** `prod` stands first, and follows. */
function configured(soak: string): string {
  const targets = sandboxes.map(({ url, org }, i) => ({
    name: ['staging', 'prod'][i],
    organization: org.name,
    apiUrl: url,
    loginUrl: url,
    clientId: 'sandbox-daemon',
    clientSecret: { fromEnv: 'SECRET' },
    ...(i === 1 ? { after: { target: 'staging', soak } } : {}),
  }));
  return dir.config('', { path: 'repo' }, {}, { targets: targets.reverse() });
}

const made = (): number[] => sandboxes.map(({ state }) => state.actions().filter(({ name }) => name === 'a').length);

test('apply waits with exit code 3 where nothing is ready, and a named revision goes before', async () => {
  const file = configured('30m');
  const applied = await cli(['apply', '-c', file]);
  expect(applied.stdout).toMatch(
    /^prod {2}RevisionNotReady: waits for staging[^\n]*\nTo run .* name it with --revision\.\n/,
  );
  expect([applied.code, made()]).toEqual([3, [1, 0]]);

  const [status, plan, told] = await Promise.all([
    cli(['status', '-c', file]),
    cli(['plan', '-c', file, '--output', 'json']),
    cli(['plan', '-c', file, '--exit-code']),
  ]);
  expect(status.stdout).toMatch(
    /^target +organisation +ready .*\nprod +Prod +\? RevisionNotReady +none +no daemon\nstaging +Staging +✓ ready/,
  );
  expect(status.stdout).toMatch(
    /follows {9}staging, soak time 30m; waits for staging: folder@\S+ was applied there at/,
  );
  expect(plan.code).toBe(0);
  expect(JSON.parse(plan.stdout)[0]).toMatchObject({ target: 'prod', error: { reason: 'RevisionNotReady' } });
  expect(told.code).toBe(2);

  const revision = /folder@sha256:[0-9a-f]{64}/.exec(plan.stdout)?.[0] ?? '';
  const named = await cli(['apply', '-c', file, '--target', 'prod', '--revision', revision]);
  expect([named.code, made()]).toEqual([0, [1, 1]]);
}, 30_000);

test('without a soak time, one apply brings both to the new revision, whichever stands first', async () => {
  const { stdout, code } = await cli(['apply', '-c', configured('0s')]);
  expect([code, made()]).toEqual([0, [1, 1]]);
  expect(stdout).toMatch(/^follows staging: takes folder@sha256:[0-9a-f]{10}, which was applied to staging at 20/);
});
