import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createClient } from '../src/genesys/index.ts';
import type { Failure } from '../src/model/failure.ts';
import type { ApiRequest } from '../src/model/http.ts';
import type { JsonObject } from '../src/model/json.ts';
import { silent } from '../src/model/log.ts';
import type { Surface } from '../src/model/surface.ts';
import { kinds } from '../src/objects/kinds.ts';
import { platform } from '../src/objects/surfaces/platform.ts';
import { tutorial } from '../src/objects/surfaces/tutorial.ts';
import { endpoints } from '../src/objects/surfaces/tutorial-endpoints.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../src/sandbox/index.ts';
import { ids } from '../src/sandbox/tutorial/base-seed.ts';
import { fakeClock } from './support/clock.ts';

const clientId = 'sandbox-daemon';
const application = '/api/v2/integrations/externalapplications/{id}';
const publish = '/api/v2/flows/{id}/publish';
const chat = '/api/v2/webchat/organizations/{orgId}/configurations';
const [chatOrganization] = ids.webChats;

interface Setting {
  surfaces?: Surface[];
  scopes?: string[];
  secret?: string;
}

/** A client of a sandbox that serves the client's surfaces and no others, or of another test's. */
async function setUp(setting: Setting = {}, options: SandboxOptions = {}, on?: Sandbox) {
  const { surfaces = [tutorial], scopes = [], secret = 'sandbox-secret' } = setting;
  const clock = fakeClock();
  const now = (): number => clock.now().getTime();
  const served = surfaces.map(({ name }) => name);
  const sandbox = on ?? (await startSandbox({ now, surfaces: served, rateLimit: 100_000, ...options }));
  const client = createClient({
    ...{ surfaces, scopes, clientId, clock, log: silent, env: {}, random: () => 0.5 },
    // Nobody listens there: where tokens come from the API's host no other is asked.
    ...{ apiUrl: sandbox.url, loginUrl: surfaces[0] === tutorial ? 'http://127.0.0.1:1' : sandbox.url },
    clientSecret: async () => secret,
  });
  onTestFinished(async () => {
    client.close();
    if (on === undefined) await sandbox.close();
  });
  const writer = client.writer();
  const failureOf = (call: Promise<unknown>): Promise<Failure | undefined> =>
    clock.drive(call).then(
      () => undefined,
      (error: unknown) => error as Failure,
    );
  return {
    ...{ clock, sandbox, client },
    get: (path: string, params: Record<string, string>) => clock.drive(writer.get({ path, params })),
    /** The Failure that a request ends with. */
    refused: async (request: ApiRequest): Promise<Failure> =>
      (await failureOf(request.method === 'GET' ? writer.get(request) : writer.send(request)))!,
    refusedToken: async (): Promise<Failure> => (await failureOf(client.connect()))!,
  };
}

const put = (path: string, params: Record<string, string>, body: JsonObject): ApiRequest => ({
  ...{ method: 'PUT', path, params, body },
});

const routes = Object.entries(endpoints).filter(([, { scopes }]) => scopes.length > 0);

test.each(routes)('%s needs the scopes that its words name, and no others', async (route, { scopes }) => {
  const [method, template] = route.split(' ') as ['POST', string];
  const request: ApiRequest = {
    method,
    path: template,
    params: { id: 'x', orgId: 'x', dataActionId: 'x', jobId: 'x' },
  };
  if (!['GET', 'DELETE'].includes(method)) request.body = {};
  const { sandbox } = await setUp();
  const asking = async (asked: string[]) => (await setUp({ scopes: asked }, {}, sandbox)).refused(request);
  for (const missing of scopes) {
    const failure = await asking(['some:other:scope', ...scopes.filter((one) => one !== missing)]);
    expect(failure).toMatchObject({ reason: 'PermissionMissing', detail: { apiCode: 'missing.scope' } });
    const needs = scopes.length === 1 ? 'scope' : 'scopes';
    expect(failure.message).toContain(`The OAuth client needs the ${needs} ${scopes.join(' and ')}. Add `);
    expect(failure.message).toContain(`not asked for with ${missing}:`);
  }
  for (const nth of [0, -1]) {
    const failure = await asking(scopes.map((scope) => scope.split(' or ').at(nth)!));
    expect(failure?.reason).not.toBe('PermissionMissing');
  }
});

test('every path that an object sends is one of which its surface knows', () => {
  const root = path.resolve(import.meta.dirname, '../src/objects');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^[^/]+\/.*(?<!\.test|fixture)\.ts$/.test(file),
  );
  const sent = files.flatMap(
    (file) => readFileSync(path.join(root, file), 'utf8').match(/(?<=')\/api\/v2\/[^'*]+(?=')/g) ?? [],
  );
  const known = (route: string): boolean => {
    const [method = '', pathTemplate = ''] = route.split(' ');
    // Of a few only the answer itself says what is needed.
    const refused = { status: 403, method, pathTemplate, params: {}, body: { message: 'You need some:other:view' } };
    return [platform, tutorial].some(({ advise }) => advise(refused) !== undefined);
  };
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  expect(sent.length).toBeGreaterThan(30);
  expect(sent.filter((one) => !methods.some((method) => known(`${method} ${one}`)))).toEqual([]);
});

test('a kind asks for no scope that no endpoint needs', () => {
  const needed = routes.flatMap(([, { scopes }]) => scopes.flatMap((scope) => scope.split(' or ')));
  const asked = kinds.filter(({ surface }) => surface === tutorial.name).flatMap(({ scopes = [] }) => scopes);
  expect(asked.filter((scope) => !needed.includes(scope))).toEqual([]);
});

test('a request that was wrong says what, where it stands, and what to do', async () => {
  const { refused, get } = await setUp();
  const params = { id: ids.application };
  const whole = (await get(application, params)).body as JsonObject;
  const late = await refused(put(application, params, { ...whole, timeout: 45_000 }));
  expect(late).toMatchObject({ reason: 'BadRequest', message: expect.stringContaining('1000 to 30000') });
  expect((await refused({ method: 'GET', path: application, params: { id: 'gone' } })).message).toContain(
    'There is no external application with the id gone (any more)',
  );
  const colours = { widget: { theme: { colors: { primary: 'red' } } } };
  const invalid = await refused({ ...put(chat, { orgId: chatOrganization }, colours), ifMatch: '4' });
  expect(invalid.detail.fields).toContainEqual({
    ...{ path: 'widget.theme.colors.primary', message: expect.any(String) },
  });
  expect(invalid.message).toMatch(/widget\.theme\.colors\.primary: .*a colour that is none/s);
  const foreign = await refused(put(chat, { orgId: ids.unassignedWebChat }, {}));
  expect(foreign).toMatchObject({ reason: 'PermissionMissing', detail: { apiCode: 'organization.not.assigned' } });
  expect(foreign.message).toContain(`The organisation ${ids.unassignedWebChat} is not assigned to the client`);
});

test.each([
  [[], 409, '7'],
  [['flow-definition-412'], 412, undefined],
] as const)('a version that moved, with %j', async (quirks, status, version) => {
  const { refused, get, sandbox } = await setUp({}, { quirks: [...quirks] });
  const params = { id: ids.nestedFlow };
  const { body, etag } = await get('/api/v2/flows/{id}', params);
  expect(etag).toMatch(/7/);
  const older = { ...(body as JsonObject), version: 6 };
  const failure = await refused({ ...put(publish, params, older), ifMatch: etag!.replace('7', '6') });
  expect(failure).toMatchObject({ reason: 'Conflict', detail: { status } });
  expect(failure.detail.version).toBe(version);
  expect(failure.message).toContain(`The flow ${ids.nestedFlow} was changed by somebody else`);
  const sent = sandbox.requests().filter(({ method }) => method === 'PUT');
  expect(sent).toHaveLength(1);
});

test.each([[3], [undefined]])('429 with Retry-After %s: it is waited, and the words say what helps', async (after) => {
  const { sandbox, refused, get, clock } = await setUp();
  const params = { id: ids.application };
  const then = { status: 429, body: { message: 'Slow down' }, ...(after === undefined ? {} : { retryAfter: after }) };
  sandbox.addFault({ when: { path: application, times: 1 }, then });
  const begun = clock.now().getTime();
  expect((await get(application, params)).receipt.attempts).toBe(2);
  expect(clock.now().getTime() - begun).toBeGreaterThanOrEqual(after === undefined ? 500 : 3_000);
  sandbox.addFault({ when: { path: application }, then });
  const failure = await refused({ method: 'GET', path: application, params });
  expect(failure).toMatchObject({ reason: 'RateLimited', class: 'TryLater' });
  expect(failure.message).toContain('Slow down. Genesys wants fewer requests');
});

const some = { id: clientId, secret: 'sandbox-secret', scopes: ['task:read'] };

test('a scope that the client is given is there with the next token', async () => {
  const { sandbox, refused, get, clock } = await setUp(
    { scopes: ['task:read', 'view:flow'] },
    { seed: { clients: [some] } },
  );
  const request = { path: '/api/v2/flows/{id}', params: { id: ids.flatFlow } };
  const lacking = await refused({ method: 'GET', ...request });
  expect(lacking.message).toContain('needs the scope view:flow. Add it');
  expect(lacking.message).not.toContain('not asked for');
  sandbox.state.giveScopes(clientId, 'view:flow');
  await clock.advance(120_000);
  expect((await get(request.path, request.params)).receipt.attempts).toBe(2);
});

test('a token that is refused, and one whose end is not told', async () => {
  const wrong = await (await setUp({ secret: 'wrong' })).refusedToken();
  expect(wrong).toMatchObject({ reason: 'AuthenticationFailed', class: 'TargetStalled' });
  expect(wrong.message).toContain('GENESYS_CLIENT_SECRET');
  const options: SandboxOptions = { quirks: ['oauth-scope-strict'], seed: { clients: [some] } };
  const narrow = await (await setUp({ scopes: ['task:read', 'task:write'] }, options)).refusedToken();
  expect(narrow.message).toMatch(/not allowed the scope task:write.* `scopes` of the target.*task:read, task:write\.$/);
  const endless = await setUp({}, { quirks: ['oauth-no-expiry'] });
  for (const ms of [0, 3_530_000, 20_000]) {
    await endless.clock.advance(ms);
    await endless.get(application, { id: ids.application });
  }
  expect(endless.client.stats().tokens).toBe(2);
});

test('beside the platform the token is the platform’s, and each surface has words for its own', async () => {
  const { refused, sandbox } = await setUp({ surfaces: [platform, tutorial], scopes: ['task:read'] });
  const gone = { id: 'gone', actionId: 'gone' };
  const action = '/api/v2/integrations/actions/{actionId}';
  expect((await refused({ method: 'GET', path: application, params: gone })).message).toContain(
    'no external application with the id gone',
  );
  expect((await refused({ method: 'GET', path: action, params: gone })).message).toContain('It does not exist');
  sandbox.state.takeScopes(clientId, 'view:flow');
  const lacking = await refused({ method: 'GET', path: '/api/v2/flows/{id}', params: { id: ids.flatFlow } });
  expect(lacking.message).toContain('needs the scope view:flow. Add it');
});
