import { expect, test } from 'vitest';
import { Failure } from '../src/model/failure.ts';
import { exportObjects } from '../src/reconcile/export.ts';
import { plan } from '../src/reconcile/plan.ts';
import { gadget, gadgetType } from './support/gadgets.ts';
import { unsaid } from './support/log-lines.ts';
import { part, useToys } from './support/toys.ts';
import { desired } from './support/world.ts';

// Objects of a type without a list, that nobody owns: what the engine makes of `unlisted`, `Summary.live`, `checks` and `holds`.

const open = useToys();
type Toys = Awaited<ReturnType<typeof open>>;

function put(toys: Toys, id: string, values: object): void {
  toys.store.set(id, { kind: 'gadget', id, name: id, version: 1, ...values });
}

test('each object is asked for once a run, and once more after it was written', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  put(toys, 'b', { size: 1 });
  const wish = [gadget('first', { id: 'a', set: { size: 2 } }), gadget('second', { id: 'b', set: { size: 1 } })];
  const { outcomes, plan } = await toys.apply(wish);
  expect(outcomes).toMatchObject([{ name: 'first', status: 'applied', fields: [{ path: '/size', from: 1, to: 2 }] }]);
  expect(plan.unchanged).toMatchObject([{ name: 'second' }]);
  expect(toys.asked.toSorted()).toEqual(['/gadget/a', '/gadget/a', '/gadget/b']);
  for (const _ of [1, 2, 3]) {
    toys.asked.length = 0;
    expect((await toys.apply(wish)).plan.unchanged).toHaveLength(2);
    expect(toys.asked.toSorted()).toEqual(['/gadget/a', '/gadget/b']);
  }
  put(toys, 'b', { size: 7, version: 2 });
  expect((await toys.apply(wish)).outcomes).toMatchObject([{ name: 'second', cause: 'drift' }]);
});

test('a quiet run is not worked out twice, and what moves wakes it up', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  const wish = desired([gadget('first', { id: 'a', set: { size: 1 } })]);
  await toys.applyTo(wish);
  const [second, third] = [await toys.applyTo(wish), await toys.applyTo(wish)];
  expect(third.plan.unchanged[0]).toBe(second.plan.unchanged[0]);
  put(toys, 'a', { size: 3, version: 2 });
  expect((await toys.applyTo(wish)).plan.changes).toMatchObject([{ cause: 'drift' }]);
});

test('one that may not be seen is held with its reason, is no drift, and does not vanish; the others go on', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  put(toys, 'b', { size: 1 });
  const wish = [gadget('first', { id: 'a', set: { size: 1 } }), gadget('second', { id: 'b', set: { size: 2 } })];
  await toys.apply(wish);
  put(toys, 'a', { size: 9, version: 2 });
  const drifts = (): Promise<object[]> => toys.journal.drifts({ organization: 'o', target: 't' }, {});
  toys.policy.drift = 'report';
  await toys.apply(wish);
  const before = await drifts();
  expect(before).toMatchObject([{ object: { id: 'a' } }]);
  toys.refused.set('a', 403);
  const { plan, outcomes } = await toys.apply([wish[0]!, gadget('second', { id: 'b', set: { size: 3 } })]);
  expect(plan.held).toMatchObject([{ name: 'first', reason: 'NotVisible', fields: [] }]);
  expect(plan.problems).toEqual([]);
  expect(outcomes).toMatchObject([{ name: 'second', status: 'applied' }]);
  expect(await drifts()).toEqual(before);
});

test('one that is not there is a problem of who names it', async () => {
  const toys = await open();
  const { plan } = await toys.apply([gadget('first', { id: 'a', set: { size: 1 } })]);
  expect(plan.problems).toMatchObject([{ message: 'there is no gadget a' }]);
  expect(toys.asked).toEqual(['/gadget/a']);
});

test('checks are told in plan and outcome, and one that fails is a warning with its place', async () => {
  const toys = await open();
  for (const id of ['a', 'b', 'c', 'd']) put(toys, id, { size: 1 });
  toys.refused.set('c', 403);
  const expected = [
    { id: 'b', size: 1 },
    { id: 'c', size: 1 },
    { id: 'd', size: 2 },
    { id: 'gone', size: 1 },
  ];
  const wish = [gadget('first', { id: 'a', set: { size: 2 }, expect: expected })];
  const { plan, outcomes } = await toys.apply(wish);
  const told = [
    { holds: true, told: 'b has the size 1', object: { type: 'gadget', key: 'b', id: 'b' }, by: 'Gadget/first' },
    { holds: false, told: expect.stringContaining('/gadget/c') },
    { holds: false, told: 'd has another size than 2' },
    { holds: false, told: 'there is no gadget with the id gone', object: { key: 'gone', id: 'gone' } },
  ];
  expect(plan.changes).toMatchObject([{ checks: told }]);
  expect(outcomes).toMatchObject([{ status: 'applied', checks: told }]);
  expect(plan.warnings.map(({ code, pointer, resource }) => [code, pointer, resource])).toEqual(
    ['link-unknown', 'linked-elsewhere', 'linked-elsewhere'].map((code, i) => [
      ...[code, `/spec/expect/${i + 1}`, 'Gadget/first'],
    ]),
  );
  expect(unsaid(toys.said)).toEqual([]);
  toys.broken.add('a');
  const failed = await toys.apply([gadget('first', { id: 'a', set: { size: 3 }, expect: expected })]);
  expect(failed.outcomes).toMatchObject([{ status: 'failed', checks: told.slice(1) }]);
  expect((await toys.apply(wish)).plan.unchanged).toMatchObject([{ checks: told }]);
  expect(await toys.journal.outcomes((await toys.journal.runs('t', 3))[2]!.id)).toMatchObject([{ checks: told }]);
});

test('what is held where it differs goes on where it cannot be looked at', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  put(toys, 'b', { size: 1 });
  const held = (id: string): ReturnType<typeof gadget> =>
    gadget(id, { id, set: { size: 2 }, holds: 'it has a size of its own' });
  toys.refused.set('b', 405);
  const { plan, outcomes } = await toys.apply([held('a'), held('b')]);
  expect(plan.held).toMatchObject([
    { name: 'a', reason: 'Drifted', message: 'it has a size of its own', fields: [{ path: '/size', from: 1, to: 2 }] },
  ]);
  expect(outcomes).toMatchObject([{ name: 'b', status: 'applied' }]);
  expect(toys.order).toEqual(['PUT b']);
});

test('who needs another as it is wished waits with it, whether that is held, blocked or fails', async () => {
  const toys = await open();
  for (const id of ['a', 'b', 'c']) put(toys, id, { size: 1 });
  const first = (more: object = {}): ReturnType<typeof gadget> =>
    gadget('first', { id: 'a', set: { size: 2 }, ...more });
  const rest = [
    gadget('second', { id: 'b', set: { size: 2 }, after: 'a' }),
    gadget('third', { id: 'c', set: { size: 2 } }),
  ];
  const waits = { name: 'second', reason: 'DependencyNotReady' };

  const held = await toys.apply([first({ holds: 'not yet' }), ...rest]);
  expect(held.plan.held).toMatchObject([{ name: 'first' }, waits]);
  toys.refused.set('a', 403);
  expect((await toys.apply([first(), ...rest])).plan.held).toMatchObject([{ name: 'first' }, waits]);
  toys.refused.clear();
  const suspended = gadget(
    'first',
    { id: 'a', set: { size: 2 } },
    { annotations: { 'genesys-gitops/suspend': 'enabled' } },
  );
  expect((await toys.apply([suspended, ...rest])).plan.held).toMatchObject([{ name: 'first' }, waits]);
  toys.broken.add('a');
  expect((await toys.apply([first(), ...rest])).outcomes).toMatchObject([
    { name: 'first', status: 'failed' },
    { name: 'second', status: 'skipped', reason: 'DependencyNotReady' },
  ]);
  expect(toys.order).toEqual(['PUT c', 'PUT a']);
  toys.broken.clear();
  await toys.apply([first(), ...rest]);
  expect(toys.order.slice(2)).toEqual(['PUT a', 'PUT b']);
});

test('what left the repository and may not be seen is held, and neither deleted nor forgotten', () => {
  const entry = { type: 'gadget', id: 'a', key: 'a', owner: 'Gadget/g', adopted: false };
  const blocked = { reason: 'NotVisible', message: 'no' } as const;
  const orphan = { entry, released: false, summary: { id: 'a', key: 'a', name: 'a', attributes: {}, blocked } };
  const observed = { objects: [], orphans: [orphan], vanished: [], problems: [], warnings: [] };
  const planned = plan({ target: 't', organization: { id: 'o', name: 'O' }, revision: 'r', observed });
  expect(planned.changes).toEqual([]);
  expect(planned.held).toMatchObject([{ action: 'delete', name: 'g', reason: 'NotVisible', message: 'no' }]);
});

test('an export says that it leaves them out, and what was kept of one goes with its last wish', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  await toys.apply([gadget('g', { id: 'a', set: { size: 2 } }), part('p', 1)]);
  const kept = async (): Promise<string[]> => [...(await toys.journal.details('o', 'gadget')).keys()];
  expect(await kept()).toEqual(['a']);
  await toys.apply([gadget('g', { id: 'a', set: { size: 2 } }), part('p', 1)]);
  expect(await kept()).toEqual(['a']);
  await toys.apply([part('p', 1)]);
  expect(await kept()).toEqual([]);
  toys.asked.length = 0;
  const { documents, skipped } = await exportObjects(toys.engine);
  expect([documents, skipped.map(({ name }) => name), toys.asked]).toEqual([
    [],
    ['every gadget', 'p'],
    ['/whole', '/part', '/part/part-p-id'],
  ]);
});

test('what Genesys took and says it did not do waits for no audit record, whichever run hears of it', async () => {
  const toys = await open();
  put(toys, 'a', { size: 1 });
  const write = gadgetType.write;
  const type = toys.engine.types.find(({ type }) => type === 'gadget')!;
  const failing = (detail: object, before: typeof write = async () => ({ id: 'a' })) =>
    ({
      ...type,
      audited: { update: ['Gadget:Update'] },
      write: async (ctx, order) => {
        await before(ctx, order);
        throw new Failure('ReplicationFailed', 'it failed', detail);
      },
    }) satisfies typeof type;
  const sent = async (): Promise<unknown[]> =>
    (await toys.journal.writesSince('o', '2000')).map(({ refused }) => refused === true);
  const apply = (size: number, as: typeof type) => {
    toys.engine.types = toys.engine.types.map((one) => (one.type === 'gadget' ? as : one));
    return toys.apply([gadget('g', { id: 'a', set: { size } })]);
  };
  await apply(2, failing({ nothingMade: true }, write));
  expect(await sent()).toEqual([true]);
  await apply(3, failing({}, write));
  expect(await sent()).toEqual([true, false]);
  // The next run asks after the job, sends nothing, and hears that it failed.
  await apply(4, failing({ nothingMade: true }));
  expect(await sent()).toEqual([true, true]);
});
