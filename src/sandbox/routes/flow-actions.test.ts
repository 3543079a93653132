import { expect, it } from 'vitest';
import { connect, type Reply } from '../fixture.ts';
import { ended, flowWorld, flowYaml, idle } from '../flows/fixture.ts';

const refusal = ({ status, body }: Reply) => [status, body['code']];

/** Operations take long enough for a call in their midst. */
async function opened() {
  const w = await flowWorld({ jobMs: 150 });
  const { id } = w.state.seedFlow({ yaml: flowYaml() });
  const act = (name: string, more = '') => w.call('POST', `/flows/actions/${name}?flow=${id}${more}`);
  return { ...w, id, act, look: async () => (await w.call('GET', `/flows/${id}`)).body };
}

it('locks for a client, and for the person behind one', async () => {
  await using w = await opened();
  expect((await w.act('checkout')).body).toMatchObject({ lockedClient: { id: 'sandbox-daemon' } });
  const admin = await connect(w.sandbox, 'sandbox-admin');
  const path = `/flows/actions/checkout?flow=${w.id}`;
  expect(refusal(await admin('POST', path))).toEqual([409, 'architect.flow.locked.by.user']);
  await w.act('revert');
  expect(await w.look()).not.toHaveProperty('lockedClient');
  expect((await admin('POST', path)).body).toMatchObject({ lockedUser: { name: 'Sandbox Admin' } });
  for (const name of ['checkout', 'publish']) {
    expect(refusal(await w.act(name))).toEqual([409, 'architect.flow.locked.by.user']);
  }
  expect(refusal(await w.act('revert'))).toEqual([409, 'architect.flow.not.locked.by.user']);
  expect((await w.act('unlock')).body).not.toHaveProperty('lockedUser');
});

it('checks in and publishes after a while, one operation at a time', async () => {
  await using w = await opened();
  w.state.editFlow(w.id, (yaml) => yaml.replace('minutes: 1', 'minutes: 2'), { by: 'sandbox-daemon', publish: false });
  expect(await w.look()).toMatchObject({ savedVersion: { id: '1.1' }, publishedVersion: { id: '1.0' } });
  expect((await w.act('checkin')).body).toMatchObject({
    complete: false,
    actionName: 'CHECKIN',
    actionStatus: 'STARTED',
  });
  expect(refusal(await w.act('publish'))).toEqual([409, 'architect.operation.already.in.progress']);
  await idle(w.state);
  const checkedIn = await w.look();
  expect(checkedIn).toMatchObject({ checkedInVersion: { id: '2.0' }, publishedVersion: { id: '1.0' } });
  expect(checkedIn).toMatchObject({ currentOperation: { complete: true, actionStatus: 'SUCCESS' } });
  expect(checkedIn).not.toHaveProperty('lockedClient');
  await w.act('publish');
  await idle(w.state);
  expect(await w.look()).toMatchObject({ publishedVersion: { id: '2.0', type: 'PUBLISH' } });
  await w.act('publish', '&version=1.0');
  await idle(w.state);
  expect(await w.look()).toMatchObject({ publishedVersion: { id: '1.0' } });
  expect((await w.act('deactivate')).body['active']).toBe(false);
});

it('keeps the draft of who is unlocked, or whose draft is checked in by who may unlock', async () => {
  const clients = [{ id: 'editor', permissions: ['architect:flow:edit'] }];
  await using w = await flowWorld({ seed: { clients } });
  const { id } = w.state.seedFlow({ yaml: flowYaml() });
  const change = (minutes: number) =>
    w.state.editFlow(id, (yaml) => yaml.replace(/minutes: \d/, `minutes: ${minutes}`), { publish: false });
  change(2);
  const { body } = await w.call('POST', `/flows/actions/unlock?flow=${id}`);
  expect(body).toMatchObject({ checkedInVersion: { id: '2.0' }, publishedVersion: { id: '1.0' } });
  expect(body).not.toHaveProperty('lockedUser');
  change(3);
  const editor = await connect(w.sandbox, 'editor');
  const checkin = `/flows/actions/checkin?flow=${id}`;
  expect(refusal(await editor('POST', checkin))).toEqual([409, 'architect.flow.locked.by.user']);
  expect((await w.call('POST', checkin)).status).toBe(200);
  await idle(w.state);
  expect(w.state.flow(id)).toMatchObject({ checkedIn: '3.0' });
  expect(w.state.flow(id)).not.toHaveProperty('lockedBy');
});

it('throws a draft away', async () => {
  await using w = await opened();
  w.state.editFlow(w.id, (yaml) => yaml.replace('minutes: 1', 'minutes: 2'), { by: 'sandbox-daemon', publish: false });
  await w.act('revert');
  expect(await w.look()).toMatchObject({ savedVersion: { id: '1.0' } });
  expect(w.state.exportText(w.id)).toContain('minutes: 1');
});

it('publishes nothing that lacks what it uses', async () => {
  await using w = await opened();
  w.state.deleteAction(w.action.id);
  expect(refusal(await w.act('publish'))).toEqual([409, 'architect.flow.cannot.publish.missing.dependencies']);
  expect(refusal(await w.act('publish', '&version=4.0'))).toEqual([404, 'architect.flow.version.missing']);
  const made = await w.call('POST', '/flows', { name: 'Empty', type: 'WORKFLOW' });
  const path = `flow=${made.body['id']}`;
  expect(refusal(await w.call('POST', `/flows/actions/publish?${path}`))).toEqual([404, 'architect.flow.data.missing']);
  const noConfig = [409, 'architect.flow.cannot.checkin.missing.config'];
  expect(refusal(await w.call('POST', `/flows/actions/checkin?${path}`))).toEqual(noConfig);
  expect(refusal(await w.call('POST', '/flows/actions/checkin'))).toEqual([400, 'architect.query.parameter.missing']);
});

it('validates the flow as it is', async () => {
  await using w = await opened();
  const validate = async () => {
    const { body } = await w.call('POST', '/flows/validate/jobs', { flows: [{ flow: { id: w.id } }] });
    return ended(w.call, `/flows/validate/jobs/${body['id']}`);
  };
  expect(await validate()).toMatchObject({ status: 'Success', command: 'Validate', messages: [] });
  w.state.deleteAction(w.action.id);
  expect(await validate()).toMatchObject({ status: 'Failure', messages: [{ type: 'Error' }] });
});

it('tells the audit log who did what', async () => {
  await using w = await opened();
  await w.publish(flowYaml('New'));
  await w.act('checkout');
  await w.act('checkin');
  await idle(w.state);
  await w.call('PUT', `/flows/${w.id}`, { name: 'Renamed' });
  await w.call('DELETE', `/flows/${w.id}`);
  const { id } = w.state.flowNamed('inboundCall', 'New')!;
  w.state.editFlow(id, (yaml) => yaml, { publish: true });
  const records = w.state.audits().filter(({ entityType }) => entityType === 'Flow');
  expect(records.map(({ action, actor, entity }) => [action, actor.clientId, entity.name])).toEqual([
    ['Create', 'sandbox-daemon', 'New'],
    ['Publish', 'sandbox-daemon', 'New'],
    ['Checkout', 'sandbox-daemon', 'Main IVR'],
    ['Checkin', 'sandbox-daemon', 'Main IVR'],
    ['Update', 'sandbox-daemon', 'Renamed'],
    ['Delete', 'sandbox-daemon', 'Renamed'],
    ['Publish', 'sandbox-ui', 'New'],
  ]);
  expect(records.every(({ serviceName }) => serviceName === 'Architect')).toBe(true);
});
