import { expect, it } from 'vitest';
import { connect } from '../fixture.ts';
import { configurationInput, configurations, deployments, settled, webWorld } from '../web/fixture.ts';

const draftOf = (id: string) => `${configurations}/${id}/versions/draft`;

it('creates a draft that is pending, then active, and publishes it', async () => {
  await using w = await webWorld();
  w.sandbox.addFault({ when: { method: 'POST', times: 1 }, then: { activation: 'never' } });
  const { status, body } = await w.call('POST', configurations, configurationInput());
  expect(status).toBe(200);
  expect(body).toMatchObject({ name: 'Store', version: 'DRAFT', status: 'Pending', languages: ['en-us', 'de'] });
  expect(body).not.toHaveProperty('datePublished');
  expect(body).not.toHaveProperty('createdUser');
  const id = String(body['id']);
  const early = await w.call('POST', `${draftOf(id)}/publish`);
  expect([early.status, early.body['code']]).toEqual([400, 'bad.request']);
  expect((await w.call('GET', `${configurations}?showOnlyPublished=true`)).body['entities']).toEqual([]);

  const put = await w.call('PUT', draftOf(id), configurationInput());
  expect(await settled(w.call, draftOf(id))).toBe('Active');
  const published = await w.call('POST', `${draftOf(id)}/publish`);
  expect(published.body).toMatchObject({ id, version: '1', status: 'Active' });
  expect(published.body).toHaveProperty('datePublished');
  const { body: draft } = await w.call('GET', draftOf(id));
  expect(draft['datePublished']).toEqual(published.body['datePublished']);
  expect(draft['dateModified']).toEqual(put.body['dateModified']);
});

it('writes the draft whole, fills in what is left out, and ignores what is read-only', async () => {
  await using w = await webWorld();
  const id = await w.draft();
  const modes = [{ fileTypes: ['image/png'] }];
  const sent = { name: 'Shop', description: null, version: '7', status: 'Error', messenger: { fileUpload: { modes } } };
  const { body } = await w.call('PUT', draftOf(id), { ...sent, languages: ['en-us'], defaultLanguage: 'en-us' });
  expect(body).toMatchObject({
    name: 'Shop',
    version: 'DRAFT',
    status: 'Pending',
    headlessMode: { enabled: false },
    cobrowse: { enabled: false },
    video: { enabled: false },
    journeyEvents: { enabled: false },
    messenger: {
      enabled: true,
      homeScreen: { enabled: true },
      sessionPersistenceType: 'AcrossSubdomains',
      apps: { conversations: { showUserTypingIndicator: true, sessionDurationSeconds: 259_200 } },
      fileUpload: { modes: [{ maxFileSizeKB: 10_240, fileTypes: ['image/png'] }] },
    },
  });
  for (const gone of ['description', 'customI18nLabels']) expect(body).not.toHaveProperty(gone);
  expect(body['messenger']).not.toHaveProperty('styles');
});

it('keeps every version, lists the draft first, and at most fifty', async () => {
  await using w = await webWorld();
  const { id } = w.state.seedWebConfiguration({ ...configurationInput(), name: 'Store' });
  for (let n = 2; n <= 51; n += 1) w.state.editWebConfiguration(id, { description: `v${n}` });
  const { body } = await w.call('GET', `${configurations}/${id}/versions`);
  const versions = (body['entities'] as unknown as { version: string }[]).map(({ version }) => version);
  expect([versions.length, ...versions.slice(0, 3), versions.at(-1)]).toEqual([50, 'DRAFT', '51', '50', '3']);
  expect((await w.call('GET', `${configurations}/${id}/versions/1`)).body).toMatchObject({ description: 'The store' });
  expect((await w.call('GET', `${configurations}/${id}/versions/2`)).body).toMatchObject({ description: 'v2' });
  expect((await w.call('GET', `${configurations}/${id}/versions/52`)).status).toBe(404);
});

it.each([
  ['an unknown field', { welcome: 'Hi' }, 'invalid.property'],
  ['a wrong colour', { messenger: { styles: { primaryColor: 'red' } } }, 'constraint.validation'],
  ['a text under an unknown key', { customI18nLabels: [{ localizedLabels: [{ key: 'Title' }] }] }, 'invalid.value'],
  ['a messenger without languages', { languages: [] }, 'constraint.validation'],
  ['a messenger without a default language', { defaultLanguage: null }, 'constraint.validation'],
  ['a default language that is not listed', { defaultLanguage: 'fr' }, 'constraint.validation'],
  [
    'notifications without their texts',
    { messenger: { apps: { conversations: { notifications: { enabled: true } } } } },
    'constraint.validation',
  ],
  [
    'an unknown knowledge base',
    { messenger: { apps: { knowledge: { enabled: true, knowledgeBase: { id: 'none' } } } } },
    'constraint.validation',
  ],
  [
    'an unknown integration',
    { authenticationSettings: { enabled: true, integrationId: 'none' } },
    'constraint.validation',
  ],
  [
    'a file size above the limit',
    { messenger: { fileUpload: { modes: [{ maxFileSizeKB: 10_241 }] } } },
    'constraint.validation',
  ],
])('refuses %s', async (_what, change, code) => {
  await using w = await webWorld();
  const { status, body } = await w.call('POST', configurations, configurationInput(change));
  expect([status, body['code']]).toEqual([400, code]);
  expect(w.state.webConfigurations()).toEqual([]);
});

it('pages by cursor, also after what a cursor points at has gone', async () => {
  await using w = await webWorld();
  for (const name of ['a', 'b', 'c', 'd', 'e']) w.state.seedWebConfiguration({ ...configurationInput(), name });
  const page = async (path: string) => {
    const { body } = await w.call('GET', path.replace('/api/v2', ''));
    const names = (body['entities'] as unknown as { name: string }[]).map(({ name }) => name).join('');
    return { names, next: String(body['nextUri']), previous: String(body['previousUri']), body };
  };
  const first = await page(`${configurations}?pageSize=2&showOnlyPublished=true`);
  expect(first.names).toBe('ab');
  expect(first.body).not.toHaveProperty('total');
  expect(first.body).not.toHaveProperty('previousUri');
  const second = await page(first.next);
  const third = await page(second.next);
  expect([second.names, third.names, third.next]).toEqual(['cd', 'e', 'undefined']);
  expect((await page(third.previous)).names).toBe('cd');
  w.state.deleteWebConfiguration(w.state.webConfigurationNamed('b')!.id);
  expect((await page(first.next)).names).toBe('cd');
  expect((await w.call('GET', `${configurations}?after=none`)).status).toBe(400);
  expect((await w.call('GET', `${configurations}?pageSize=0`)).status).toBe(400);
});

it('is not deleted while a deployment uses it', async () => {
  await using w = await webWorld();
  const deployment = w.serving();
  const path = `${configurations}/${deployment.configuration.id}`;
  const refused = await w.call('DELETE', path);
  expect([refused.status, refused.body['code']]).toEqual([409, 'resource.conflict']);
  expect((await w.call('DELETE', `${deployments}/${deployment.id}`)).status).toBe(204);
  expect((await w.call('DELETE', path)).status).toBe(204);
  expect((await w.call('DELETE', path)).status).toBe(404);
  expect((await w.call('GET', `${path}/versions/draft`)).status).toBe(404);
});

it('lets a draft stay pending, or end in Error, when a fault says so', async () => {
  await using w = await webWorld();
  const id = await w.draft();
  w.sandbox.addFault({ when: { method: 'PUT', nth: 1 }, then: { activation: 'error' } });
  w.sandbox.addFault({ when: { method: 'PUT', nth: 2 }, then: { activation: 'never' } });
  await w.call('PUT', draftOf(id), configurationInput());
  expect(await settled(w.call, draftOf(id))).toBe('Error');
  expect((await w.call('POST', `${draftOf(id)}/publish`)).status).toBe(400);
  await w.call('PUT', draftOf(id), configurationInput());
  const other = await w.draft({ name: 'Other' });
  expect(other).toBeDefined();
  expect((await w.call('GET', draftOf(id))).body).toMatchObject({ status: 'Pending' });
  await w.call('PUT', draftOf(id), configurationInput());
  expect(await settled(w.call, draftOf(id))).toBe('Active');
});

it('an activation that comes late does not make a newer draft active', async () => {
  await using w = await webWorld({ activationMs: 20 });
  const id = await w.draft();
  w.sandbox.addFault({ when: { method: 'PUT', nth: 2 }, then: { activation: 'never' } });
  await Promise.all([1, 2].map(() => w.call('PUT', draftOf(id), configurationInput())));
  await w.draft({ name: 'Other' });
  expect((await w.call('GET', draftOf(id))).body).toMatchObject({ status: 'Pending' });
});

it('names the person, where a client stands for one, and tells the audit log every write', async () => {
  await using w = await webWorld();
  const admin = await connect(w.sandbox, 'sandbox-admin');
  const id = await w.draft();
  const put = await admin('PUT', draftOf(id), configurationInput({ description: 'Mine' }));
  expect(put.body['lastModifiedUser']!['id']).toBeDefined();
  expect(put.body).not.toHaveProperty('createdUser');
  await settled(w.call, draftOf(id));
  const { body } = await admin('POST', `${draftOf(id)}/publish`);
  expect(body['publishedUser']).toEqual(put.body['lastModifiedUser']);
  await w.call('DELETE', `${configurations}/${id}`);
  const records = w.state.audits().map(({ serviceName, entityType, action, entity, actor }) => {
    expect([serviceName, entity.id]).toEqual(['WebDeployments', id]);
    return `${entityType} ${action} ${actor.clientId}`;
  });
  expect(records).toEqual([
    'Configuration Create sandbox-daemon',
    'ConfigurationVersion Create sandbox-daemon',
    'ConfigurationVersion Update sandbox-admin',
    'ConfigurationVersion Publish sandbox-admin',
    'Configuration Update sandbox-admin',
    'Configuration Delete sandbox-daemon',
  ]);
  const [, , update, publish, follows] = w.state.audits();
  expect(update!.changes).toContainEqual({ property: 'description', oldValues: ['The store'], newValues: ['Mine'] });
  expect(follows!.initiatedBy).toEqual(publish!.initiatedBy);
});
