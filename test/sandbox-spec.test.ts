import { existsSync, readFileSync } from 'node:fs';
import Enforcer from 'openapi-enforcer';
import { expect, it } from 'vitest';
import { actionInput, lately, type Reply, webServices, world } from '../src/sandbox/fixture.ts';
import { call, flowYaml, idle, put, type Registered, seedCustomer } from '../src/sandbox/flows/fixture.ts';
import { endpoints } from '../src/sandbox/routes/index.ts';
import { week } from '../src/sandbox/schedules/fixture.ts';
import { configurationInput, configurations, deployments, settled } from '../src/sandbox/web/fixture.ts';

// The published document is no part of this repository: where it is at hand, every answer is held against it.
const file = '/work/shared/genesys-api/openapi.json';

/** Read by Terraform's provider and by the SDK; the document, as captured, does not hold the paths. */
const unpublished = [
  'GET /api/v2/authorization/products',
  'GET /api/v2/knowledge/knowledgebases',
  'GET /api/v2/conversations/messaging/supportedcontent',
  'GET /api/v2/oauth/clients/{clientId}',
  'GET /api/v2/users/{userId}',
];
/** Has no body, and its success is declared as `default`. */
const withoutBody = 'HEAD /api/v2/tokens/me';

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
}

interface PublishedOperation {
  'x-inin-requires-permissions'?: { type: string; permissions: string[] };
  security: { 'PureCloud OAuth': string[] }[];
  responses: Record<string, { schema?: Schema }>;
}

interface Published {
  paths: Record<string, Record<string, PublishedOperation>>;
  definitions: Record<string, Schema>;
}

interface Validator {
  path(
    method: string,
    path: string,
  ): [{ operation: { response(status: number, body?: unknown): [unknown, unknown] } } | undefined, unknown];
}

function published(): Published | undefined {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Published;
  console.log(`skipped: ${file} is absent`);
  return undefined;
}

type Drive = (method: string, path: string, body?: unknown, status?: number) => Promise<Reply>;

/** Every operation on flows, with its refusals. */
async function driveFlows(w: Awaited<ReturnType<typeof world>>, drive: Drive): Promise<void> {
  const { id: actionId } = seedCustomer(w.state);
  const rest = () => idle(w.state);
  const job = await drive('POST', '/flows/jobs', { createStubs: false }, 202);
  const { id, presignedUrl, headers } = job.body as unknown as Registered;
  await drive('GET', `/flows/jobs/${id}`);
  await put(presignedUrl, headers, flowYaml('Main IVR', [call().replace('var: Task.Name', 'noValue: true')]));
  await rest();
  const state = await drive('GET', `/flows/jobs/${id}?expand=messages`);
  const flow = (state.body as unknown as { flow: { id: string } }).flow.id;
  await drive('GET', '/flows/jobs/none', undefined, 404);

  for (const kind of ['export', 'validate']) {
    const body = { flows: [{ flow: { name: 'Main IVR', type: 'INBOUNDCALL' } }] };
    const { body: made } = await drive('POST', `/flows/${kind}/jobs`, body, kind === 'export' ? 202 : 200);
    await drive('GET', `/flows/${kind}/jobs/${made['id']}`);
    await rest();
    await drive('GET', `/flows/${kind}/jobs/${made['id']}?expand=messages`);
  }

  await drive('GET', '/flows?type=inboundcall&name=Main*&pageSize=1');
  await drive('GET', '/flows?type=none', undefined, 400);
  await drive('GET', '/flows/divisionviews?sortBy=name');
  await drive('GET', `/flows/${flow}`);
  await drive('GET', '/flows/none', undefined, 404);
  await drive('PUT', `/flows/${flow}`, { name: 'Main', description: 'The main one' });
  const made = await drive('POST', '/flows', { name: 'Empty', type: 'WORKFLOW' });
  await drive('POST', '/flows', { name: 'Empty', type: 'WORKFLOW' }, 409);
  await drive('GET', `/flows/${made.body['id']}/latestconfiguration`, undefined, 404);
  await drive('GET', `/flows/${flow}/versions`);
  await drive('GET', `/flows/${flow}/versions/1.0`);
  await drive('GET', `/flows/${flow}/versions/9.0`, undefined, 404);
  await drive('GET', `/flows/${flow}/versions/1.0/configuration`);
  await drive('GET', `/flows/${flow}/latestconfiguration`);

  const action = (name: string, status?: number, more = '') =>
    drive('POST', `/flows/actions/${name}?flow=${flow}${more}`, undefined, status);
  w.state.lockFlow(flow, { user: 'Jo Doe' });
  await drive('GET', `/flows/${flow}`);
  await action('checkout', 409);
  await action('unlock');
  await action('checkout');
  await drive('GET', `/flows/${flow}`);
  await action('revert');
  await action('publish', 200, '&version=1.0');
  await action('publish', 409);
  await rest();
  await action('checkin');
  await rest();
  await action('deactivate');

  const tracking = '/architect/dependencytracking/consumingresources';
  await drive('GET', `${tracking}?objectType=DATAACTION&id=${actionId}`);
  await drive('GET', `${tracking}?objectType=INBOUNDCALLFLOW&id=${flow}`);
  await drive('DELETE', `/flows?id=${made.body['id']}`);
  await rest();
  await drive('DELETE', `/flows/${flow}`, undefined, 204);
  await drive('GET', `/flows/${flow}`, undefined, 410);
  await drive('GET', `/flows/${flow}?deleted=true`);
  await drive('DELETE', `/flows/${flow}`, undefined, 410);
}

/** Every operation on schedules and their groups, with its refusals. */
async function driveSchedules(drive: Drive): Promise<void> {
  const [schedules, groups] = ['/architect/schedules', '/architect/schedulegroups'];
  const schedule = (await drive('POST', schedules, week)).body['id'];
  const group = (await drive('POST', groups, { name: 'Hours', timeZone: 'UTC', openSchedules: [{ id: schedule }] }))
    .body;
  await drive('POST', schedules, { ...week, start: '2026-01-05T08:00:00Z' }, 400);
  await drive('POST', groups, { name: 'Other', closedSchedules: [{ id: 'none' }] }, 400);
  await drive('GET', `${schedules}?name=week&sortBy=version&pageSize=1`);
  await drive('GET', `${groups}?scheduleIds=${schedule}&pageSize=1`);
  await drive('GET', `${schedules}/${schedule}`);
  await drive('GET', `${groups}/${group['id']}`);
  await drive('GET', `${schedules}/none`, undefined, 404);
  await drive('GET', `${groups}/none`, undefined, 404);
  await drive('PUT', `${schedules}/${schedule}`, { ...week, version: 1 });
  await drive('PUT', `${schedules}/${schedule}`, { ...week, version: 1 }, 409);
  await drive('PUT', `${groups}/${group['id']}`, { ...group, name: 'New' });
  await drive('PUT', `${groups}/${group['id']}`, { ...group, name: 'New' }, 409);
  await drive('GET', `/architect/dependencytracking/consumingresources?objectType=SCHEDULE&id=${schedule}`);
  await drive('DELETE', `${schedules}/${schedule}`, undefined, 409);
  await drive('DELETE', `${groups}/${group['id']}`);
  await drive('DELETE', `${schedules}/${schedule}`);
}

/** Every operation of web messaging, with its refusals. */
async function driveWeb(w: Awaited<ReturnType<typeof world>>, drive: Drive): Promise<void> {
  const flow = w.state.seedFlow({ yaml: flowYaml('Messages', []).replace('inboundCall', 'inboundShortMessage') });
  const stays = { when: { method: 'POST', times: 1 }, then: { activation: 'never' } } as const;
  w.sandbox.addFault(stays);
  const { body: made } = await drive('POST', configurations, configurationInput());
  const draft = `${configurations}/${made['id']}/versions/draft`;
  await drive('POST', `${draft}/publish`, undefined, 400);
  await drive('POST', configurations, configurationInput({ languages: [] }), 400);
  await drive('PUT', draft, configurationInput({ description: 'Second' }));
  await settled(w.call, draft);
  await drive('POST', `${draft}/publish`);
  await drive('GET', draft);
  w.state.editWebConfiguration(String(made['id']), { position: { alignment: 'Left', sideSpace: 4 } });
  await drive('GET', `${configurations}?pageSize=1&showOnlyPublished=true`);
  await drive('GET', `${configurations}/${made['id']}/versions?pageSize=1`);
  await drive('GET', `${configurations}/${made['id']}/versions/2`);
  await drive('GET', `${configurations}/${made['id']}/versions/9`, undefined, 404);

  const profiles = await drive('GET', '/conversations/messaging/supportedcontent?pageSize=1');
  await drive('GET', '/knowledge/knowledgebases?pageSize=1');
  const [profile] = profiles.body['entities'] as unknown as { id: string }[];
  const input = {
    ...{ name: 'Site', allowedDomains: ['shop.example.com'], flow: { id: flow.id } },
    ...{ supportedContent: { id: profile!.id }, configuration: { id: made['id'], version: '1' } },
    pushIntegrations: [{ id: 'a', provider: 'FCM' }],
  };
  w.sandbox.addFault(stays);
  const { body: never } = await w.call('POST', deployments, input);
  await drive('GET', `${deployments}/${never['id']}/configurations`, undefined, 404);
  await w.call('DELETE', `${deployments}/${never['id']}`);
  const { body: site } = await drive('POST', deployments, input);
  await drive('POST', deployments, { ...input, allowAllDomains: true }, 400);
  await drive('POST', deployments, { ...input, flow: { id: 'none' } }, 400);
  await drive('POST', deployments, { ...input, supportedContent: { id: 'none' } }, 404);
  await settled(w.call, `${deployments}/${site['id']}`);
  await drive('GET', `${deployments}/${site['id']}/configurations`);
  await drive('GET', `${deployments}?expand=Configuration,SupportedContent`);
  await drive('GET', `${deployments}/${site['id']}`);
  await drive('PUT', `${deployments}/${site['id']}`, { ...input, configuration: { id: made['id'], version: '2' } });
  await drive('DELETE', `${configurations}/${made['id']}`, undefined, 409);
  await drive('DELETE', `${deployments}/${site['id']}`, undefined, 204);
  await drive('DELETE', `${configurations}/${made['id']}`, undefined, 204);
}

/** Fields that an answer has and the published definition does not declare. */
function undeclared(document: Published, schema: Schema | undefined, value: unknown, path = ''): string[] {
  const name = schema?.$ref?.split('/').at(-1);
  // The definition of JSON Schemas is known not to model all of their keywords.
  if (!schema || name === 'JsonSchemaDocument') return [];
  if (name) return undeclared(document, document.definitions[name], value, path);
  if (Array.isArray(value)) return value.flatMap((item) => undeclared(document, schema.items, item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const of = schema.properties?.[key] ?? schema.additionalProperties;
    if (of === undefined) return schema.properties ? [`${path}.${key}`] : [];
    return typeof of === 'object' ? undeclared(document, of, item, `${path}.${key}`) : [];
  });
}

/** The validator wants dates as dates. */
const revive = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(value) ? new Date(value) : value;

it('answers every operation in the published form', async () => {
  const document = published();
  if (!document) return;
  const [validator, fault] = (await Enforcer(file, { fullResult: true })) as unknown as [Validator, unknown];
  expect(fault).toBeUndefined();
  await using w = await world({ rateLimit: 0, jobMs: 150, seed: { divisions: [{ name: 'Support' }] } });
  const problems: string[] = [];
  const covered = new Set<string>();

  /** Calls the sandbox, and validates what it answers. */
  async function drive(method: string, path: string, body?: unknown, status = 200): Promise<Reply> {
    const reply = await w.call(method, path, body);
    const template = w.sandbox.requests().at(-1)!.pathTemplate;
    const name = `${method} ${template}`;
    covered.add(name);
    if (reply.status !== status) problems.push(`${name}: ${reply.status} instead of ${status}: ${reply.text}`);
    if (unpublished.includes(name) || name === withoutBody) return reply;
    const [found, missing] = validator.path(method.toLowerCase(), `/api/v2${path}`.split('?')[0]!);
    if (!found) throw new Error(String(missing));
    const json = reply.headers.get('content-type')?.includes('json');
    const sent = json ? JSON.parse(reply.text, revive) : reply.text || undefined;
    const [, error] = found.operation.response(reply.status, sent);
    if (error) problems.push(`${name} ${reply.status}: ${error}`);
    const { schema } = document!.paths[template]![method.toLowerCase()]!.responses[reply.status] ?? {};
    const extra = undeclared(document!, schema, json ? reply.body : undefined);
    if (extra.length > 0) problems.push(`${name} ${reply.status} declares no ${extra.join(', ')}`);
    return reply;
  }

  const idOf = (reply: Reply) => reply.body['id'] as unknown as string;
  const actions = '/integrations/actions';
  const interval = lately();

  await drive('GET', '/organizations/me');
  await drive('GET', '/organizations/limits/namespaces');
  await drive('GET', '/organizations/limits/namespaces/platform.api');
  await drive('GET', '/organizations/limits/namespaces/platform.api/defaults');
  await drive('GET', '/authorization/products');
  await drive('GET', '/authorization/divisions?pageSize=1');
  await drive('GET', '/authorization/divisions/home');
  await drive('GET', '/tokens/me');
  await drive('HEAD', '/tokens/me');

  const credential = { name: 'c', type: { id: 'basicAuth' }, credentialFields: { userName: 'u', password: 'p' } };
  const credentialId = idOf(await drive('POST', '/integrations/credentials', credential));
  await drive('PUT', `/integrations/credentials/${credentialId}`, credential);
  await drive('GET', `/integrations/credentials/${credentialId}`);
  await drive('GET', '/integrations/credentials');
  await drive('GET', '/integrations/credentials/listing?pageSize=1');
  await drive('GET', '/integrations/credentials/types');
  await drive('GET', '/integrations/types');
  await drive('GET', '/integrations/types/custom-rest-actions');
  await drive('GET', '/integrations/types/custom-rest-actions/configschemas/advanced');
  const made = await drive('POST', '/integrations', { name: 'CRM', integrationType: { id: 'custom-rest-actions' } });
  await drive('PATCH', `/integrations/${idOf(made)}`, { intendedState: 'ENABLED' });
  const current = await drive('GET', `/integrations/${idOf(made)}/config/current`);
  const config = { ...current.body, credentials: { basicAuth: { id: credentialId } } };
  await drive('PUT', `/integrations/${idOf(made)}/config/current`, config);
  await drive('PUT', `/integrations/${idOf(made)}/config/current`, config, 409);
  await drive('GET', `/integrations/${idOf(made)}?expand=config.current`);
  await drive('GET', '/integrations?expand=config.current&pageSize=1');

  const id = idOf(await drive('POST', actions, actionInput(w.state)));
  await drive('POST', actions, { name: 'x' }, 400);
  await drive('GET', `${actions}?includeConfig=true&pageSize=1&includeAuthActions=true`);
  await drive('GET', `${actions}/categories`);
  await drive('GET', `${actions}/${id}`);
  await drive('GET', `${actions}/${id}?expand=contract&includeConfig=true`);
  await drive('GET', `${actions}/${id}?expand=contract&flatten=true`);
  await drive('PATCH', `${actions}/${id}`, { version: 1, name: 'New' });
  await drive('PATCH', `${actions}/${id}`, { version: 1, name: 'New' }, 409);
  await drive('GET', `${actions}/${id}/schemas/inputschema.json`);
  await drive('GET', `${actions}/${id}/templates/requesttemplate.vm`);
  await drive('POST', `${actions}/${id}/test`, { id: '1' });
  await drive('POST', `${actions}/${id}/test`, {});
  await drive('POST', `${actions}/${id}/execute`, { id: '1' });
  await drive('POST', `${actions}/${id}/draft`);
  await drive('POST', `${actions}/${id}/draft`, undefined, 409);
  await drive('GET', `${actions}/${id}/draft?expand=contract&includeConfig=true`);
  await drive('GET', `${actions}/${id}/draft/schemas/errorschema.json`);
  await drive('GET', `${actions}/${id}/draft/templates/successtemplate.vm`);
  await drive('PATCH', `${actions}/${id}/draft`, { version: 1, config: { timeoutSeconds: 99 } });
  await drive('GET', `${actions}/${id}/draft/validation`);
  await drive('POST', `${actions}/${id}/draft/test`, { id: '1' });
  await drive('PATCH', `${actions}/${id}/draft`, { version: 2, config: actionInput(w.state).config });
  await drive('POST', `${actions}/${id}/draft/publish`, { version: 3 });
  const draft = idOf(await drive('POST', `${actions}/drafts`, actionInput(w.state)));
  await drive('GET', `${actions}/drafts`);
  await drive('DELETE', `${actions}/${draft}/draft`, undefined, 204);
  await drive('GET', `${actions}/functions/runtimes`);

  const tracking = '/architect/dependencytracking';
  const consumers = `${tracking}/consumingresources?objectType=DATAACTION&pageSize=1&id=`;
  for (const name of ['Orders', 'Returns']) w.state.addConsumer({ name, uses: { id } });
  await drive('GET', `${consumers}${id}&resourceType=INBOUNDSHORTMESSAGEFLOW&flowFilter=published`);
  await drive('GET', `${consumers}${id}&resourceType=NONE`, undefined, 400);
  await drive('GET', consumers, undefined, 400);
  await drive('GET', `${consumers}none`, undefined, 404);
  await drive('GET', `${tracking}/build`);
  w.state.dependencyTracking = 'rebuilding';
  await drive('GET', `${consumers}${id}`, undefined, 206);
  await drive('GET', `${tracking}/build`);

  w.state.dependencyTracking = 'operational';
  await driveFlows(w, drive);
  await driveWeb(w, drive);
  await driveSchedules(drive);

  await drive('DELETE', `${actions}/${id}`, undefined, 204);
  await drive('GET', `${actions}/${id}`, undefined, 404);

  await drive('GET', '/audits/query/servicemapping');
  await drive('GET', '/audits/query/realtime/servicemapping');
  const records = await drive('POST', '/audits/query/realtime', { interval, pageSize: 5, pageNumber: 1 });
  const [record] = records.body['entities'] as unknown as { id: string }[];
  await drive('POST', '/audits/query/realtime/related', { auditId: record!.id });
  await drive('POST', '/audits/query/realtime?expand=user', { interval, serviceName: 'Nobody' }, 400);
  await drive('POST', '/audits/query/realtime', { interval: '2000-01-01T00:00:00Z/2100-01-01T00:00:00Z' }, 400);
  await drive('POST', '/audits/query', { interval: 'yesterday' }, 400);
  await drive('GET', '/oauth/clients/sandbox-admin');
  await drive('GET', '/oauth/clients/none', undefined, 404);
  await drive('GET', `/users/${w.state.addUser({ name: 'Jo Doe' }).id}`);
  const query = idOf(await drive('POST', '/audits/query', { interval, serviceName: 'Integrations' }, 202));
  await drive('GET', `/audits/query/${query}/results`, undefined, 404);
  await drive('GET', `/audits/query/${query}`, undefined, 202);
  await drive('GET', `/audits/query/${query}`);
  await drive('GET', `/audits/query/${query}/results?pageSize=3`);

  await drive('DELETE', `/integrations/${idOf(made)}`);
  await drive('DELETE', `/integrations/credentials/${credentialId}`, undefined, 204);
  await drive('GET', `/integrations/${webServices(w.state).id}`);

  expect(problems).toEqual([]);
  expect(endpoints.map(({ method, path }) => `${method} ${path}`).filter((name) => !covered.has(name))).toEqual([]);
});

it('asks for the published permissions and scopes', () => {
  const document = published();
  if (!document) return;
  for (const { method, path, permissions, scopes } of endpoints) {
    const name = `${method} ${path}`;
    if (unpublished.includes(name)) continue;
    const operation = document.paths[path]![method.toLowerCase()]!;
    const asked = permissions && { type: permissions.type, permissions: permissions.names };
    expect(asked, name).toEqual(operation['x-inin-requires-permissions']);
    expect(scopes, name).toEqual(operation.security[0]!['PureCloud OAuth']);
  }
});
