import { describe, expect, test } from 'vitest';
import type { Plan } from '../src/model/plan.ts';
import { daemon, download, editByHand, exporting, flowIn, jobsOf, liveText, useFlowDays } from './support/flow-days.ts';
import { action, main } from './support/flow-faults.ts';
import { foreign, timeoutOf } from './support/flow-verdict.ts';
import type { Day } from './support/long-day.ts';
import { said } from './support/stories.ts';
import { dataAction } from './support/world.ts';

const open = useFlowDays();
const before = [action, main()];
const after = [action, main('Main Line', 'Good day')];
const b = dataAction('b');
const notFound = { job: { status: 'Failure' as const, messages: ["Could not find the flow 'x'."] } };
const held = ({ held: all }: Plan): string[] => all.map(({ name, reason }) => `${name} ${reason}`);

/** What is live has moved, so that it has to be exported. */
async function moved(): Promise<Day> {
  const day = await open();
  await day.apply(before);
  editByHand(day);
  return day;
}

describe('an export', () => {
  test('that could not find the flow, as Genesys is busy: it is tried again', async () => {
    const day = await moved();
    day.it.sandbox.addFault({ when: { ...exporting, times: 3 }, then: notFound });
    expect((await day.apply(before)).outcomes.map(said)).toEqual(['applied']);
  });

  test.each([
    ['could not find the flow', { when: exporting, then: notFound }],
    ['never ends', { when: exporting, then: { job: { never: true } } }],
    ['is lost', { when: { method: 'GET', path: '/api/v2/flows/export/jobs/*' }, then: { status: 404 } }],
    ['is refused by a proxy on its way here', { when: download, then: { status: 403 } }],
    ['has a file that is gone', { when: download, then: { status: 404 } }],
    ['is cut off, each time', { when: download, then: { truncate: true } }],
  ])('that %s, for good: its flow is held, and nothing is made in its place; others go on', async (_what, fault) => {
    const day = await moved();
    day.it.sandbox.addFault(fault);
    const { plan, outcomes } = await day.apply([...before, b]);
    expect(held(plan)).toEqual([expect.stringMatching(/^main (ExportFailed|BadAnswer)$/)]);
    expect(outcomes.map((one) => `${one.name} ${one.action} ${said(one)}`)).toEqual(['b create applied']);
    expect((await day.apply([b])).outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(jobsOf(day).started).toHaveLength(1);
  });

  test('of a flow that somebody deletes meanwhile: it is gone, and made anew', async () => {
    const day = await moved();
    const { state } = day.it.sandbox;
    const stop = day.it.sandbox.onRequest(({ method, path, phase }) => {
      if (method !== 'POST' || path !== exporting.path || phase !== 'arrived') return;
      stop();
      state.deleteFlow(flowIn(day).id);
    });
    const { plan, outcomes } = await day.apply(before);
    expect(plan.changes.map((one) => `${one.action} ${one.cause}`)).toEqual(['create drift']);
    expect(outcomes.map(said)).toEqual(['applied']);
  });

  test('of a flow that was deleted from here and whose list lags: never a second one', async () => {
    const day = await moved();
    day.it.sandbox.addFault({ when: { method: 'GET', path: '/api/v2/flows' }, then: { stale: 3600 } });
    expect((await day.apply(after)).outcomes.map(said)).toEqual(['applied']);
    await day.endsWell(after);
  });
});

test('a flow that this client may no longer see is held, and never made again', async () => {
  const day = await open();
  await day.apply(before);
  day.it.sandbox.state.hideActions(daemon, { actions: [], flows: ['Main Line'] });
  const { plan, outcomes } = await day.apply(after);
  expect([held(plan), outcomes]).toEqual([['main NotVisible'], []]);
  day.it.sandbox.state.showActions(daemon);
  await day.endsWell(after);
});

describe('without the permission', () => {
  test.each([
    ['architect:job:create', 'failed PermissionMissing'],
    ['architect:job:view', 'failed PermissionMissing'],
    ['architect:jobExport:create', 'failed PermissionMissing'],
    ['architect:jobExport:view', 'failed PermissionMissing'],
  ])('%s: it is named, others go on, and what was published is not lost', async (permission, becomes) => {
    const day = await open();
    await day.apply(before);
    day.it.sandbox.state.takePermissions(daemon, permission);
    const { outcomes } = await day.apply([...after, b]);
    expect(outcomes.map((one) => `${one.name} ${said(one)}`).sort()).toEqual(['b applied', `main ${becomes}`]);
    expect(outcomes.find(({ name }) => name === 'main')!.message).toContain(permission);
    day.it.sandbox.state.givePermissions(daemon, permission);
    await day.apply([...after, b], { byHand: true });
    await day.endsWell([...after, b]);
  });

  test('architect:jobExport:create, where a flow has to be read: it is held, and others go on', async () => {
    const day = await moved();
    day.it.sandbox.state.takePermissions(daemon, 'architect:jobExport:create');
    const { plan, outcomes } = await day.apply([...before, timeoutOf('t', foreign, 'Look up', '17s'), b]);
    expect(held(plan).sort()).toEqual(['main PermissionMissing', 't PermissionMissing']);
    expect(plan.held[0]!.message).toContain('architect:jobExport:create');
    expect(outcomes.map(said)).toEqual(['applied']);
  });

  test.each([
    ['architect:flow:edit', [action, main('Front Desk')]],
    ['architect:flow:delete', [action]],
  ])('%s: it is named, and nothing is published or forgotten', async (permission, wish) => {
    const day = await open();
    await day.apply(before);
    day.it.sandbox.state.takePermissions(daemon, permission);
    const { outcomes } = await day.apply(wish);
    expect(outcomes.map(said)).toEqual(['failed PermissionMissing']);
    expect(outcomes[0]!.message).toContain(permission);
    expect(jobsOf(day).started).toHaveLength(1);
    day.it.sandbox.state.givePermissions(daemon, permission);
    await day.apply(wish, { byHand: true });
    await day.endsWell(wish, [...before, ...wish]);
  });

  test('architect:flow:view: the run says so, and nothing is made or forgotten', async () => {
    const day = await open();
    await day.apply(before);
    day.it.sandbox.state.takePermissions(daemon, 'architect:flow:view');
    await expect(day.apply(after)).rejects.toThrow(/architect:flow:view/);
    day.it.sandbox.state.givePermissions(daemon, 'architect:flow:view');
    expect(liveText(day)).toContain('Welcome');
    await day.endsWell(after);
  });
});
