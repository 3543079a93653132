import { expect, it } from 'vitest';
import { world } from './fixture.ts';

const root = '/integrations/actions';

/** A sandbox, and a caller of what is not of Genesys. */
async function controlled() {
  const w = await world();
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${w.sandbox.url}/__sandbox/${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  return { ...w, control };
}

it('begins, counts and ends chaos over HTTP', async () => {
  await using w = await controlled();
  expect((await w.control('GET', 'chaos')).body).toEqual({ calls: 0, played: {} });
  const options = { seed: 1, share: 1, kinds: ['html'], when: { path: '/api/v2/**' } };
  expect((await w.control('POST', 'chaos', options)).status).toBe(204);
  expect((await w.call('GET', root)).text).toContain('<html>');
  expect((await w.control('DELETE', 'chaos')).status).toBe(204);
  expect((await w.call('GET', root)).body).toHaveProperty('entities');
  expect((await w.control('GET', 'chaos')).body).toMatchObject({ calls: 1, played: { html: 1, drop: 0 } });
});

it.each([[{ seed: 1 }], [{ seed: 1, share: 2 }], [{ seed: 1, share: '1' }], [{ seed: 1, share: 1, kinds: ['flood'] }]])(
  'refuses the chaos %o',
  async (options) => {
    await using w = await controlled();
    expect((await w.control('POST', 'chaos', options)).status).toBe(400);
  },
);

it('keeps consumers and the state of their index over HTTP', async () => {
  await using w = await controlled();
  const { id } = w.state.actions()[0]!;
  const made = await w.control('POST', 'consumers', { name: 'Orders', uses: { id } });
  expect(made).toMatchObject({ status: 200, body: { name: 'Orders', actionId: id } });
  expect((await w.control('GET', 'consumers')).body).toEqual(w.state.consumers(id));
  expect((await w.control('PUT', 'dependencytracking', { state: 'rebuilding' })).status).toBe(204);
  expect(w.state.dependencyTracking).toBe('rebuilding');
  expect((await w.control('PUT', 'dependencytracking', { state: 'lost' })).status).toBe(400);
  expect((await w.control('DELETE', `consumers/${made.body.id}`)).status).toBe(204);
  expect(w.state.consumers()).toEqual([]);
});

it('takes and gives permissions, hides and shows actions over HTTP', async () => {
  await using w = await controlled();
  const client = 'clients/sandbox-daemon';
  const { id, name } = w.state.actions()[0]!;
  const seen = async () => [
    (await w.call('GET', `${root}/${id}`)).status,
    (await w.call('GET', root)).body['total'] as unknown,
  ];
  expect(await seen()).toEqual([200, 1]);
  expect((await w.control('POST', `${client}/permissions`, { take: ['integrations:action:view'] })).status).toBe(204);
  expect(await seen()).toEqual([403, undefined]);
  await w.control('POST', `${client}/permissions`, { give: ['integrations:action:view'] });
  expect((await w.control('PUT', `${client}/hidden`, { actions: [name], answer: 404 })).status).toBe(204);
  expect(await seen()).toEqual([404, 0]);
  expect((await w.control('DELETE', `${client}/hidden`)).status).toBe(204);
  expect(await seen()).toEqual([200, 1]);
  expect((await w.control('DELETE', 'clients/nobody/hidden')).status).toBe(400);
});
