import type { Actor, AuditRecord } from '../audit-log.ts';
import { readInterval } from '../audit-queries.ts';
import { uiClient } from '../audit-view.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { ApiError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { integer, list, type Shape, string } from '../shapes.ts';
import type { World } from '../world.ts';
import type { WebChatOrganizationRecord } from './tutorial-records.ts';
import { scopes } from './tutorial-scopes.ts';

/** How these records stand in the log: under a service that is none of the platform's mapping, so its queries never find them. */
export const webChatEntity = { entityType: 'WebChatConfiguration', serviceName: 'WebChat' };
const updateAction = 'webchat:configuration:update';

const mostRecords = 100;

interface AuditQuery {
  query: { actions?: string[]; organizations?: string[]; timeRange: { start: string; end: string } };
  page?: number;
  pageSize?: number;
}

const object = (name: string, required: string[], fields: Record<string, Shape>): Shape => ({
  ...{ type: 'object', name, required, fields },
});
const text = string();
const shape = object('AuditRecordsQuery', ['query'], {
  query: object('Query', ['timeRange'], {
    actions: list(text),
    organizations: list(text),
    timeRange: object('TimeRange', ['start', 'end'], { start: text, end: text }),
  }),
  pageSize: integer,
  page: integer,
});

/** What was done to web chats, and by whom (tutorial 4); how a record looks is ASSUMED. */
export const webChatAudits: Endpoint[] = [
  {
    ...{ method: 'POST', path: '/api/v2/audit/records/query', scopes: [], needs: scopes.readAudits, body: shape },
    serve: queryRecords,
  },
];

function queryRecords({ world, body }: Call) {
  const { query, page = 1, pageSize = 25 } = body as unknown as AuditQuery;
  const { actions, organizations, timeRange } = query;
  const [start, end] = readInterval(`${timeRange.start}/${timeRange.end}`);
  refuseOutside('page', page, Number.MAX_SAFE_INTEGER);
  refuseOutside('pageSize', pageSize, mostRecords);
  const found = world.audit
    .visible()
    .filter((record) => record.serviceName === webChatEntity.serviceName && record.at >= start && record.at < end)
    .filter(({ entity }) => organizations?.includes(entity.id) ?? true)
    .filter(() => actions?.includes(updateAction) ?? true)
    .sort((a, b) => a.at - b.at)
    .reverse();
  const all = [...found, ...found.filter(({ twice }) => twice)];
  const from = (page - 1) * pageSize;
  const records = all.slice(from, from + pageSize).map((record) => view(world, record));
  return { records, page, pageSize, total: all.length };
}

function refuseOutside(parameter: string, value: number, most: number): void {
  if (value >= 1 && value <= most) return;
  throw new ApiError('invalid.query.param.value', { value: String(value), parameter, allowed: `1 to ${most}` });
}

interface Update {
  organization: WebChatOrganizationRecord;
  version: number;
  actor: Actor;
  before: JsonObject | undefined;
  after: JsonObject;
}

/** The first configuration is an update, too: the tutorials know no other action. */
export function recordUpdate(world: World, { organization, version, ...rest }: Update): void {
  const entity = { id: organization.id, name: organization.name };
  world.audit.record({ action: 'Update', ...webChatEntity, entity, version, ...rest });
}

function view({ quirks }: World, { id, at, actor, entity, status, version, changes }: AuditRecord): JsonObject {
  const { clientId, user, remoteIp } = actor;
  const clientless = clientId === undefined || (clientId === uiClient && quirks.has('audit-ui-clientless'));
  const bare = { id, action: updateAction, organizationId: entity.id, timestamp: new Date(at).toISOString() };
  const client = clientless ? {} : { clientId };
  if (quirks.has('webchat-audit-bare')) return { ...bare, ...client };
  return {
    ...bare,
    ...client,
    ...(user && { user }),
    ...(remoteIp !== undefined && { remoteIp }),
    ...{ status, ...(version !== undefined && { version }) },
    changes: changes.map(({ property, oldValues: [oldValue = null], newValues: [newValue = null] }) => ({
      ...{ property, oldValue, newValue },
    })),
  };
}
