import { expect, it } from 'vitest';
import { flowYaml } from '../flows/fixture.ts';
import { surfaceNames } from '../world.ts';
import { ids } from './base-seed.ts';
import { flowPath as path, surfaceWorld } from './fixture.ts';

const publish = `${path}/publish`;
const nested = `/flows/${ids.nestedFlow}`;

it('publishes a definition whole, and counts its version', async () => {
  await using w = await surfaceWorld();
  const { body, headers } = await w.call('GET', nested);
  const put = await w.call('PUT', `${nested}/publish`, body, { 'if-match': headers.get('etag')! });
  expect([put.status, put.headers.get('etag'), put.body]).toEqual([200, '"8"', { ...body, version: 8 }]);
  const { layout: _layout, ...rest } = put.body;
  await w.call('PUT', `${nested}/publish`, rest);
  expect((await w.call('GET', nested)).body).toEqual({ ...rest, version: 9 });
});

it.each([
  ['a stale version', { version: 2 }, undefined],
  ['a stale ETag', {}, '"2"'],
  ['an ETag without its quotes', {}, '3'],
])('refuses %s with the current version', async (_what, change, ifMatch) => {
  await using w = await surfaceWorld();
  const { body } = await w.call('GET', path);
  const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch };
  const refusal = await w.call('PUT', publish, { ...body, ...change }, headers);
  expect([refusal.status, refusal.body]).toMatchObject([409, { code: 'version.conflict', version: 3 }]);
  expect(w.state.flowDefinition(ids.flatFlow)!.version).toBe(3);
});

const waiting = (timeout: unknown) => ({
  steps: [{ type: 'loop', loop: { steps: [{ type: 'data-action', settings: { timeout } }] } }],
});

it.each([
  [waiting(45), 'Timeout value 45 rejected: must be between 1 and 30 seconds'],
  [waiting(0), 'Timeout value 0 rejected: must be between 1 and 30 seconds'],
  [waiting('10'), 'Timeout value "10" rejected: must be between 1 and 30 seconds'],
  [{ steps: undefined }, 'steps must be a list of objects'],
  [{ steps: ['x'] }, 'steps must be a list of objects'],
  [{ version: undefined }, 'version must be an integer'],
  [{ name: undefined }, 'name must be a text'],
  [{ id: ids.nestedFlow }, `id must be ${ids.flatFlow}`],
])('refuses %j', async (change, message) => {
  await using w = await surfaceWorld();
  const { body } = await w.call('GET', path);
  const refusal = await w.call('PUT', publish, { ...body, ...change });
  expect([refusal.status, refusal.body['message']]).toEqual([400, message]);
});

it('allows the timeouts of its contract', async () => {
  await using w = await surfaceWorld({ tutorial: { stepTimeoutSeconds: 60 } });
  const { body } = await w.call('GET', path);
  const put = await w.call('PUT', publish, { ...body, ...waiting(60) });
  expect(put.status).toBe(200);
  const over = await w.call('PUT', publish, { ...put.body, ...waiting(61) });
  expect(over.body['message']).toContain('between 1 and 60 seconds');
});

it('leaves to the Platform API the flows that it does not know', async () => {
  await using w = await surfaceWorld({ surfaces: surfaceNames });
  const { id } = w.state.seedFlow({ yaml: flowYaml('Main IVR', []) });
  expect((await w.call('GET', `/flows/${id}`)).body).toMatchObject({ id, publishedVersion: { id: '1.0' } });
  expect((await w.call('GET', path)).body).toMatchObject({ id: ids.flatFlow, steps: [{}, {}] });
  expect((await w.call('GET', '/flows/unknown')).body['code']).toBe('architect.flow.not.found');
  expect((await w.call('PUT', `/flows/${id}/publish`, { name: 'x', version: 1, steps: [] })).status).toBe(404);
});
