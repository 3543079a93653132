import { expect, it } from 'vitest';
import { flowWorld, flowYaml, idle } from './fixture.ts';

const path = '/architect/dependencytracking/consumingresources?pageSize=100';

async function tracked() {
  const w = await flowWorld();
  const consumers = async (id: string, more = '', objectType = 'DATAACTION') => {
    const { status, body } = await w.call('GET', `${path}&objectType=${objectType}&id=${id}${more}`);
    const found = (body['entities'] ?? []) as unknown as { name: string; type: string; version: string }[];
    return status === 200 ? found.map(({ name, type, version }) => `${name} ${type} ${version}`) : status;
  };
  return { ...w, consumers };
}

it('finds the flows whose published version calls an action, beside those that were added', async () => {
  await using w = await tracked();
  w.state.addConsumer({ name: 'Added', uses: { id: w.action.id } });
  const { flow } = await w.publish(flowYaml());
  expect(await w.consumers(w.action.id)).toEqual(['Added INBOUNDSHORTMESSAGEFLOW 1.0', 'Main IVR INBOUNDCALLFLOW 1.0']);
  expect(await w.consumers(w.action.id, '&resourceType=INBOUNDCALLFLOW')).toEqual(['Main IVR INBOUNDCALLFLOW 1.0']);
  await w.publish(flowYaml('Main IVR', []));
  expect(await w.consumers(w.action.id)).toEqual(['Added INBOUNDSHORTMESSAGEFLOW 1.0']);
  w.state.editFlow(flow!.id, () => flowYaml(), { publish: false });
  expect(await w.consumers(w.action.id)).toEqual(['Added INBOUNDSHORTMESSAGEFLOW 1.0']);
  await w.call('POST', `/flows/actions/unlock?flow=${flow!.id}`);
  w.state.unlockFlow(flow!.id);
  await w.call('POST', `/flows/actions/checkin?flow=${flow!.id}`);
  await idle(w.state);
  expect(await w.consumers(w.action.id, '&flowFilter=checkedIn')).toContain('Main IVR INBOUNDCALLFLOW 3.0');
  expect(await w.consumers(w.action.id, '&flowFilter=published')).toEqual(['Added INBOUNDSHORTMESSAGEFLOW 1.0']);
});

it('keeps the use of an action that was renamed, and forgets that of a deleted flow', async () => {
  await using w = await tracked();
  const { flow } = await w.publish(flowYaml());
  w.state.editAction(w.action.id, { name: 'Find Customer' });
  expect(await w.consumers(w.action.id)).toEqual(['Main IVR INBOUNDCALLFLOW 1.0']);
  w.state.deleteFlow(flow!.id);
  expect(await w.consumers(w.action.id)).toEqual([]);
});

it('finds the flows that name a flow', async () => {
  await using w = await tracked();
  const target = w.state.seedFlow({ yaml: flowYaml('Target') });
  w.state.seedFlow({ yaml: flowYaml('User', ['- transferToFlow: { targetFlow: { name: Target } }']) });
  expect(await w.consumers(target.id, '', 'INBOUNDCALLFLOW')).toEqual(['User INBOUNDCALLFLOW 1.0']);
  w.state.deleteFlow(w.state.flowNamed('inboundCall', 'User')!.id);
  expect(await w.consumers(target.id, '', 'INBOUNDCALLFLOW')).toEqual([]);
  w.state.deleteFlow(target.id);
  expect(await w.consumers(target.id, '', 'INBOUNDCALLFLOW')).toBe(410);
});

it('refuses the deletion of an action that a flow calls, with the quirk', async () => {
  await using w = await flowWorld({ quirks: ['delete-in-use-refused'] });
  w.state.seedFlow({ yaml: flowYaml() });
  expect((await w.call('DELETE', `/integrations/actions/${w.action.id}`)).status).toBe(409);
});
