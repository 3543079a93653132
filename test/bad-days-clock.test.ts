import { describe, expect, test } from 'vitest';
import { freshJournal, useDays } from './support/long-day.ts';
import { actions, said } from './support/stories.ts';
import { config, contract, dataAction } from './support/world.ts';

const open = useDays();
const [a, b] = [dataAction('a'), dataAction('b')];
const patched = dataAction('a', { config: config({ requestType: 'POST' }) });
const recontracted = dataAction('b', { contract: contract('more') });
const hour = 3_600_000;
const post = { method: 'POST', path: actions };

describe.each([
  ['forward', hour],
  ['back', -hour],
])('a clock that jumps an hour %s', (way, ms) => {
  test('in the middle of a run: its lease counts by the clock, and nothing is doubled or lost', async () => {
    const day = await open();
    await day.apply([a, b]);
    let jumped = false;
    day.it.sandbox.onRequest(({ method, path, phase }) => {
      if (jumped || method !== 'POST' || phase !== 'served' || !path.endsWith('/draft')) return;
      jumped = true;
      day.clock.jump(ms);
    });
    const end = await day.apply([patched, recontracted]).catch((error: { reason: string }) => error.reason);
    expect(jumped).toBe(true);
    if (way === 'forward') expect(end).toBe('LeaseLost');
    else expect(end).toMatchObject({ status: 'succeeded' });
    await day.endsWell([patched, recontracted]);
  });

  test('while a lost create is looked for', async () => {
    const day = await open();
    day.it.sandbox.addFault({ when: { ...post, times: 1 }, then: { drop: true } });
    day.it.sandbox.onRequest(({ method, phase }) => {
      if (method === 'POST' && phase === 'arrived') day.clock.jump(ms);
    });
    await day.apply([a]).catch(() => undefined);
    await day.endsWell([a]);
  });

  test('between two looks of two runs for a lost create: it does not take an hour', async () => {
    const day = await open();
    day.it.sandbox.addFault({ when: { ...post, times: 1 }, then: { drop: true } });
    expect((await day.apply([a])).outcomes.map(said)).toEqual(['failed Unsettled']);
    day.clock.jump(ms);
    // A run every 20 seconds, at most 20 of them.
    await day.endsWell([a]);
  });

  test('between two runs, while the lease of a dead process is there: it lasts no longer than ever', async () => {
    const day = await open();
    await day.apply([a]);
    const { journal, sandbox } = day.it;
    await journal.acquireLease({ organization: sandbox.org.id, owner: 'dead', holder: 'a dead process' }, 30_000);
    day.clock.jump(ms);
    await day.apply([a, b]).catch(() => undefined);
    await day.clock.advance(30_001);
    expect(await day.apply([a, b])).toMatchObject({ status: 'succeeded' });
    await day.endsWell([a, b]);
  });
});

describe('each wait at its default, all by the clock', () => {
  test('a dead process keeps the right to write for 30 seconds, and not longer', async () => {
    const journal = freshJournal();
    const day = await open({ journal });
    const other = await open({ journal }, day);
    const wish = { organization: day.it.sandbox.org.id, owner: 'dead', holder: 'daemon, process 7' };
    await day.it.journal.acquireLease(wish, 30_000);
    await day.clock.advance(29_999);
    await expect(other.apply([a])).rejects.toMatchObject({
      reason: 'LeaseHeld',
      message: expect.stringMatching(/^daemon, process 7 has been writing to "Sandbox" since /),
    });
    await day.clock.advance(1);
    expect(await other.apply([a])).toMatchObject({ status: 'succeeded' });
  });

  test('a create that never took effect is sent again after three lists over 60 seconds, and not sooner', async () => {
    const day = await open();
    day.it.sandbox.addFault({ when: { ...post, times: 1 }, then: { drop: true } });
    const first = await day.apply([a]);
    expect(first.outcomes.map(said)).toEqual(['failed Unsettled']);
    expect(await day.apply([a])).toMatchObject({ status: 'succeeded' });
    const served = day.it.sandbox.requests();
    const [lost, again] = served.filter(({ method, path }) => method === 'POST' && path === actions);
    const looks = served.filter(({ n, path }) => path.startsWith(`${actions}?`) && n > lost!.n && n < again!.n);
    expect(again!.at - lost!.at).toBeGreaterThanOrEqual(60_000);
    expect(looks.length).toBeGreaterThanOrEqual(3);
    await day.endsWell([a]);
  });

  test('a create whose answer was lost is found in a list that lags for 50 seconds', async () => {
    const day = await open();
    day.it.sandbox.addFault({ when: { method: 'GET', path: actions }, then: { lag: { created: 50_000 } } });
    day.it.sandbox.addFault({ when: post, then: { lostResponse: true } });
    expect((await day.apply([a])).outcomes.map(said)).toEqual(['applied']);
    expect(day.it.writes()).toHaveLength(1);
    await day.endsWell([a]);
  });
});
