import { Answer, type Call, type Endpoint } from '../endpoint.ts';
import type { JsonObject } from '../json.ts';
import { listing, sorted } from '../paging.ts';
import { type Family, find, living } from '../schedules/architect-objects.ts';
import type { ArchitectRecord, ScheduleGroupInput, ScheduleInput } from '../schedules/schedule-records.ts';
import { schedule, scheduleGroup } from '../schedules/schedule-shapes.ts';
import { listed, viewGroup, viewSchedule } from '../schedules/schedule-view.ts';
import {
  createGroup,
  createSchedule,
  deleteGroup,
  deleteSchedule,
  putGroup,
  putSchedule,
  schedules as scheduleFamily,
  scheduleGroups,
  uses,
} from '../schedules/schedules.ts';
import { architectScopes, scheduleGroupPermissions, schedulePermissions } from './permissions.ts';

/** The published success of a deletion is 200, and no body is declared. */
const deleted = new Answer(200);
const sortFields = ['name', 'id', 'version'] as const;

/** `architect/schedules` and `architect/schedulegroups`. */
export const schedules: Endpoint[] = [
  {
    method: 'GET',
    path: scheduleFamily.path,
    permissions: schedulePermissions.view,
    scopes: architectScopes.read,
    serve: (call) => list(call, scheduleFamily, (one) => viewSchedule(call.world, one)),
  },
  {
    method: 'POST',
    path: scheduleFamily.path,
    permissions: schedulePermissions.add,
    scopes: architectScopes.write,
    body: schedule,
    serve: ({ world, body, actor }) =>
      viewSchedule(world, createSchedule(world, body as unknown as ScheduleInput, actor)),
  },
  {
    method: 'GET',
    path: `${scheduleFamily.path}/{scheduleId}`,
    permissions: schedulePermissions.view,
    scopes: architectScopes.read,
    serve: ({ world, params, lag }) => viewSchedule(world, find(scheduleFamily, world, params['scheduleId']!, lag)),
  },
  {
    method: 'PUT',
    path: `${scheduleFamily.path}/{scheduleId}`,
    permissions: schedulePermissions.edit,
    scopes: architectScopes.write,
    body: schedule,
    serve: ({ world, params, body, actor }) =>
      viewSchedule(world, putSchedule(world, params['scheduleId']!, body as unknown as ScheduleInput, actor)),
  },
  {
    method: 'DELETE',
    path: `${scheduleFamily.path}/{scheduleId}`,
    permissions: schedulePermissions.delete,
    scopes: architectScopes.write,
    serve: ({ world, params, actor }) => {
      deleteSchedule(world, params['scheduleId']!, actor);
      return deleted;
    },
  },
  {
    method: 'GET',
    path: scheduleGroups.path,
    permissions: scheduleGroupPermissions.view,
    scopes: architectScopes.read,
    serve(call) {
      const wanted = call.query.list('scheduleIds');
      const has = (group: Parameters<typeof uses>[0]) => wanted.length === 0 || wanted.some((id) => uses(group, id));
      return list(call, scheduleGroups, (one) => viewGroup(call.world, one), has);
    },
  },
  {
    method: 'POST',
    path: scheduleGroups.path,
    permissions: scheduleGroupPermissions.add,
    scopes: architectScopes.write,
    body: scheduleGroup,
    serve: ({ world, body, actor }) =>
      viewGroup(world, createGroup(world, body as unknown as ScheduleGroupInput, actor)),
  },
  {
    method: 'GET',
    path: `${scheduleGroups.path}/{scheduleGroupId}`,
    permissions: scheduleGroupPermissions.view,
    scopes: architectScopes.read,
    serve: ({ world, params, lag }) => viewGroup(world, find(scheduleGroups, world, params['scheduleGroupId']!, lag)),
  },
  {
    method: 'PUT',
    path: `${scheduleGroups.path}/{scheduleGroupId}`,
    permissions: scheduleGroupPermissions.edit,
    scopes: architectScopes.write,
    body: scheduleGroup,
    serve: ({ world, params, body, actor }) =>
      viewGroup(world, putGroup(world, params['scheduleGroupId']!, body as unknown as ScheduleGroupInput, actor)),
  },
  {
    method: 'DELETE',
    path: `${scheduleGroups.path}/{scheduleGroupId}`,
    permissions: scheduleGroupPermissions.delete,
    scopes: architectScopes.write,
    serve: ({ world, params, actor }) => {
      deleteGroup(world, params['scheduleGroupId']!, actor);
      return deleted;
    },
  },
];

/** By name, as the published defaults of `sortBy` and `sortOrder` say. How `name` matches is UNCONFIRMED: by a part of it. */
function list<T extends ArchitectRecord>(
  call: Call,
  family: Family<T>,
  view: (one: T) => JsonObject,
  filter: (one: T) => boolean = () => true,
) {
  const { query, world, lag } = call;
  const [name, divisions] = [query.text('name')?.toLowerCase(), query.list('divisionId')];
  const found = living(family, world, lag).filter(
    (one) =>
      (name === undefined || one.name.toLowerCase().includes(name)) &&
      (divisions.length === 0 || divisions.includes(one.divisionId)) &&
      filter(one),
  );
  const byName = found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return listing(call, sorted(call, byName, sortFields), (one) => listed(world, view(one)));
}
