import { describe, expect, it } from 'vitest';
import { actionInput, connect, type Reply, world } from '../fixture.ts';
import { parseSeed } from '../index.ts';

const root = '/architect/dependencytracking';
const consumers = (id: string, more = '') => `${root}/consumingresources?id=${id}&objectType=DATAACTION${more}`;
const names = ({ body }: Reply) => (body['entities'] as unknown as { name: string }[]).map(({ name }) => name);

const seed = parseSeed(`
actions:
  - { name: Get Order, integration: Web Services Data Actions }
clients:
  - { id: narrow, permissions: ["integrations:*:*"] }
consumers:
  - { name: Orders, uses: { integration: Web Services Data Actions, name: Get Order } }
  - { name: Bot, type: BOTFLOW, version: "3.0", uses: { integration: Web Services Data Actions, name: Get Order } }
  - { name: Waiting, id: flow-1, uses: { id: static_-_estimated-wait-time } }
`);

describe('consumers', () => {
  it('of a seed are listed page by page, by type', async () => {
    await using w = await world({ seed });
    const { id } = w.state.actionNamed('Get Order')!;
    const first = await w.call('GET', consumers(id, '&pageSize=1'));
    expect(first.body).toMatchObject({ total: 2, pageCount: 2, pageNumber: 1, pageSize: 1 });
    expect(first.body['entities']).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: 'Orders',
        type: 'INBOUNDSHORTMESSAGEFLOW',
        version: '1.0',
        deleted: false,
        updated: false,
        stateUnknown: false,
        selfUri: expect.stringContaining(root),
      },
    ]);
    expect(names(await w.call('GET', consumers(id, '&pageSize=1&pageNumber=2')))).toEqual(['Bot']);
    expect(names(await w.call('GET', consumers(id, '&resourceType=BOTFLOW&resourceType=WORKFLOW')))).toEqual(['Bot']);
    expect(names(await w.call('GET', consumers('static_-_estimated-wait-time')))).toEqual(['Waiting']);
  });

  it('come and go while it runs, and stay through a rename of the action', async () => {
    await using w = await world();
    const { id } = w.state.createAction(actionInput(w.state));
    const shown = async () => names(await w.call('GET', consumers(id)));
    expect(await shown()).toEqual([]);
    const flow = w.state.addConsumer({
      name: 'Orders',
      uses: { integration: 'Web Services Data Actions', name: 'Get Customer' },
    });
    w.state.editAction(id, { name: 'Renamed' });
    expect([await shown(), w.state.consumers(id)]).toEqual([['Orders'], [flow]]);
    w.state.removeConsumer(flow.id, 'another action');
    expect(await shown()).toEqual(['Orders']);
    const other = w.state.addConsumer({ name: 'Returns', uses: { id } });
    w.state.removeConsumer(flow.id);
    expect([await shown(), w.state.consumers()]).toEqual([['Returns'], [other]]);
  });

  it.each([
    ['?objectType=DATAACTION', 'architect.query.parameter.missing'],
    ['?id=x', 'architect.query.parameter.missing'],
    ['?id=x&objectType=ACTION', 'architect.dependency.object.invalid.type'],
    ['?id=x&objectType=DATAACTION&resourceType=FLOW', 'architect.dependency.object.invalid.type'],
  ])('are not told for %s', async (query, code) => {
    await using w = await world();
    expect((await w.call('GET', `${root}/consumingresources${query}`)).body).toMatchObject({ status: 400, code });
  });

  it('need a permission of their own', async () => {
    await using w = await world({ seed });
    const narrow = await connect(w.sandbox, 'narrow');
    const refused = await narrow('GET', consumers('x'));
    expect(refused.body).toMatchObject({
      status: 403,
      messageParams: { permissions: 'architect:dependencyTracking:view' },
    });
    w.state.givePermissions('narrow', 'architect:dependencyTracking:view');
    expect((await narrow('GET', consumers(w.state.actionNamed('Get Order')!.id))).status).toBe(200);
  });

  it.each([
    ['operational', 'OPERATIONAL', 200],
    ['rebuilding', 'BUILDINPROGRESS', 206],
    ['needs-rebuild', 'OPERATIONALNEEDSREBUILD', 206],
  ] as const)('are answered by an index that is %s', async (state, status, code) => {
    await using w = await world({ seed });
    w.state.dependencyTracking = state;
    expect((await w.call('GET', `${root}/build`)).body).toMatchObject({ status });
    expect((await w.call('GET', consumers(w.state.actionNamed('Get Order')!.id))).status).toBe(code);
  });

  it('must name an action that exists, and a published type', async () => {
    const uses = { integration: 'Web Services Data Actions', name: 'None' };
    await expect(world({ seed: { consumers: [{ name: 'Orders', uses }] } })).rejects.toThrow('unknown action "None"');
    await expect(world({ seed: { consumers: [{ name: 'Orders', type: 'FLOW', uses: { id: 'x' } }] } })).rejects.toThrow(
      'unknown type "FLOW"',
    );
    expect(() => parseSeed('consumers: [{ name: Orders }]')).toThrow('uses');
  });
});
