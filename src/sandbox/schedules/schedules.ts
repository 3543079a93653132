import type { Actor } from '../audit-log.ts';
import { ApiError, invalid } from '../errors.ts';
import type { World } from '../world.ts';
import { create, type Family, find, fresh, living, remove, replace } from './architect-objects.ts';
import { checkRule, localTime, onItsDay } from './recurring.ts';
import {
  type ScheduleGroupInput,
  type ScheduleGroupRecord,
  type ScheduleInput,
  type ScheduleRecord,
  scheduleLists,
} from './schedule-records.ts';
import { scheduleUsers } from './schedule-uses.ts';

export const schedules: Family<ScheduleRecord> = {
  entityType: 'Schedule',
  label: 'schedule',
  path: '/api/v2/architect/schedules',
  of: (world) => world.schedules,
};

export const scheduleGroups: Family<ScheduleGroupRecord> = {
  entityType: 'ScheduleGroup',
  label: 'schedule group',
  path: '/api/v2/architect/schedulegroups',
  of: (world) => world.scheduleGroups,
};

export function newSchedule(world: World, input: ScheduleInput, actor: Actor): ScheduleRecord {
  return fresh(schedules, world, input, { actor, own: hours(world, input) });
}

export function createSchedule(world: World, input: ScheduleInput, actor: Actor): ScheduleRecord {
  return create(schedules, world, newSchedule(world, input, actor));
}

export function putSchedule(world: World, id: string, input: ScheduleInput, actor: Actor): ScheduleRecord {
  const before = find(schedules, world, id);
  return replace(schedules, world, before, input, { actor, own: hours(world, input, before) });
}

/** @throws ApiError 409 while a group has it, or a published flow evaluates it (unless quirk `schedule-delete-allowed`) */
export function deleteSchedule(world: World, id: string, actor: Actor): void {
  const before = find(schedules, world, id);
  const groups = living(scheduleGroups, world).filter((group) => uses(group, id));
  refuseUsed(world, id, groups.length > 0, 'schedule could not be completed because it is assigned to one or more');
  remove(schedules, world, before, actor);
}

export function newGroup(world: World, input: ScheduleGroupInput, actor: Actor): ScheduleGroupRecord {
  return fresh(scheduleGroups, world, input, { actor, own: members(world, input) });
}

export function createGroup(world: World, input: ScheduleGroupInput, actor: Actor): ScheduleGroupRecord {
  return create(scheduleGroups, world, newGroup(world, input, actor));
}

export function putGroup(world: World, id: string, input: ScheduleGroupInput, actor: Actor): ScheduleGroupRecord {
  const before = find(scheduleGroups, world, id);
  return replace(scheduleGroups, world, before, input, { actor, own: members(world, input, before) });
}

/** @throws ApiError 409 while a published flow evaluates it (unless quirk `schedule-delete-allowed`) */
export function deleteGroup(world: World, id: string, actor: Actor): void {
  const before = find(scheduleGroups, world, id);
  refuseUsed(world, id, false, 'schedule group could not be completed because it is assigned to one or more');
  remove(scheduleGroups, world, before, actor);
}

/** Whether a group has a schedule in any of its lists. */
export const uses = (group: ScheduleGroupRecord, id: string): boolean =>
  scheduleLists.some((name) => group[name].includes(id));

function refuseUsed(world: World, id: string, byGroups: boolean, what: string): void {
  if (world.quirks.has('schedule-delete-allowed')) return;
  const by = byGroups ? 'schedule groups' : scheduleUsers(world, id).length > 0 ? 'flows' : undefined;
  if (by) throw new ApiError('general.conflict', {}, { message: `The ${what} ${by}.` });
}

function hours(world: World, input: ScheduleInput, before?: ScheduleRecord) {
  const kept = before && world.quirks.has('schedule-put-merges') ? before.rrule : '';
  const own = { start: localTime(input.start), end: localTime(input.end), rrule: input.rrule ?? kept };
  if (own.end < own.start) throw invalid('end must not be before start', 'end');
  checkRule(own.rrule);
  return world.quirks.has('schedule-start-kept') ? own : onItsDay(own);
}

function members(world: World, input: ScheduleGroupInput, before?: ScheduleGroupRecord) {
  const kept = before && world.quirks.has('schedule-put-merges') ? before : undefined;
  const ids = (name: (typeof scheduleLists)[number]): readonly string[] =>
    input[name]?.map((reference) => known(world, reference.id, name)) ?? kept?.[name] ?? [];
  return {
    timeZone: input.timeZone ?? kept?.timeZone ?? '',
    openSchedules: ids('openSchedules'),
    closedSchedules: ids('closedSchedules'),
    holidaySchedules: ids('holidaySchedules'),
  };
}

/** @throws ApiError 400 */
function known(world: World, id: string | undefined, field: string): string {
  const found = id === undefined ? undefined : world.schedules.get(id);
  if (found?.state !== 'active') throw invalid(`Schedule ${id} does not exist`, field);
  return found.id;
}
