import { createHash } from 'node:crypto';
import { compact, type JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import type { FlowActor, FlowOperation, FlowRecord, FlowVersionRecord } from './flow-records.ts';
import { apiType } from './flow-types.ts';
import { versionOf } from './flows.ts';

/** Definition `Flow`. No steps: these are in exports and configurations. */
export function viewFlow(world: World, flow: FlowRecord): JsonObject {
  const version = (id: string | undefined) => {
    const found = versionOf(flow, id);
    return found && viewVersion(flow, found);
  };
  const { lockedBy, operation } = flow;
  return compact({
    id: flow.id,
    name: flow.name,
    description: flow.description || undefined,
    division: viewDivision(world, flow),
    type: apiType(flow.type),
    lockedUser: lockedBy && 'user' in lockedBy ? viewUser(lockedBy.user) : undefined,
    lockedClient: lockedBy && 'client' in lockedBy ? viewClient(lockedBy.client) : undefined,
    active: flow.active,
    system: false,
    deleted: flow.deleted,
    publishedVersion: version(flow.published),
    savedVersion: version(flow.saved),
    checkedInVersion: version(flow.checkedIn),
    publishedBy: flow.publishedBy && 'user' in flow.publishedBy ? viewUser(flow.publishedBy.user) : undefined,
    currentOperation: operation && viewOperation(operation),
    virtualAgentEnabled: false,
    selfUri: `/api/v2/flows/${flow.id}`,
  });
}

/** Definition `FlowVersion`. */
export function viewVersion(flow: FlowRecord, version: FlowVersionRecord): JsonObject {
  const selfUri = `/api/v2/flows/${flow.id}/versions/${version.id}`;
  return compact({
    id: version.id,
    name: version.id,
    commitVersion: version.commit,
    configurationVersion: createHash('md5').update(JSON.stringify(version.tree)).digest('hex'),
    type: version.type,
    secure: flow.type === 'secureCall',
    debug: false,
    createdBy: 'user' in version.createdBy ? viewUser(version.createdBy.user) : undefined,
    createdByClient: 'client' in version.createdBy ? viewClient(version.createdBy.client) : undefined,
    configurationUri: `${selfUri}/configuration`,
    dateCreated: version.at,
    dateSaved: version.at,
    dateCheckedIn: version.type === 'SAVE' ? undefined : version.at,
    generationId: version.type === 'PUBLISH' ? version.commit : undefined,
    datePublished: version.publishedAt === undefined ? undefined : new Date(version.publishedAt).toISOString(),
    datePublishedEnd: version.publishedUntil === undefined ? undefined : new Date(version.publishedUntil).toISOString(),
    virtualAgentEnabled: false,
    selfUri,
  });
}

/** Definition `Operation`. */
export function viewOperation({ id, action, status, by, error }: FlowOperation): JsonObject {
  return compact({
    id,
    complete: status !== 'STARTED',
    user: 'user' in by ? viewUser(by.user) : undefined,
    client: 'client' in by ? viewClient(by.client) : undefined,
    errorCode: error?.code,
    errorMessage: error?.message,
    actionName: action,
    actionStatus: status,
  });
}

/** Definition `FlowDivisionView`. */
export function viewFlowBriefly(world: World, flow: FlowRecord): JsonObject {
  const { id, name, division, type, description, publishedVersion } = viewFlow(world, flow);
  return compact({
    id,
    name,
    division,
    type,
    description,
    publishedVersion,
    selfUri: `/api/v2/flows/divisionviews/${id}`,
  });
}

/** Architect's internal form, of which nothing is published but that it is an object. */
export function viewConfiguration(flow: FlowRecord, { id, tree }: FlowVersionRecord): JsonObject {
  return { ...tree, name: flow.name, type: apiType(flow.type), version: id };
}

function viewDivision(world: World, { divisionId: id }: FlowRecord): JsonObject {
  return compact({ id, name: world.divisions.get(id)?.name, selfUri: `/api/v2/authorization/divisions/${id}` });
}

type Person = Extract<FlowActor, { user: unknown }>['user'];

/** `version` is required by the definition `User`. */
const viewUser = ({ id, name }: Person): JsonObject => ({ id, name, version: 1, selfUri: `/api/v2/users/${id}` });
const viewClient = ({ id }: { id: string }): JsonObject => ({ id, selfUri: `/api/v2/oauth/clients/${id}` });
