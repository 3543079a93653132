import type { Place } from '../versioned.ts';

/** The published paths of schedules. */
export const place: Place = {
  list: '/api/v2/architect/schedules',
  item: '/api/v2/architect/schedules/{scheduleId}',
  param: 'scheduleId',
  label: 'schedule',
};

export const groupsPath = '/api/v2/architect/schedulegroups';
