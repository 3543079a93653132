import type { Actor } from '../audit-log.ts';

/** What schedules and schedule groups have in common, as stored. */
export interface ArchitectRecord {
  id: string;
  name: string;
  description: string;
  divisionId: string;
  version: number;
  /** One that is deleted is only kept where it can still be read (quirk `schedule-deleted-readable`). */
  state: 'active' | 'deleted';
  createdAt: number;
  modifiedAt: number;
  createdBy: Actor;
  modifiedBy: Actor;
}

/** `Schedule` as stored. */
export interface ScheduleRecord extends ArchitectRecord {
  /** Local time without a zone, with milliseconds: `2026-01-05T08:00:00.000`. */
  start: string;
  end: string;
  /** As it was sent; empty where there is none. */
  rrule: string;
}

/** `ScheduleGroup` as stored; schedules by their ids. */
export interface ScheduleGroupRecord extends ArchitectRecord {
  timeZone: string;
  openSchedules: readonly string[];
  closedSchedules: readonly string[];
  holidaySchedules: readonly string[];
}

/** The lists of a group, under the API's names. */
export const scheduleLists = ['openSchedules', 'closedSchedules', 'holidaySchedules'] as const;

interface ArchitectInput {
  name: string;
  description?: string;
  division?: { id?: string };
  version?: number;
}

/** `Schedule` as it is sent. */
export interface ScheduleInput extends ArchitectInput {
  start: string;
  end: string;
  rrule?: string;
}

/** `ScheduleGroup` as it is sent. */
export interface ScheduleGroupInput extends ArchitectInput {
  timeZone?: string;
  openSchedules?: { id?: string }[];
  closedSchedules?: { id?: string }[];
  holidaySchedules?: { id?: string }[];
}
