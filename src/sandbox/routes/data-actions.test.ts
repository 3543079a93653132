import { describe, expect, it } from 'vitest';
import { actionInput, webServices, world } from '../fixture.ts';

const root = '/integrations/actions';
type Entities = { entities: { id: string; name: string }[] };
const names = (body: unknown) => (body as Entities).entities.map(({ name }) => name);

describe('a data action', () => {
  it('is created published, and read in the read form of its contract', async () => {
    await using w = await world();
    const input = actionInput(w.state);
    const created = await w.call('POST', root, input);
    expect(created.body).toMatchObject({ name: 'Get Customer', version: 1, secure: false });
    const id = created.body['id'] as unknown as string;
    const plain = await w.call('GET', `${root}/${id}`);
    expect(plain.body).not.toHaveProperty('config');
    expect(plain.body['contract']).toEqual({
      input: { inputSchemaUri: expect.stringContaining('/schemas/') },
      output: { successSchemaUri: expect.any(String), errorSchemaUri: expect.any(String) },
    });
    const whole = await w.call('GET', `${root}/${id}?expand=contract&includeConfig=true`);
    expect(whole.body['config']).toEqual(input.config);
    expect(whole.body['contract']).toMatchObject({ ...input.contract, output: { errorSchema: { type: 'object' } } });
    const flat = await w.call('GET', `${root}/${id}?expand=contract&flatten=true`);
    expect(flat.body['contract']!['output']!['successSchemaFlattened']).toMatchObject({
      schema: { type: 'object', properties: {} },
      arrayProperties: ['tags'],
    });
  });

  it.each([
    ['an unknown integration', { integrationId: 'none' }, 'integrationId'],
    [
      'a type of request that does not exist',
      { config: { request: { requestUrlTemplate: 'x', requestType: 'HEAD' } } },
      'config.request.requestType',
    ],
    ['no URL', { config: { request: { requestType: 'GET' } } }, 'config.request.requestUrlTemplate'],
    [
      'a timeout over a minute',
      { config: { timeoutSeconds: 61, request: { requestUrlTemplate: 'x', requestType: 'GET' } } },
      'config.timeoutSeconds',
    ],
  ])('is refused with %s', async (_case, change, fieldName) => {
    await using w = await world();
    const refused = await w.call('POST', root, actionInput(w.state, change));
    expect(refused.body).toMatchObject({ code: 'constraint.validation', details: [{ fieldName }] });
  });

  it('is refused for a function integration, which starts from drafts', async () => {
    await using w = await world({ seed: { integrations: [{ name: 'Functions', type: 'function-data-actions' }] } });
    const input = actionInput(w.state, { integrationId: w.state.integrationNamed('Functions')!.id });
    expect((await w.call('POST', root, input)).status).toBe(400);
    expect((await w.call('POST', `${root}/drafts`, input)).status).toBe(200);
  });

  it('is patched under its version, config replaced whole', async () => {
    await using w = await world();
    const { id } = w.state.createAction(actionInput(w.state));
    const config = {
      request: { requestUrlTemplate: 'https://new.example.com', requestType: 'POST', headers: { a: 'b' } },
    };
    const patched = await w.call('PATCH', `${root}/${id}`, { version: 1, config });
    expect(patched.body['version']).toBe(2);
    expect(w.state.action(id)!.config).toEqual({
      ...config,
      response: { translationMap: {}, translationMapDefaults: {} },
    });
    const stale = await w.call('PATCH', `${root}/${id}`, { version: 1, name: 'Late' });
    expect([stale.status, stale.body['code']]).toEqual([409, 'request.conflict']);
  });

  it.each([{ contract: {} }, { secure: true }, { colour: 'red' }])('refuses in a patch: %o', async (field) => {
    await using w = await world();
    const { id } = w.state.createAction(actionInput(w.state));
    const refused = await w.call('PATCH', `${root}/${id}`, { version: 1, ...field });
    expect(refused.body['code']).toBe('invalid.property');
  });

  it('is deleted with its draft', async () => {
    await using w = await world();
    const { id } = w.state.createAction(actionInput(w.state));
    w.state.startDraft(id);
    const deleted = await w.call('DELETE', `${root}/${id}`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await w.call('GET', `${root}/${id}`)).status).toBe(404);
    expect((await w.call('GET', `${root}/${id}/draft`)).status).toBe(404);
    expect((await w.call('DELETE', `${root}/${id}`)).status).toBe(404);
  });

  it('cannot be changed when it is built in', async () => {
    await using w = await world();
    const { id } = w.state.actions().find((action) => action.id.startsWith('static'))!;
    expect((await w.call('PATCH', `${root}/${id}`, { version: 1, name: 'x' })).status).toBe(400);
    expect((await w.call('DELETE', `${root}/${id}`)).status).toBe(400);
    expect((await w.call('POST', `${root}/${id}/draft`)).status).toBe(400);
  });
});

describe('the list of data actions', () => {
  const action = (name: string, rest = {}) => ({
    name,
    integration: 'Web Services Data Actions',
    category: 'CRM',
    ...rest,
  });

  it('comes in pages with links that keep the filters', async () => {
    const seed = { actions: Array.from({ length: 60 }, (_, n) => action(`A${n}`)) };
    await using w = await world({ seed });
    const seen: string[] = [];
    let path: string | undefined = `${root}?category=CRM`;
    let pages = 0;
    while (path) {
      const { body } = await w.call('GET', path);
      expect(body).toMatchObject({ pageSize: 25, total: 60, pageCount: 3, pageNumber: pages + 1 });
      seen.push(...names(body));
      path = (body['nextUri'] as unknown as string | undefined)?.replace('/api/v2', '');
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(new Set(seen).size).toBe(60);
    expect(names((await w.call('GET', `${root}?pageNumber=9`)).body)).toEqual([]);
  });

  it('filters and sorts', async () => {
    const seed = {
      actions: [action('Beta', { secure: true }), action('alphabet'), action('Gamma', { category: 'ERP', version: 7 })],
    };
    await using w = await world({ seed });
    const ask = async (query: string) => names((await w.call('GET', `${root}?${query}`)).body);
    expect(await ask('name=BET')).toEqual(['Beta', 'alphabet']);
    expect(await ask('category=ERP')).toEqual(['Gamma']);
    expect(await ask('secure=true')).toEqual(['Beta']);
    expect(await ask(`ids=${w.state.actionNamed('Gamma')!.id},${w.state.actionNamed('Beta')!.id}`)).toEqual([
      'Beta',
      'Gamma',
    ]);
    expect(await ask('sortBy=version&sortOrder=desc&pageSize=1')).toEqual(['Gamma']);
    const [withConfig, without] = await Promise.all(
      ['&includeConfig=true', ''].map(async (flag) => (await w.call('GET', `${root}?name=Gamma${flag}`)).body),
    );
    expect((withConfig as unknown as Entities).entities[0]).toHaveProperty('config');
    expect((without as unknown as Entities).entities[0]).not.toHaveProperty('config');
    expect(names((await w.call('GET', `${root}/categories?sortBy=name`)).body)).toEqual([
      'CRM',
      'ERP',
      'Genesys Cloud Data Actions',
    ]);
  });

  it('hides authentication actions unless asked for, and they take no timeout', async () => {
    const seed = {
      credentials: [{ name: 'OAuth', type: 'userDefinedOAuth' }],
      integrations: [{ name: 'CRM', type: 'custom-rest-actions', credentials: { basicAuth: 'OAuth' } }],
    };
    await using w = await world({ seed });
    const id = `customAuth_-_${w.state.integrationNamed('CRM')!.id}`;
    const listed = async (query: string) =>
      ((await w.call('GET', `${root}${query}`)).body as unknown as Entities).entities.some(
        (entity) => entity.id === id,
      );
    expect([await listed(''), await listed('?includeAuthActions=true')]).toEqual([false, true]);
    const { config } = w.state.action(id)!;
    const patch = await w.call('PATCH', `${root}/${id}`, { version: 1, config: { ...config, timeoutSeconds: 5 } });
    expect(patch.body).toMatchObject({ status: 400, details: [{ fieldName: 'config.timeoutSeconds' }] });
    expect((await w.call('PATCH', `${root}/${id}`, { version: 1, config })).status).toBe(200);
  });

  it('allows two actions of one name in one integration', async () => {
    await using w = await world();
    await w.call('POST', root, actionInput(w.state));
    expect((await w.call('POST', root, actionInput(w.state))).status).toBe(200);
    expect(w.state.actions().filter(({ integrationId }) => integrationId === webServices(w.state).id)).toHaveLength(2);
  });
});

describe('files and executions', () => {
  it('serves templates as raw text and schemas as JSON, or 404', async () => {
    await using w = await world();
    const input = actionInput(w.state);
    const { id } = w.state.createAction(input);
    const template = await w.call('GET', `${root}/${id}/templates/requesttemplate.vm`, undefined, { accept: '*/*' });
    expect(template.text).toBe(input.config.request!.requestTemplate);
    expect(template.headers.get('content-type')).toContain('text/plain');
    expect((await w.call('GET', `${root}/${id}/templates/other.vm`)).status).toBe(404);
    const { body } = await w.call('GET', `${root}/${id}`);
    const uri = body['contract']!['input']!['inputSchemaUri'] as unknown as string;
    expect((await w.call('GET', uri.replace('/api/v2', ''))).body).toEqual(input.contract.input.inputSchema);
    const bare = w.state.seedAction({ name: 'Bare', integration: 'Web Services Data Actions' });
    expect((await w.call('GET', `${root}/${bare.id}/templates/successtemplate.vm`)).status).toBe(404);
  });

  it('tests without calling anybody, and says at which step it fails', async () => {
    await using w = await world();
    const { id } = w.state.createAction(actionInput(w.state));
    const passed = await w.call('POST', `${root}/${id}/test`, { id: '1' });
    expect(passed.body).toMatchObject({ success: true, finalResult: { name: 'sample', tags: ['sample'] } });
    const failed = await w.call('POST', `${root}/${id}/test`, {});
    expect(failed.body).toMatchObject({
      success: false,
      error: { code: 'invalid.schema', details: [{ fieldName: 'id' }] },
    });
    expect((await w.call('POST', `${root}/${id}/execute`, { id: '1' })).body).toEqual({
      name: 'sample',
      tags: ['sample'],
    });
    expect((await w.call('POST', `${root}/${id}/execute`, {})).body['code']).toBe('invalid.schema');
  });
});
