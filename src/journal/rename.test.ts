import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { InventoryEntry } from '../model/journal.ts';
import { freshPath, intent, open, run, scope } from './fixture.ts';

const next = { ...scope, target: 'production' };
const entry = (id: string): InventoryEntry => ({
  type: 'dataAction',
  id,
  owner: `DataAction/${id}`,
  adopted: false,
  key: id,
});
const applied = (id: string, revision = 'r1') => ({
  type: 'dataAction',
  id,
  revision,
  fields: { '/a': { wanted: 1 } },
});

test('all that a target has goes with its new name; its runs and what is others stay', async () => {
  const path = freshPath();
  const journal = await open(path);
  const stranger = { ...scope, target: 'prod-2' };
  for (const id of ['i1', 'i2']) await journal.remember(scope, entry(id));
  await journal.remember(stranger, entry('i3'));
  await journal.remember({ ...scope, organization: 'org-2' }, entry('i1'));
  await journal.setApplied(scope, [applied('i1')]);
  const { id } = await journal.intend(intent('a'));
  const closed = await journal.intend(intent('b'));
  await journal.settleIntent(closed.id, 'applied');
  await journal.intend(intent('c', { target: 'prod-2' }));
  await journal.startRun(run);
  const moved = ['stalls:org-1:T', 'allowance:org-1:T', 'checkpoint:org-1:T:dataAction:x', 'suspension:T:*'];
  moved.push('suspension:T:DataAction/é', 'good-revision:T', 'standing:T', 'conflict:org-1:T:flow:x');
  const stays = [
    'stalls:org-2:prod',
    'stalls:org-1:prod-2',
    'suspension:prod-2:*',
    'good-revision:prod-2',
    'standing:prod-2',
    'prod',
  ];
  for (const key of moved) await journal.memorise(key.replace('T', 'prod'), key);
  for (const key of stays) await journal.memorise(key, key);
  // What was known of the new name by chance gives way.
  await journal.memorise('good-revision:production', 'another');
  const mark = await journal.mark();

  expect(await journal.renameTarget('org-1', 'prod', 'production')).toBe(2);

  expect(await journal.mark()).not.toBe(mark);
  expect(await journal.inventory(next)).toEqual([entry('i1'), entry('i2')]);
  expect(await journal.inventory(scope)).toEqual([]);
  expect(await journal.applied(next)).toEqual([applied('i1')]);
  expect(await journal.inventory(stranger)).toHaveLength(1);
  expect(await journal.inventory({ ...scope, organization: 'org-2' })).toHaveLength(1);
  expect(await journal.openIntents('org-1')).toEqual([
    { id, ...intent('a', { target: 'production' }) },
    expect.objectContaining({ target: 'prod-2' }),
  ]);
  const facts = [...moved.map((key) => key.replace('T', 'production')), ...stays].sort();
  expect([...(await journal.recallAll('')).keys()].sort()).toEqual(facts);
  expect(await journal.recall('good-revision:production')).toBe('good-revision:T');
  expect(await journal.runs('prod', 10)).toHaveLength(1);
  const file = new DatabaseSync(path);
  expect(file.prepare('SELECT target FROM intents WHERE id = ?').get(closed.id)).toEqual({ target: 'prod' });
  file.close();
});

test('where both have the same object, nothing moves', async () => {
  const journal = await open();
  for (const id of ['i1', 'i2']) await journal.remember(scope, entry(id));
  await journal.remember(next, entry('i1'));
  await expect(journal.renameTarget('org-1', 'prod', 'production')).rejects.toMatchObject({
    reason: 'ConfigurationInvalid',
    message:
      'The targets prod and production both have the object dataAction i1 of DataAction/i1, so nothing is moved. Take it out of one of them first.',
  });
  await expect(journal.renameTarget('org-1', 'prod', 'prod')).rejects.toThrow('called prod already');
  expect(await journal.inventory(scope)).toHaveLength(2);
});

test("what is left of an owner before gives way to the owner's", async () => {
  const journal = await open();
  await journal.remember(scope, entry('i1'));
  await journal.remember(next, entry('i2'));
  await journal.setApplied(scope, [applied('i1', 'owner'), applied('i2', 'left')]);
  await journal.setApplied(next, [applied('i1', 'left'), applied('i2', 'owner')]);
  expect(await journal.renameTarget('org-1', 'prod', 'production')).toBe(1);
  expect(await journal.applied(next)).toEqual(expect.arrayContaining([applied('i1', 'owner'), applied('i2', 'owner')]));
  expect(await journal.applied(scope)).toEqual([]);
});

test('details of what is no longer there are forgotten, and what was applied to nobody else', async () => {
  const journal = await open();
  const detail = (type: string, id: string) => ({ type, id, fingerprint: '1', readAt: '', live: {} });
  await journal.keepDetails('org-1', [detail('dataAction', 'i1'), detail('dataAction', 'i2'), detail('flow', 'i2')]);
  await journal.keepDetails('org-2', [detail('dataAction', 'i2')]);
  await journal.remember(next, entry('i2'));
  await journal.setApplied(scope, [applied('i1'), applied('i2'), applied('i3')]);
  const present = new Set(['i1']);
  expect(await journal.forgetDetails('org-1', 'dataAction', present)).toBe(2);
  expect([...(await journal.details('org-1', 'dataAction')).keys()]).toEqual(['i1']);
  expect((await journal.details('org-1', 'flow')).size).toBe(1);
  expect((await journal.details('org-2', 'dataAction')).size).toBe(1);
  // Present, in an inventory, in none.
  expect((await journal.applied(scope)).map(({ id }) => id).sort()).toEqual(['i1', 'i2']);
  const mark = await journal.mark();
  expect(await journal.forgetDetails('org-1', 'dataAction', present)).toBe(0);
  expect(await journal.mark()).toBe(mark);
  await journal.forgetDetails('org-1', 'dataAction', new Set());
  expect(await journal.mark()).not.toBe(mark);
});
