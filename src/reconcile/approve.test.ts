import { expect, test } from 'vitest';
import { config, dataAction, useWorlds, type World } from '../../test/support/world.ts';
import type { Resource } from '../model/resource.ts';

const open = useWorlds();

const many = (count: number, change = {}): Resource[] =>
  Array.from({ length: count }, (_, i) => dataAction(`a${i}`, change));
const names = (it: World): string[] =>
  it.sandbox.state.actions().flatMap(({ id, name }) => (id.startsWith('static') ? [] : [name]));
const next = { revision: 'main@sha1:0000000000000000000000000000000000000002' };

test('a plan that is held for its size has a hash, and is done where that is given', async () => {
  const it = await open({ policy: { maxChanges: 2 } });
  const plan = await it.plan(many(3));
  expect(plan.held.map(({ reason }) => reason)).toEqual(Array(3).fill('ChangeLimitExceeded'));
  expect(plan.approval).toMatch(/^[0-9a-f]{16}$/);
  const report = await it.apply(many(3), { approve: plan.approval! });
  expect(report).toMatchObject({ status: 'succeeded', outcomes: Array(3).fill({ status: 'applied' }) });
  expect((await it.journal.runs('test', 1))[0]).toMatchObject({ approved: plan.approval });
  // Once more is no mistake: there is nothing left to do.
  expect(await it.apply(many(3), { approve: plan.approval! })).toMatchObject({ status: 'succeeded', outcomes: [] });
});

test('the hash is of the meaning: not of order, revision or time, but of every value', async () => {
  const it = await open({ policy: { maxChanges: 1 } });
  const hash = (await it.plan(many(2))).approval;
  expect((await it.plan(many(2).reverse(), next)).approval).toBe(hash);
  expect((await it.plan(many(3))).approval).not.toBe(hash);
  expect((await it.plan(many(2, { config: config({ requestType: 'PUT' }) }))).approval).not.toBe(hash);
});

test('of another plan than the approved one nothing is written', async () => {
  const it = await open({ policy: { maxChanges: 2 } });
  const { approval } = await it.plan(many(3));
  await expect(it.apply(many(4), { approve: approval! })).rejects.toMatchObject({
    reason: 'ApprovalMismatch',
    message: expect.stringMatching(
      /^the approval .* is for another plan, so nothing is written: the plan as it is now would need [0-9a-f]{16}; look/,
    ),
  });
  await expect(it.apply(many(2), { approve: approval! })).rejects.toThrow('nothing in the plan needs an approval now');
  expect(it.writes()).toEqual([]);
});

test('of what moved since nothing is written that was not approved', async () => {
  const it = await open({ policy: { maxChanges: 1 } });
  const two = (seconds: number): Resource[] => many(2, { config: { ...config(), timeoutSeconds: seconds } });
  await it.apply(two(5), { approve: (await it.plan(two(5))).approval! });
  const { approval } = await it.plan(two(9), next);
  const { id } = it.sandbox.state.actionNamed('a0')!;
  const { writer } = it.engine;
  let moved = false;
  it.engine.writer = {
    ...writer!,
    async get(request) {
      if (!moved && request.params?.['actionId'] === id) {
        moved = true;
        it.sandbox.state.editAction(id, { name: 'By hand' });
      }
      return writer!.get(request);
    },
  };
  const { outcomes } = await it.apply(two(9), { ...next, approve: approval! });
  expect(outcomes.map(({ name, status, reason }) => [name, status, reason])).toEqual([
    ['a0', 'skipped', 'ApprovalMismatch'],
    ['a1', 'applied', undefined],
  ]);
});

test('an approval ends with another revision: who comes back to it later asks anew', async () => {
  const it = await open({ policy: { maxDeletes: 1 } });
  await it.apply(many(6));
  const { approval } = await it.plan(many(2), next);
  await it.apply(many(2), { ...next, approve: approval! });
  await it.apply(many(6), { revision: 'third' });
  expect((await it.apply(many(2), next)).plan.held.map(({ reason }) => reason)).toEqual(
    Array(4).fill('ChangeLimitExceeded'),
  );
});

test('a plan that needs no approval has no hash', async () => {
  const it = await open({ policy: { maxChanges: 1, mode: 'observe' } });
  expect(await it.plan([])).not.toHaveProperty('approval');
  expect(await it.plan(many(3))).not.toHaveProperty('approval');
});

test('what of an approved plan failed is tried again without a second approval, also when an object moved meanwhile', async () => {
  const it = await open({ policy: { maxChanges: 2 } });
  const { approval } = await it.plan(many(4));
  it.sandbox.addFault({
    when: { method: 'POST', path: '/api/v2/integrations/actions', times: 1 },
    then: { status: 400 },
  });
  expect(await it.apply(many(4), { approve: approval! })).toMatchObject({ status: 'failed' });
  expect(names(it)).toHaveLength(3);
  expect(await it.apply(many(4), { byHand: true })).toMatchObject({ status: 'succeeded' });
  expect(names(it)).toHaveLength(4);
});

test('a revision cannot spend its limit bit by bit; the next one has its own', async () => {
  const it = await open({ policy: { maxDeletes: 2 } });
  await it.apply(many(6));
  await it.apply(many(4), next);
  expect(names(it)).toHaveLength(4);
  const again = await it.plan(many(3), next);
  expect(again.held.map(({ message }) => message)).toEqual([
    '1 object would be deleted, after 2 for this revision already; policy.maxDeletes is 2',
  ]);
  expect((await it.plan(many(3), { revision: 'third' })).held).toEqual([]);
});
