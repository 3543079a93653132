import { describe, expect, it } from 'vitest';
import { world } from '../fixture.ts';
import { publish } from '../flows/fixture.ts';
import { evaluating, seedHours, week } from '../schedules/fixture.ts';

const root = '/architect/schedules';
const groups = '/architect/schedulegroups';
const consumers = '/architect/dependencytracking/consumingresources';

describe('schedules', () => {
  it('are made in the home division, changed by their version, and deleted', async () => {
    await using w = await world({ seed: { divisions: [{ name: 'Support' }] } });
    const { body: made } = await w.call('POST', root, { ...week, start: '2026-01-05T08:00' });
    expect(made).toMatchObject({ ...week, version: 1, state: 'active', division: { name: 'Home' } });
    const support = (await w.call('GET', '/authorization/divisions?name=support')).body['entities']![0 as never]!['id'];
    const path = `${root}/${made['id']}`;
    const next = { ...made, name: 'Other', division: { id: support } };
    expect((await w.call('PUT', path, next)).body).toMatchObject({
      name: 'Other',
      version: 2,
      division: { name: 'Support' },
    });
    const stale = await w.call('PUT', path, next);
    expect([stale.status, stale.body['code']]).toEqual([409, 'general.conflict']);
    expect((await w.call('DELETE', path)).status).toBe(200);
    const gone = await w.call('GET', path);
    expect([gone.status, gone.body['message']]).toEqual([404, 'The specified scheduleId was not found.']);
    expect(w.state.audits().map(({ serviceName, entityType, action }) => [serviceName, entityType, action])).toEqual([
      ['Architect', 'Schedule', 'Create'],
      ['Architect', 'Schedule', 'Update'],
      ['Architect', 'Schedule', 'Delete'],
    ]);
  });

  it.each([
    ['a time with a zone', { start: '2026-01-05T08:00:00Z' }],
    ['a day that is none', { start: '2026-02-30T08:00:00' }],
    ['an end before the start', { end: '2026-01-04T08:00:00' }],
    ['no rule', { rrule: 'every day' }],
    ['an unknown division', { division: { id: 'none' } }],
    ['an unknown field', { timeZone: 'UTC' }],
    ['no end', { end: null }],
  ])('refuse %s', async (_what, change) => {
    await using w = await world();
    expect((await w.call('POST', root, { ...week, ...change })).status).toBe(400);
    expect(w.state.schedules()).toEqual([]);
  });

  it('are listed by name, filtered, a page at a time', async () => {
    await using w = await world();
    for (const name of ['b', 'c', 'a']) w.state.seedSchedule({ ...week, name });
    const page = (await w.call('GET', `${root}?pageSize=2`)).body;
    expect(page).toMatchObject({ total: 3, pageCount: 2, entities: [{ name: 'a' }, { name: 'b' }] });
    expect((await w.call('GET', `${root}?name=C`)).body).toMatchObject({ total: 1 });
    expect((await w.call('GET', `${root}?divisionId=none`)).body).toMatchObject({ total: 0 });
  });
});

describe('schedule groups', () => {
  it('have schedules that are there, and are found by them', async () => {
    await using w = await world();
    const { schedule, group } = seedHours(w);
    const wrong = await w.call('POST', groups, { name: 'Other', openSchedules: [{ id: 'none' }] });
    expect([wrong.status, wrong.body['code']]).toEqual([400, 'constraint.validation']);
    const other = await w.call('POST', groups, { name: 'Other', timeZone: 'Europe/Dublin' });
    expect(other.body).toMatchObject({ openSchedules: [], timeZone: 'Europe/Dublin', version: 1 });
    const found = (await w.call('GET', `${groups}?scheduleIds=x,${schedule.id}`)).body;
    expect(found).toMatchObject({ total: 1, entities: [{ id: group.id, openSchedules: [{ name: 'Week' }] }] });
  });

  it('are kept, like their schedules, from deletion as long as a published flow evaluates them', async () => {
    await using w = await world({ jobMs: 6 });
    const { schedule, group } = seedHours(w);
    const flow = w.state.publishFlow(evaluating('Hours'));
    const users = (await w.call('GET', `${consumers}?objectType=SCHEDULEGROUP&id=${group.id}`)).body;
    expect(users).toMatchObject({ entities: [{ id: flow.id, type: 'INBOUNDCALLFLOW' }] });
    expect((await w.call('DELETE', `${groups}/${group.id}`)).status).toBe(409);
    w.state.deleteFlow(flow.id);
    expect((await w.call('DELETE', `${root}/${schedule.id}`)).status).toBe(409);
    expect((await w.call('DELETE', `${groups}/${group.id}`)).status).toBe(200);
    expect((await w.call('DELETE', `${root}/${schedule.id}`)).status).toBe(200);
  });

  it('are named by flows: one that is not there is refused, and a new name reaches the export', async () => {
    await using w = await world({ jobMs: 6 });
    expect((await publish(w.call, evaluating('Hours'))).messages.map(({ text }) => text)).toEqual([
      "Flow 'Main IVR': could not find the schedule group 'Hours' (tasks[0].task.actions[0].evaluateScheduleGroup).",
    ]);
    const { group } = seedHours(w);
    expect((await publish(w.call, evaluating('Hours'))).status).toBe('Success');
    w.state.editScheduleGroup(group.id, { name: 'Opening Hours' });
    expect(w.state.exportText(w.state.flowNamed('inboundCall', 'Main IVR')!.id)).toContain('name: Opening Hours');
  });
});

it('a seed holds schedules and groups by name, with the same ids at every start', async () => {
  const seed = { schedules: [week], scheduleGroups: [{ name: 'Hours', holidaySchedules: ['Week'] }] };
  await using first = await world({ seed });
  await using second = await world({ seed });
  expect(first.state.scheduleGroupNamed('Hours')).toMatchObject({
    id: second.state.scheduleGroupNamed('Hours')!.id,
    holidaySchedules: [first.state.scheduleNamed('Week')!.id],
  });
  expect(first.state.audits()).toEqual([]);
});
