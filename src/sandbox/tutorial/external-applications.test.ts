import { expect, it } from 'vitest';
import { ids } from './base-seed.ts';
import { applicationPath as path, surfaceWorld } from './fixture.ts';

it('keeps what is put, unknown fields and all, and nothing that is left out', async () => {
  await using w = await surfaceWorld();
  const { body } = await w.call('GET', path);
  expect(body).toMatchObject({ timeout: 3000, apiVersion: 'v2', retryPolicy: { attempts: 2, backoffMs: 250 } });
  const put = await w.call('PUT', path, { ...body, timeout: 5000 });
  expect([put.status, put.body]).toEqual([200, { ...body, timeout: 5000 }]);
  const { tags: _tags, timeout: _timeout, ...rest } = body;
  await w.call('PUT', path, rest);
  expect((await w.call('GET', path)).body).toEqual(rest);
});

it.each([
  [{ timeout: 999 }, 'timeout'],
  [{ timeout: 30_001 }, 'timeout'],
  [{ timeout: 2500.5 }, 'timeout'],
  [{ timeout: '5000' }, 'timeout'],
  [{ name: null }, 'name'],
  [{ id: ids.otherApplication }, 'id'],
  [{ allowedOrigins: 'https://x' }, 'allowedOrigins'],
])('refuses %o', async (change, field) => {
  await using w = await surfaceWorld();
  const { body } = await w.call('GET', path);
  const { status, body: refusal } = await w.call('PUT', path, { ...body, ...change });
  expect([status, refusal]).toMatchObject([400, { details: [{ fieldName: field }] }]);
  expect(w.state.externalApplication(ids.application)).toEqual(body);
});

it('does not know others', async () => {
  await using w = await surfaceWorld();
  const other = `/integrations/externalapplications/${ids.otherApplication}`;
  expect((await w.call('GET', other)).status).toBe(404);
  expect((await w.call('PUT', other, { name: 'x' })).status).toBe(404);
  expect((await w.call('GET', '/integrations/dataactions/unknown')).status).toBe(404);
});

it('tells of a data action whose it is', async () => {
  await using w = await surfaceWorld();
  const linked = async (id: string) => (await w.call('GET', `/integrations/dataactions/${id}`)).body;
  expect(await linked(ids.linkedActions[1])).toMatchObject({ externalApplicationId: ids.application });
  w.state.linkAction(ids.linkedActions[1], ids.otherApplication);
  expect(await linked(ids.linkedActions[1])).toMatchObject({ externalApplicationId: ids.otherApplication });
});
