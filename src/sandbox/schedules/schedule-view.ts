import type { Actor } from '../audit-log.ts';
import { compact, type JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { rewritten, shortened } from './recurring.ts';
import {
  type ArchitectRecord,
  type ScheduleGroupRecord,
  type ScheduleRecord,
  scheduleLists,
} from './schedule-records.ts';
import { scheduleGroups, schedules } from './schedules.ts';

/** Definition `Schedule`. */
export function viewSchedule(world: World, schedule: ScheduleRecord): JsonObject {
  const time = world.quirks.has('schedule-times-shortened') ? shortened : (text: string) => text;
  const rule = world.quirks.has('schedule-rrule-rewritten') ? rewritten(schedule.rrule) : schedule.rrule;
  return {
    ...common(world, schedule, schedules.path),
    start: time(schedule.start),
    end: time(schedule.end),
    ...(rule !== '' && { rrule: rule }),
  };
}

/** Definition `ScheduleGroup`. */
export function viewGroup(world: World, group: ScheduleGroupRecord): JsonObject {
  const lists = scheduleLists
    .filter((name) => group[name].length > 0 || !world.quirks.has('schedule-empty-lists-omitted'))
    .map((name) => [name, group[name].map((id) => reference(world, id))]);
  return {
    ...common(world, group, scheduleGroups.path),
    ...(group.timeZone !== '' && { timeZone: group.timeZone }),
    ...Object.fromEntries(lists),
  };
}

/** The item of a list. */
export function listed(world: World, { version, ...rest }: JsonObject): JsonObject {
  return world.quirks.has('schedule-lists-without-version') ? rest : { ...rest, version };
}

function common(world: World, record: ArchitectRecord, path: string): JsonObject {
  const division = world.divisions.get(record.divisionId);
  const selfUri = division && `/api/v2/authorization/divisions/${division.id}`;
  return compact({
    id: record.id,
    name: record.name,
    division: division && { id: division.id, name: division.name, selfUri },
    description: record.description || undefined,
    version: record.version,
    dateCreated: new Date(record.createdAt).toISOString(),
    dateModified: new Date(record.modifiedAt).toISOString(),
    ...whose('createdBy', record.createdBy),
    ...whose('modifiedBy', record.modifiedBy),
    state: record.state,
    selfUri: `${path}/${record.id}`,
  });
}

/** A client that stands for nobody is an application. */
function whose(field: 'createdBy' | 'modifiedBy', { user, clientId }: Actor): JsonObject {
  return user ? { [field]: user.id } : { [`${field}App`]: clientId };
}

/** A deleted schedule that a group still has is an id without a name. */
function reference(world: World, id: string): JsonObject {
  const name = world.quirks.has('schedule-references-bare') ? undefined : world.schedules.get(id)?.name;
  return compact({ id, name, selfUri: `${schedules.path}/${id}` });
}
