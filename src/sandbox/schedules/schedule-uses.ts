import { dependencyType } from '../flows/flow-types.ts';
import { versionOf } from '../flows/flows.ts';
import type { World } from '../world.ts';
import { scheduleLists } from './schedule-records.ts';

/** What dependency tracking knows of one that uses a schedule or a group. */
interface User {
  id: string;
  name: string;
  type: string;
  version: string;
}

/** Which flows evaluate a schedule or a group, by what their published (or checked in) version names. */
export function scheduleUsers(world: World, id: string, filter: 'published' | 'checkedIn' = 'published'): User[] {
  return world.flows.list().flatMap((flow) => {
    const version = flow.deleted ? undefined : versionOf(flow, flow[filter]);
    if (!version?.schedules.some((link) => link.id === id)) return [];
    return [{ id: flow.id, name: flow.name, type: dependencyType(flow.type), version: version.id }];
  });
}

/** The same with the groups that have a schedule, where tracking tells of them (quirk `schedule-groups-tracked`). */
export function trackedUsers(world: World, id: string, filter?: 'published' | 'checkedIn'): User[] {
  const flows = scheduleUsers(world, id, filter);
  if (!world.quirks.has('schedule-groups-tracked')) return flows;
  const groups = world.scheduleGroups
    .list()
    .filter((group) => group.state === 'active' && scheduleLists.some((name) => group[name].includes(id)));
  return [
    ...flows,
    ...groups.map((group) => ({
      id: group.id,
      name: group.name,
      type: 'SCHEDULEGROUP',
      version: String(group.version),
    })),
  ];
}
