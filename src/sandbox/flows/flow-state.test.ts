import { expect, it } from 'vitest';
import { parseSeed, startSandbox } from '../index.ts';
import { flowWorld, flowYaml } from './fixture.ts';

it('edits as a person in the editor: published, or only saved', async () => {
  await using w = await flowWorld();
  const { id } = w.state.seedFlow({ yaml: flowYaml() });
  const timeout = (minutes: number) => (yaml: string) => yaml.replace(/minutes: \d/, `minutes: ${minutes}`);
  expect(w.state.editFlow(id, timeout(2), { publish: false })).toMatchObject({
    published: '1.0',
    saved: '1.1',
    lockedBy: { user: { name: 'Sandbox Admin' } },
  });
  expect(w.state.exportText(id)).toContain('minutes: 2');
  expect(w.state.exportText(id, 'published')).toContain('minutes: 1');
  const published = w.state.editFlow(id, timeout(3));
  expect(published).toMatchObject({ published: '2.0', saved: '2.0', publishedBy: { user: { name: 'Sandbox Admin' } } });
  expect(published).not.toHaveProperty('lockedBy');
  const tree = w.state.editFlow(
    id,
    { tree: (flow) => ({ ...flow, description: 'By tree' }) },
    { by: 'sandbox-daemon' },
  );
  expect(tree).toMatchObject({ description: 'By tree', publishedBy: { client: { id: 'sandbox-daemon' } } });
});

it('refuses what the editor refuses', async () => {
  await using w = await flowWorld();
  const { id } = w.state.seedFlow({ yaml: flowYaml() });
  expect(() => w.state.editFlow(id, (yaml) => yaml.replace('Get Customer', 'Get Nobody'))).toThrow(/Get Nobody/);
  expect(() => w.state.editFlow(id, () => '[')).toThrow(/parsed as YAML/);
  expect(() => w.state.editFlow(id, () => flowYaml().replace('inboundCall', 'workflow'))).toThrow(/type of a flow/);
  w.state.lockFlow(id, { client: 'other' });
  expect(() => w.state.editFlow(id, (yaml) => yaml)).toThrow(/locked/);
  expect(() => w.state.publishFlow(flowYaml())).toThrow(/is locked by other/);
});

it('can save what could not be published', async () => {
  await using w = await flowWorld();
  const { id } = w.state.seedFlow({ yaml: flowYaml() });
  w.state.editFlow(id, (yaml) => yaml.replace('Get Customer', 'Get Nobody'), { publish: false });
  expect(w.state.exportText(id)).toContain('Get Nobody');
  expect(w.state.consumers().map(({ actionId }) => actionId)).toEqual([w.action.id]);
});

it('is worked by HTTP, by the name of the flow', async () => {
  await using w = await flowWorld();
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${w.sandbox.url}/__sandbox/flows${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
  };
  const { id } = (await control('POST', '', { yaml: flowYaml() })).body;
  const which = { type: 'inboundCall', name: 'Main IVR' };
  const set = { 'tasks/0/task/actions/0/callData/timeout': { lit: { seconds: 5 } } };
  expect((await control('POST', '/edit', { ...which, set })).body).toMatchObject({ id, published: '2.0' });
  expect((await control('GET', `/${id}/yaml`)).text).toContain('seconds: 5\n');
  const replace = [{ find: 'name: Start', with: 'name: Begin' }];
  const saved = await control('POST', '/edit', { ...which, replace, publish: false });
  expect(saved.body).toMatchObject({ published: '2.0', saved: '2.1' });
  expect((await control('DELETE', `/${id}/lock`)).body).not.toHaveProperty('lockedBy');
  expect((await control('PUT', `/${id}/lock`, { client: 'other' })).body).toMatchObject({
    lockedBy: { client: { id: 'other' } },
  });
  expect((await control('POST', '/edit', { ...which, replace })).status).toBe(409);
  await control('DELETE', `/${id}/lock`);
  const wrong: [body: object, status: number][] = [
    [{ ...which, name: 'Other', replace }, 404],
    [{ ...which, replace: [{ find: 'not there', with: '' }] }, 400],
    [{ ...which, set: { 'tasks/7/task/name': 'X' } }, 400],
    [which, 400],
  ];
  for (const [body, status] of wrong) expect((await control('POST', '/edit', body)).status).toBe(status);
  const again = { ...which, yaml: flowYaml(), by: 'sandbox-daemon' };
  expect((await control('POST', '/edit', again)).body).toMatchObject({ published: '3.0' });
  expect((await control('GET', '')).text).toContain('"name":"Main IVR"');
});

it('begins with the flows of a seed, with the same ids at every start', async () => {
  const seed = parseSeed(
    JSON.stringify({
      actions: [{ name: 'Get Customer', integration: 'Web Services Data Actions', category: 'CRM' }],
      flows: [{ yaml: flowYaml() }, { yaml: flowYaml('Second'), publishedBy: 'sandbox-daemon' }],
    }),
  );
  const ids = [];
  for (const _ of [1, 2]) {
    const sandbox = await startSandbox({ seed });
    ids.push(sandbox.state.flows().map(({ id }) => id));
    expect(sandbox.state.audits()).toEqual([]);
    expect(sandbox.state.flowNamed('inboundCall', 'Second')).toMatchObject({
      publishedBy: { client: { id: 'sandbox-daemon' } },
    });
    await sandbox.close();
  }
  expect(ids[0]).toEqual(ids[1]);
  const flows = [{ yaml: flowYaml().replace('CRM', 'ERP') }];
  await expect(startSandbox({ seed: { ...seed, flows } })).rejects.toThrow(/'ERP'/);
});
