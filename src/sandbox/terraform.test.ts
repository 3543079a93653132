import { expect, it } from 'vitest';
import { actionInput, world } from './fixture.ts';

/**
 * The calls that Genesys's own Terraform provider makes (terraform-provider-genesyscloud, packages `integration`,
 * `integration_action`, `integration_credential`, and the provider's start), in its order.
 */
const root = '/integrations/actions';

it('starts as the provider does', async () => {
  await using w = await world();
  expect((await w.call('HEAD', '/tokens/me')).status).toBe(200);
  expect((await w.call('GET', '/tokens/me')).body).toMatchObject({ organization: { id: w.sandbox.org.id } });
  expect((await w.call('GET', '/organizations/me')).body).toMatchObject({ defaultCountryCode: 'US' });
  expect((await w.call('GET', '/authorization/products')).body).toMatchObject({ total: 2, entities: [{}, {}] });
  expect((await w.call('GET', '/authorization/divisions?pageSize=100&pageNumber=1')).body).toMatchObject({
    entities: [{ name: 'Home', homeDivision: true }],
  });
});

it('manages an integration as the provider does', async () => {
  await using w = await world();
  const credential = { name: 'Login', type: { id: 'basicAuth' }, credentialFields: { userName: 'u', password: 'p' } };
  const { body: info } = await w.call('POST', '/integrations/credentials', credential);
  const { body: made } = await w.call('POST', '/integrations', {
    name: 'CRM',
    integrationType: { id: 'custom-rest-actions' },
  });
  const path = `/integrations/${made['id']}`;
  const { body: config } = await w.call('GET', `${path}/config/current`);
  const wanted = {
    name: 'CRM',
    version: config['version'],
    properties: {},
    advanced: {},
    notes: 'managed',
    credentials: { basicAuth: { id: info['id'] } },
  };
  expect((await w.call('PUT', `${path}/config/current`, wanted)).status).toBe(200);
  expect((await w.call('PATCH', path, { intendedState: 'ENABLED' })).status).toBe(200);
  expect((await w.call('GET', `${path}?pageSize=100&pageNumber=1&expand=config.current`)).body).toMatchObject({
    intendedState: 'ENABLED',
    config: { current: { notes: 'managed', credentials: { basicAuth: { name: 'Login' } } } },
  });
  expect((await w.call('DELETE', path)).status).toBe(200);
});

it('manages a data action as the provider does', async () => {
  await using w = await world();
  const input = actionInput(w.state);
  const { body: made } = await w.call('POST', root, input);
  const path = `${root}/${made['id']}`;
  const read = await w.call('GET', `${path}?expand=contract&includeConfig=true`);
  for (const [name, text] of [
    ['requesttemplate.vm', input.config.request!.requestTemplate],
    ['successtemplate.vm', input.config.response!.successTemplate],
  ]) {
    const template = await w.call('GET', `${path}/templates/${name}`, undefined, { accept: '*/*' });
    expect([template.status, template.text]).toEqual([200, text]);
  }
  const version = read.body['version'];
  const patch = { version, name: 'Renamed', category: 'CRM', config: input.config };
  expect((await w.call('PATCH', path, patch)).body).toMatchObject({ name: 'Renamed', version: 2 });

  const { body: draft } = await w.call('POST', `${root}/drafts`, { ...input, name: 'By draft' });
  const draftPath = `${root}/${draft['id']}/draft`;
  expect((await w.call('GET', `${draftPath}?expand=contract&includeConfig=true`)).body).toMatchObject({ version: 1 });
  expect((await w.call('POST', `${draftPath}/publish`, { version: 1 })).body).toMatchObject({ id: draft['id'] });
  expect((await w.call('GET', `${root}?pageSize=100&pageNumber=1&includeAuthActions=true`)).body).toMatchObject({
    total: 3,
  });
  expect((await w.call('DELETE', path)).status).toBe(204);
  expect((await w.call('GET', `${path}?expand=contract&includeConfig=true`)).status).toBe(404);
});
