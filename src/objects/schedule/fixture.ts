import type { JsonObject } from '../../model/json.ts';

const base: JsonObject = {
  description: 'Every working day',
  start: '2026-01-05T08:00',
  end: '2026-01-05T17:30:00',
  rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
};

/** Quirks of the sandbox that are about these objects, by how their names begin. */
export const quirks = ['schedule-'];

/** What the conformance suite needs of the kind of this folder: an example, updates of it, and what is cleared. */
export const fixtures = [
  {
    kind: 'Schedule',
    example: base,
    updates: {
      name: { ...base, name: 'Another name' },
      'times and rule': { ...base, start: '2026-01-06T09:00', end: '2026-01-06T16:00', rrule: 'FREQ=WEEKLY;BYDAY=TU' },
      'a rule that ends': { ...base, rrule: 'BYDAY=FR,MO;UNTIL=20261231T235959;FREQ=WEEKLY;INTERVAL=2' },
      'a rule that ends on a day': { ...base, rrule: 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=26,25;UNTIL=20301231' },
      description: { ...base, description: 'Office hours' },
    },
    clears: {
      'a description': { ...base, description: null },
      'a rule': { ...base, rrule: null },
    },
  },
];
