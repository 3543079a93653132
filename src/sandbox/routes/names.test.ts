import { expect, it } from 'vitest';
import { world } from '../fixture.ts';

it('tells the names of clients and people, to who may ask', async () => {
  const seed = { clients: [{ id: 'cx', name: 'CX as Code', user: { id: 'jo', name: 'Jo Doe' } }] };
  await using w = await world({ seed });
  const client = await w.call('GET', '/oauth/clients/cx');
  expect(client.body).toMatchObject({ id: 'cx', name: 'CX as Code', authorizedGrantType: 'CLIENT-CREDENTIALS' });
  expect(client.text).not.toContain('secret');
  expect((await w.call('GET', '/oauth/clients/sandbox-admin')).body['name']).toBe('sandbox-admin');
  expect((await w.call('GET', '/users/jo')).body).toMatchObject({ id: 'jo', name: 'Jo Doe', state: 'active' });
  for (const path of ['/oauth/clients/sandbox-ui', '/oauth/clients/none', '/users/none', '/users/jo?state=deleted']) {
    expect((await w.call('GET', path)).status, path).toBe(404);
  }
  w.state.takePermissions('sandbox-daemon', 'oauth:client:view', 'directory:user:view');
  for (const [path, permission] of [
    ['/oauth/clients/cx', 'oauth:client:view'],
    ['/users/jo', 'directory:user:view'],
  ] as const) {
    expect(await w.call('GET', path)).toMatchObject({
      status: 403,
      body: { code: 'missing.any.permissions', messageParams: { permissions: permission } },
    });
  }
});

it('deletes people and clients, who are still in the log', async () => {
  await using w = await world();
  const { id } = w.state.addUser({ name: 'Jo Doe' });
  w.state.addAudit({ entityType: 'Flow', action: 'Update', entity: { id: 'f' }, user: { id }, client: { id: 'gone' } });
  const expanded = async () => {
    const interval = `${new Date(Date.now() - 60_000).toISOString()}/2100-01-01T00:00:00Z`;
    const { body } = await w.call('POST', '/audits/query/realtime?expand=user', { interval });
    return (body as unknown as { entities: { user: { name?: string } }[] }).entities[0]!.user.name;
  };
  expect(await expanded()).toBe('Jo Doe');
  const gone = async (path: string) => (await fetch(`${w.sandbox.url}/__sandbox/${path}`, { method: 'DELETE' })).status;
  expect([await gone(`users/${id}`), await gone('clients/sandbox-admin'), await gone('users/none')]).toEqual([
    204, 204, 400,
  ]);
  expect((await w.call('GET', `/users/${id}`)).status).toBe(404);
  expect((await w.call('GET', `/users/${id}?state=any`)).body['state']).toBe('deleted');
  expect((await w.call('GET', '/oauth/clients/sandbox-admin')).status).toBe(404);
  expect(await expanded()).toBeUndefined();
});
