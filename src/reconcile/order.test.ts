import { expect, test } from 'vitest';
import { part, useToys, whole } from '../../test/support/toys.ts';
import { resource } from '../../test/support/world.ts';
import type { Resource } from '../model/resource.ts';

const toys = useToys();

const sized = (name: string, of: string): Resource => whole(name, { partId: `ref:${of}.id`, size: `ref:${of}.size` });

test('what is referred to is made first, and what follows from it is in the plan', async () => {
  const { apply, order, store } = await toys();
  const { plan, outcomes } = await apply([sized('w', 'p'), part('p', 1)]);
  expect(plan.changes.find(({ name }) => name === 'w')!.fields.find(({ path }) => path === '/partId')!.to).toEqual({
    knownAfterApply: { type: 'part', key: 'p', attribute: 'id' },
  });
  expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied']);
  expect(order).toEqual(['POST p', 'POST w']);
  expect([...store.values()].find(({ name }) => name === 'w')).toMatchObject({ partId: 'part-p-id', size: 1 });
  expect((await apply([sized('w', 'p'), part('p', 1)])).plan.changes).toEqual([]);

  order.length = 0;
  const grown = await apply([sized('w', 'p'), part('p', 2)]);
  expect(grown.plan.changes.map(({ name, fields }) => [name, fields.map(({ to }) => to)])).toEqual([
    ['p', [2]],
    ['w', [{ knownAfterApply: { type: 'part', key: 'p', attribute: 'size' } }]],
  ]);
  expect(order).toEqual(['PUT p', 'PUT w']);
  expect([...store.values()].find(({ name }) => name === 'w')).toMatchObject({ size: 2 });
});

test('what depends on a failed object is skipped; its siblings are not', async () => {
  const { apply, broken } = await toys();
  broken.add('p');
  const { outcomes } = await apply([sized('w', 'p'), part('p', 1), sized('w2', 'q'), part('q', 1)]);
  expect(
    Object.fromEntries(outcomes.map(({ name, status, reason = '' }) => [name, `${status} ${reason}`.trim()])),
  ).toEqual({
    w: 'skipped DependencyNotReady',
    p: 'failed BadRequest',
    w2: 'applied',
    q: 'applied',
  });
});

test('deletions come last, and what refers goes before what it refers to', async () => {
  const { apply, order } = await toys();
  await apply([sized('w', 'p'), part('p', 1), part('q', 1)]);
  order.length = 0;
  await apply([part('q', 2)]);
  expect(order).toEqual(['PUT q', 'DELETE w', 'DELETE p']);
});

test('a circle, and a reference to nothing, are problems of those in it', async () => {
  const { apply } = await toys();
  const { plan } = await apply([
    resource('Whole', 'w1', { partId: 'ref:w2.id' }),
    resource('Whole', 'w2', { partId: 'ref:w1.id' }),
    sized('w3', 'nothing'),
    part('p', 1),
  ]);
  expect(plan.problems.map(({ code, resource: by }) => `${code} ${by}`).sort()).toEqual([
    'reference-cycle Whole/w2',
    'reference-not-found Whole/w1',
    'reference-not-found Whole/w3',
    'reference-not-found Whole/w3',
  ]);
  expect(plan.changes.map(({ name }) => name)).toEqual(['p']);
});
