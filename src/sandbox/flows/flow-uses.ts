import type { ConsumerRecord } from '../consumers.ts';
import type { World } from '../world.ts';
import { dependencyType } from './flow-types.ts';
import { versionOf } from './flows.ts';

/** Which flows use a data action, or all that use any: by what their published (or checked in) version calls. */
export function flowConsumers(
  world: World,
  actionId?: string,
  filter: 'published' | 'checkedIn' = 'published',
): ConsumerRecord[] {
  return world.flows.list().flatMap((flow) => {
    const version = flow.deleted ? undefined : versionOf(flow, flow[filter]);
    const used = [...new Set((version?.calls ?? []).map((call) => call.actionId))];
    return used
      .filter((id) => actionId === undefined || id === actionId)
      .map((id) => ({
        id: flow.id,
        name: flow.name,
        type: dependencyType(flow.type),
        version: version!.id,
        actionId: id,
      }));
  });
}

/** Which flows name a flow, in their published version. */
export function flowsUsing(world: World, flowId: string, filter: 'published' | 'checkedIn' = 'published') {
  return world.flows.list().flatMap((flow) => {
    const version = flow.deleted || flow.id === flowId ? undefined : versionOf(flow, flow[filter]);
    if (!version?.flows.some((link) => link.flowId === flowId)) return [];
    return [{ id: flow.id, name: flow.name, type: dependencyType(flow.type), version: version.id }];
  });
}
