import { expect, test } from 'vitest';
import type { Day } from './support/long-day.ts';
import { said } from './support/stories.ts';
import { anHour, type BadDay, playBadDay } from './support/web-bad-days.ts';
import { once, useWebDays } from './support/web-days.ts';
import { answering, group, hours } from './support/web-documents.ts';

const open = useWebDays();
const schedules = '/api/v2/architect/schedules';
const groups = '/api/v2/architect/schedulegroups';
const before = [hours(), group()];
const after = [hours({ end: '2026-01-05T18:00' }), group({ timeZone: 'Europe/Paris' })];
const both = ['group applied', 'hours applied'];
const hoursIn = ({ it }: Day) => it.sandbox.state.scheduleNamed('Hours')!;
const groupIn = ({ it }: Day) => it.sandbox.state.scheduleGroupNamed('Group')!;

/** Somebody saves both, beside what the documents say. */
const editBoth = (day: Day): void => {
  day.it.sandbox.state.editSchedule(hoursIn(day).id, { description: 'Theirs' });
  day.it.sandbox.state.editScheduleGroup(groupIn(day).id, { description: 'Theirs' });
};
/** ... at the very moment at which our PUT is there, so that its version is not the current one any more. */
const underOurPut =
  (path: string, act: (day: Day) => void) =>
  (day: Day): undefined => {
    const stop = day.it.sandbox.onRequest((event) => {
      if (event.phase !== 'arrived' || event.method !== 'PUT' || !event.pathTemplate.startsWith(`${path}/`)) return;
      stop();
      act(day);
    });
  };
const kept = (day: Day): unknown[] => [
  [hoursIn(day).description, hoursIn(day).version, groupIn(day).description, groupIn(day).version],
  ['Theirs', 3, 'Theirs', 3],
];
const bothMoved = [
  underOurPut(schedules, (day) => void day.it.sandbox.state.editSchedule(hoursIn(day).id, { description: 'Theirs' })),
  underOurPut(groups, (day) => void day.it.sandbox.state.editScheduleGroup(groupIn(day).id, { description: 'Theirs' })),
];

const days: BadDay[] = [
  {
    what: 'both moved between plan and apply: planned anew, and what others changed stays',
    before,
    after,
    spoil: [(day) => ({ planned: () => editBoth(day) })],
    becomes: both,
    ends: kept,
  },
  { what: 'both moved under our PUT: 409', before, after, spoil: bothMoved, becomes: both, ends: kept },
  {
    what: 'both moved under our PUT: 400 that means the same',
    options: { sandbox: { quirks: ['schedule-version-mismatch-400'] } },
    before,
    after,
    spoil: bothMoved,
    becomes: both,
    ends: kept,
  },
  {
    what: 'what Genesys calls a conflict though nothing moved is its no, and is not sent again and again',
    before,
    after,
    spoil: [
      {
        when: { method: 'PUT', path: `${schedules}/*` },
        then: { status: 400, body: { status: 400, message: 'Version 1 does not match the current version 2' } },
      },
    ],
    becomes: ['group skipped DependencyNotReady', 'hours failed BadRequest'],
    message: /does not match the current version 2/,
    mend: anHour,
    ends: (day) => [hoursIn(day).version, 2],
  },
  {
    what: 'a schedule that a group of ours uses is deleted by hand: made anew, and the group has the new one',
    options: { sandbox: { quirks: ['schedule-delete-allowed'] } },
    before,
    after: before,
    spoil: [({ it }) => void it.sandbox.state.deleteSchedule(it.sandbox.state.scheduleNamed('Hours')!.id)],
    becomes: both,
    others: true,
    ends: (day) => [groupIn(day).openSchedules, [hoursIn(day).id]],
  },
  {
    what: 'both are deleted between plan and apply',
    before,
    after,
    spoil: [
      (day) => ({
        planned: () => {
          day.it.sandbox.state.deleteScheduleGroup(groupIn(day).id);
          day.it.sandbox.state.deleteSchedule(hoursIn(day).id);
        },
      }),
    ],
    becomes: both,
    others: true,
    ends: (day) => [groupIn(day).openSchedules, [hoursIn(day).id]],
  },
  {
    what: 'the answers to both creations are lost',
    before: [],
    after,
    spoil: [
      once({ method: 'POST', path: schedules }, { lostResponse: true }),
      once({ method: 'POST', path: groups }, { lostResponse: true }),
    ],
    becomes: both,
    ends: (day) => [
      [hoursIn(day).version, groupIn(day).version],
      [1, 1],
    ],
  },
  {
    what: 'the group may not be written: the schedule is all the same',
    before,
    after,
    spoil: [{ when: { method: 'PUT', path: `${groups}/*` }, then: { status: 403 } }],
    becomes: ['group failed PermissionMissing', 'hours applied'],
    message: /routing:schedulegroup|architect|permission/i,
    mend: anHour,
  },
];

test.each(days)('$what', async (bad) => {
  await playBadDay(await open(bad.options), bad);
});

test('a schedule that somebody else’s group uses stays until they let it go', async () => {
  const day = await open();
  const { state } = day.it.sandbox;
  const keep = hours({}, 'keep');
  await day.apply([hours(), keep]);
  const { id } = state.seedScheduleGroup({ name: 'Theirs', openSchedules: ['Hours'] });
  const { plan } = await day.apply([keep]);
  expect(plan.held.map(({ name, reason, message }) => `${name} ${reason}: ${message}`)).toEqual([
    `hours InUse: it is used by schedule-group "Theirs" (${id})`,
  ]);
  state.deleteScheduleGroup(id);
  await anHour(day);
  const { outcomes } = await day.apply([keep]);
  expect(outcomes.map((one) => `${one.action} ${one.name} ${said(one)}`)).toEqual(['delete hours applied']);
});

test('a group that a flow evaluates goes after the flow, and the schedule after the group, though each answer is late', async () => {
  const day = await open();
  const keep = hours({}, 'keep');
  await day.apply([hours(), group(), answering(), keep]);
  day.it.sandbox.addFault({ when: { method: 'DELETE' }, then: { delayMs: 5 } });
  const { outcomes } = await day.apply([keep]);
  expect(outcomes.map((one) => `${one.name} ${said(one)}`)).toEqual([
    'answering applied',
    'group applied',
    'hours applied',
  ]);
  await day.endsWell([keep], [hours(), group(), answering(), keep]);
});
