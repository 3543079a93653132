import { expect, test } from 'vitest';
import type { Commit } from '../src/model/plan.ts';
import { gadget } from './support/gadgets.ts';
import { useToys } from './support/toys.ts';

// An object that nobody owns, and of which several resources wish something: each field is its wisher's alone.

const open = useToys();
type Toys = Awaited<ReturnType<typeof open>>;

function put(toys: Toys, values: object, version = 1): void {
  toys.store.set('a', { kind: 'gadget', id: 'a', name: 'a', version, ...values });
}

const size = (value: number, notes: Record<string, string> = {}): ReturnType<typeof gadget> =>
  gadget('one', { id: 'a', set: { size: value } }, { annotations: notes });
const colour = (value: string, notes: Record<string, string> = {}): ReturnType<typeof gadget> =>
  gadget('two', { id: 'a', set: { colour: value } }, { annotations: notes });

test('a change goes by the name, and by the commit, of who wishes what changes', async () => {
  const toys = await open();
  put(toys, { size: 1, colour: 'red' });
  await toys.apply([size(1), colour('red')]);
  const commit = (sha: string, at: string): Commit => {
    const person = { name: 'Ann', email: 'ann@example.com' };
    return { sha: sha.repeat(40), author: person, committer: person, at, message: 'm' };
  };
  const past = {
    since: 'main@sha1:2',
    commitsOf: async () => ({
      rewritten: false,
      commits: new Map([
        ['Gadget/one', commit('1', '2026-11-21T09:00:00Z')],
        ['Gadget/two', commit('2', '2026-11-21T08:00:00Z')],
      ]),
    }),
  };
  const { outcomes } = await toys.apply([size(1), colour('green')], { past });
  expect(outcomes).toMatchObject([{ name: 'two', fields: [{ path: '/colour' }], commit: { sha: '2'.repeat(40) } }]);
});

test.each([
  ['one', size(2, { 'genesys-gitops/suspend': 'enabled' }), colour('green'), { size: 1, colour: 'green' }],
  ['two', size(2), colour('green', { 'genesys-gitops/suspend': 'enabled' }), { size: 2, colour: 'red' }],
])('of two who wish, %s rests alone', async (name, one, two, live) => {
  const toys = await open();
  put(toys, { size: 1, colour: 'red' });
  const { plan, outcomes } = await toys.apply([one, two]);
  expect(plan.held).toMatchObject([{ name, reason: 'Suspended', fields: [{ by: `Gadget/${name}` }] }]);
  expect(outcomes).toMatchObject([{ name: name === 'one' ? 'two' : 'one', status: 'applied' }]);
  expect(toys.store.get('a')).toMatchObject(live);
});

test('drift of one is reported and of the other healed, each with its name and its end', async () => {
  const toys = await open();
  const wish = [size(1, { 'genesys-gitops/drift': 'report' }), colour('red')];
  put(toys, { size: 1, colour: 'red' });
  await toys.apply(wish);
  put(toys, { size: 7, colour: 'blue' }, 2);
  const { plan, outcomes } = await toys.apply(wish);
  expect(plan.held).toMatchObject([{ name: 'one', reason: 'Drifted', fields: [{ path: '/size' }] }]);
  expect(outcomes).toMatchObject([{ name: 'two', cause: 'drift', status: 'applied' }]);
  expect(toys.store.get('a')).toMatchObject({ size: 7, colour: 'red' });
  const drifts = await toys.journal.drifts({ organization: 'o', target: 't' }, {});
  const told = drifts.map(({ fields, ended }) => [fields.map(({ by }) => by), ended?.how]);
  expect(told).toEqual(
    expect.arrayContaining([
      [['Gadget/two'], 'healed'],
      [['Gadget/one'], undefined],
    ]),
  );
  expect(drifts).toHaveLength(2);
  await toys.apply([size(7, { 'genesys-gitops/drift': 'report' }), colour('red')]);
  const [ended] = (await toys.journal.drifts({ organization: 'o', target: 't' }, {})).filter(
    ({ fields }) => fields[0]!.path === '/size',
  );
  expect(ended!.ended!.how).toBe('accepted');
});

test('what one ignores stays as it is live; the other is healed', async () => {
  const toys = await open();
  const wish = [size(1, { 'genesys-gitops/ignore-fields': '/size' }), colour('red')];
  put(toys, { size: 1, colour: 'red' });
  await toys.apply(wish);
  put(toys, { size: 7, colour: 'blue' }, 2);
  expect((await toys.apply(wish)).outcomes).toMatchObject([{ name: 'two', fields: [{ path: '/colour' }] }]);
  expect(toys.store.get('a')).toMatchObject({ size: 7, colour: 'red' });
});

test('two masters: the third time within an hour it is left alone, until the wish changes', async () => {
  const toys = await open();
  const wish = [size(1), colour('red')];
  put(toys, { size: 1, colour: 'red' });
  await toys.apply(wish);
  for (const n of [1, 2, 3]) {
    put(toys, { ...toys.store.get('a'), size: 7 }, Number(toys.store.get('a')!['version']) + 1);
    const { outcomes, plan } = await toys.apply(wish);
    if (n < 3) expect(outcomes).toMatchObject([{ name: 'one', cause: 'drift', status: 'applied' }]);
    else expect(plan.held).toMatchObject([{ name: 'one', reason: 'OwnershipConflict' }]);
  }
  expect((await toys.apply([size(1), colour('green')])).outcomes).toMatchObject([{ status: 'applied' }]);
});

test('what fails for good stalls, and goes on when a wish of it changes', async () => {
  const toys = await open();
  put(toys, { size: 1, colour: 'red' });
  toys.broken.add('a');
  expect((await toys.apply([size(2), colour('red')])).outcomes).toMatchObject([{ reason: 'BadRequest' }]);
  toys.broken.clear();
  const quiet = { byHand: false };
  expect((await toys.apply([size(2), colour('red')], quiet)).plan.held).toMatchObject([{ reason: 'BadRequest' }]);
  expect((await toys.apply([size(2), colour('green')], quiet)).outcomes).toMatchObject([{ status: 'applied' }]);
});
