import { expect, it } from 'vitest';
import { ids } from './base-seed.ts';
import { scriptBody, scriptsPath, surfaceWorld } from './fixture.ts';

it('creates, reads, replaces and deletes', async () => {
  await using w = await surfaceWorld();
  const made = await w.call('POST', scriptsPath, scriptBody({ team: 'crm' }));
  const id = made.body['id'] as unknown as string;
  expect([made.status, made.body]).toEqual([200, { ...scriptBody({ team: 'crm' }), id, version: 1 }]);
  const path = `${scriptsPath}/${id}`;
  const put = await w.call('PUT', path, { ...scriptBody({ name: 'Lookup' }), version: 1 });
  expect([put.status, put.body]).toEqual([200, { ...scriptBody({ name: 'Lookup' }), id, version: 2 }]);
  expect((await w.call('GET', path)).body).toEqual(put.body);
  expect((await w.call('DELETE', path)).status).toBe(204);
  expect((await w.call('GET', path)).status).toBe(404);
});

it('refuses a write over a version that has gone', async () => {
  await using w = await surfaceWorld();
  const { body } = await w.call('POST', scriptsPath, scriptBody());
  const id = body['id'] as unknown as string;
  w.state.editScriptAction(id, { description: 'By hand' });
  const refusal = await w.call('PUT', `${scriptsPath}/${id}`, body);
  expect([refusal.status, refusal.body]).toMatchObject([409, { code: 'version.conflict', version: 2 }]);
  expect((await w.call('PUT', `${scriptsPath}/${id}`, scriptBody())).status).toBe(409);
});

it('lists by pages, without the scripts', async () => {
  await using w = await surfaceWorld();
  for (const name of ['a', 'b', 'c', 'a']) await w.call('POST', scriptsPath, scriptBody({ name }));
  const { body } = await w.call('GET', `${scriptsPath}?pageSize=3&pageNumber=2`);
  expect(body).toMatchObject({ pageNumber: 2, pageSize: 3, total: 4, pageCount: 2 });
  expect(body['entities']).toEqual([
    { id: expect.any(String), name: 'a', description: 'Data Action for external user lookup', version: 1 },
  ]);
  expect((await w.call('GET', `${scriptsPath}?pageSize=101`)).status).toBe(400);
});

const parameter = { name: 'user_id', datatype: 'integer', required: true };

it.each([
  ['definition.code', { code: 'def main(input_data): pass' }],
  ['definition.code', { code: '' }],
  ['definition.language', { language: 'python2' }],
  ['definition.name', { name: undefined }],
  ['definition.inputs', { inputs: [parameter, parameter] }],
  ['definition.inputs', { inputs: undefined }],
  ['definition.inputs[0].datatype', { inputs: [{ ...parameter, datatype: 'date' }] }],
  ['definition.inputs[0].required', { inputs: [{ ...parameter, required: 'yes' }] }],
  ['definition.outputs[0].name', { outputs: [{ datatype: 'string' }] }],
])('refuses a wrong %s', async (field, definition) => {
  await using w = await surfaceWorld();
  const { status, body } = await w.call('POST', scriptsPath, scriptBody({}, definition));
  expect([status, body]).toMatchObject([400, { details: [{ fieldName: field }] }]);
});

it.each([[{ name: '' }], [{ definition: undefined }], [{ id: 'mine' }], [{ description: 5 }]])(
  'refuses %o',
  async (change) => {
    await using w = await surfaceWorld();
    expect((await w.call('POST', scriptsPath, scriptBody(change))).status).toBe(400);
  },
);

it('is not deleted while a flow calls it, however deep', async () => {
  await using w = await surfaceWorld();
  const { body } = await w.call('POST', scriptsPath, scriptBody());
  const step = { type: 'data-action', name: 'Look up', actionId: body['id'] };
  w.state.editFlowDefinition(ids.flatFlow, { steps: [{ type: 'switch', cases: [{ name: 'a', steps: [step] }] }] });
  const refusal = await w.call('DELETE', `${scriptsPath}/${body['id']}`);
  expect([refusal.status, refusal.body['code']]).toEqual([409, 'in.use']);
  w.state.editFlowDefinition(ids.flatFlow, { steps: [] });
  expect((await w.call('DELETE', `${scriptsPath}/${body['id']}`)).status).toBe(204);
});
