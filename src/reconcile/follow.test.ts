import { expect, test } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import { part, useToys, whole } from '../../test/support/toys.ts';
import { Failure } from '../model/failure.ts';
import type { Commit, Plan } from '../model/plan.ts';
import type { Past } from './attribute.ts';

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

test('what was known only after the other was written is told as what it became', async () => {
  const { apply } = await toys();
  const mine = whole('w', { at: 'ref:p.version' });
  await apply([part('p', 1), mine]);
  const { outcomes } = await apply([part('p', 2), mine]);
  const moved = outcomes.find(({ name }) => name === 'w')?.fields;
  expect(moved).toMatchObject([{ path: '/at', from: expect.any(Number), to: expect.any(Number) }]);
});

test('a move by hand of who follows is drift, too; what follows drift is drift', async () => {
  const { apply, store } = await toys();
  const mine = whole('w', { at: 'ref:p.version' });
  await apply([part('p', 1), mine]);
  store.set('whole-w-id', { ...store.get('whole-w-id'), at: 0, version: 2 });
  expect(told((await apply([part('p', 1), mine])).plan).changes).toEqual(['w drift']);
  store.set('part-p-id', { ...store.get('part-p-id'), size: 5, version: 2 });
  expect(told((await apply([part('p', 1), mine])).plan).changes).toEqual(['p drift', 'w drift']);
  store.set('part-p-id', { ...store.get('part-p-id'), size: 6, version: 12 });
  store.set('whole-w-id', { ...store.get('whole-w-id'), at: 12, version: 12 });
  expect(told((await apply([part('p', 1), mine])).plan).changes).toEqual(['p drift', 'w drift']);
});

test('to go after what moved overwrites nobody, so it goes on where drift is only reported; a move by hand does not', async () => {
  const { apply, store, journal } = await toys();
  store.set('part-p-id', { kind: 'part', id: 'part-p-id', name: 'p', version: 7 });
  const mine = { ...whole('w', { at: 'ref:p.version' }), annotations: { 'genesys-gitops/drift': 'report' } };
  await apply([mine]);
  store.set('part-p-id', { ...store.get('part-p-id'), version: 8 });
  expect(told((await apply([mine])).plan).changes).toEqual(['w drift']);
  expect(await journal.drifts({}, {})).toEqual([]);
  store.set('whole-w-id', { ...store.get('whole-w-id'), at: 0, version: 9 });
  expect(told((await apply([mine])).plan)).toEqual({ ...nothing, unchanged: [], held: ['w Drifted'] });
  expect(await journal.drifts({}, {})).toMatchObject([{ resource: 'Whole/w' }]);
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
    'ActivationPending: "w" was written, but it still serves nothing after 63 s',
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

test('what is not looked at stays pending: of another object asked for, and of one that stays since what it follows is held', async () => {
  const clock = fakeClock();
  const { apply, effects } = await toys(clock);
  effects.set('w', 'it still serves nothing');
  const mine = whole('w', { at: 'ref:p.version' });
  await clock.drive(apply([part('p', 1), mine]));
  await clock.drive(apply([part('p', 1), part('q', 1), mine], { only: ['Part/q'] }));
  const suspended = { ...part('p', 2), annotations: { 'genesys-gitops/suspend': 'enabled' } };
  const held = await clock.drive(apply([suspended, part('q', 1), mine]));
  expect(told(held.plan)).toMatchObject({ held: ['p Suspended', 'w ActivationPending'] });
  const again = await clock.drive(apply([part('p', 1), part('q', 1), mine]));
  expect(told(again.plan).held).toEqual(['w ActivationPending']);
});

test('what never takes effect is told at once, held as that, and not written again', async () => {
  const { apply, effects, order } = await toys();
  effects.set('w', { failed: 'its activation ended in Error' });
  const first = await apply([whole('w', { size: 1 })]);
  expect(first.outcomes.map(({ reason }) => reason)).toEqual(['ActivationFailed']);
  const { plan } = await apply([whole('w', { size: 1 })]);
  expect(told(plan).held).toEqual(['w ActivationFailed']);
  expect(plan.held.map(({ message }) => message)).toEqual([
    '"w" was written, but its activation ended in Error; nothing is written again',
  ]);
  expect(order).toEqual(['POST w']);
});

test('where it cannot be asked, the rest of the organisation goes on', async () => {
  const clock = fakeClock();
  const { apply, effects, order } = await toys(clock);
  effects.set('w', new Failure('RateLimited', 'Genesys asked to slow down'));
  const { outcomes } = await clock.drive(apply([whole('w', { size: 1 }), part('p', 1)]));
  expect(outcomes.map(({ name, reason = 'done' }) => `${name} ${reason}`).sort()).toEqual([
    'p done',
    'w ActivationPending',
  ]);
  const { plan } = await clock.drive(apply([whole('w', { size: 1 }), part('p', 2)]));
  expect(told(plan)).toMatchObject({ changes: ['p commit'], held: ['w ActivationPending'] });
  expect(order.sort()).toEqual(['POST p', 'POST w', 'PUT p']);
});

test('a run that is to stop while it waits has written what it wrote, and the next one looks', async () => {
  const clock = fakeClock();
  const { apply, effects, stop } = await toys(clock);
  effects.set('w', 'it still serves nothing');
  const running = apply([whole('w', { size: 1 })]);
  await clock.untilWaiting(2);
  stop();
  const { outcomes } = await clock.drive(running);
  expect(outcomes.map(({ status, warnings }) => [status, warnings])).toEqual([
    ['applied', ['it was not seen in force: the run was asked to stop']],
  ]);
});

test('an interrupted move is ours, and no drift', async () => {
  const { apply, store, broken } = await toys();
  const mine = whole('w', { at: 'ref:p.version' });
  await apply([part('p', 1), mine]);
  broken.add('w');
  await apply([part('p', 2), mine]);
  broken.clear();
  expect(told((await apply([part('p', 2), mine])).plan).changes).toEqual(['w commit']);
  expect(store.get('whole-w-id')).toMatchObject({ at: 2 });
});

test('where the document of what it follows has a problem, it stays where it is', async () => {
  const { apply, store } = await toys();
  const mine = whole('w', { at: 'ref:p.version' });
  await apply([part('p', 1), mine]);
  store.set('part-p-id', { ...store.get('part-p-id'), size: 9, version: 9 });
  const { plan } = await apply([{ ...part('p', 1), spec: { size: 'problem' } }, mine]);
  expect(told(plan)).toEqual({ changes: [], held: [], problems: ['reference-not-found'], unchanged: ['w'] });
  expect(store.get('whole-w-id')).toMatchObject({ at: 1 });
});

test('a move that follows is told with the commit of what it follows', async () => {
  const { apply } = await toys();
  const mine = whole('w', { at: 'ref:p.version' });
  await apply([part('p', 1), mine]);
  const person = { name: 'Ann', email: 'ann@example.com' };
  const commit = (by: string, at: string): Commit => ({ sha: by, author: person, committer: person, at, message: by });
  const commits = new Map([
    ['Whole/w', commit('Whole/w', '2026-01-01T00:00:00Z')],
    ['Part/p', commit('Part/p', '2026-01-02T00:00:00Z')],
  ]);
  const past = { commitsOf: async () => ({ commits, rewritten: false }) };
  const { outcomes } = await apply([part('p', 2), mine], { past });
  expect(outcomes.map(({ name, commit: by }) => `${name} ${by?.sha}`)).toEqual(['p Part/p', 'w Part/p']);
});

test('so it is where an earlier run moved what it follows', async () => {
  const { apply, broken } = await toys();
  const mine = whole('w', { at: 'ref:p.version' });
  await apply([part('p', 1), mine]);
  const person = { name: 'Ann', email: 'ann@example.com' };
  const commit = (by: string, at: string): Commit => ({ sha: by, author: person, committer: person, at, message: by });
  const all = new Map([
    ['Whole/w', commit('Whole/w', '2026-01-01T00:00:00Z')],
    ['Part/p', commit('Part/p', '2026-01-02T00:00:00Z')],
  ]);
  const asked = (paths: ReadonlyMap<string, unknown>) => [...all].filter(([by]) => paths.has(by));
  const past: Past = { commitsOf: async (paths) => ({ commits: new Map(asked(paths)), rewritten: false }) };
  broken.add('w');
  await apply([part('p', 2), mine], { past });
  broken.clear();
  const { outcomes } = await apply([part('p', 2), mine], { past });
  expect(outcomes.map(({ name, commit: by }) => `${name} ${by?.sha}`)).toEqual(['w Part/p']);
});
