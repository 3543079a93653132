import { describe, expect, it } from 'vitest';
import { actionInput, connect, world } from './fixture.ts';
import { flowWorld, flowYaml } from './flows/fixture.ts';

const root = '/integrations/actions';

describe('permissions', () => {
  it('are taken in the middle, also from a client that may do everything, and given back', async () => {
    await using w = await world();
    const { id } = w.state.createAction(actionInput(w.state));
    const statuses = async () => [
      (await w.call('GET', `${root}/${id}`)).status,
      (await w.call('PATCH', `${root}/${id}`, { version: w.state.action(id)!.version, name: 'X' })).status,
    ];
    expect(await statuses()).toEqual([200, 200]);
    w.state.takePermissions('sandbox-daemon', 'integrations:action:edit');
    expect(await statuses()).toEqual([200, 403]);
    w.state.takePermissions('sandbox-daemon', 'integrations:action:*');
    expect(await statuses()).toEqual([403, 403]);
    w.state.givePermissions('sandbox-daemon', 'integrations:action:*');
    expect(await statuses()).toEqual([200, 403]);
    w.state.givePermissions('sandbox-daemon', 'integrations:action:edit');
    expect(await statuses()).toEqual([200, 200]);
  });

  it('are taken from a client that has a list, by name out of a wildcard', async () => {
    await using w = await world({ seed: { clients: [{ id: 'limited', permissions: ['integrations:action:*'] }] } });
    const call = await connect(w.sandbox, 'limited');
    w.state.takePermissions('limited', 'integrations:action:view');
    expect((await call('GET', root)).body).toMatchObject({ status: 403, code: 'missing.any.permissions' });
    w.state.givePermissions('limited', 'bridge:actions:view');
    expect((await call('GET', root)).status).toBe(200);
  });
});

describe('an action that is hidden', () => {
  it.each([
    ['id', undefined, 403, 'not.authorized'],
    ['name', 404, 404, 'not.found'],
  ] as const)('by %s is in no list of its client, and refused by id', async (by, answer, status, code) => {
    await using w = await world();
    const action = w.state.createAction(actionInput(w.state));
    w.state.startDraft(action.id);
    w.state.hideActions('sandbox-daemon', { actions: [action[by]], ...(answer && { answer }) });
    const total = async (of: string) => (await w.call('GET', `${root}${of}`)).body['total'] as unknown;
    expect([await total(''), await total('/drafts'), await total('/categories')]).toEqual([1, 0, 1]);
    for (const path of ['', '/draft', '/schemas/inputschema.json']) {
      expect((await w.call('GET', `${root}/${action.id}${path}`)).body).toMatchObject({ status, code });
    }
    expect((await w.call('PATCH', `${root}/${action.id}`, { version: 1, name: 'X' })).status).toBe(status);
    expect((await w.call('DELETE', `${root}/${action.id}`)).status).toBe(status);
    const other = await connect(w.sandbox, 'sandbox-admin');
    expect((await other('GET', root)).body['total']).toBe(2);
    w.state.showActions('sandbox-daemon');
    expect([await total(''), await total('/drafts')]).toEqual([2, 1]);
  });
});

it('hides flows: from lists, by id, and from jobs', async () => {
  await using w = await flowWorld();
  const { id } = w.state.seedFlow({ yaml: flowYaml() });
  const reads = async () => {
    const replies = [await w.call('GET', `/flows/${id}`), await w.call('POST', `/flows/actions/checkout?flow=${id}`)];
    return replies.map(({ status }) => status);
  };
  w.state.hideActions('sandbox-daemon', { actions: [], flows: ['Main IVR'] });
  expect((await w.call('GET', '/flows')).body['total']).toBe(0);
  expect((await w.call('GET', '/flows/divisionviews')).body['total']).toBe(0);
  expect(await reads()).toEqual([403, 403]);
  expect((await w.export({ flows: [{ flow: { id } }] })).messages[0]!.text).toMatch(/Could not find the flow/);
  expect((await w.publish(flowYaml())).messages[0]!.text).toMatch(/not authorized to see it/);
  w.state.hideActions('sandbox-daemon', { actions: [], flows: [id], answer: 404 });
  expect(await reads()).toEqual([404, 404]);
  w.state.showActions('sandbox-daemon');
  expect((await w.call('GET', '/flows')).body['total']).toBe(1);
  expect((await w.publish(flowYaml())).status).toBe('Success');
});
