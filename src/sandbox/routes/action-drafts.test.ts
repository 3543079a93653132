import { describe, expect, it } from 'vitest';
import { actionInput, world } from '../fixture.ts';

const root = '/integrations/actions';
const schema = { type: 'object', properties: { other: { type: 'integer' } } };
const contract = { input: { inputSchema: schema }, output: { successSchema: schema } };

describe('a draft', () => {
  it('changes a contract and is published under the same id, versions counted apart', async () => {
    await using w = await world({
      seed: { actions: [{ name: 'Old', integration: 'Web Services Data Actions', version: 33 }] },
    });
    const { id } = w.state.actionNamed('Old')!;
    expect((await w.call('POST', `${root}/${id}/draft`)).body).toMatchObject({ id, version: 1 });
    const patched = await w.call('PATCH', `${root}/${id}/draft`, { version: 1, contract, secure: true });
    expect(patched.body['version']).toBe(2);
    expect(w.state.action(id)).toMatchObject({ version: 33, secure: false });
    expect((await w.call('POST', `${root}/${id}/draft/publish`, { version: 1 })).status).toBe(409);
    const published = await w.call('POST', `${root}/${id}/draft/publish`, { version: 2 });
    expect(published.body).toMatchObject({ id, version: 34, secure: true });
    expect(w.state.action(id)!.contract).toEqual(contract);
    expect((await w.call('GET', `${root}/${id}/draft`)).status).toBe(404);
  });

  it('is at most one', async () => {
    await using w = await world();
    const { id } = w.state.createAction(actionInput(w.state));
    await w.call('POST', `${root}/${id}/draft`);
    expect((await w.call('POST', `${root}/${id}/draft`)).body).toMatchObject({ status: 409, code: 'request.conflict' });
    expect((await w.call('DELETE', `${root}/${id}/draft`)).status).toBe(204);
    expect((await w.call('POST', `${root}/${id}/draft`)).status).toBe(200);
  });

  it('may begin an action, which is none until it is published', async () => {
    await using w = await world();
    const { body } = await w.call('POST', `${root}/drafts`, actionInput(w.state));
    const id = body['id'] as unknown as string;
    expect((await w.call('GET', `${root}/${id}`)).status).toBe(404);
    expect((await w.call('GET', `${root}/drafts`)).body).toMatchObject({ total: 1, entities: [{ id }] });
    expect((await w.call('GET', `${root}/${id}/draft?expand=contract&includeConfig=true`)).body).toHaveProperty(
      'config',
    );
    expect((await w.call('POST', `${root}/${id}/draft/publish`, { version: 1 })).body).toMatchObject({
      id,
      version: 1,
    });
  });

  it('may be invalid, is said to be, and is then not published', async () => {
    await using w = await world();
    const { id } = w.state.createAction(actionInput(w.state));
    await w.call('POST', `${root}/${id}/draft`);
    expect((await w.call('GET', `${root}/${id}/draft/validation`)).body).toEqual({ valid: true, errors: [] });
    const request = { requestUrlTemplate: 'https://x/${input.id', requestTemplate: '#if(1)', requestType: 'FETCH' };
    await w.call('PATCH', `${root}/${id}/draft`, {
      version: 1,
      config: { timeoutSeconds: 0, request, response: { translationMap: {}, translationMapDefaults: { lost: '1' } } },
      contract: { ...contract, input: { inputSchema: { type: 'string', required: 'id' } } },
    });
    const { body } = await w.call('GET', `${root}/${id}/draft/validation`);
    const errors = body['errors'] as unknown as { details: { fieldName: string }[] }[];
    expect(errors.map(({ details }) => details[0]!.fieldName)).toEqual([
      'config.timeoutSeconds',
      'config.request.requestType',
      'config.request.requestUrlTemplate',
      'config.request.requestTemplate',
      'config.response.translationMapDefaults',
      'contract.input.inputSchema',
    ]);
    expect((await w.call('POST', `${root}/${id}/draft/publish`, { version: 2 })).status).toBe(400);
    expect((await w.call('POST', `${root}/${id}/draft/test`, {})).body['success']).toBe(false);
    expect((await w.call('GET', `${root}/${id}/draft/templates/requesttemplate.vm`)).text).toBe('#if(1)');
  });
});
