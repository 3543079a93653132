import { describe, expect, it } from 'vitest';
import { actionInput, world } from './fixture.ts';

const root = '/integrations/actions';
const path = `/api/v2${root}`;

describe('a fault', () => {
  it('answers instead of serving, the nth time', async () => {
    await using w = await world();
    w.sandbox.addFault({ when: { method: 'POST', path, nth: 2 }, then: { status: 503, retryAfter: 7 } });
    const replies = [];
    for (const name of ['A', 'B', 'C']) replies.push(await w.call('POST', root, actionInput(w.state, { name })));
    expect(replies.map(({ status }) => status)).toEqual([200, 503, 200]);
    expect(replies[1]!.headers.get('retry-after')).toBe('7');
    expect(replies[1]!.body).toMatchObject({ code: 'service.unavailable', status: 503 });
    expect(w.state.actionNamed('B')).toBeUndefined();
    expect(w.sandbox.requests().map(({ fault }) => fault)).toEqual([undefined, 'status, retryAfter', undefined]);
  });

  it('drops a connection before anything happened', async () => {
    await using w = await world();
    w.sandbox.addFault({ when: { path, times: 1 }, then: { drop: true } });
    await expect(w.call('POST', root, actionInput(w.state))).rejects.toThrow();
    expect(w.state.actionNamed('Get Customer')).toBeUndefined();
    expect((await w.call('GET', root)).status).toBe(200);
    expect(w.sandbox.requests().map(({ status }) => status)).toEqual([0, 200]);
  });

  it('loses an answer after the write happened', async () => {
    await using w = await world();
    w.sandbox.addFault({ when: { method: 'POST' }, then: { lostResponse: true } });
    await expect(w.call('POST', root, actionInput(w.state))).rejects.toThrow();
    expect(w.state.actionNamed('Get Customer')).toBeDefined();
    expect(w.sandbox.requests().at(-1)).toMatchObject({ status: 0, fault: 'lostResponse' });
  });

  it('makes lists and reads lag: new objects missing, deleted ones there, changed ones old', async () => {
    let now = 1_000_000;
    await using w = await world({
      now: () => now,
      seed: { actions: ['Kept', 'Doomed'].map((name) => ({ name, integration: 'Web Services Data Actions' })) },
    });
    const [kept, doomed] = [w.state.actionNamed('Kept')!, w.state.actionNamed('Doomed')!];
    w.sandbox.addFault({ when: { method: 'GET' }, then: { stale: 10 } });
    w.state.createAction(actionInput(w.state, { name: 'Fresh' }));
    w.state.editAction(kept.id, { name: 'Renamed' });
    w.state.deleteAction(doomed.id);
    const names = async () =>
      ((await w.call('GET', `${root}?sortBy=name`)).body['entities'] as unknown as { name: string }[])
        .map(({ name }) => name)
        .filter((name) => !name.startsWith('Get'));
    expect(await names()).toEqual(['Doomed', 'Kept']);
    expect((await w.call('GET', `${root}/${kept.id}`)).body['version']).toBe(1);
    now += 9_999;
    expect(await names()).toEqual(['Doomed', 'Kept']);
    now += 1;
    expect(await names()).toEqual(['Fresh', 'Renamed']);
    expect((await w.call('GET', `${root}/${doomed.id}`)).status).toBe(404);
  });

  it('spoils an answer: cut short, empty, of another type', async () => {
    await using w = await world();
    w.sandbox.addFault({ when: { path, nth: 1 }, then: { truncate: true } });
    w.sandbox.addFault({ when: { path, nth: 2 }, then: { emptyBody: true } });
    w.sandbox.addFault({ when: { path, nth: 3 }, then: { status: 200, body: '<html>', contentType: 'text/html' } });
    await expect(w.call('GET', root)).rejects.toThrow();
    expect(await w.call('GET', root)).toMatchObject({ status: 200, text: '' });
    const page = await w.call('GET', root);
    expect([page.text, page.headers.get('content-type')]).toEqual(['<html>', 'text/html']);
  });

  it('strikes by glob and by template, and the token endpoint too', async () => {
    await using w = await world();
    const { id } = w.state.createAction(actionInput(w.state));
    w.sandbox.addFault({ when: { path: `${path}/{actionId}` }, then: { status: 500 } });
    expect((await w.call('GET', `${root}/${id}`)).status).toBe(500);
    expect((await w.call('GET', `${root}/${id}/draft`)).status).toBe(404);
    w.sandbox.clearFaults();
    w.sandbox.addFault({ when: { path: '/api/v2/integrations/**' }, then: { status: 502, delayMs: 1 } });
    expect((await w.call('GET', `${root}/${id}/draft`)).status).toBe(502);
    w.sandbox.addFault({ when: { path: '/oauth/token' }, then: { status: 500 } });
    expect((await fetch(`${w.sandbox.url}/oauth/token`, { method: 'POST' })).status).toBe(500);
  });

  it('is set and cleared over HTTP, without a token and uncounted', async () => {
    await using w = await world({ rateLimit: 1 });
    const control = (method: string, of: string, body?: unknown) =>
      fetch(`${w.sandbox.url}/__sandbox/${of}`, {
        method,
        ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
    const all = { when: {}, then: { status: 500 } };
    expect((await control('POST', 'faults', all)).status).toBe(204);
    expect((await w.call('GET', root)).status).toBe(500);
    expect((await control('DELETE', 'faults')).status).toBe(204);
    expect((await w.call('GET', root)).status).toBe(200);
    expect((await control('POST', 'faults', { when: {}, then: { explode: true } })).status).toBe(400);
    expect((await control('POST', 'faults', { when: {}, then: {} })).status).toBe(400);
    expect((await control('DELETE', 'requests')).status).toBe(204);
    expect(await (await control('GET', 'requests')).json()).toEqual([]);
  });
});
