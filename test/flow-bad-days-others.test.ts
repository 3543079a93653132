import { describe, expect, test } from 'vitest';
import { daemon, editByHand, flowIn, jobsOf, liveText, useFlowDays } from './support/flow-days.ts';
import { action, main } from './support/flow-faults.ts';
import { foreign, timeoutOf } from './support/flow-verdict.ts';
import { callFlow, callStep } from './support/flows.ts';
import type { Day } from './support/long-day.ts';
import { said } from './support/stories.ts';
import type { WorldOptions } from './support/world.ts';

const open = useFlowDays();
const before = [action, main()];
const after = [action, main('Main Line', 'Good day')];
const step = [timeoutOf('t', foreign, 'Look up', '17s')];
const jobPolls = '/api/v2/flows/jobs/{jobId}';

async function published(options?: WorldOptions): Promise<Day> {
  const day = await open(options);
  await day.apply(before);
  return day;
}

describe('between plan and apply', () => {
  test('somebody publishes: it is planned anew on their version', async () => {
    const day = await published();
    const { outcomes } = await day.apply(after, { planned: () => editByHand(day) });
    expect(outcomes.map((one) => [said(one), one.receipt.versionBefore])).toEqual([['applied', '2.0']]);
    await day.endsWell(after);
  });

  test('somebody publishes a flow of theirs: the timeout is set in the fresh text', async () => {
    const day = await open();
    const { outcomes } = await day.apply(step, { planned: () => editByHand(day, foreign) });
    expect(outcomes.map(said)).toEqual(['applied']);
    expect(liveText(day, foreign)).toMatch(/By hand[\s\S]*seconds: 17/);
  });

  test('somebody deletes it: it is made anew, once', async () => {
    const day = await published();
    const { state } = day.it.sandbox;
    const { outcomes } = await day.apply(after, { planned: () => state.deleteFlow(flowIn(day).id) });
    expect(outcomes.map(said)).toEqual(['applied']);
    const { changes, held } = await day.plan(after);
    expect([changes, held, state.flows().filter(({ name }) => name === 'Main Line').length]).toEqual([[], [], 1]);
  });

  test('somebody deletes a flow of theirs: nothing is made', async () => {
    const day = await open();
    const { state } = day.it.sandbox;
    const { outcomes } = await day.apply(step, { planned: () => state.deleteFlow(flowIn(day, foreign).id) });
    expect(outcomes.map(said)).toEqual(['skipped Gone']);
    expect(state.flows()).toEqual([]);
  });

  test('somebody makes a flow of that name: it is not published over, and waits to be adopted', async () => {
    const day = await open();
    await day.apply([action]);
    const seed = { yaml: callFlow('Main Line', callStep('a')).replace('Welcome', 'Theirs') };
    const { outcomes } = await day.apply(before, { planned: () => day.it.sandbox.state.seedFlow(seed) });
    expect(outcomes.map(said)).toEqual(['failed AdoptionRequired']);
    expect(outcomes[0]!.message).toContain('somebody made a flow "Main Line" meanwhile');
    expect((await day.apply(before)).plan.held.map(({ reason }) => reason)).toEqual(['AdoptionRequired']);
    expect(liveText(day)).toContain('Theirs');
  });
});

test('a conflict on every try: four, and it says so', async () => {
  const day = await published();
  let edits = 0;
  const stop = day.it.sandbox.onRequest(({ method, path, phase }) => {
    if (method === 'POST' && path === '/api/v2/flows/jobs' && phase === 'served')
      editByHand(day, 'Main Line', `${++edits}`);
  });
  const { outcomes } = await day.apply(after);
  stop();
  expect([outcomes.map(said), edits]).toEqual([['failed Contended'], 4]);
  expect(outcomes[0]!.message).toMatch(/moved from version 4\.0 to 5\.0 since .*; tried 4 times in this run/);
  expect(jobsOf(day).started).toHaveLength(1);
  await day.endsWell(after);
});

test.each([
  ['a person', 'sandbox-admin'],
  ['another client', 'other'],
])('somebody (%s) publishes right after our job: that is not taken for ours', async (_who, by) => {
  const day = await published({ sandbox: { seed: { clients: [{ id: 'other' }] } } });
  const { state } = day.it.sandbox;
  const stop = day.it.sandbox.onRequest(({ pathTemplate, phase }) => {
    if (pathTemplate !== jobPolls || phase !== 'served' || jobsOf(day).started.at(-1)!.status !== 'Success') return;
    stop();
    state.editFlow(flowIn(day).id, (yaml) => yaml.replace('Good day', 'By hand'), { by });
  });
  const { outcomes } = await day.apply(after);
  expect(outcomes.map((one) => [said(one), one.receipt.versionBefore])).toEqual([['applied', '3.0']]);
  expect(liveText(day)).toContain('Good day');
  await day.endsWell(after);
});

test('a version that names a person is ours all the same, where it is the only new one', async () => {
  const seed = { clients: [{ id: daemon, user: { name: 'Behind The Client' } }] };
  const day = await published({ sandbox: { seed } });
  const { outcomes } = await day.apply(after);
  expect(outcomes.map((one) => [said(one), one.receipt.versionAfter])).toEqual([['applied', '2.0']]);
  expect(flowIn(day).versions.at(-1)!.createdBy).toMatchObject({ user: { name: 'Behind The Client' } });
});
