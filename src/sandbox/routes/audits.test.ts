import { expect, it } from 'vitest';
import { actionInput, connect, lately, webServices, world } from '../fixture.ts';

const interval = lately(Date.parse('2026-01-01T00:00:00Z'));
type Record = { id: string; action: string; entityType: string; client: { id: string }; user?: { name?: string } };
const records = (body: unknown) => (body as { entities: Record[] }).entities;

it('the audit log names who changed what, and arrives late', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  await using w = await world({ now: () => now, auditDelayMs: 5000 });
  const admin = await connect(w.sandbox, 'sandbox-admin');
  const { body } = await w.call('POST', '/integrations/actions', actionInput(w.state));
  now += 1000;
  const id = body['id'] as unknown as string;
  const config = { ...actionInput(w.state).config, timeoutSeconds: 20 };
  await admin('PATCH', `/integrations/actions/${id}`, { version: 1, config });
  const ask = async (filters: unknown[] = []) =>
    records(
      (await w.call('POST', '/audits/query/realtime?expand=user', { interval, serviceName: 'Integrations', filters }))
        .body,
    );
  expect(await ask()).toEqual([]);
  now += 4000;
  expect((await ask()).map(({ action }) => action)).toEqual(['Create']);
  now += 1000;
  expect(await ask([{ property: 'EntityId', value: id }])).toMatchObject([
    {
      action: 'Update',
      entityType: 'Action',
      client: { id: 'sandbox-admin' },
      user: { name: 'Sandbox Admin' },
      entity: { id, name: 'Get Customer' },
      eventDate: '2026-01-01T00:00:01.000Z',
      remoteIp: ['127.0.0.1'],
      status: 'SUCCESS',
      propertyChanges: [
        { property: 'version', oldValues: ['1'], newValues: ['2'] },
        { property: 'config.timeoutSeconds', oldValues: ['10'], newValues: ['20'] },
      ],
    },
    { action: 'Create', client: { id: 'sandbox-daemon' } },
  ]);
  expect(await ask([{ property: 'ClientId', value: 'sandbox-daemon' }])).toHaveLength(1);
  expect(await ask([{ property: 'EntityType', value: 'Flow' }])).toEqual([]);
});

it('what one change brings about belongs to one transaction', async () => {
  await using w = await world();
  const { id } = webServices(w.state);
  w.state.createAction(actionInput(w.state));
  await w.call('DELETE', `/integrations/${id}`);
  const filters = [{ property: 'Action', value: 'Delete' }];
  const found = records((await w.call('POST', '/audits/query/realtime', { interval: lately(), filters })).body);
  expect(found.map(({ entityType }) => entityType).sort()).toEqual(['Action', 'Integration']);
  const related = await w.call('POST', '/audits/query/realtime/related', { auditId: found[0]!.id });
  expect(records(related.body)).toHaveLength(2);
});

it('an asynchronous query is queued, runs, and gives its results by cursor', async () => {
  await using w = await world();
  for (const name of ['A', 'B', 'C']) w.state.createAction(actionInput(w.state, { name }));
  const sort = [{ name: 'Timestamp', sortOrder: 'ascending' }];
  const begun = await w.call('POST', '/audits/query', { interval: lately(), sort });
  expect([begun.status, begun.body['state']]).toEqual([202, 'Queued']);
  const path = `/audits/query/${begun.body['id']}`;
  expect((await w.call('GET', `${path}/results`)).status).toBe(404);
  expect((await w.call('GET', path)).body['state']).toBe('Running');
  expect((await w.call('GET', path)).body['state']).toBe('Succeeded');
  const first = await w.call('GET', `${path}/results?pageSize=2`);
  const second = await w.call('GET', `${path}/results?pageSize=2&cursor=${first.body['cursor']}`);
  expect([records(first.body).length, records(second.body).length]).toEqual([2, 1]);
  expect(second.body['cursor']).toBeUndefined();
  expect((await w.call('GET', `${path}/results?pageSize=501`)).status).toBe(400);
  expect((await w.call('POST', '/audits/query', { interval: 'yesterday' })).body['code']).toBe('invalid.date');
  expect((await w.call('GET', '/audits/query/none')).status).toBe(404);
});
