import { expect, it } from 'vitest';
import { actionInput, connect, webServices } from './fixture.ts';
import { flowWorld, flowYaml, idle, put, register } from './flows/fixture.ts';
import { week } from './schedules/fixture.ts';
import { configurationInput, configurations, deployments, settled } from './web/fixture.ts';

type World = Awaited<ReturnType<typeof flowWorld>>;
type Reply = Awaited<ReturnType<World['call']>>;

const idOf = ({ body, text }: Reply): string => {
  if (typeof body['id'] !== 'string') throw new Error(text);
  return body['id'];
};

/** A world, and what the log says of each step: the records of one transaction joined by +. */
async function recorded() {
  const w = await flowWorld({ jobMs: 3, activationMs: 1 });
  let known = 0;
  const after = (reply?: Reply): string => {
    if (reply && reply.status >= 300) throw new Error(reply.text);
    const fresh = w.state.allAudits().slice(known);
    known += fresh.length;
    return fresh
      .map(({ id, entityType, action, initiatedBy }) => `${id === initiatedBy.id ? '' : '+ '}${entityType} ${action}`)
      .join(' ');
  };
  return { ...w, after };
}

it('records every write of data actions, integrations and credentials', async () => {
  await using w = await recorded();
  const actions = '/integrations/actions';
  const made = await w.call('POST', actions, actionInput(w.state));
  const id = idOf(made);
  expect(w.after(made)).toBe('Action Create');
  expect(w.after(await w.call('PATCH', `${actions}/${id}`, { version: 1, name: 'New' }))).toBe('Action Update');
  expect(w.after(await w.call('POST', `${actions}/${id}/draft`))).toBe('ActionDraft Create');
  expect(w.after(await w.call('PATCH', `${actions}/${id}/draft`, { version: 1, secure: true }))).toBe(
    'ActionDraft Update',
  );
  expect(w.after(await w.call('POST', `${actions}/${id}/draft/publish`, { version: 2 }))).toBe('Action Publish');
  const changes = w.state.allAudits().at(-1)!.changes;
  expect(changes).toContainEqual({ property: 'secure', oldValues: ['false'], newValues: ['true'] });
  await w.call('POST', `${actions}/${id}/draft`);
  w.after();
  expect(w.after(await w.call('DELETE', `${actions}/${id}/draft`))).toBe('ActionDraft Delete');
  await w.call('POST', `${actions}/${id}/test`, { id: '1' });
  await w.call('PATCH', `${actions}/${id}`, { version: 1, name: 'Stale' });
  expect(w.after(await w.call('DELETE', `${actions}/${id}`))).toBe('Action Delete');
  const draft = await w.call('POST', `${actions}/drafts`, actionInput(w.state));
  expect(w.after(draft)).toBe('ActionDraft Create');

  const oauth = { loginUrl: 'https://x', clientId: 'c', clientSecret: 's' };
  const credentials = '/integrations/credentials';
  const body = { name: 'c', type: { id: 'userDefinedOAuth' }, credentialFields: oauth };
  const credential = await w.call('POST', credentials, body);
  expect(w.after(credential)).toBe('Credential Create');
  const next = { ...body, credentialFields: { ...oauth, clientSecret: 'n' } };
  expect(w.after(await w.call('PUT', `${credentials}/${idOf(credential)}`, next))).toBe('Credential Update');
  expect(w.state.allAudits().at(-1)!.changes).toEqual([
    { property: 'credentialFields.clientSecret', oldValues: ['****'], newValues: ['****'] },
  ]);
  const type = { id: 'custom-rest-actions' };
  const integration = await w.call('POST', '/integrations', { name: 'CRM', integrationType: type });
  expect(w.after(integration)).toBe('Integration Create');
  const path = `/integrations/${idOf(integration)}`;
  expect(w.after(await w.call('PATCH', path, { intendedState: 'ENABLED' }))).toBe('Integration Update');
  const { body: config } = await w.call('GET', `${path}/config/current`);
  const withCredential = { ...config, credentials: { basicAuth: { id: idOf(credential) } } };
  expect(w.after(await w.call('PUT', `${path}/config/current`, withCredential))).toBe(
    'Integration Update + Action Create',
  );
  expect(w.after(await w.call('DELETE', path))).toBe('Integration Delete + Action Delete');
  expect(w.after(await w.call('DELETE', `${credentials}/${idOf(credential)}`))).toBe('Credential Delete');
});

it('records every write of flows and schedules, by a job, by the API and in the editor', async () => {
  await using w = await recorded();
  await w.publish(flowYaml('New'));
  expect(w.after()).toBe('Flow Create + Flow Publish');
  const [first] = w.state.allAudits().slice(-1);
  expect(first!.changes).toContainEqual({ property: 'publishedVersion', oldValues: [], newValues: ['1.0'] });
  await w.publish(flowYaml('New'));
  expect(w.after()).toBe('Flow Publish');
  const { changes } = w.state.allAudits().at(-1)!;
  expect(changes).toContainEqual({ property: 'publishedVersion', oldValues: ['1.0'], newValues: ['2.0'] });
  const { id } = w.state.flowNamed('inboundCall', 'New')!;
  w.state.editFlow(id, (yaml) => yaml, { publish: false });
  expect(w.after()).toBe('Flow Save');
  w.state.unlockFlow(id);
  expect(w.after()).toBe('Flow Update');
  w.state.lockFlow(id, { user: 'Jo Doe' });
  expect([w.after(), w.state.allAudits().at(-1)!.actor.user?.name]).toEqual(['Flow Checkout', 'Jo Doe']);
  const act = async (action: string) => {
    const reply = await w.call('POST', `/flows/actions/${action}?flow=${id}`);
    await idle(w.state);
    return w.after(reply);
  };
  expect(await act('unlock')).toBe('Flow Update');
  expect(await act('checkout')).toBe('Flow Checkout');
  expect(await act('revert')).toBe('Flow Revert');
  w.state.editFlow(id, (yaml) => yaml, { publish: false, by: 'sandbox-daemon' });
  expect(w.after()).toBe('Flow Save');
  expect(await act('checkin')).toBe('Flow Checkin');
  expect(await act('publish')).toBe('Flow Publish');
  expect(await act('deactivate')).toBe('Flow Deactivate');
  expect(w.after(await w.call('PUT', `/flows/${id}`, { name: 'Renamed' }))).toBe('Flow Update');
  expect(w.after(await w.call('DELETE', `/flows/${id}`))).toBe('Flow Delete');
  const empty = await w.call('POST', '/flows', { name: 'Empty', type: 'WORKFLOW' });
  expect(w.after(empty)).toBe('Flow Create');
  await w.call('DELETE', `/flows?id=${idOf(empty)}`);
  await idle(w.state);
  expect(w.after()).toBe('Flow Delete');

  const schedule = await w.call('POST', '/architect/schedules', week);
  expect(w.after(schedule)).toBe('Schedule Create');
  const path = `/architect/schedules/${idOf(schedule)}`;
  expect(w.after(await w.call('PUT', path, { ...week, version: 1, description: 'New' }))).toBe('Schedule Update');
  const group = await w.call('POST', '/architect/schedulegroups', { name: 'Hours' });
  expect(w.after(group)).toBe('ScheduleGroup Create');
  const ofGroup = `/architect/schedulegroups/${idOf(group)}`;
  expect(w.after(await w.call('PUT', ofGroup, { name: 'Open', version: 1 }))).toBe('ScheduleGroup Update');
  expect(w.after(await w.call('DELETE', ofGroup))).toBe('ScheduleGroup Delete');
  expect(w.after(await w.call('DELETE', path))).toBe('Schedule Delete');
});

it('records every write of web messaging', async () => {
  await using w = await recorded();
  const made = await w.call('POST', configurations, configurationInput());
  expect(w.after(made)).toBe('Configuration Create + ConfigurationVersion Create');
  const id = idOf(made);
  const draft = `${configurations}/${id}/versions/draft`;
  await settled(w.call, draft);
  expect(w.after(await w.call('PUT', draft, configurationInput({ description: 'N' })))).toBe(
    'ConfigurationVersion Update',
  );
  await settled(w.call, draft);
  expect(w.after(await w.call('POST', `${draft}/publish`))).toBe('ConfigurationVersion Publish + Configuration Update');
  const [publish] = w.state.allAudits().slice(-2);
  expect(publish).toMatchObject({ entity: { id }, changes: [{ property: 'version', newValues: ['1'] }] });
  const input = { name: 'Site', allowAllDomains: true, configuration: { id, version: '1' } };
  const site = await w.call('POST', deployments, input);
  expect(w.after(site)).toBe('Deployment Create');
  const path = `${deployments}/${idOf(site)}`;
  expect(w.after(await w.call('PUT', path, { ...input, description: 'New' }))).toBe('Deployment Update');
  expect(w.after(await w.call('DELETE', path))).toBe('Deployment Delete');
  expect(w.after(await w.call('DELETE', `${configurations}/${id}`))).toBe('Configuration Delete');
});

it('tells a person in the user interface from a client, and a client from one that stands for a person', async () => {
  await using w = await recorded();
  const admin = await connect(w.sandbox, 'sandbox-admin');
  const { id } = w.state.createAction(actionInput(w.state));
  await admin('PATCH', `/integrations/actions/${id}`, { version: 1, name: 'New' });
  await w.call('PATCH', `/integrations/actions/${id}`, { version: 2, name: 'Newer' });
  w.state.setIntegrationState(webServices(w.state).id, 'DISABLED', 'sandbox-admin');
  const told = w.state.allAudits().map(({ actor: { clientId, user, remoteIp } }) => [clientId, user?.name, remoteIp]);
  expect(told).toEqual([
    ['sandbox-ui', 'Sandbox Admin', '198.51.100.7'],
    ['sandbox-admin', 'Sandbox Admin', '127.0.0.1'],
    ['sandbox-daemon', undefined, '127.0.0.1'],
    ['sandbox-admin', 'Sandbox Admin', undefined],
  ]);
});

it('lets the records of a job arrive as its upload says', async () => {
  await using w = await recorded();
  w.sandbox.addFault({ when: { method: 'PUT', path: '/architect-files/**' }, then: { audit: { never: true } } });
  const { presignedUrl, headers } = await register(w.call);
  await put(presignedUrl, headers, flowYaml('New'));
  await idle(w.state);
  expect([w.after(), w.state.audits()]).toEqual(['Flow Create + Flow Publish', []]);
});
