import { describe, expect, it } from 'vitest';
import { connect, type Reply } from '../fixture.ts';
import { flowWorld, flowYaml, idle } from '../flows/fixture.ts';

const names = ({ body }: Reply) => (body['entities'] as unknown as { name: string }[]).map(({ name }) => name);
const refusal = ({ status, body }: Reply) => [status, body['code']];

describe('the list of flows', () => {
  it('is filtered', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    await using w = await flowWorld({ now: () => now, seed: { divisions: [{ name: 'Support' }] } });
    const a = w.state.seedFlow({ yaml: flowYaml('Alpha', [], '  description: first\n  division: Support\n') });
    now += 1000;
    const b = w.state.seedFlow({ yaml: flowYaml('Beta').replace('inboundCall', 'workflow') });
    w.state.editFlow(b.id, (yaml) => yaml);
    const c = w.state.seedFlow({ yaml: flowYaml('Gamma') });
    w.state.deleteFlow(c.id);
    w.state.lockFlow(a.id, { user: 'Jo Doe' });
    w.state.lockFlow(b.id, { client: 'other' });
    const list = async (query: string) => names(await w.call('GET', `/flows?${query}`));
    expect(await list('')).toEqual(['Alpha', 'Beta']);
    expect(await list('deleted=true')).toEqual(['Alpha', 'Beta', 'Gamma']);
    expect(await list('type=inboundcall')).toEqual(['Alpha']);
    expect(await list('type=inboundcall&type=workflow')).toEqual(['Alpha', 'Beta']);
    expect(await list('type=speech')).toEqual([]);
    expect(await list('name=alpha')).toEqual(['Alpha']);
    expect(await list('name=alph')).toEqual([]);
    expect(await list('name=*et*')).toEqual(['Beta']);
    expect(await list('description=FIRST')).toEqual(['Alpha']);
    expect(await list('nameOrDescription=first')).toEqual(['Alpha']);
    expect(await list(`id=${b.id}&name=alpha`)).toEqual(['Beta']);
    expect(await list(`divisionId=${a.divisionId}`)).toEqual(['Alpha']);
    expect(await list('publishVersionId=2.0')).toEqual(['Beta']);
    expect(await list('publishedAfter=2026-01-01T00:00:00Z')).toEqual(['Beta']);
    expect(await list('publishedBefore=2026-01-01T00:00:00.500Z')).toEqual(['Alpha']);
    expect(await list('lockedBy=user-jo-doe')).toEqual(['Alpha']);
    expect(await list('lockedByClientId=other')).toEqual(['Beta']);
    expect(await list('sortBy=name&sortOrder=desc')).toEqual(['Beta', 'Alpha']);
    expect(refusal(await w.call('GET', '/flows?type=fax'))).toEqual([400, 'architect.invalid.flow.type']);
    expect(refusal(await w.call('GET', '/flows?divisionId=none'))).toEqual([400, 'architect.division.invalid']);
    expect(refusal(await w.call('GET', '/flows?publishedAfter=soon'))).toEqual([400, 'invalid.date']);
  });

  it('comes in pages, and lags when a fault says so', async () => {
    await using w = await flowWorld();
    for (const name of ['A', 'B', 'C']) w.state.publishFlow(flowYaml(name));
    const { body } = await w.call('GET', '/flows?pageSize=2&pageNumber=2');
    expect(body).toMatchObject({ total: 3, pageCount: 2, entities: [{ name: 'C' }] });
    expect((await w.call('GET', '/flows?pageSize=101')).status).toBe(400);
    w.sandbox.addFault({ when: { path: '/api/v2/flows' }, then: { lag: { created: 60_000 } } });
    expect(names(await w.call('GET', '/flows'))).toEqual([]);
  });
});

describe('a flow', () => {
  it('is created empty and locked, renamed, and of one name', async () => {
    await using w = await flowWorld();
    const { body } = await w.call('POST', '/flows', { name: 'New', type: 'INBOUNDCALL', description: 'd' });
    expect(body).toMatchObject({ name: 'New', description: 'd', lockedClient: { id: 'sandbox-daemon' } });
    expect(body).not.toHaveProperty('publishedVersion');
    w.state.seedFlow({ yaml: flowYaml('Taken') });
    const path = `/flows/${body['id']}`;
    expect(refusal(await w.call('PUT', path, { name: 'Taken' }))).toEqual([409, 'architect.flow.already.exists']);
    expect((await w.call('PUT', path, { ...body, name: 'Other' })).body).toMatchObject({
      name: 'Other',
      description: 'd',
    });
    expect((await w.call('GET', path)).body['name']).toBe('Other');
    expect((await w.call('PUT', path, { name: 'Other', division: { id: 'none' } })).status).toBe(400);
    w.state.lockFlow(String(body['id']), { user: 'Jo' });
    expect(refusal(await w.call('PUT', path, { name: 'X' }))).toEqual([409, 'architect.flow.not.locked.by.user']);
  });

  it.each([
    [{ type: 'WORKFLOW' }, 'architect.flow.validate.failed.missing.name'],
    [{ name: 'A' }, 'architect.flow.validate.failed.missing.type'],
    [{ name: 'A/B', type: 'WORKFLOW' }, 'architect.flow.validate.failed.invalid.name.contains.slash'],
    [{ name: '--', type: 'WORKFLOW' }, 'architect.flow.validate.failed.invalid.name.no.alpha'],
    [{ name: 'A-debug', type: 'WORKFLOW' }, 'architect.flow.validate.failed.invalid.name.contains.debug'],
    [{ name: 'A', type: 'WORKFLOW', steps: [] }, 'invalid.property'],
  ])('is not created from %j', async (body, code) => {
    await using w = await flowWorld();
    expect(refusal(await w.call('POST', '/flows', body))).toEqual([400, code]);
  });

  it('keeps its new name in exports, and an upload of the old one makes another flow', async () => {
    await using w = await flowWorld();
    const { id } = w.state.seedFlow({ yaml: flowYaml() });
    await w.call('PUT', `/flows/${id}`, { name: 'Renamed' });
    expect(w.state.exportText(id)).toContain('name: Renamed');
    expect((await w.publish(flowYaml())).flow!.id).not.toBe(id);
  });

  it('is gone when deleted, yet can be asked for, and its name is free', async () => {
    await using w = await flowWorld();
    const { id } = w.state.seedFlow({ yaml: flowYaml() });
    expect((await w.call('DELETE', `/flows/${id}`)).status).toBe(204);
    for (const path of [`/flows/${id}`, `/flows/${id}/versions`, `/flows/${id}/versions/1.0`]) {
      expect(refusal(await w.call('GET', path))).toEqual([410, 'architect.flow.deleted']);
    }
    expect((await w.call('GET', `/flows/${id}?deleted=true`)).body['deleted']).toBe(true);
    expect(refusal(await w.call('DELETE', `/flows/${id}`))).toEqual([410, 'architect.flow.deleted']);
    expect((await w.export({ flows: [{ flow: { id } }] })).status).toBe('Failure');
    expect((await w.publish(flowYaml())).flow!.id).not.toBe(id);
  });

  it('is not deleted while somebody has it locked or a flow names it', async () => {
    await using w = await flowWorld();
    const target = w.state.seedFlow({ yaml: flowYaml('Target') });
    const steps = ['- transferToFlow: { targetFlow: { name: Target } }'];
    const user = w.state.seedFlow({ yaml: flowYaml('User', steps) });
    const path = `/flows/${target.id}`;
    expect(refusal(await w.call('DELETE', path))).toEqual([409, 'architect.flow.cannot.delete.used.in.flows']);
    expect(refusal(await w.call('DELETE', `/flows?id=${target.id}`))).toEqual([400, 'architect.batch.delete.failed']);
    w.state.lockFlow(user.id, { user: 'Jo' });
    const locked = [405, 'architect.flow.cannot.delete.user.does.not.have.lock'];
    expect(refusal(await w.call('DELETE', `/flows/${user.id}`))).toEqual(locked);
    w.state.unlockFlow(user.id);
    const { body } = await w.call('DELETE', `/flows?id=${target.id}&id=${user.id}`);
    expect(body).toMatchObject({ complete: false, actionName: 'DELETE', actionStatus: 'STARTED' });
    await idle(w.state);
    expect(w.state.flows()).toEqual([]);
  });

  it('has versions with their configurations', async () => {
    await using w = await flowWorld();
    const { id } = w.state.seedFlow({ yaml: flowYaml() });
    w.state.editFlow(id, (yaml) => yaml.replace('minutes: 1', 'minutes: 2'), { publish: false });
    expect((await w.call('GET', `/flows/${id}/versions/1.1`)).body).toMatchObject({ id: '1.1', type: 'SAVE' });
    expect((await w.call('GET', `/flows/${id}/versions/1.0/configuration`)).text).toContain('"minutes":1');
    expect((await w.call('GET', `/flows/${id}/latestconfiguration`)).text).toContain('"minutes":2');
    expect(refusal(await w.call('GET', `/flows/${id}/versions/3.0`))).toEqual([404, 'architect.flow.version.missing']);
    expect(refusal(await w.call('GET', '/flows/none'))).toEqual([404, 'architect.flow.not.found']);
  });

  it('is for those who may', async () => {
    const clients = [{ id: 'reader', permissions: ['architect:flow:view'] }];
    await using w = await flowWorld({ seed: { clients } });
    const reader = await connect(w.sandbox, 'reader');
    expect((await reader('GET', '/flows')).status).toBe(200);
    for (const [path, name] of [
      ['jobs', 'job'],
      ['export/jobs', 'jobExport'],
      ['validate/jobs', 'jobValidate'],
    ]) {
      const { status, body } = await reader('POST', `/flows/${path}`, { flows: [] });
      expect([status, body['message']]).toEqual([403, expect.stringContaining(`architect:${name}:create`)]);
    }
    w.state.takePermissions('sandbox-daemon', 'architect:flow:view');
    expect((await w.call('GET', '/flows')).status).toBe(403);
  });
});
