import { describe, expect, it } from 'vitest';
import { actionInput, lately, webServices, world } from '../fixture.ts';

const root = '/integrations';

describe('an integration', () => {
  it('is created disabled, enabled, listed and deleted with its actions', async () => {
    await using w = await world();
    const made = await w.call('POST', root, { name: 'CRM', integrationType: { id: 'custom-rest-actions' } });
    expect(made.body).toMatchObject({ intendedState: 'DISABLED', reportedState: { code: 'INACTIVE' } });
    const id = made.body['id'] as unknown as string;
    expect((await w.call('PATCH', `${root}/${id}`, { ...made.body, intendedState: 'ENABLED' })).body).toMatchObject({
      name: 'CRM',
      reportedState: { code: 'ACTIVE' },
    });
    w.state.createAction(actionInput(w.state, { integrationId: id }));
    const listed = await w.call('GET', `${root}?ids=${id}&integrationType=custom-rest-actions&expand=config.current`);
    expect(listed.body).toMatchObject({ total: 1, entities: [{ id, config: { current: { version: 1 } } }] });
    expect((await w.call('DELETE', `${root}/${id}`)).body).toMatchObject({ id, intendedState: 'DELETED' });
    expect((await w.call('GET', `${root}/${id}`)).status).toBe(404);
    expect(w.state.actions().some(({ integrationId }) => integrationId === id)).toBe(false);
  });

  it('is configured under a version lock, all fields required, credentials by reference', async () => {
    await using w = await world();
    const { id } = webServices(w.state);
    const { body: current } = await w.call('GET', `${root}/${id}/config/current`);
    const { body: credential } = await w.call('POST', `${root}/credentials`, {
      name: 'CRM login',
      type: { id: 'basicAuth' },
      credentialFields: { userName: 'u', password: 'hunter2' },
    });
    const wanted = { ...current, name: 'CRM', notes: 'by hand', credentials: { basicAuth: { id: credential['id'] } } };
    const put = await w.call('PUT', `${root}/${id}/config/current`, wanted);
    expect(put.body).toMatchObject({ name: 'CRM', version: 2, credentials: { basicAuth: { name: 'CRM login' } } });
    expect(put.text).not.toContain('hunter2');
    expect((await w.call('PUT', `${root}/${id}/config/current`, wanted)).body['code']).toBe('version.conflict');
    const { notes: _notes, ...partial } = wanted;
    expect((await w.call('PUT', `${root}/${id}/config/current`, partial)).body).toMatchObject({
      status: 400,
      details: [{ fieldName: 'notes' }],
    });
    const unknown = { ...wanted, version: 2, credentials: { basicAuth: { id: 'none' } } };
    expect((await w.call('PUT', `${root}/${id}/config/current`, unknown)).status).toBe(400);
    expect((await w.call('DELETE', `${root}/credentials/${credential['id']}`)).status).toBe(409);
  });

  it('has a type that says what it takes', async () => {
    await using w = await world();
    const types = await w.call('GET', `${root}/types?pageSize=100`);
    expect(types.body).toMatchObject({ total: 7 });
    expect((await w.call('GET', `${root}/types/salesforce-datadip`)).body).toHaveProperty('credentials.basicAuth');
    expect((await w.call('GET', `${root}/types/custom-rest-actions/configschemas/properties`)).body).toHaveProperty(
      'type',
    );
    expect((await w.call('GET', `${root}/types/none`)).status).toBe(404);
    expect((await w.call('POST', root, { name: 'x', integrationType: { id: 'none' } })).status).toBe(400);
  });
});

describe('credentials', () => {
  it('are listed by cursor in both directions', async () => {
    const seed = {
      credentials: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, type: 'userDefined', fields: { key: 'v' } })),
    };
    await using w = await world({ seed });
    type Listing = { entities: { name: string }[]; nextUri?: string; previousUri?: string };
    const get = async (uri: string) => (await w.call('GET', uri.replace('/api/v2', ''))).body as unknown as Listing;
    const names = ({ entities }: Listing) => entities.map(({ name }) => name).join('');
    const first = await get(`${root}/credentials/listing?pageSize=2`);
    const second = await get(first.nextUri!);
    const third = await get(second.nextUri!);
    expect([first, second, third].map(names)).toEqual(['ab', 'cd', 'e']);
    expect(third.nextUri).toBeUndefined();
    expect(names(await get(third.previousUri!))).toBe('cd');
    expect((await w.call('GET', `${root}/credentials/listing?pageSize=201`)).status).toBe(400);
    expect((await w.call('GET', `${root}/credentials?pageSize=2`)).body).toMatchObject({ total: 5, pageCount: 3 });
  });

  it('are replaced and deleted, and never shown', async () => {
    await using w = await world();
    const made = await w.call('POST', `${root}/credentials`, {
      type: { id: 'userDefined' },
      credentialFields: { key: 'secret-1' },
    });
    const id = made.body['id'] as unknown as string;
    await w.call('PUT', `${root}/credentials/${id}`, {
      name: 'n',
      type: { id: 'userDefined' },
      credentialFields: { key: 'secret-2' },
    });
    const read = await w.call('GET', `${root}/credentials/${id}`);
    expect(read.body).toMatchObject({ id, name: 'n', type: { id: 'userDefined' } });
    const log = await w.call('POST', '/audits/query/realtime', { interval: lately() });
    expect(log.text).toContain('credentialFields.key');
    expect(made.text + read.text + log.text).not.toContain('secret-');
    expect((await w.call('DELETE', `${root}/credentials/${id}`)).status).toBe(204);
    expect((await w.call('GET', `${root}/credentials/${id}`)).status).toBe(404);
    expect((await w.call('GET', `${root}/credentials/types`)).status).toBe(200);
    const bad = { type: { id: 'basicAuth' }, credentialFields: { userName: 'u' } };
    expect((await w.call('POST', `${root}/credentials`, bad)).body).toMatchObject({
      details: [{ fieldName: 'credentialFields.password' }],
    });
  });
});
