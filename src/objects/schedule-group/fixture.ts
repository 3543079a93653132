import type { JsonObject } from '../../model/json.ts';

const seed = ['08:00', '12:00', '16:00'].map((hour) => ({
  kind: 'Schedule',
  spec: { start: `2026-01-05T${hour}`, end: `2026-01-05T${hour.replace(':00', ':30')}`, rrule: 'FREQ=DAILY' },
}));

const base: JsonObject = {
  description: 'The shop',
  timeZone: 'Europe/Dublin',
  openSchedules: ['seed-1', 'seed-0'],
  holidaySchedules: ['seed-2'],
};

/** Quirks of the sandbox that are about these objects, by how their names begin. */
export const quirks = ['schedule-'];

/** What the conformance suite needs of the kind of this folder; `seed` documents have to be live first. */
export const fixtures = [
  {
    kind: 'ScheduleGroup',
    seed,
    example: base,
    updates: {
      name: { ...base, name: 'Another name' },
      'open schedules': { ...base, openSchedules: ['seed-2', 'seed-0'] },
      'closed schedules': { ...base, closedSchedules: ['seed-1'] },
      'time zone': { ...base, timeZone: 'America/New_York' },
      'an order': { ...base, openSchedules: ['seed-0', 'seed-1'], description: 'The other shop' },
    },
    clears: {
      'a description': { ...base, description: null },
      'a list': { ...base, holidaySchedules: [] },
    },
  },
];
