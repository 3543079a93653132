import { expect, test } from 'vitest';
import { startSandbox } from '../src/sandbox/index.ts';
import { cli, folder } from './support/cli.ts';

test('a plan warns of a version that was never published and of an ignored place that is none, each where it stands', async () => {
  const sandbox = await startSandbox();
  const dir = folder();
  try {
    sandbox.state.seedWebConfiguration({ name: 'Store' });
    dir.write(
      'repo/web/shop.yaml',
      'apiVersion: genesys-gitops/v1\nkind: WebMessagingDeployment\nmetadata: { name: shop, annotations: { genesys-gitops/ignore-fields: [/flow, /nope] } }\nspec:\n  configuration: Store\n  version: 7\n',
    );
    const config = dir.config(sandbox.url, { path: 'repo' }, { environment: undefined });
    const { code, stdout } = await cli(['plan', '-c', config]);
    expect(stdout.split('\n').filter((line) => line.includes('never published'))).toEqual([
      'warning web/shop.yaml:6:12: version-not-published: "shop" is to have version 7 of "Store", which was never published; the newest is 1',
    ]);
    expect(stdout.split('\n').filter((line) => line.includes('ignored-field-unknown'))).toEqual([
      expect.stringMatching(/^warning web\/shop\.yaml:3:\d+: ignored-field-unknown: \/flow is no place/),
      expect.stringMatching(/^warning web\/shop\.yaml:3:78: ignored-field-unknown: \/nope is no place/),
    ]);
    expect(code).toBe(0);
  } finally {
    await sandbox.close();
    dir.remove();
  }
});
