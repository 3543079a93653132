import { expect, vi } from 'vitest';
import { type Caller, login, type ReplyBody, world } from '../fixture.ts';
import type { JsonObject } from '../json.ts';
import type { SandboxOptions } from '../world.ts';
import { ids } from './base-seed.ts';

/** What tests of the tutorial surface share: a world that speaks it, things to send, and each quirk's effect. */

type World = Awaited<ReturnType<typeof world>>;

export const applicationPath = `/integrations/externalapplications/${ids.application}`;
export const flowPath = `/flows/${ids.flatFlow}`;
export const scriptsPath = '/tasks/dataactions';
export const replicatePath = '/webchat/configurations/replicate';
export const webChatPath = (id: string): string => `/webchat/organizations/${id}/configurations`;
export const [mainChat, secondChat, thirdChat] = ids.webChats;

/** This surface alone; audit records are there at once, and jobs take next to nothing. */
export const surfaceWorld = (options: SandboxOptions = {}): ReturnType<typeof world> =>
  world({ surfaces: ['tutorial'], jobMs: 1, ...options });

/** What tutorial 4 sends. */
export const chatBody = (primary = '#0052CC') => ({
  widget: {
    theme: {
      colors: { primary, background: '#FFFFFF' },
      typography: { fontSize: '16px', fontFamily: 'Inter, sans-serif' },
    },
    accessibility: { wcagLevel: 'AA', contrastRatio: 7.2, ariaLiveRegion: 'polite' },
  },
  greetings: { enabled: true, messages: ['Hello, how can we assist you?', 'Welcome to support'], delayMs: 2000 },
  availability: { schedule: 'custom', rules: [{ dayOfWeek: 'MONDAY', startTime: '09:00', endTime: '17:00' }] },
  features: {
    flags: { enableFileUpload: true, enableRichText: false },
    audiences: ['premium_customers', 'trial_users'],
    dynamicRouting: true,
  },
});

/** What tutorial 3 sends, with a shorter script. */
export const scriptBody = (change: JsonObject = {}, definition: JsonObject = {}): JsonObject => ({
  name: 'ExternalUserLookup',
  description: 'Data Action for external user lookup',
  definition: {
    name: 'GetUserDetails',
    description: 'Fetches user details',
    inputs: [{ name: 'user_id', datatype: 'integer', required: true, description: 'Whom to fetch' }],
    outputs: [{ name: 'success', datatype: 'boolean' }],
    code: Buffer.from('def main(input_data):\n    return {"success": True}\n').toString('base64'),
    language: 'python3',
    ...definition,
  },
  ...change,
});

export const replication = (targets: string[], change: JsonObject = {}): JsonObject => ({
  sourceOrganizationId: mainChat,
  targetOrganizationIds: targets,
  configType: 'webchat',
  overwriteExisting: false,
  ...change,
});

export const auditQuery = (organizations: string[], change: JsonObject = {}): JsonObject => ({
  query: {
    actions: ['webchat:configuration:update'],
    organizations,
    timeRange: { start: '2020-01-01T00:00:00.000Z', end: '2099-12-31T23:59:59.999Z' },
  },
  pageSize: 25,
  page: 1,
  ...change,
});

/** Asks for a job until it has ended. */
export async function ended(call: Caller, id: unknown): Promise<ReplyBody> {
  return vi.waitFor(
    async () => {
      const { body } = await call('GET', `${replicatePath}/${id}`);
      expect(['COMPLETED', 'FAILED']).toContain(body['status']);
      return body;
    },
    { interval: 2 },
  );
}

const statusOf = async (w: World, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  (await w.call(method, path, body, headers)).status;
const keysOf = (body: object) => Object.keys(body).sort();

/** What one sees of each quirk: without it, and with it. */
export const seenOfTutorial = {
  'oauth-no-expiry': {
    look: async (w: World) => 'expires_in' in (await login(w.sandbox.url)).body,
    without: true,
    with: false,
  },
  'oauth-scope-strict': {
    look: async (w: World) => {
      w.state.takeScopes('sandbox-daemon', 'task:write');
      const { status, body } = await login(w.sandbox.url, undefined, undefined, 'task:read task:write');
      return [status, body['error']];
    },
    without: [200, undefined],
    with: [400, 'invalid_scope'],
  },
  'external-application-empty-answer': {
    look: async (w: World) => {
      const { body } = await w.call('GET', applicationPath);
      const put = await w.call('PUT', applicationPath, { ...body, timeout: 5000 });
      return [put.status, put.text === '', w.state.externalApplication(ids.application)!.timeout];
    },
    without: [200, false, 5000],
    with: [200, true, 5000],
  },
  'linked-action-nested': {
    look: async (w: World) => keysOf((await w.call('GET', `/integrations/dataactions/${ids.linkedElsewhere}`)).body),
    without: ['externalApplicationId', 'id', 'name'],
    with: ['externalApplication', 'id', 'name'],
  },
  'flow-definition-no-etag': {
    look: async (w: World) => {
      const { body, headers } = await w.call('GET', flowPath);
      return [headers.get('etag'), (await w.call('PUT', `${flowPath}/publish`, body)).headers.get('etag')];
    },
    without: ['"3"', '"4"'],
    with: [null, null],
  },
  'flow-definition-412': {
    look: async (w: World) => {
      const { body } = await w.call('GET', flowPath);
      const stale = await w.call('PUT', `${flowPath}/publish`, body, { 'if-match': '"2"' });
      return [stale.status, stale.body['version']];
    },
    without: [409, 3],
    with: [412, undefined],
  },
  'script-no-version': {
    look: async (w: World) => {
      const { body } = await w.call('POST', scriptsPath, scriptBody());
      const list = (await w.call('GET', scriptsPath)).text.includes('"version"');
      return [body['version'], list, await statusOf(w, 'PUT', `${scriptsPath}/${body['id']}`, scriptBody())];
    },
    without: [1, true, 409],
    with: [undefined, false, 200],
  },
  'script-list-whole': {
    look: async (w: World) => {
      await w.call('POST', scriptsPath, scriptBody());
      const { entities } = (await w.call('GET', scriptsPath)).body;
      return keysOf((entities as unknown as object[])[0]!);
    },
    without: ['description', 'id', 'name', 'version'],
    with: ['definition', 'description', 'id', 'name', 'version'],
  },
  'script-delete-unchecked': {
    look: async (w: World) => {
      const { id: actionId } = (await w.call('POST', scriptsPath, scriptBody())).body;
      w.state.editFlowDefinition(ids.flatFlow, { steps: [{ type: 'data-action', name: 'It', actionId }] });
      return statusOf(w, 'DELETE', `${scriptsPath}/${actionId}`);
    },
    without: 409,
    with: 204,
  },
  'webchat-get-404': {
    look: (w: World) => statusOf(w, 'GET', webChatPath(mainChat)),
    without: 200,
    with: 404,
  },
  'webchat-get-405': {
    look: (w: World) => statusOf(w, 'GET', webChatPath(mainChat)),
    without: 200,
    with: 405,
  },
  'webchat-replicate-minimal': {
    look: async (w: World) => keysOf((await w.call('POST', replicatePath, replication([secondChat]))).body),
    without: ['id', 'results', 'sourceOrganizationId', 'status'],
    with: ['id'],
  },
  'webchat-audit-bare': {
    look: async (w: World) => {
      w.state.editWebChat(mainChat, { greetings: { delayMs: 500 } });
      const { records } = (await w.call('POST', '/audit/records/query', auditQuery([mainChat]))).body;
      return keysOf((records as unknown as object[])[0]!);
    },
    without: [
      ...['action', 'changes', 'clientId', 'id', 'organizationId', 'remoteIp'],
      ...['status', 'timestamp', 'user', 'version'],
    ],
    with: ['action', 'clientId', 'id', 'organizationId', 'timestamp'],
  },
} as const;
