import { expect, test } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import { part, useToys, whole } from '../../test/support/toys.ts';
import type { Plan } from '../model/plan.ts';

const toys = useToys();
const follower = whole('w', { version: 'ref:p.version' });

function told({ changes, held, unchanged, problems }: Plan): Record<string, string[]> {
  return {
    changes: changes.map(({ name, cause }) => `${name} ${cause}`),
    held: held.map(({ name, reason }) => `${name} ${reason}`),
    unchanged: unchanged.map(({ name }) => name),
    problems: problems.map(({ code }) => code),
  };
}
const nothing = { changes: [], held: [], problems: [] };

test('who refers to a version moves with it, in the same run', async () => {
  const { apply, store, order } = await toys();
  await apply([part('p', 1), follower]);
  expect(store.get('whole-w-id')).toMatchObject({ version: 1 });
  expect(told((await apply([part('p', 1), follower])).plan)).toEqual({ ...nothing, unchanged: ['p', 'w'] });
  order.length = 0;
  const { plan } = await apply([part('p', 2), follower]);
  expect(told(plan)).toEqual({ ...nothing, unchanged: [], changes: ['p commit', 'w commit'] });
  expect(order).toEqual(['PUT p', 'PUT w']);
});

test('what nobody here manages is read for those that refer to it, and its moves are drift', async () => {
  const { apply, store } = await toys();
  store.set('part-p-id', { kind: 'part', id: 'part-p-id', name: 'p', version: 7 });
  const mine = whole('w', { at: 'ref:p.version' });
  await apply([mine]);
  expect(store.get('whole-w-id')).toMatchObject({ at: 7 });
  store.set('part-p-id', { ...store.get('part-p-id'), version: 8 });
  const { plan } = await apply([mine]);
  expect(told(plan)).toEqual({ ...nothing, unchanged: [], changes: ['w drift'] });
  expect(store.get('whole-w-id')).toMatchObject({ at: 8 });
});

test('a move by hand of who follows is drift, too; what follows drift is drift', async () => {
  const { apply, store } = await toys();
  const mine = whole('w', { at: 'ref:p.version' });
  await apply([part('p', 1), mine]);
  store.set('whole-w-id', { ...store.get('whole-w-id'), at: 0, version: 2 });
  expect(told((await apply([part('p', 1), mine])).plan).changes).toEqual(['w drift']);
  store.set('part-p-id', { ...store.get('part-p-id'), size: 5, version: 2 });
  expect(told((await apply([part('p', 1), mine])).plan).changes).toEqual(['p drift', 'w drift']);
});

test('where what it follows is held back, it stays; a new one waits', async () => {
  const { apply, store, order } = await toys();
  const mine = whole('w', { at: 'ref:p.version' });
  await apply([part('p', 1), mine]);
  order.length = 0;
  const suspended = { ...part('p', 2), annotations: { 'genesys-gitops/suspend': 'enabled' } };
  const { plan } = await apply([suspended, mine, whole('w2', { at: 'ref:p.version' })]);
  expect(told(plan)).toEqual({
    changes: [],
    held: ['p Suspended', 'w2 DependencyNotReady'],
    unchanged: ['w'],
    problems: [],
  });
  expect(order).toEqual([]);
  expect(store.get('whole-w-id')).toMatchObject({ at: 1 });
});

test('who moved meanwhile is planned anew with what it refers to as it is by now', async () => {
  const it = await toys();
  const mine = whole('w', { at: 'ref:p.version', note: 'a' });
  await it.apply([part('p', 1), mine]);
  const { store } = it;
  it.meanwhile = (method, name) => {
    if (method !== 'PUT' || name !== 'w') return;
    it.meanwhile = () => undefined;
    store.set('whole-w-id', { ...store.get('whole-w-id'), version: 99 });
  };
  const { outcomes } = await it.apply([part('p', 2), mine]);
  expect(outcomes.map(({ name, status }) => `${name} ${status}`)).toEqual(['p applied', 'w applied']);
  expect(store.get('whole-w-id')).toMatchObject({ at: 2 });
});

test('a write counts as done when it has taken effect, and how long that took is told', async () => {
  const clock = fakeClock();
  const { apply, effects, journal } = await toys(clock);
  effects.set('w', 'it still serves nothing');
  const running = apply([whole('w', { size: 1 })]);
  await clock.untilWaiting(2);
  await clock.advance(1_000);
  effects.delete('w');
  const { outcomes, status } = await clock.drive(running);
  expect(status).toBe('succeeded');
  expect(outcomes[0]!.receipt.activationMs).toBeGreaterThanOrEqual(1_000);
  expect((await journal.runs('t', 1))[0]!.activationMs).toBe(outcomes[0]!.receipt.activationMs);
});

test('what takes too long is said, held and looked at again until it is in force, and written once', async () => {
  const clock = fakeClock();
  const { apply, effects, journal, order } = await toys(clock);
  effects.set('w', 'it still serves nothing');
  const mine = [whole('w', { size: 1 })];
  const first = await clock.drive(apply(mine));
  expect(first.outcomes.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
    'ActivationPending: "w" was written, but it still serves nothing after 60 s',
  ]);
  const second = await clock.drive(apply(mine));
  expect(second.plan.held.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
    'ActivationPending: "w" was written, but it still serves nothing; it is looked at again until it is in force',
  ]);
  expect(second.status).toBe('held');
  effects.delete('w');
  const third = await clock.drive(apply(mine));
  expect(told(third.plan)).toEqual({ ...nothing, unchanged: ['w'] });
  expect((await journal.runs('t', 1))[0]!.activationMs).toBeGreaterThan(60_000);
  const fourth = await clock.drive(apply(mine));
  expect(fourth.status).toBe('succeeded');
  expect((await journal.runs('t', 1))[0]!.activationMs).toBeUndefined();
  expect(order).toEqual(['POST w']);
});
