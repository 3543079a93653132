import { integer, list, type Shape, string } from '../shapes.ts';
import type { SeedSchedule, SeedScheduleGroup } from './schedule-state.ts';

/** The bodies that the API takes, under the names of the published definitions, and what a seed may say. */

const common: Record<string, Shape> = {
  name: string(256),
  division: {
    type: 'object',
    name: 'WritableDivision',
    fields: { id: string(), name: string() },
    readOnly: ['selfUri'],
  },
  description: string(),
  version: integer,
};

const readOnly = [
  ...['id', 'dateCreated', 'dateModified', 'modifiedBy', 'createdBy', 'state', 'modifiedByApp', 'createdByApp'],
  'selfUri',
];

export const schedule: Shape = {
  type: 'object',
  name: 'Schedule',
  required: ['end', 'name', 'start'],
  fields: { ...common, start: string(), end: string(), rrule: string() },
  readOnly,
};

const references = list({
  type: 'object',
  name: 'DomainEntityRef',
  fields: { id: string(), name: string(), selfUri: string() },
});

export const scheduleGroup: Shape = {
  type: 'object',
  name: 'ScheduleGroup',
  required: ['name'],
  fields: {
    ...common,
    timeZone: string(),
    openSchedules: references,
    closedSchedules: references,
    holidaySchedules: references,
  },
  readOnly,
};

/** What of a seed is about opening hours. */
export interface ScheduleSeed {
  schedules?: SeedSchedule[];
  scheduleGroups?: SeedScheduleGroup[];
}

const text = string();
const names = list(text);

export const scheduleSeedFields: Record<string, Shape> = {
  schedules: list({
    type: 'object',
    name: 'schedule',
    required: ['name', 'start', 'end'],
    fields: { name: text, description: text, division: text, start: text, end: text, rrule: text },
  }),
  scheduleGroups: list({
    type: 'object',
    name: 'schedule group',
    required: ['name'],
    fields: {
      name: text,
      description: text,
      division: text,
      timeZone: text,
      openSchedules: names,
      closedSchedules: names,
      holidaySchedules: names,
    },
  }),
};
