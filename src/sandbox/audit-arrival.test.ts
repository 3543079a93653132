import { describe, expect, it } from 'vitest';
import { type AuditOptions, arrivals } from './audit-arrival.ts';
import { actionInput, lately, world } from './fixture.ts';

const hour = 3_600_000;
const draws = (count: number, options: AuditOptions) => {
  const draw = arrivals(options);
  return Array.from({ length: count }, draw);
};

/** A world whose clock stands, and a caller of what is not of Genesys. */
async function standing(audits: AuditOptions = {}) {
  const time = { now: Date.parse('2026-01-01T00:00:00Z') };
  const w = await world({ now: () => time.now, audits });
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${w.sandbox.url}/__sandbox/${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, date: response.headers.get('date'), body: text === '' ? [] : JSON.parse(text) };
  };
  const names = () => w.state.audits().map(({ entity }) => entity.name);
  const make = (...of: string[]) => of.map((name) => w.state.createAction(actionInput(w.state, { name })));
  return { ...w, time, control, names, make };
}

describe('records', () => {
  it('arrive as the seed says, each share by itself', () => {
    const options = { delayMs: 10, jitterMs: 1000, seed: 7 };
    const some = draws(200, options);
    expect(draws(200, options)).toEqual(some);
    expect(draws(200, { ...options, seed: 8 })).not.toEqual(some);
    const delays = some.map(({ delayMs }) => delayMs);
    expect(Math.min(...delays) >= 10 && Math.max(...delays) < 1010 && new Set(delays).size > 100).toBe(true);
    const spoilt = draws(200, { ...options, lateShare: 0.2, neverShare: 0.1, twiceShare: 0.3 });
    const late = spoilt.filter(({ delayMs }, index) => delayMs - hour === delays[index]);
    expect([late.length > 20 && late.length < 60, spoilt.filter(({ never }) => never).length > 5]).toEqual([
      true,
      true,
    ]);
    expect(spoilt.filter(({ twice }) => twice).length).toBeGreaterThan(30);
  });

  it('arrive out of order, late, or never', async () => {
    await using w = await standing({ pattern: [3000, 1000, null, hour] });
    w.make('A', 'B', 'C', 'D');
    w.time.now += 1000;
    expect(w.names()).toEqual(['B']);
    w.time.now += 2000;
    expect(w.names()).toEqual(['A', 'B']);
    w.time.now += hour;
    expect(w.names()).toEqual(['A', 'B', 'D']);
    const { body } = await w.control('GET', 'audits');
    expect(body.map(({ arrives }: { arrives: string | null }) => arrives?.slice(11, 19) ?? null)).toEqual([
      '00:00:03',
      '00:00:01',
      null,
      '01:00:00',
    ]);
    await w.control('POST', 'audits/release');
    expect(w.names()).toEqual(['A', 'B', 'C', 'D']);
  });

  it('arrive twice: the same id on two pages', async () => {
    await using w = await standing({ delayMs: 0, twiceShare: 1 });
    w.make('A', 'B');
    const interval = lately(w.time.now);
    const page = async (pageNumber: number) => {
      const { body } = await w.call('POST', '/audits/query/realtime', { interval, pageSize: 2, pageNumber });
      return (body as unknown as { entities: { id: string }[] }).entities.map(({ id }) => id);
    };
    expect(await page(2)).toEqual(await page(1));
    expect((await page(1)).length).toBe(2);
  });

  it('arrive as the fault on their call says, and as PUT says from then on', async () => {
    await using w = await standing({ delayMs: 0 });
    w.sandbox.addFault({ when: { method: 'POST', times: 1 }, then: { audit: { delayMs: 5000, twice: true } } });
    await w.call('POST', '/integrations/actions', actionInput(w.state, { name: 'Late' }));
    await w.call('POST', '/integrations/actions', actionInput(w.state, { name: 'Soon' }));
    expect(w.names()).toEqual(['Soon']);
    expect((await w.control('PUT', 'audits', { delayMs: 9000 })).status).toBe(204);
    w.make('Later');
    w.time.now += 5000;
    expect(w.names()).toEqual(['Late', 'Soon']);
    expect(w.state.audits().map(({ twice }) => twice)).toEqual([true, false]);
    expect((await w.control('PUT', 'audits', { delay: 1 })).status).toBe(400);
  });

  it('may be made by somebody else', async () => {
    await using w = await standing();
    const entity = { id: 'f', name: 'Main IVR', selfUri: '/api/v2/flows/f' };
    const changes = [{ property: 'publishedVersion', oldValues: ['1.0'], newValues: ['2.0'] }];
    const audit = { entityType: 'Flow', action: 'Publish', entity, changes, client: { id: 'cx-as-code' } };
    const { body } = await w.control('POST', 'audits', {
      ...audit,
      at: '2025-12-31T23:59:59.500Z',
      remoteIp: '10.0.0.1',
    });
    expect(body).toMatchObject({ serviceName: 'Architect', eventDate: '2025-12-31T23:59:59.500Z', status: 'SUCCESS' });
    const found = await w.call('POST', '/audits/query/realtime', { interval: lately(w.time.now) });
    const [record] = (found.body as unknown as { entities: unknown[] }).entities;
    expect(record).toMatchObject({
      entity,
      propertyChanges: changes,
      client: { id: 'cx-as-code' },
      remoteIp: ['10.0.0.1'],
    });
    expect(record).not.toHaveProperty('user');
    expect((await w.control('POST', 'audits', { ...audit, at: 'soon' })).status).toBe(400);
    w.state.addAudit({ ...audit, arrival: { never: true } });
    expect([w.names().length, w.state.allAudits().length]).toEqual([1, 2]);
  });
});

it('the clock may be off: every answer is dated by it, and so are the records', async () => {
  await using w = await standing({ delayMs: 0 });
  const date = async (path = '/tokens/me') => (await w.call('GET', path)).headers.get('date');
  expect(await date()).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
  await w.control('PUT', 'clock', { skewMs: 120_000 });
  expect([await date(), await date('/nowhere'), (await w.control('GET', 'requests')).date]).toEqual(
    Array(3).fill('Thu, 01 Jan 2026 00:02:00 GMT'),
  );
  w.make('A');
  expect(w.state.audits()[0]!.at).toBe(w.time.now + 120_000);
  w.sandbox.addFault({ when: {}, then: { status: 503 } });
  expect(await date()).toBe('Thu, 01 Jan 2026 00:02:00 GMT');
  await using behind = await world({ now: () => w.time.now, clockSkewMs: -120_000 });
  expect((await behind.call('GET', '/tokens/me')).headers.get('date')).toBe('Wed, 31 Dec 2025 23:58:00 GMT');
});
