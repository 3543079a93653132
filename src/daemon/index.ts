export { daemon } from './daemon.ts';
export { Revisions } from './revisions.ts';
export { invalidSchedule } from './schedule.ts';
