import { expect, test } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import { callFlow, flowOf } from '../../test/support/flows.ts';
import { dataAction, useWorlds } from '../../test/support/world.ts';

const open = useWorlds();

test('objects are read afresh within a day, but for those whose version names what never changes', async () => {
  const clock = fakeClock();
  const it = await open({ clock });
  const all = [dataAction('a'), flowOf('main', callFlow('Main Line'))];
  await clock.drive(it.apply(all));
  await clock.advance(25 * 3_600_000);
  const before = it.sandbox.requests().length;
  await clock.drive(it.plan(all));
  const asked = it.sandbox
    .requests()
    .slice(before)
    .map(({ pathTemplate = '' }) => pathTemplate);
  expect(asked.filter((path) => path.endsWith('/actions/{actionId}'))).toHaveLength(1);
  expect(asked.filter((path) => path.includes('export'))).toEqual([]);
});
