import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ChaosKind, ChaosOptions } from './chaos.ts';
import { chaosKinds } from './chaos.ts';
import { actionInput, login, world } from './fixture.ts';

type World = Awaited<ReturnType<typeof world>>;
const root = '/integrations/actions';
const brief = { delayMs: 1, retryAfter: 0 };

/** What became of one call. */
async function outcome(w: World, path = '/organizations/me'): Promise<string> {
  const reply = await w.call('GET', path).catch(() => undefined);
  if (!reply) return 'cut';
  return [reply.status, reply.headers.get('retry-after'), reply.headers.get('content-type')?.split(';')[0]].join(' ');
}

async function outcomes(w: World, chaos: ChaosOptions, calls: number): Promise<string[]> {
  w.sandbox.chaos({ ...brief, ...chaos });
  const found: string[] = [];
  for (let n = 0; n < calls; n += 1) found.push(await outcome(w));
  return found;
}

describe('chaos', () => {
  it('spoils a share of the calls, the same for the same seed', async () => {
    await using w = await world({ rateLimit: 0 });
    const first = await outcomes(w, { seed: 7, share: 0.3 }, 100);
    const { calls, played } = w.sandbox.chaosReport()!;
    const struck = Object.values(played).reduce((sum, count) => sum + count, 0);
    expect(calls).toBe(100);
    expect(struck).toBeGreaterThan(15);
    expect(struck).toBeLessThan(45);
    expect(await outcomes(w, { seed: 7, share: 0.3 }, 100)).toEqual(first);
    expect(await outcomes(w, { seed: 8, share: 0.3 }, 100)).not.toEqual(first);
    expect(new Set(await outcomes(w, { seed: 7, share: 0 }, 20))).toEqual(new Set(['200  application/json']));
  });

  it.each([
    ['too-many', '429 0 application/json', false],
    ['too-many-silent', '429  application/json', false],
    ['server-error', '500  application/json', false],
    ['unavailable', '503  application/json', false],
    ['bad-gateway', '502  text/html', false],
    ['drop', 'cut', false],
    ['delay', '200  application/json', true],
    ['lost-response', 'cut', true],
    ['truncate', 'cut', true],
    ['html', '200  text/html', true],
  ] satisfies [ChaosKind, string, boolean][])('plays %s', async (kind, seen, workDone) => {
    await using w = await world();
    w.sandbox.chaos({ ...brief, seed: 1, share: 1, kinds: [kind] });
    expect(await outcome(w)).toBe(seen);
    await w.call('POST', root, actionInput(w.state)).catch(() => undefined);
    expect(w.state.actionNamed('Get Customer') !== undefined).toBe(workDone);
    const none = Object.fromEntries(chaosKinds.map((one) => [one, 0]));
    expect(w.sandbox.chaosReport()!.played).toEqual({ ...none, [kind]: 2 });
  });

  it.each([
    ['truncate', 'cut'],
    ['html', 200],
  ] satisfies [ChaosKind, unknown][])('plays %s where the true answer has no body', async (kind, seen) => {
    await using w = await world();
    const { id } = w.state.createAction(actionInput(w.state));
    w.sandbox.chaos({ seed: 1, share: 1, kinds: [kind] });
    const reply = await w.call('DELETE', `${root}/${id}`).catch(() => undefined);
    expect(reply?.status ?? 'cut').toBe(seen);
    expect(w.state.action(id)).toBeUndefined();
  });

  it('plays every kind in time', async () => {
    await using w = await world({ rateLimit: 0 });
    await outcomes(w, { seed: 3, share: 1 }, 100);
    expect(Object.values(w.sandbox.chaosReport()!.played).every((count) => count > 0)).toBe(true);
  });

  it('reaches the token endpoint unless told not to, and only the calls it is told of', async () => {
    await using w = await world();
    const all = { seed: 1, share: 1, kinds: ['server-error'] } satisfies ChaosOptions;
    const token = async () => (await login(w.sandbox.url)).status;
    w.sandbox.chaos(all);
    expect([await token(), (await w.call('GET', root)).status]).toEqual([500, 500]);
    w.sandbox.chaos({ ...all, tokens: false });
    expect([await token(), (await w.call('GET', root)).status]).toEqual([200, 500]);
    w.sandbox.chaos({ ...all, when: { method: 'GET', path: '/api/v2/integrations/*' } });
    expect([await token(), (await w.call('GET', root)).status, (await w.call('GET', `${root}/x`)).status]).toEqual([
      200, 500, 404,
    ]);
    expect((await w.call('POST', root, actionInput(w.state))).status).toBe(200);
    expect(w.sandbox.chaosReport()!.calls).toBe(1);
  });

  it('leaves to a fault what the fault strikes, and comes on top of one that only lags', async () => {
    await using w = await world();
    w.sandbox.addFault({ when: { path: `/api/v2${root}` }, then: { status: 418 } });
    w.sandbox.addFault({ when: { path: '/api/v2/integrations' }, then: { lag: { created: 1000 } } });
    w.sandbox.chaos({ seed: 1, share: 1, kinds: ['unavailable'] });
    expect((await w.call('GET', root)).status).toBe(418);
    expect((await w.call('GET', '/integrations')).status).toBe(503);
    expect(w.sandbox.requests().at(-1)?.fault).toBe('lag, status');
    w.sandbox.calm();
    expect((await w.call('GET', '/integrations')).status).toBe(200);
    expect(w.sandbox.chaosReport()).toMatchObject({ calls: 1, played: { unavailable: 1 } });
  });
});

it('stands in the README with every kind', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const section = readme.slice(readme.indexOf('| kind '), readme.indexOf('## What changes'));
  expect([...section.matchAll(/^\| `([a-z-]+)` /gm)].map(([, kind]) => kind)).toEqual(chaosKinds);
});
