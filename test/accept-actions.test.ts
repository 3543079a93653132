import { expect, test } from 'vitest';
import { type Drifting, useDrifting } from './support/drifting.ts';

let world: Drifting;
useDrifting(
  (made) => {
    world = made;
  },
  undefined,
  { actionsOnly: true },
);

test('a scalar of a data action', async () => {
  await world.apply();
  const before = world.read('actions/update-case.yaml');
  world.editAction('Update Case', '/config/request/requestType', 'PUT');
  const { patch, told, drift } = await world.patch();
  console.log(
    patch,
    told,
    drift.drifted.map((d) => d.change.kind + d.change.name + JSON.stringify(d.fields)),
  );
  world.take(patch);
  expect(world.read('actions/update-case.yaml')).toBe(before.replace('requestType: PATCH', 'requestType: PUT'));
  expect(await world.plan()).toEqual([]);
});
