import { describe, expect, test } from 'vitest';
import { fakeClock, hasty } from '../../../test/support/clock.ts';
import { line, resource, useWorlds } from '../../../test/support/world.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Plan } from '../../model/plan.ts';
import type { Resource } from '../../model/resource.ts';
import { noRules } from '../../model/rules.ts';
import { scheduleKind } from './schedule.ts';

const open = useWorlds();
const week = { start: '2026-01-05T08:00', end: '2026-01-05T17:00', rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE' };
const schedule = (name: string, change: JsonObject = {}): Resource =>
  resource('Schedule', name, { ...week, ...change });
const group = (name: string, spec: JsonObject): Resource => resource('ScheduleGroup', name, spec);
const held = (plan: Plan): string[] =>
  plan.held.map(({ action, reason, message }) => `${action} ${reason}: ${message}`);

describe('without a connection', () => {
  test.each([
    [{ start: '2026-02-30T08:00' }, '/spec/start schedule-times: "2026-02-30T08:00" is no date and time that there is'],
    [
      { end: '2026-01-05T07:00' },
      '/spec/end schedule-times: it ends (2026-01-05T07:00) before it begins (2026-01-05T08:00)',
    ],
    [
      { end: '2026-01-05T08:00' },
      '/spec/end schedule-times: it ends (2026-01-05T08:00) at the moment at which it begins',
    ],
    [
      { rrule: 'FREQ=WEEKLY;BYDAY=MON' },
      '/spec/rrule recurrence-invalid: BYDAY has "MON"; days are MO, TU, WE, TH, FR, SA, SU',
    ],
    [{ rrule: 'FREQ=DAILY;UNTIL=20260104' }, '/spec/rrule recurrence-invalid: UNTIL is before the schedule begins'],
  ])('%j is a problem', (change, said) => {
    const problems = scheduleKind.check(schedule('a', change), noRules);
    expect(problems.map(({ pointer, code, message }) => `${pointer} ${code}: ${message}`)).toEqual([said]);
  });

  test('a start on a day that the rule does not name is a warning: Genesys moves it', () => {
    const off = schedule('a', { start: '2026-01-08T08:00', end: '2026-01-08T17:00' });
    expect(scheduleKind.check(off, noRules)).toEqual([]);
    expect(scheduleKind.advise!(off, noRules).map(({ message }) => message)).toEqual([
      '2026-01-08T08:00 is a TH, and the rule names MO, TU, WE; Genesys moves the start to the next such day',
    ]);
    expect(scheduleKind.advise!(schedule('a'), noRules)).toEqual([]);
  });
});

describe('a schedule', () => {
  test('that Genesys moves to the next day of its rule is not written for ever; a hand that moves it further is drift', async () => {
    const it = await open({ clock: hasty });
    const off = [schedule('a', { start: '2026-01-08T08:00', end: '2026-01-08T17:00' })];
    const { outcomes } = await it.apply(off);
    expect(outcomes.map(({ status }) => status)).toEqual(['applied']);
    const live = it.sandbox.state.scheduleNamed('a')!;
    expect(live.start).toBe('2026-01-12T08:00:00.000');
    expect((await it.plan(off)).changes).toEqual([]);
    it.sandbox.state.editSchedule(live.id, { start: '2026-01-13T08:00', end: '2026-01-13T17:00' });
    expect((await it.plan(off)).changes.map(line)).toEqual(['update Schedule/a /end /start (drift)']);
  });

  test('keeps what no document declares, and shows drift in the rule as it is', async () => {
    const it = await open();
    await it.apply([schedule('a', { description: 'Ours' })]);
    const { id } = it.sandbox.state.scheduleNamed('a')!;
    await it.apply([schedule('a', { end: '2026-01-05T18:00' })]);
    expect(it.sandbox.state.scheduleNamed('a')).toMatchObject({ id, description: 'Ours', version: 2 });
    it.sandbox.state.editSchedule(id, { rrule: 'FREQ=DAILY' });
    const { changes } = await it.plan([schedule('a', { end: '2026-01-05T18:00' })]);
    expect(changes[0]!.fields).toMatchObject([
      { path: '/rrule', from: 'FREQ=DAILY;INTERVAL=1', to: 'FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE' },
    ]);
  });

  test('is made in its division, and moved to another; one that is not there is a problem', async () => {
    const it = await open({ sandbox: { seed: { divisions: [{ name: 'Support' }] } } });
    const division = (): string => {
      const { id } = it.sandbox.state.scheduleNamed('a')!;
      return it.sandbox.state.schedules().find((one) => one.id === id)!.divisionId;
    };
    await it.apply([schedule('a')]);
    const home = division();
    await it.apply([schedule('a', { division: 'Support' })]);
    expect(division()).not.toBe(home);
    expect((await it.plan([schedule('a', { division: 'Support' })])).changes).toEqual([]);
    const { problems } = await it.plan([schedule('a', { division: 'Suport' })]);
    expect(problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'division-not-found: no division "Suport" is there (did you mean "Support"?); make it in the admin pages first',
    ]);
  });

  test.each([
    ['409', []],
    ['400', ['schedule-version-mismatch-400']],
  ])('that somebody changes between plan and write is planned again (%s)', async (_status, quirks) => {
    const it = await open({ sandbox: { quirks } });
    await it.apply([schedule('a')]);
    const { id } = it.sandbox.state.scheduleNamed('a')!;
    let once = true;
    const stop = it.sandbox.onRequest(({ method, path }) => {
      if (method !== 'PUT' || !path.includes(id) || !once) return;
      once = false;
      it.sandbox.state.editSchedule(id, { description: 'By hand' });
    });
    const { outcomes } = await it.apply([schedule('a', { end: '2026-01-05T18:00' })]);
    stop();
    expect(outcomes.map(({ status }) => status)).toEqual(['applied']);
    expect(it.sandbox.state.scheduleNamed('a')).toMatchObject({
      description: 'By hand',
      end: '2026-01-05T18:00:00.000',
      version: 3,
    });
  });

  test('whose new name is taken is told whose it is, and is not taken for one that moved', async () => {
    const it = await open({ clock: hasty, sandbox: { quirks: ['schedule-duplicate-names-refused'] } });
    await it.apply([schedule('a')]);
    const { id } = it.sandbox.state.seedSchedule({ ...week, name: 'b' });
    const { outcomes } = await it.apply([schedule('a', { name: 'b' })]);
    const words = `Genesys does not call it "b", most likely since another schedule (${id}) still has that name; two that exchange`;
    expect(outcomes.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
      expect.stringContaining(`BadRequest: ${words}`),
    ]);
    expect(outcomes[0]!.message).not.toContain('meanwhile');
  });

  test('whose new name another gives up in the same run gets it', async () => {
    const it = await open({ clock: hasty, sandbox: { quirks: ['schedule-duplicate-names-refused'] } });
    await it.apply([schedule('a'), schedule('b')]);
    const path = `/api/v2/architect/schedules/${it.sandbox.state.scheduleNamed('b')!.id}`;
    it.sandbox.addFault({ when: { method: 'PUT', path }, then: { delayMs: 20 } });
    const { outcomes } = await it.apply([schedule('a', { name: 'b' }), schedule('b', { name: 'c' })]);
    expect(outcomes.map(({ status, message }) => message ?? status)).toEqual(['applied', 'applied']);
  });

  test('whose creation had no answer is found, and not made twice', async () => {
    const clock = fakeClock();
    const it = await open({ clock });
    const path = '/api/v2/architect/schedules';
    it.sandbox.addFault({ when: { method: 'POST', path, nth: 1 }, then: { lostResponse: true } });
    const { outcomes } = await clock.drive(it.apply([schedule('a')]));
    expect(outcomes.map(({ status }) => status)).toEqual(['applied']);
    expect(it.sandbox.state.schedules()).toHaveLength(1);
  });
});

describe('deletion', () => {
  test('is held while a group has it that stays; it goes with the group, after it', async () => {
    const it = await open();
    const hours = group('hours', { openSchedules: ['a'] });
    await it.apply([schedule('a'), schedule('b'), hours]);
    const plan = await it.plan([schedule('b'), resource('ScheduleGroup', 'hours', {})]);
    const { id } = it.sandbox.state.scheduleGroupNamed('hours')!;
    expect(held(plan)).toEqual([`delete InUse: it is used by schedule-group "hours" (${id})`]);
    it.sandbox.clearRequests();
    await it.apply([schedule('b')]);
    expect(it.writes()).toEqual([
      'DELETE /api/v2/architect/schedulegroups/{scheduleGroupId}',
      'DELETE /api/v2/architect/schedules/{scheduleId}',
    ]);
  });

  test('that Genesys refuses for what uses it is InUse', async () => {
    const it = await open();
    await it.apply([schedule('a'), schedule('b')]);
    const path = '/api/v2/architect/schedules/*';
    const conflict = { status: 409, body: { code: 'general.conflict', message: 'It is assigned.', status: 409 } };
    it.sandbox.addFault({ when: { method: 'DELETE', path }, then: conflict });
    const { outcomes } = await it.apply([schedule('b')]);
    expect(outcomes.map(({ reason }) => reason)).toEqual(['InUse']);
    expect(it.sandbox.state.scheduleNamed('a')).toBeDefined();
  });
});
