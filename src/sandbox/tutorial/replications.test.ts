import { expect, it } from 'vitest';
import type { FaultEffect } from '../faults.ts';
import { ids } from './base-seed.ts';
import {
  auditQuery,
  ended,
  mainChat,
  replicatePath,
  replication,
  secondChat,
  surfaceWorld,
  thirdChat,
} from './fixture.ts';

it('copies the source to each organisation in turn, and records it', async () => {
  await using w = await surfaceWorld();
  const { status, body } = await w.call('POST', replicatePath, replication([secondChat, thirdChat]));
  expect([status, body]).toMatchObject([202, { status: 'QUEUED', results: [{ status: 'QUEUED' }, {}] }]);
  expect(await ended(w.call, body['id'])).toMatchObject({
    status: 'COMPLETED',
    results: [
      { organizationId: secondChat, status: 'ACTIVE', version: 1 },
      { organizationId: thirdChat, status: 'ACTIVE', version: 1 },
    ],
  });
  const { content } = w.state.webChat(mainChat)!.configuration!;
  expect(w.state.webChat(thirdChat)!.configuration).toMatchObject({ content, version: 1 });
  const { records } = (await w.call('POST', '/audit/records/query', auditQuery([thirdChat]))).body;
  expect(records).toMatchObject([{ organizationId: thirdChat, clientId: 'sandbox-daemon', version: 1 }]);
});

it('takes the source as it was when it was asked for', async () => {
  await using w = await surfaceWorld({ jobMs: 60 });
  const { body } = await w.call('POST', replicatePath, replication([secondChat]));
  w.state.editWebChat(mainChat, { greetings: { delayMs: 9000 } });
  await ended(w.call, body['id']);
  expect(w.state.webChat(secondChat)!.configuration!.content).toMatchObject({ greetings: { delayMs: 1000 } });
});

it('skips who has a configuration, unless it may be overwritten', async () => {
  await using w = await surfaceWorld();
  w.state.editWebChat(secondChat, () => ({ ...w.state.webChat(mainChat)!.configuration!.content, region: 'us' }));
  const ask = async (overwriteExisting: boolean) => {
    const { body } = await w.call('POST', replicatePath, replication([secondChat], { overwriteExisting }));
    return ended(w.call, body['id']);
  };
  expect(await ask(false)).toMatchObject({ status: 'COMPLETED', results: [{ status: 'SKIPPED' }] });
  expect(await ask(true)).toMatchObject({ results: [{ status: 'ACTIVE', version: 2 }] });
});

it('fails for one organisation, once, and not for the others', async () => {
  await using w = await surfaceWorld();
  w.state.failReplication(secondChat, 'No such region');
  const { body } = await w.call('POST', replicatePath, replication([secondChat, thirdChat]));
  expect(await ended(w.call, body['id'])).toMatchObject({
    status: 'FAILED',
    results: [{ status: 'FAILED', message: 'No such region' }, { status: 'ACTIVE' }],
  });
  const again = await w.call('POST', replicatePath, replication([secondChat]));
  expect(await ended(w.call, again.body['id'])).toMatchObject({ status: 'COMPLETED' });
});

it.each<[FaultEffect, string, string | undefined]>([
  [{ job: { status: 'Failure', messages: ['Out of order'] } }, 'FAILED', 'Out of order'],
  [{ job: { never: true } }, 'RUNNING', undefined],
])('meets the fate %j', async (then, status, message) => {
  await using w = await surfaceWorld();
  w.sandbox.addFault({ when: { method: 'POST', path: `/api/v2${replicatePath}` }, then });
  const { body } = await w.call('POST', replicatePath, replication([secondChat]));
  const path = `${replicatePath}/${body['id']}`;
  await expect.poll(async () => (await w.call('GET', path)).body['status'], { interval: 2 }).toBe(status);
  const [result] = w.state.replications()[0]!.results;
  expect(result).toMatchObject({ status, ...(message !== undefined && { message }) });
});

it.each([
  [404, replication(['unknown'])],
  [403, replication([ids.unassignedWebChat])],
  [403, replication([secondChat], { sourceOrganizationId: ids.unassignedWebChat })],
  [404, replication([mainChat], { sourceOrganizationId: secondChat })],
  [400, replication([])],
  [400, replication([mainChat])],
  [400, replication([secondChat, secondChat])],
  [400, replication([secondChat], { configType: 'voice' })],
  [400, replication([secondChat], { overwriteExisting: undefined })],
])('answers %i to %j', async (status, body) => {
  await using w = await surfaceWorld();
  expect((await w.call('POST', replicatePath, body)).status).toBe(status);
  expect(w.state.replications()).toEqual([]);
});

it('does not know other jobs', async () => {
  await using w = await surfaceWorld();
  expect((await w.call('GET', `${replicatePath}/unknown`)).status).toBe(404);
});
