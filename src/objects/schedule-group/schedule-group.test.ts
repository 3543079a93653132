import { describe, expect, test } from 'vitest';
import { fakeClock, hasty } from '../../../test/support/clock.ts';
import { line, resource, useWorlds, type World } from '../../../test/support/world.ts';
import type { Index } from '../../model/contracts.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import { noRules } from '../../model/rules.ts';
import { evaluating } from '../../sandbox/schedules/fixture.ts';
import { scheduleGroupKind } from './schedule-group.ts';

const open = useWorlds();
const hours = { start: '2026-01-05T08:00', end: '2026-01-05T17:00' };
const schedule = (name: string, change: JsonObject = {}): Resource =>
  resource('Schedule', name, { ...hours, ...change });
const group = (spec: JsonObject, name = 'hours'): Resource => resource('ScheduleGroup', name, spec);
const flow = (evaluates: string): Resource =>
  resource(
    'Flow',
    'main',
    { type: 'inboundCall', name: 'Main IVR', file: 'main.yaml' },
    { files: { '/spec/file': { path: 'main.yaml', text: evaluating(evaluates) } } },
  );
const openOf = (it: World): string[] => {
  const ids = it.sandbox.state.scheduleGroupNamed('hours')!.openSchedules;
  return ids.map((id) => it.sandbox.state.schedules().find((one) => one.id === id)!.name).sort();
};
const quiet = async (it: World, resources: Resource[]): Promise<void> => {
  const { changes, held, problems } = await it.plan(resources);
  expect({ changes, held, problems }).toEqual({ changes: [], held: [], problems: [] });
};

describe('a time zone', () => {
  test.each(['Europe/Dublin', 'UTC', 'Asia/Calcutta', 'US/Eastern', 'Etc/GMT+2', 'Europe/Kyiv', 'GB-Eire'])(
    '%s is one',
    (timeZone) => {
      expect(scheduleGroupKind.check(group({ timeZone }), noRules)).toEqual([]);
    },
  );

  test.each([
    ['Europe/Dublim', ' (did you mean "Europe/Dublin"?)'],
    ['europe/dublin', ' (did you mean "Europe/Dublin"?)'],
    ['Us/Pacific', ' (did you mean "US/Pacific"?)'],
    ['Gmt', ' (did you mean "GMT"?)'],
    ['PST', ''],
    ['+02:00', ''],
  ])('%s is none', (timeZone, hint) => {
    expect(scheduleGroupKind.check(group({ timeZone }), noRules)).toMatchObject([
      { pointer: '/spec/timeZone', message: expect.stringContaining(`database${hint}; one reads`) },
    ]);
  });

  test('that a document would be refused for is not exported', () => {
    const index: Index = { find: () => [], all: () => [] };
    const exported = (timeZone: string) =>
      scheduleGroupKind.toDocument({ name: 'a', timeZone }, { id: 'i', key: 'a', name: 'a', attributes: {} }, index);
    expect(exported('Mars/Olympus')).toEqual({ why: 'its time zone "Mars/Olympus" is none that this program knows' });
    expect(exported('UTC')).toMatchObject({ spec: { timeZone: 'UTC' } });
  });
});

describe('schedules of a group', () => {
  test('come first, are a set, and one that is not there is a problem with its place', async () => {
    const it = await open();
    const all = [group({ openSchedules: ['b', 'a'] }), schedule('a'), schedule('b')];
    await it.apply(all);
    expect(it.writes().map((write) => write.split('/').at(-1))).toEqual(['schedules', 'schedules', 'schedulegroups']);
    await quiet(it, [group({ openSchedules: ['a', 'b', 'a'] }), schedule('a'), schedule('b')]);
    const { problems } = await it.plan([group({ openSchedules: ['a', 'lunsh'] }), schedule('lunch'), schedule('a')]);
    expect(problems).toMatchObject([
      {
        code: 'schedule-not-found',
        resource: 'ScheduleGroup/hours',
        pointer: '/spec/openSchedules/1',
        message: 'no schedule "lunsh" is there (did you mean "lunch"?); neither live nor in this repository',
      },
    ]);
  });

  test('changed by hand are drift; one that is gone shows as its id', async () => {
    const it = await open({ sandbox: { quirks: ['schedule-delete-allowed'] } });
    const all = [group({ openSchedules: ['a'] }), schedule('a')];
    await it.apply(all);
    const { state } = it.sandbox;
    const other = state.seedSchedule({ ...hours, name: 'by hand' });
    state.editScheduleGroup(state.scheduleGroupNamed('hours')!.id, { openSchedules: ['a', 'by hand'] });
    expect((await it.plan(all)).changes[0]!.fields).toMatchObject([{ from: ['a', 'by hand'], to: ['a'] }]);
    state.deleteSchedule(other.id);
    expect((await it.plan(all)).changes[0]!.fields).toMatchObject([{ from: [other.id, 'a'].sort(), to: ['a'] }]);
    await it.apply(all);
    expect(openOf(it)).toEqual(['a']);
  });

  test.each([[[]], [['schedule-references-bare']]])(
    'that get another name stay, and the group is not written (%j)',
    async (quirks) => {
      const it = await open({ sandbox: { quirks } });
      await it.apply([group({ openSchedules: ['a'] }), schedule('a')]);
      const renamed = [group({ openSchedules: ['z'] }), schedule('a', { name: 'z' })];
      it.sandbox.clearRequests();
      const { outcomes } = await it.apply(renamed);
      expect(outcomes.map(({ status }) => status)).toEqual(['applied']);
      expect(it.writes()).toEqual(['PUT /api/v2/architect/schedules/{scheduleId}']);
      expect(openOf(it)).toEqual(['z']);
      await quiet(it, renamed);
      it.sandbox.state.editSchedule(it.sandbox.state.scheduleNamed('z')!.id, { name: 'by hand' });
      expect((await it.plan(renamed)).changes.map(line)).toEqual(['update Schedule/a /name (drift)']);
    },
  );

  test.each([[[]], [['schedule-references-bare']]])(
    'that get another name beside a new one come out right (%j)',
    async (quirks) => {
      const it = await open({ sandbox: { quirks } });
      await it.apply([group({ openSchedules: ['a'] }), schedule('a')]);
      const next = [group({ openSchedules: ['b', 'z'] }), schedule('a', { name: 'z' }), schedule('b')];
      const { outcomes } = await it.apply(next);
      expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'applied', 'applied']);
      expect(openOf(it)).toEqual(['b', 'z']);
      await quiet(it, next);
    },
  );

  test('whose name goes to another are the other one, in the same run', async () => {
    const it = await open();
    await it.apply([group({ openSchedules: ['summer'] }), schedule('s25', { name: 'summer' })]);
    const next = [
      group({ openSchedules: ['summer'] }),
      schedule('s25', { name: 'old summer' }),
      schedule('s26', { name: 'summer' }),
    ];
    const { plan, outcomes } = await it.apply(next);
    const { fields } = plan.changes.find(({ kind }) => kind === 'ScheduleGroup')!;
    expect(fields.map(({ parts }) => parts)).toEqual([
      [{ at: 'openSchedules, where a name goes to another schedule' }],
    ]);
    expect(outcomes.map(({ status, message }) => message ?? status)).toEqual(['applied', 'applied', 'applied']);
    const { openSchedules } = it.sandbox.state.scheduleGroupNamed('hours')!;
    expect(openSchedules).toEqual([it.sandbox.state.scheduleNamed('summer')!.id]);
    await quiet(it, next);
  });

  test('of which another one gets the name by hand stay those that are managed here', async () => {
    const it = await open();
    const all = [group({ openSchedules: ['a'] }), schedule('a')];
    await it.apply(all);
    it.sandbox.state.seedSchedule({ ...hours, name: 'a' });
    await quiet(it, all);
    const later = [...all, schedule('b', { name: 'other' }), group({ openSchedules: ['a', 'other'] }, 'late')];
    const { outcomes } = await it.apply(later);
    expect(outcomes.map(({ status, message }) => message ?? status)).toEqual(['applied', 'applied']);
    const [hoursOf, late] = ['hours', 'late'].map((name) => it.sandbox.state.scheduleGroupNamed(name)!.openSchedules);
    expect(late).toContain(hoursOf![0]);
    await quiet(it, later);
  });

  test('of one name are told apart by an id of the environment, and by nothing else', async () => {
    const it = await open();
    const ids = [1, 2].map(() => it.sandbox.state.seedSchedule({ ...hours, name: 'twin' }).id);
    const { problems } = await it.plan([group({ openSchedules: ['twin'] })]);
    expect(problems.map(({ code }) => code)).toEqual(['ambiguous-identity']);
    const pinned = [group({ openSchedules: [{ id: ids[1]! }] })];
    await it.apply(pinned);
    expect(it.sandbox.state.scheduleGroupNamed('hours')!.openSchedules).toEqual([ids[1]]);
    await quiet(it, pinned);
  });

  test('that the list does not show yet are waited for', async () => {
    const clock = fakeClock();
    const it = await open({ clock, sandbox: { now: () => clock.now().getTime() } });
    const path = '/api/v2/architect/schedules';
    it.sandbox.addFault({ when: { method: 'GET', path }, then: { lag: { created: 1500 } } });
    const { outcomes } = await clock.drive(it.apply([group({ openSchedules: ['a'] }), schedule('a')]));
    expect(outcomes.map(({ status, message }) => message ?? status)).toEqual(['applied', 'applied']);
    expect(openOf(it)).toEqual(['a']);
  });
});

describe('flows that evaluate a group', () => {
  test('are written after it, and keep it', async () => {
    const it = await open({ clock: hasty, sandbox: { jobMs: 1 } });
    const all = [flow('hours'), group({ openSchedules: ['a'] }), schedule('a')];
    const { outcomes } = await it.apply(all);
    expect(outcomes.map(({ kind, status }) => `${kind} ${status}`).sort()).toEqual([
      'Flow applied',
      'Schedule applied',
      'ScheduleGroup applied',
    ]);
    await quiet(it, all);
    const { held } = await it.plan([flow('hours'), schedule('a')]);
    expect(held.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(['ScheduleGroup InUse']);
    const renamed = await it.plan([flow('hours'), schedule('a'), group({ name: 'New', openSchedules: ['a'] })]);
    expect(renamed.held.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(['ScheduleGroup InUse']);
  });

  test('may be renamed with it in one commit', async () => {
    const it = await open({ clock: hasty, sandbox: { jobMs: 1 } });
    await it.apply([flow('hours'), group({ openSchedules: ['a'] }), schedule('a')]);
    const next = [flow('New'), group({ name: 'New', openSchedules: ['a'] }), schedule('a')];
    const { outcomes } = await it.apply(next);
    expect(outcomes.map(({ status, message }) => message ?? status)).toEqual(['applied', 'applied']);
    await quiet(it, next);
  });

  test('leave before it, and it before its schedules', async () => {
    const it = await open({ clock: hasty, sandbox: { jobMs: 1 } });
    await it.apply([flow('hours'), group({ openSchedules: ['a'] }), schedule('a'), schedule('b')]);
    it.sandbox.clearRequests();
    const { outcomes } = await it.apply([schedule('b')]);
    expect(outcomes.map(({ status, message }) => message ?? status)).toEqual(['applied', 'applied', 'applied']);
    expect(it.writes().map((write) => write.split('/').at(-2))).toEqual(['flows', 'schedulegroups', 'schedules']);
  });

  test('cost no list of groups where the repository has none', async () => {
    const it = await open({ clock: hasty, sandbox: { jobMs: 1 } });
    it.sandbox.state.seedScheduleGroup({ name: 'hours' });
    const { outcomes } = await it.apply([flow('hours')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['applied']);
    expect(it.sandbox.requests().filter(({ path }) => path.includes('/architect/schedule'))).toEqual([]);
  });
});
