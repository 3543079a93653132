import { type ConsumerRecord, consumersOf, type TrackingState } from '../consumers.ts';
import { dependencyTypes } from '../dependency-types.ts';
import { Answer, type Call, type Endpoint } from '../endpoint.ts';
import { ApiError } from '../errors.ts';
import { typeOfDependency } from '../flows/flow-types.ts';
import { flowsUsing } from '../flows/flow-uses.ts';
import type { JsonObject } from '../json.ts';
import { listing } from '../paging.ts';
import { trackedUsers } from '../schedules/schedule-uses.ts';
import { dependencyAccess } from './permissions.ts';

const root = '/api/v2/architect/dependencytracking';
const statuses: Record<TrackingState, string> = {
  operational: 'OPERATIONAL',
  rebuilding: 'BUILDINPROGRESS',
  'needs-rebuild': 'OPERATIONALNEEDSREBUILD',
};

/** `architect/dependencytracking`: which flows use a data action, and whether that can be believed. */
export const dependencyTracking: Endpoint[] = [
  { method: 'GET', path: `${root}/consumingresources`, ...dependencyAccess, serve: listConsumers },
  { method: 'GET', path: `${root}/build`, ...dependencyAccess, serve: viewBuild },
];

function listConsumers(call: Call) {
  const { query, world } = call;
  const [id, objectType] = [required(call, 'id'), typeNamed(required(call, 'objectType'))];
  const wanted = query.list('resourceType').map(typeNamed);
  const filter = query.choice('flowFilter', 'checkedIn', 'published');
  const flow = typeOfDependency(objectType) && world.flows.get(id);
  if (flow?.deleted) throw new ApiError('architect.flow.deleted');
  const hours = objectType === 'SCHEDULE' ? world.schedules : objectType === 'SCHEDULEGROUP' && world.scheduleGroups;
  const found = flow
    ? flowsUsing(world, id, filter)
    : objectType === 'DATAACTION'
      ? consumersOf(world, id, filter)
      : hours
        ? trackedUsers(world, id, filter)
        : [];
  if (world.dependencyTracking !== 'operational') {
    if (!world.quirks.has('dependency-206-partial')) return new Answer(206);
    // Half of them, rounded down: the one consumer of an action is the one that a partial answer does not know.
    const known = found.slice(0, Math.floor(found.length / 2));
    return new Answer(206, JSON.stringify(listing(call, known, viewDependency)), 'application/json');
  }
  const exists =
    found.length > 0 ||
    world.actions.get(id) !== undefined ||
    world.drafts.get(id) !== undefined ||
    flow !== undefined ||
    (hours && hours.get(id)?.state === 'active');
  if (!exists && !world.quirks.has('dependency-unknown-empty')) {
    throw new ApiError('architect.dependency.object.not.found');
  }
  const shown = found.filter(({ type }) => wanted.length === 0 || wanted.includes(type));
  return listing(call, shown, viewDependency);
}

function required({ query }: Call, parameter: string): string {
  const value = query.text(parameter);
  if (value === undefined) throw new ApiError('architect.query.parameter.missing', { parameter });
  return value;
}

function typeNamed(value: string): string {
  if (!dependencyTypes.includes(value)) throw new ApiError('architect.dependency.object.invalid.type');
  return value;
}

/** Definition `Dependency`. */
function viewDependency({ id, name, type, version }: Omit<ConsumerRecord, 'actionId'>): JsonObject {
  const selfUri = `${root}/object?id=${encodeURIComponent(id)}&objectType=${type}&version=${encodeURIComponent(version)}`;
  return { id, name, version, type, deleted: false, updated: false, stateUnknown: false, selfUri };
}

/** Definition `DependencyStatus`. */
function viewBuild({ world }: Call): JsonObject {
  const { id } = world.organization;
  return { id, status: statuses[world.dependencyTracking], failedObjects: [], selfUri: `${root}/build` };
}
