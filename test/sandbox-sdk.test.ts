import { createRequire } from 'node:module';
import type * as Sdk from 'purecloud-platform-client-v2';
import { expect, it } from 'vitest';
import { actionInput, lately, webServices, world } from '../src/sandbox/fixture.ts';
import { flowYaml, put, seedCustomer } from '../src/sandbox/flows/fixture.ts';
import { configurationInput } from '../src/sandbox/web/fixture.ts';

const sdk = createRequire(import.meta.url)('purecloud-platform-client-v2') as typeof Sdk;

/** The official JavaScript SDK, unchanged, pointed at a sandbox as at a gateway. */
async function client(port: number) {
  const instance = sdk.ApiClient.instance;
  instance.setGateway({
    protocol: 'http',
    host: '127.0.0.1',
    port,
    path_params_login: '',
    path_params_api: '',
  });
  await instance.loginClientCredentialsGrant('sandbox-daemon', 'sandbox-secret');
  return { integrations: new sdk.IntegrationsApi(), organization: new sdk.OrganizationApi() };
}

it('logs in and reads the organisation with the official SDK', async () => {
  await using w = await world({ orgName: 'Acme' });
  const { organization, integrations } = await client(w.sandbox.port);
  expect(await organization.getOrganizationsMe()).toMatchObject({ name: 'Acme', id: w.sandbox.org.id });
  const { entities } = await integrations.getIntegrations({ pageSize: 100, expand: ['config.current'] });
  expect(entities!.map(({ name }) => name)).toEqual(['Web Services Data Actions', 'Genesys Cloud Data Actions']);
});

it('leads a data action through its life with the official SDK', async () => {
  await using w = await world();
  const { integrations } = await client(w.sandbox.port);
  const { id } = await integrations.postIntegrationsActions(
    actionInput(w.state) as unknown as Sdk.Models.PostActionInput,
  );
  const read = await integrations.getIntegrationsAction(id!, { expand: 'contract', includeConfig: true });
  expect(read.config!.timeoutSeconds).toBe(10);

  const config = { ...read.config!, timeoutSeconds: 20 };
  expect(await integrations.patchIntegrationsAction(id!, { version: read.version!, config })).toMatchObject({
    version: 2,
  });

  const draft = await integrations.postIntegrationsActionDraft(id!);
  const patched = await integrations.patchIntegrationsActionDraft(id!, { version: draft.version!, secure: true });
  expect(await integrations.getIntegrationsActionDraftValidation(id!)).toMatchObject({ valid: true });
  const published = await integrations.postIntegrationsActionDraftPublish(id!, { version: patched.version! });
  expect(published).toMatchObject({ id, version: 3, secure: true });

  const test = await integrations.postIntegrationsActionTest(id!, { id: '1' });
  expect(test.success).toBe(true);
  await integrations.deleteIntegrationsAction(id!);
  expect(w.state.action(id!)).toBeUndefined();
  await expect(integrations.getIntegrationsAction(id!)).rejects.toMatchObject({ status: 404 });
});

it('configures an integration with the official SDK', async () => {
  await using w = await world();
  const { integrations } = await client(w.sandbox.port);
  const { id } = webServices(w.state);
  const current = await integrations.getIntegrationConfigCurrent(id);
  const put = await integrations.putIntegrationConfigCurrent(id, { body: { ...current, notes: 'by the SDK' } });
  expect(put).toMatchObject({ version: 2, notes: 'by the SDK' });
  await integrations.patchIntegration(id, { body: { intendedState: 'DISABLED' } as Sdk.Models.Integration });
  expect(w.state.integrationNamed('Web Services Data Actions')).toMatchObject({ intendedState: 'DISABLED' });
});

it('publishes and exports a flow with the official SDK', async () => {
  await using w = await world({ jobMs: 5 });
  await client(w.sandbox.port);
  seedCustomer(w.state);
  const architect = new sdk.ArchitectApi();
  const job = await architect.postFlowsJobs();
  await put(job.presignedUrl!, job.headers!, flowYaml());
  await expect
    .poll(async () => (await architect.getFlowsJob(job.id!, { expand: ['messages'] })).status)
    .toBe('Success');
  const { entities } = await architect.getFlows({ type: ['inboundcall'], name: 'Main IVR' });
  const [flow] = entities!;
  expect(flow).toMatchObject({ name: 'Main IVR', publishedVersion: { id: '1.0' } });
  const registered = await architect.postFlowsExportJobs({ flows: [{ flow: { id: flow!.id! } }] });
  await expect.poll(async () => (await architect.getFlowsExportJob(registered.id!)).status).toBe('Success');
  const { downloadUrl } = await architect.getFlowsExportJob(registered.id!);
  expect(await (await fetch(downloadUrl!)).text()).toBe(w.state.exportText(flow!.id!));
  expect(await architect.postFlowsActionsCheckout(flow!.id!)).toMatchObject({ lockedClient: { id: 'sandbox-daemon' } });
  await architect.deleteFlow(flow!.id!);
  await expect(architect.getFlow(flow!.id!)).rejects.toMatchObject({ status: 410 });
});

it('brings a web configuration to its deployment with the official SDK', async () => {
  await using w = await world({ activationMs: 1 });
  await client(w.sandbox.port);
  const web = new sdk.WebDeploymentsApi();
  const draft = configurationInput() as unknown as Sdk.Models.WebDeploymentConfigurationVersion;
  const { id } = await web.postWebdeploymentsConfigurations(draft);
  const status = async () => (await web.getWebdeploymentsConfigurationVersionsDraft(id!)).status;
  await expect.poll(status, { interval: 2 }).toBe('Active');
  const { version } = await web.postWebdeploymentsConfigurationVersionsDraftPublish(id!);
  const configuration = { id: id!, version: version! };
  const site = await web.postWebdeploymentsDeployments({ name: 'Site', allowAllDomains: true, configuration });
  const served = async () =>
    web.getWebdeploymentsDeploymentConfigurations(site.id!).then(
      (active) => active.configurationVersion?.version,
      ({ status }: { status: number }) => status,
    );
  await expect.poll(served, { interval: 2 }).toBe('1');
  const { entities } = await web.getWebdeploymentsDeployments({ expand: ['Configuration'] });
  expect(entities).toMatchObject([{ name: 'Site', configuration: { name: 'Store', languages: ['en-us', 'de'] } }]);
  const bases = await new sdk.KnowledgeApi().getKnowledgeKnowledgebases();
  const profiles = await new sdk.ConversationsApi().getConversationsMessagingSupportedcontent();
  expect([bases.entities?.[0]?.name, profiles.entities?.[0]?.name]).toEqual(['Help Center', 'Images']);
});

it('asks the audit log in both forms, and who it names, with the official SDK', async () => {
  await using w = await world();
  await client(w.sandbox.port);
  w.state.createAction(actionInput(w.state), 'sandbox-admin');
  const audit = new sdk.AuditApi();
  const { services } = await audit.getAuditsQueryRealtimeServicemapping();
  expect(services!.map(({ name }) => name)).toContain('Integrations');
  const query = { interval: lately(), serviceName: 'Integrations' };
  const atOnce = await audit.postAuditsQueryRealtime(query, { expand: ['user'] });
  const [record] = atOnce.entities!;
  expect(record).toMatchObject({ action: 'Create', entityType: 'Action', user: { name: 'Sandbox Admin' } });
  expect((await audit.postAuditsQueryRealtimeRelated({ auditId: record!.id! })).entities).toHaveLength(1);

  const { id } = await audit.postAuditsQuery(query);
  await expect
    .poll(async () => (await audit.getAuditsQueryTransactionId(id!)).state, { interval: 2 })
    .toBe('Succeeded');
  const results = await audit.getAuditsQueryTransactionIdResults(id!, { pageSize: 500, expand: ['user'] });
  expect(results.entities).toEqual(atOnce.entities);
  expect(await new sdk.OAuthApi().getOauthClient(record!.client!.id!)).toMatchObject({ name: 'sandbox-admin' });
  expect(await new sdk.UsersApi().getUser(record!.user!.id!)).toMatchObject({ name: 'Sandbox Admin' });
});
