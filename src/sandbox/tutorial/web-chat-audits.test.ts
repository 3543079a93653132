import { expect, it } from 'vitest';
import { lately } from '../fixture.ts';
import { surfaceNames } from '../world.ts';
import { auditQuery, chatBody, mainChat, secondChat, surfaceWorld, webChatPath } from './fixture.ts';

const path = '/audit/records/query';
type World = Awaited<ReturnType<typeof surfaceWorld>>;

async function records(w: World, organizations: string[], change = {}) {
  const { body } = await w.call('POST', path, auditQuery(organizations, change));
  return body['records'] as unknown as Record<string, unknown>[];
}

it('tells who changed what, the newest first', async () => {
  await using w = await surfaceWorld();
  await w.call('PUT', webChatPath(secondChat), chatBody());
  w.state.editWebChat(mainChat, { greetings: { delayMs: 500 } });
  await w.call('PUT', webChatPath(secondChat), chatBody('#000'), { 'if-match': '1' });
  const all = await records(w, [mainChat, secondChat]);
  expect(all.map(({ organizationId, version }) => [organizationId, version])).toEqual([
    [secondChat, 2],
    [mainChat, 5],
    [secondChat, 1],
  ]);
  expect(all[0]).toMatchObject({
    action: 'webchat:configuration:update',
    clientId: 'sandbox-daemon',
    status: 'SUCCESS',
    changes: [{ property: 'widget.theme.colors.primary', oldValue: '#0052CC', newValue: '#000' }],
  });
  expect(all[1]).toMatchObject({
    user: { name: 'Sandbox Admin' },
    changes: [{ property: 'greetings.delayMs', oldValue: '1000', newValue: '500' }],
  });
  expect(await records(w, [mainChat])).toHaveLength(1);
});

it('answers by pages', async () => {
  await using w = await surfaceWorld();
  for (const delayMs of [1, 2, 3]) w.state.editWebChat(mainChat, { greetings: { delayMs } });
  const { body } = await w.call('POST', path, auditQuery([mainChat], { pageSize: 2, page: 2 }));
  expect(body).toMatchObject({ page: 2, pageSize: 2, total: 3, records: [{ version: 5 }] });
  for (const change of [{ pageSize: 0 }, { pageSize: 101 }, { page: 0 }]) {
    expect((await w.call('POST', path, auditQuery([mainChat], change))).status).toBe(400);
  }
});

it('finds only what is asked for', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  await using w = await surfaceWorld({ now: () => now });
  w.state.editWebChat(mainChat, { greetings: { delayMs: 1 } });
  const query = (change: object) => ({ query: { ...(auditQuery([mainChat])['query'] as object), ...change } });
  const hour = (end: string) => ({ timeRange: { start: '2026-01-01T00:00:00Z', end } });
  expect(await records(w, [], query(hour('2026-01-01T00:00:00.001Z')))).toHaveLength(1);
  expect(await records(w, [], query(hour('2026-01-01T00:00:00.000Z')))).toHaveLength(0);
  expect(await records(w, [], query({ actions: ['webchat:configuration:delete'] }))).toHaveLength(0);
  expect((await w.call('POST', path, query(hour('soon')))).status).toBe(400);
  now += 1;
});

it('lets records arrive late, or twice', async () => {
  let now = 1_700_000_000_000;
  await using w = await surfaceWorld({ now: () => now, audits: { delayMs: 5000 } });
  w.state.editWebChat(mainChat, { greetings: { delayMs: 1 } });
  expect(await records(w, [mainChat])).toHaveLength(0);
  now += 5000;
  expect(await records(w, [mainChat])).toHaveLength(1);
  w.sandbox.addFault({ when: { method: 'PUT' }, then: { audit: { delayMs: 0, twice: true } } });
  await w.call('PUT', webChatPath(secondChat), chatBody());
  expect(await records(w, [secondChat])).toHaveLength(2);
});

it("is no part of the Platform API's log, nor that of this one", async () => {
  await using w = await surfaceWorld({ surfaces: surfaceNames });
  w.state.editWebChat(mainChat, { greetings: { delayMs: 1 } });
  w.state.seedAction({ name: 'A', integration: 'Web Services Data Actions' });
  w.state.editAction(w.state.actionNamed('A')!.id, { name: 'B' });
  const begun = await w.call('POST', '/audits/query', { interval: lately() });
  const results = `/audits/query/${begun.body['id']}`;
  for (const _ of [1, 2]) await w.call('GET', results);
  const { entities } = (await w.call('GET', `${results}/results`)).body;
  expect((entities as unknown as { entityType: string }[]).map(({ entityType }) => entityType)).toEqual(['Action']);
  expect(await records(w, [mainChat])).toHaveLength(1);
});

it('tells what was refused where the organisation records that', async () => {
  await using w = await surfaceWorld({ quirks: ['audit-failures-recorded'] });
  await w.call('PUT', webChatPath(mainChat), chatBody());
  expect(await records(w, [mainChat])).toMatchObject([{ status: 'FAILURE', organizationId: mainChat, changes: [] }]);
});
