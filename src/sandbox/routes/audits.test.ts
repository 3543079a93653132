import { expect, it } from 'vitest';
import type { QueryFate } from '../audit-queries.ts';
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

/** What an asynchronous query comes to under a fate: its states in turn, and the status of its results. */
async function fateOf(auditQuery: QueryFate, polls = 3): Promise<unknown[]> {
  await using w = await world({ audits: { delayMs: 0 } });
  w.state.createAction(actionInput(w.state));
  w.sandbox.addFault({ when: { method: 'POST', path: '/api/v2/audits/query' }, then: { auditQuery } });
  const { body } = await w.call('POST', '/audits/query', { interval: lately() });
  const path = `/audits/query/${body['id']}`;
  const states: unknown[] = [];
  for (let poll = 0; poll < polls; poll += 1) states.push((await w.call('GET', path)).body['state']);
  return [...states, (await w.call('GET', `${path}/results`)).status];
}

it('an asynchronous query may fail, be cancelled, take long, or never end', async () => {
  expect(await fateOf({})).toEqual(['Running', 'Succeeded', 'Succeeded', 200]);
  expect(await fateOf({ polls: 3 })).toEqual(['Queued', 'Running', 'Succeeded', 200]);
  expect(await fateOf({ state: 'Failed' })).toEqual(['Running', 'Failed', 'Failed', 404]);
  expect(await fateOf({ state: 'Cancelled', polls: 1 }, 1)).toEqual(['Cancelled', 404]);
  expect(await fateOf({ never: true })).toEqual(['Running', 'Running', 'Running', 404]);
  expect(await fateOf({ ms: 60_000 })).toEqual(['Running', 'Running', 'Running', 404]);
});

it('an asynchronous query finds what could be seen when it began, and tells the services that the other lacks', async () => {
  await using w = await world({ audits: { delayMs: 0, queryPolls: 1, realtimeServices: ['Integrations'] } });
  w.state.createAction(actionInput(w.state));
  const query = { interval: lately(), serviceName: 'Datatables' };
  w.state.addAudit({ entityType: 'Row', action: 'Update', entity: { id: 'r' } });
  const begun = await w.call('POST', '/audits/query', query);
  w.state.addAudit({ entityType: 'Row', action: 'Delete', entity: { id: 'r' } });
  await w.call('GET', `/audits/query/${begun.body['id']}`);
  const results = await w.call('GET', `/audits/query/${begun.body['id']}/results`);
  expect(records(results.body).map(({ entityType, action }) => `${entityType} ${action}`)).toEqual(['Row Update']);
  const refused = await w.call('POST', '/audits/query/realtime', query);
  expect(refused).toMatchObject({ status: 400, body: { messageParams: { allowed: 'Integrations' } } });
  const found = await w.call('POST', '/audits/query/realtime', { interval: lately() });
  expect(records(found.body).map(({ entityType }) => entityType)).toEqual(['Action']);
  const mapping = async (form: string) => (await w.call('GET', `/audits/query/${form}servicemapping`)).text;
  expect([(await mapping('')).includes('"Row"'), (await mapping('realtime/')).includes('"Row"')]).toEqual([
    true,
    false,
  ]);
});

it('refuses intervals, services, pages and filters that are none', async () => {
  await using w = await world();
  const refusal = async (body: object, path = '/realtime') => {
    const reply = await w.call('POST', `/audits/query${path}`, { interval: lately(), ...body });
    return `${reply.status} ${reply.body['code']}`;
  };
  const [start, end] = lately().split('/');
  for (const path of ['', '/realtime']) {
    for (const interval of ['yesterday', `${end}/${start}`, `${start}`, `${start}/${end}/${end}`, '2026/2027']) {
      expect(await refusal({ interval }, path), interval).toBe('400 invalid.date');
    }
    expect(await refusal({ serviceName: 'Nobody' }, path)).toBe('400 invalid.value');
    expect(await refusal({ filters: [{ property: 'Entity', value: 'x' }] }, path)).toBe('400 invalid.value');
    expect(await refusal({ sort: [{ name: 'Name', sortOrder: 'ascending' }] }, path)).toBe('400 invalid.value');
  }
  const old = { interval: `2000-01-01T00:00Z/${end}` };
  expect([await refusal(old), await refusal(old, '')]).toEqual(['400 bad.request', '202 undefined']);
  expect(await refusal({ pageSize: 101 })).toBe('400 invalid.query.param.value');
  expect(await refusal({ interval: undefined })).toBe('400 constraint.validation');
});

it('meets the faults that every call meets', async () => {
  await using w = await world();
  const realtime = () => w.call('POST', '/audits/query/realtime', { interval: lately() });
  for (const status of [429, 500, 403]) {
    w.sandbox.addFault({ when: { path: '/api/v2/audits/**', times: 1 }, then: { status, retryAfter: 2 } });
    const reply = await realtime();
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([status, '2']);
  }
  w.state.takePermissions('sandbox-daemon', 'audits:audit:view');
  expect((await realtime()).body).toMatchObject({ messageParams: { permissions: 'audits:audit:view' } });
  expect((await w.call('GET', '/audits/query/realtime/servicemapping')).status).toBe(403);
});
