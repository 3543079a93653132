import { expect, it } from 'vitest';
import { connect, world } from '../fixture.ts';
import { parseSeed } from '../seed.ts';
import { ids } from './base-seed.ts';
import {
  applicationPath,
  auditQuery,
  chatBody,
  flowPath,
  mainChat,
  replicatePath,
  replication,
  scriptBody,
  scriptsPath,
  secondChat,
  surfaceWorld,
  webChatPath,
} from './fixture.ts';
import { endpoints } from './index.ts';

/** Each operation, and the scopes without which it is refused: of each list one is enough. */
const needed: [method: string, path: string, scopes: string[][], body?: object][] = [
  ['GET', '/organizations/me', []],
  ['GET', applicationPath, [['integration:externalapplication:read'], ['integration:integrationobject:read']]],
  [
    'PUT',
    applicationPath,
    [['integration:externalapplication:write'], ['integration:integrationobject:write']],
    { name: 'x' },
  ],
  ['GET', `/integrations/dataactions/${ids.linkedElsewhere}`, [['integration:dataaction:read']]],
  ['GET', flowPath, [['view:flow']]],
  ['PUT', `${flowPath}/publish`, [['admin:flow', 'architect:flow:write']], { name: 'x', version: 3, steps: [] }],
  ['GET', scriptsPath, [['task:read']]],
  ['POST', scriptsPath, [['task:write']], scriptBody()],
  ['GET', webChatPath(mainChat), [['webchat:configuration:read']]],
  ['PUT', webChatPath(secondChat), [['webchat:configuration:write']], chatBody()],
  ['POST', replicatePath, [['webchat:configuration:write']], replication([secondChat])],
  ['POST', '/audit/records/query', [['audit:read']], auditQuery([mainChat])],
];

it.each(needed)('%s %s takes a token of its scopes and no other', async (method, path, scopes, body) => {
  await using w = await surfaceWorld();
  const all = [...new Set(needed.flatMap(([, , some]) => some.flat()))];
  for (const lists of scopes) {
    const others = all.filter((scope) => !lists.includes(scope)).join(' ');
    const refusal = await (await connect(w.sandbox, undefined, others))(method, path, body);
    expect([refusal.status, refusal.body]).toMatchObject([403, { code: 'missing.scope', message: 'Forbidden' }]);
    expect(refusal.text).not.toContain(lists[0]);
  }
  const enough = scopes.map((lists) => lists.at(-1)).join(' ') || 'none';
  expect((await (await connect(w.sandbox, undefined, enough))(method, path, body)).status).toBeLessThan(300);
});

it('gives a token what its client has, once and for all', async () => {
  await using w = await surfaceWorld({ seed: { clients: [{ id: 'limited', scopes: ['task:read'] }] } });
  const [whole, asked] = [
    await connect(w.sandbox, 'limited'),
    await connect(w.sandbox, 'limited', 'task:read task:write'),
  ];
  for (const call of [whole, asked]) {
    expect((await call('GET', scriptsPath)).status).toBe(200);
    expect((await call('POST', scriptsPath, scriptBody())).status).toBe(403);
  }
  w.state.giveScopes('limited', 'task:write');
  expect((await whole('POST', scriptsPath, scriptBody())).status).toBe(403);
  expect((await (await connect(w.sandbox, 'limited'))('POST', scriptsPath, scriptBody())).status).toBe(200);
  w.state.takeScopes('limited', 'task:read');
  expect((await asked('GET', scriptsPath)).status).toBe(403);
});

it('is served where it is wanted, alone or beside the Platform API', async () => {
  await using alone = await surfaceWorld();
  expect((await alone.call('GET', '/integrations/actions')).status).toBe(404);
  expect((await alone.call('DELETE', flowPath)).status).toBe(405);
  await using platform = await world();
  expect(platform.state.externalApplications()).toEqual([]);
  for (const path of [applicationPath, scriptsPath, webChatPath(mainChat), flowPath]) {
    expect((await platform.call('GET', path)).status).toBe(404);
  }
  await expect(world({ surfaces: ['other'] })).rejects.toThrow('There is no surface "other"');
});

it('has none of the published paths but the organisation and the flow', () => {
  const shared = endpoints.filter(({ path }) => /^\/api\/v2\/(organizations\/me|flows\/\{flowId\})$/.test(path));
  expect(shared.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /api/v2/organizations/me',
    'GET /api/v2/flows/{flowId}',
  ]);
});

it('meets faults and limits as every endpoint does', async () => {
  await using w = await surfaceWorld({ rateLimit: 2, quirks: ['rate-limit-no-retry-after'] });
  w.sandbox.addFault({ when: { method: 'PUT', path: '/api/v2/**' }, then: { lostResponse: true } });
  const { body, headers } = await w.call('GET', applicationPath);
  expect([headers.get('inin-ratelimit-count'), headers.has('inin-correlation-id')]).toEqual(['1', true]);
  await expect(w.call('PUT', applicationPath, { ...body, timeout: 4000 })).rejects.toThrow();
  expect(w.state.externalApplication(ids.application)!.timeout).toBe(4000);
  const tooMany = await w.call('GET', applicationPath);
  expect([tooMany.status, tooMany.headers.get('retry-after')]).toEqual([429, null]);
  expect(w.sandbox.requests().map(({ pathTemplate }) => pathTemplate)).toEqual(
    Array(3).fill('/api/v2/integrations/externalapplications/{applicationId}'),
  );
});

it('is seeded by a file, edited and looked at over HTTP', async () => {
  const seed = parseSeed(`
externalApplications: [{ id: app, name: App, timeout: 2000, anything: [1] }]
linkedActions: [{ id: linked, name: Linked, externalApplicationId: app }]
scriptActions: [{ id: script, name: Script, definition: { name: S, language: python3, code: eA==, inputs: [], outputs: [] } }]
flowDefinitions: [{ id: flow, name: Flow, version: 5, steps: [{ type: container, steps: [{ id: one, type: data-action }] }] }]
webChatOrganizations: [{ id: chat, name: Chat, clients: [] }]
`);
  await using w = await surfaceWorld({ seed });
  const control = async (method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
    return fetch(`${w.sandbox.url}/__sandbox/${path}`, { method, ...sent });
  };
  const edit = async (name: string, body: object) =>
    (await control('POST', `${name}/edit`, body)).json() as Promise<{ status?: number }>;
  expect(await edit('externalapplications', { id: 'app', change: { timeout: 9000 } })).toMatchObject({ anything: [1] });
  expect(w.state.externalApplication('app')).toMatchObject({ timeout: 9000 });
  await edit('linkedactions', { id: 'linked', change: { externalApplicationId: ids.application } });
  expect(w.state.linkedActions().at(-1)).toMatchObject({ externalApplicationId: ids.application });
  expect(await edit('scriptactions', { id: 'script', change: { description: 'x' } })).toMatchObject({ version: 2 });
  await edit('flowdefinitions', { id: 'flow', change: { steps: { one: { settings: { timeout: 9 } } }, note: 'x' } });
  expect(w.state.flowDefinition('flow')).toMatchObject({
    version: 6,
    note: 'x',
    steps: [{ steps: [{ id: 'one', settings: { timeout: 9 } }] }],
  });
  const change = chatBody() as object;
  expect(await edit('webchats', { id: 'chat', change, by: 'sandbox-daemon' })).toMatchObject({
    configuration: { version: 1 },
  });
  await control('PUT', 'webchats/chat/assignment', { clients: ['sandbox-daemon'] });
  expect((await w.call('GET', webChatPath('chat'))).status).toBe(200);
  expect((await control('POST', 'webchats/chat/fail')).status).toBe(204);
  expect((await control('POST', 'surface', { webChatOrganizations: [{ id: 'late', name: 'Late' }] })).status).toBe(204);
  expect(await (await control('GET', 'webchats')).json()).toHaveLength(6);
  expect((await control('POST', 'clients/sandbox-daemon/scopes', { take: ['task:read'] })).status).toBe(204);
  expect((await w.call('GET', scriptsPath)).status).toBe(403);
  expect((await edit('webchats', { id: 'unknown', change })).status).toBe(404);
});
