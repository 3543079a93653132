import { describe, expect, test } from 'vitest';
import type { Resource } from '../src/model/resource.ts';
import { editByHand, flowIn, jobsOf, liveText, once, useFlowDays } from './support/flow-days.ts';
import { action, main } from './support/flow-faults.ts';
import { callFlow, callStep, flowOf } from './support/flows.ts';
import type { Day } from './support/long-day.ts';
import { said } from './support/stories.ts';
import type { WorldOptions } from './support/world.ts';

const open = useFlowDays();
const before = [action, main()];
const after = [action, main('Main Line', 'Good day')];

async function published(options?: WorldOptions): Promise<Day> {
  const day = await open(options);
  await day.apply(before);
  return day;
}

describe('two that publish one flow', () => {
  test('each with a journal of its own: one flow, and nothing to do for either', async () => {
    const day = await published();
    const other = await open({ target: 'other' }, day);
    const both = [day.apply(after), other.apply(after)];
    await Promise.all(both.map((run) => run.catch(() => undefined)));
    for (const one of [day, other]) {
      await one.apply(after, { byHand: true });
      expect((await one.plan(after)).changes).toEqual([]);
    }
    expect(day.it.sandbox.state.flows().filter(({ name }) => name === 'Main Line')).toHaveLength(1);
    expect(liveText(day)).toContain('Good day');
  });
});

describe('a rename', () => {
  const renamed = [action, main('Front Desk')];

  test('to a name that another flow has is refused, and nothing is published', async () => {
    const day = await published();
    const taken = { yaml: callFlow('Front Desk', callStep('a')) };
    const { outcomes } = await day.apply(renamed, { planned: () => day.it.sandbox.state.seedFlow(taken) });
    expect(outcomes.map(said)).toEqual(['failed BadRequest']);
    expect(outcomes[0]!.message).toContain('another flow is called "Front Desk"');
    expect(jobsOf(day).started).toHaveLength(1);
  });

  test('of which the lock is wanted and its answers are lost', async () => {
    const day = await published({ sandbox: { quirks: ['flow-put-needs-lock'] } });
    for (const path of ['/api/v2/flows/actions/checkout', '/api/v2/flows/actions/unlock'])
      day.it.sandbox.addFault(once({ method: 'POST', path }, { lostResponse: true }));
    expect((await day.apply(renamed)).outcomes.map(said)).toEqual(['applied']);
    await day.endsWell(renamed, [...before, ...renamed]);
  });
});

test('deleting waits for whoever works on the flow, and names them', async () => {
  const day = await published();
  const { state } = day.it.sandbox;
  state.editFlow(flowIn(day).id, (yaml) => yaml.replace('Welcome', 'Draft'), { publish: false });
  const { outcomes } = await day.apply([action]);
  expect(outcomes.map(said)).toEqual(['failed Locked']);
  expect(outcomes[0]!.message).toMatch(
    /Sandbox Admin .*; it is deleted once that is published, thrown away or given back/,
  );
  state.unlockFlow(flowIn(day).id);
  expect((await day.apply([action])).outcomes.map(said)).toEqual(['failed Locked']);
  editByHand(day);
  await day.endsWell([action], before);
});

const twoFlows: Resource[] = [action, main(), flowOf('other', callFlow('Other', callStep('a')))];

test('one flow that somebody has open does not hold up the others', async () => {
  const day = await published();
  day.it.sandbox.state.lockFlow(flowIn(day).id, { user: 'Ada Admin' });
  const { outcomes } = await day.apply([...after, twoFlows[2]!]);
  expect(outcomes.map((one) => `${one.name} ${said(one)}`).sort()).toEqual(['main failed Locked', 'other applied']);
});
