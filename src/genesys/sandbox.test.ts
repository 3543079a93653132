import { expect, onTestFinished, test } from 'vitest';
import { type FakeClock, fakeClock } from '../../test/support/clock.ts';
import type { Failure } from '../model/failure.ts';
import { silent } from '../model/log.ts';
import { platform } from '../objects/surfaces/platform.ts';
import { type Fault, type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/index.ts';
import { type Client, type ClientOptions, createClient } from './index.ts';

const actions = '/api/v2/integrations/actions';
const integration = 'Web Services Data Actions';

interface World {
  sandbox: Sandbox;
  client: Client;
  clock: FakeClock;
}

async function world(options: SandboxOptions = {}, more: Partial<ClientOptions> = {}): Promise<World> {
  const clock = fakeClock();
  const sandbox = await startSandbox({ now: () => clock.now().getTime(), ...options });
  const client = createClient({
    apiUrl: sandbox.url,
    surfaces: [platform],
    clientId: 'sandbox-daemon',
    clientSecret: async () => 'sandbox-secret',
    clock,
    log: silent,
    random: () => 0.5,
    env: {},
    ...more,
  });
  onTestFinished(async () => {
    client.close();
    await sandbox.close();
  });
  return { sandbox, client, clock };
}

function strike(w: World, when: Fault['when'], effect: Fault['then']): void {
  w.sandbox.addFault({ when, then: effect });
}

const calls = ({ sandbox }: World, method: string): number =>
  sandbox.requests().filter((one) => one.method === method && one.path.startsWith('/api/')).length;

function create(w: World, name: string): Promise<unknown> {
  const body = {
    name,
    category: integration,
    integrationId: w.sandbox.state.integrationNamed(integration)!.id,
    config: { request: { requestUrlTemplate: 'https://x.example', requestType: 'GET' }, response: {} },
    contract: { input: { inputSchema: { type: 'object' } }, output: { successSchema: { type: 'object' } } },
  };
  return w.clock.drive(w.client.writer().send({ method: 'POST', path: actions, body }));
}

const failed = (promise: Promise<unknown>): Promise<Failure> => promise.then(Promise.reject, (error: Failure) => error);

test('a thousand actions are ten requests and one token', async () => {
  const w = await world({ seed: { actions: Array.from({ length: 995 }, (_, i) => ({ name: `a${i}`, integration })) } });
  const list = await w.clock.drive(w.client.reader().list({ path: actions }));
  expect(list.length).toBeGreaterThanOrEqual(995);
  expect(w.client.stats()).toMatchObject({ requests: 10, tokens: 1, retries: 0 });
});

test('a lost answer to a create is unsettled, and the create was done once', async () => {
  const w = await world();
  strike(w, { method: 'POST', path: actions }, { lostResponse: true });
  expect((await failed(create(w, 'one'))).reason).toBe('Unsettled');
  expect(w.sandbox.state.actions().filter((action) => action.name === 'one')).toHaveLength(1);
  expect(calls(w, 'POST')).toBe(1);
});

test('a 429 delays a create and does it once', async () => {
  const w = await world();
  strike(w, { method: 'POST', path: actions, times: 2 }, { status: 429, retryAfter: 3 });
  expect(await create(w, 'one')).toMatchObject({ receipt: { attempts: 3 } });
  expect(w.sandbox.state.actions().filter((action) => action.name === 'one')).toHaveLength(1);
});

test.each([
  [{ status: 500 }],
  [{ status: 503, retryAfter: 2 }],
  [{ drop: true }],
  [{ truncate: true }],
  [{ emptyBody: true }],
  [{ contentType: 'text/html' }],
])('a list survives %j twice', async (effect) => {
  const w = await world({ seed: { actions: Array.from({ length: 250 }, (_, i) => ({ name: `a${i}`, integration })) } });
  strike(w, { method: 'GET', path: actions, times: 2 }, effect);
  expect((await w.clock.drive(w.client.reader().list({ path: actions }))).length).toBeGreaterThanOrEqual(250);
});

test('tokens that become unknown in the middle are replaced', async () => {
  const w = await world();
  const reader = w.client.reader();
  await w.clock.drive(reader.get({ path: '/api/v2/organizations/me' }));
  w.sandbox.state.expireTokens();
  expect(await w.clock.drive(reader.get({ path: '/api/v2/organizations/me' }))).toMatchObject({
    body: { name: 'Sandbox' },
    receipt: { status: 200, attempts: 2 },
  });
});

test('a moved version is a conflict, a missing object gone', async () => {
  const w = await world();
  const writer = w.client.writer();
  const action = w.sandbox.state.seedAction({ name: 'a', integration });
  const params = { actionId: action.id };
  const patch = { method: 'PATCH', path: `${actions}/{actionId}`, params, body: { name: 'b', version: 99 } } as const;
  expect((await failed(w.clock.drive(writer.send(patch)))).class).toBe('Moved');
  const absent = writer.get({ path: `${actions}/{actionId}`, params: { actionId: 'absent' } });
  expect((await failed(w.clock.drive(absent))).reason).toBe('Gone');
});

test('a missing permission is named', async () => {
  const weak = { id: 'weak', permissions: ['integrations:integration:view'] };
  const w = await world({ seed: { clients: [weak] } }, { clientId: 'weak' });
  const failure = await failed(w.clock.drive(w.client.reader().list({ path: actions })));
  expect(failure.reason).toBe('PermissionMissing');
  expect(failure.message).toContain('integrations:action:view');
});

test('a wrong secret stalls the target', async () => {
  const w = await world({}, { clientSecret: async () => 'wrong' });
  const failure = await failed(w.clock.drive(w.client.reader().get({ path: actions })));
  expect(failure).toMatchObject({ reason: 'AuthenticationFailed', class: 'TargetStalled' });
});

test('an allowance of the sandbox is never exceeded', async () => {
  const w = await world({ rateLimit: 20 }, { rateBudget: 100 });
  const reader = w.client.reader();
  const all = Array.from({ length: 70 }, () => reader.get({ path: '/api/v2/organizations/me' }));
  await w.clock.drive(Promise.all(all));
  expect(w.client.stats()).toMatchObject({ requests: 70, rateLimited: 0 });
});
