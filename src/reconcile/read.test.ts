import { expect, test } from 'vitest';
import { hasty } from '../../test/support/clock.ts';
import { callFlow, flowOf } from '../../test/support/flows.ts';
import { dataAction, useWorlds } from '../../test/support/world.ts';

const open = useWorlds();

test('objects are read afresh within a day, but for those whose version names what never changes', async () => {
  let later = 0;
  const it = await open({ clock: { ...hasty, now: () => new Date(Date.now() + later) } });
  const all = [dataAction('a'), flowOf('main', callFlow('Main Line'))];
  expect((await it.apply(all)).status).toBe('succeeded');
  later = 25 * 3_600_000;
  const before = it.sandbox.requests().length;
  expect((await it.plan(all)).changes).toEqual([]);
  const asked = it.sandbox
    .requests()
    .slice(before)
    .map(({ pathTemplate = '' }) => pathTemplate);
  expect(asked.filter((path) => path.endsWith('/actions/{actionId}'))).toHaveLength(1);
  expect(asked.filter((path) => path.includes('export'))).toEqual([]);
});
