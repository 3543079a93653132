import { expect, test } from 'vitest';
import { callFlow, callStep, flowOf } from './support/flows.ts';
import { dataAction, line, useWorlds } from './support/world.ts';

const open = useWorlds();

test('a flow and the action that it calls come with one commit, and the plan after it is empty', async () => {
  const it = await open();
  const all = [flowOf('main', callFlow('Main Line', callStep('a', { timeout: '{ minutes: 1 }' }))), dataAction('a')];
  const report = await it.apply(all);
  expect(report.outcomes.map(({ kind, status, message }) => `${kind} ${status} ${message ?? ''}`)).toEqual([
    'DataAction applied ',
    'Flow applied ',
  ]);
  const plan = await it.plan(all);
  expect(plan.changes).toEqual([]);
  expect(plan.problems).toEqual([]);
});
