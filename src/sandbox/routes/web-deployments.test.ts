import { expect, it } from 'vitest';
import { configurationInput, configurations, deployments, settled, webWorld } from '../web/fixture.ts';

type World = Awaited<ReturnType<typeof webWorld>>;

const input = (w: World, change: object = {}) => {
  const { id } =
    w.state.webConfigurationNamed('Store') ?? w.state.seedWebConfiguration({ ...configurationInput(), name: 'Store' });
  return { name: 'Site', configuration: { id, version: '1' }, allowedDomains: ['shop.example.com'], ...change };
};
const create = async (w: World, change?: object): Promise<string> =>
  String((await w.call('POST', deployments, input(w, change))).body['id']);
const servedVersion = async (w: World, id: string) => {
  const { status, body } = await w.call('GET', `${deployments}/${id}/configurations`);
  return status === 200 ? body['configurationVersion']!['version'] : status;
};

it('serves nothing until it is active, then its version, then the new one', async () => {
  await using w = await webWorld();
  w.sandbox.addFault({ when: { method: 'POST', times: 1 }, then: { activation: 'never' } });
  const made = await w.call('POST', deployments, input(w, { flow: { id: w.flow.id } }));
  expect(made.body).toMatchObject({
    ...{ name: 'Site', status: 'Pending', allowAllDomains: false, allowedDomains: ['shop.example.com'] },
    flow: { id: w.flow.id, name: 'Messages' },
    configuration: { name: 'Store', version: '1' },
  });
  expect(made.body['snippet']).toContain(`deploymentId: '${made.body['id']}'`);
  expect(await servedVersion(w, String(made.body['id']))).toBe(404);

  const id = await create(w, { flow: { id: w.flow.id } });
  expect(await settled(w.call, `${deployments}/${id}`)).toBe('Active');
  expect(await servedVersion(w, id)).toBe('1');

  w.state.editWebConfiguration(w.state.webConfigurationNamed('Store')!.id, { description: 'Second' });
  expect(await servedVersion(w, id)).toBe('1');
  const second = input(w, { configuration: { ...input(w).configuration, version: '2' } });
  w.sandbox.addFault({ when: { method: 'PUT', times: 1 }, then: { activation: 'error' } });
  const put = await w.call('PUT', `${deployments}/${id}`, second);
  expect(put.body).toMatchObject({ status: 'Pending', configuration: { version: '2' } });
  // A full replacement: what is left out is gone.
  expect(put.body).not.toHaveProperty('flow');
  expect(await settled(w.call, `${deployments}/${id}`)).toBe('Error');
  expect(await servedVersion(w, id)).toBe('1');
  // Written once more, it is activated once more.
  await w.call('PUT', `${deployments}/${id}`, second);
  expect(await settled(w.call, `${deployments}/${id}`)).toBe('Active');
  expect(await servedVersion(w, id)).toBe('2');
});

it('stays active over a change of its name, and serves nothing while it is inactive', async () => {
  await using w = await webWorld();
  const id = await create(w);
  const path = `${deployments}/${id}`;
  await settled(w.call, path);
  expect((await w.call('PUT', path, input(w, { name: 'Shop' }))).body).toMatchObject({
    name: 'Shop',
    status: 'Active',
  });
  expect((await w.call('PUT', path, input(w, { status: 'Inactive' }))).body).toMatchObject({ status: 'Pending' });
  expect(await settled(w.call, path)).toBe('Inactive');
  expect(await servedVersion(w, id)).toBe(404);
  expect((await w.call('PUT', path, input(w))).body).toMatchObject({ status: 'Inactive' });
  await w.call('PUT', path, input(w, { status: 'Active' }));
  expect(await settled(w.call, path)).toBe('Active');
  expect(await servedVersion(w, id)).toBe('1');
});

it.each<[string, (w: World) => object, number, string]>([
  ['a flow that is not there', () => ({ flow: { id: 'none' } }), 400, 'bad.flow.id'],
  ['a flow of another type', ({ voice }) => ({ flow: { id: voice.id } }), 400, 'bad.flow.id'],
  ['all domains together with some', () => ({ allowAllDomains: true }), 400, 'illegal.operation'],
  ['the draft', (w) => ({ configuration: { ...input(w).configuration, version: 'DRAFT' } }), 400, 'illegal.operation'],
  ['a status that no client sets', () => ({ status: 'Deleting' }), 400, 'illegal.operation'],
  ['an unknown configuration', () => ({ configuration: { id: 'none', version: '1' } }), 404, 'not.found'],
  ['an unknown version', (w) => ({ configuration: { ...input(w).configuration, version: '2' } }), 404, 'not.found'],
  ['an unknown profile', () => ({ supportedContent: { id: 'none' } }), 404, 'scp.id.not.found'],
  ['no domain', () => ({ allowedDomains: ['https://shop.example.com/'] }), 400, 'constraint.validation'],
  ['no version', (w) => ({ configuration: { id: input(w).configuration.id } }), 400, 'constraint.validation'],
  ['an unknown field', () => ({ domains: [] }), 400, 'invalid.property'],
])('refuses %s', async (_what, change, status, code) => {
  await using w = await webWorld();
  const reply = await w.call('POST', deployments, input(w, change(w)));
  expect([reply.status, reply.body['code']]).toEqual([status, code]);
  const id = await create(w);
  const put = await w.call('PUT', `${deployments}/${id}`, input(w, change(w)));
  expect([put.status, put.body['code']]).toEqual([status, code]);
});

it('lists with configurations whole, or named', async () => {
  await using w = await webWorld();
  const [, profile] = (await w.call('GET', '/conversations/messaging/supportedcontent?pageSize=2')).body[
    'entities'
  ] as unknown as { id: string }[];
  await create(w, { supportedContent: { id: profile!.id } });
  const first = async (query: string) =>
    ((await w.call('GET', `${deployments}${query}`)).body['entities'] as unknown as Record<string, object>[])[0]!;
  expect((await first(''))['configuration']).not.toHaveProperty('messenger');
  expect((await first('?expand=Configuration'))['configuration']).toHaveProperty('messenger');
  expect((await first('?expand=SupportedContent'))['supportedContent']).toHaveProperty('mediaTypes');
  expect((await w.call('GET', `${deployments}?expand=None`)).status).toBe(400);
});

it('never writes two different states under one date, though the clock stands still', async () => {
  await using w = await webWorld({ now: () => 1_700_000_000_000 });
  const { id, configuration } = w.serving();
  const dates = async () => [
    String((await w.call('GET', `${deployments}/${id}`)).body['dateModified']),
    String((await w.call('GET', `${configurations}/${configuration.id}/versions/draft`)).body['dateModified']),
  ];
  const before = await dates();
  w.state.editWebDeployment(id, { description: 'New' });
  w.state.editWebConfiguration(configuration.id, { description: 'New' });
  const after = await dates();
  expect(after.map((date, index) => date > before[index]!)).toEqual([true, true]);
});

it('tells the audit log what changed, and who', async () => {
  await using w = await webWorld();
  const { id } = w.serving();
  w.state.editWebDeployment(id, { description: 'By hand' });
  w.state.deleteWebDeployment(id, 'sandbox-daemon');
  const told = w.state.audits().map(({ entityType, action, actor, changes }) => ({
    what: `${entityType} ${action} ${actor.clientId}`,
    changes: action === 'Update' ? changes : [],
  }));
  expect(told).toEqual([
    {
      what: 'Deployment Update sandbox-ui',
      changes: [{ property: 'description', oldValues: [], newValues: ['By hand'] }],
    },
    { what: 'Deployment Delete sandbox-daemon', changes: [] },
  ]);
});

it('needs its permissions, and none to ask what is served', async () => {
  await using w = await webWorld();
  const { id } = w.serving();
  w.state.takePermissions('sandbox-daemon', 'webDeployments:*:*', 'knowledge:*:*', 'messaging:*:*');
  const statuses = await Promise.all(
    [deployments, configurations, '/knowledge/knowledgebases', '/conversations/messaging/supportedcontent'].map(
      async (path) => (await w.call('GET', path)).status,
    ),
  );
  expect(statuses).toEqual([403, 403, 403, 403]);
  expect(await servedVersion(w, id)).toBe('1');
});

it('looks up knowledge bases and supported content', async () => {
  await using w = await webWorld({ seed: { knowledgeBases: [{ name: 'Returns', published: false }] } });
  const names = async (path: string) =>
    ((await w.call('GET', path)).body['entities'] as unknown as { name: string }[]).map(({ name }) => name);
  expect(await names('/knowledge/knowledgebases')).toEqual(['Help Center', 'Returns']);
  expect(await names('/knowledge/knowledgebases?name=help')).toEqual(['Help Center']);
  expect(await names('/knowledge/knowledgebases?published=false')).toEqual(['Returns']);
  expect(await names('/conversations/messaging/supportedcontent')).toEqual(['Images', 'Images and Documents']);
});
