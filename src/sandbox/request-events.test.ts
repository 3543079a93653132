import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { actionInput, login, world } from './fixture.ts';
import type { RequestEvent } from './request-events.ts';

const root = '/integrations/actions';

describe('a listener', () => {
  it('hears of a request when it is there and when it was served', async () => {
    await using w = await world();
    const heard: [RequestEvent, boolean][] = [];
    const stop = w.sandbox.onRequest(
      (event) => void heard.push([event, w.state.actionNamed('Get Customer') !== undefined]),
    );
    await w.call('POST', root, actionInput(w.state));
    const event = { n: expect.any(Number), method: 'POST', path: `/api/v2${root}`, pathTemplate: `/api/v2${root}` };
    expect(heard).toEqual([
      [{ ...event, phase: 'arrived' }, false],
      [{ ...event, phase: 'served', status: 200 }, true],
    ]);
    expect(heard[0]![0].n).toBe(w.sandbox.requests().at(-1)!.n);
    stop();
    await w.call('GET', root);
    expect(heard).toHaveLength(2);
  });

  it('is waited for before the work, and before the answer', async () => {
    await using w = await world();
    const gates = { arrived: Promise.withResolvers<void>(), served: Promise.withResolvers<void>() };
    const reached = { arrived: Promise.withResolvers<void>(), served: Promise.withResolvers<void>() };
    w.sandbox.onRequest(({ phase }) => {
      reached[phase].resolve();
      return gates[phase].promise;
    });
    let answered = false;
    const reply = w.call('POST', root, actionInput(w.state)).then(() => {
      answered = true;
    });
    await reached.arrived.promise;
    expect(w.state.actionNamed('Get Customer')).toBeUndefined();
    gates.arrived.resolve();
    await reached.served.promise;
    expect(w.state.actionNamed('Get Customer')).toBeDefined();
    await wait(20);
    expect([answered, w.sandbox.requests().at(-1)!.status]).toEqual([false, 0]);
    gates.served.resolve();
    await reply;
    expect(answered).toBe(true);
  });

  it.each(['arrived', 'served'] as const)(
    'may end the client at the moment %s, and the work is done',
    async (moment) => {
      await using w = await world();
      const { body } = await login(w.sandbox.url);
      const client = new AbortController();
      w.sandbox.onRequest(async ({ phase }) => {
        if (phase !== moment) return;
        client.abort();
        // Time for the end of the connection to arrive.
        await wait(20);
      });
      const sent = fetch(`${w.sandbox.url}/api/v2${root}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${body['access_token']}`, 'content-type': 'application/json' },
        body: JSON.stringify(actionInput(w.state)),
        signal: client.signal,
      });
      await expect(sent).rejects.toThrow('abort');
      await vi.waitFor(() => expect(w.state.actionNamed('Get Customer')).toBeDefined());
      expect((await w.call('GET', root)).status).toBe(200);
    },
  );

  it.each([
    ['a lost answer', { lostResponse: true }, ['arrived', 'served 200']],
    ['a drop', { drop: true }, ['arrived']],
    ['an answer instead', { status: 503 }, ['arrived']],
    ['a refusal', undefined, ['arrived', 'served 404']],
  ])('hears of %s', async (_case, then, expected) => {
    await using w = await world();
    const { id } = w.state.actions()[0]!;
    const heard: string[] = [];
    w.sandbox.onRequest(({ phase, status, pathTemplate }) => {
      expect(pathTemplate).toBe(`/api/v2${root}/{actionId}`);
      heard.push([phase, status].filter(Boolean).join(' '));
    });
    if (then) w.sandbox.addFault({ when: {}, then });
    await w.call('GET', `${root}/${then ? id : 'none'}`).catch(() => undefined);
    expect(heard).toEqual(expected);
  });

  it('hears of calls without a token, of tokens, and not of what is not of Genesys', async () => {
    await using w = await world();
    const heard: string[] = [];
    w.sandbox.onRequest(({ phase, path, status }) => void heard.push([phase, path, status].filter(Boolean).join(' ')));
    await fetch(`${w.sandbox.url}/__sandbox/requests`);
    await fetch(`${w.sandbox.url}/api/v2/none`);
    await fetch(`${w.sandbox.url}/api/v2/organizations/me`);
    await fetch(`${w.sandbox.url}/oauth/token`, { method: 'POST', body: 'x' });
    expect(heard).toEqual(
      ['/api/v2/none 404', '/api/v2/organizations/me 401', '/oauth/token 400'].flatMap((end) => [
        `arrived ${end.split(' ')[0]}`,
        `served ${end}`,
      ]),
    );
  });
});
