import { randomUUID } from 'node:crypto';
import { type AuditRecord, serviceMapping } from '../audit-log.ts';
import { type AuditExecution, type AuditQuery, auditPage, findAudits, readInterval } from '../audit-queries.ts';
import { Answer, type Call, type Endpoint } from '../endpoint.ts';
import { notFound } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { page } from '../paging.ts';
import { auditQueryRequest, auditRealtimeQueryRequest, auditRealtimeRelatedRequest } from '../request-shapes.ts';
import { auditAccess } from './permissions.ts';

const root = '/api/v2/audits/query';
const services = Object.entries(serviceMapping).map(([name, entities]) => ({
  name,
  entities: Object.entries(entities).map(([entity, actions]) => ({ name: entity, actions })),
}));

/** `audits/query`: the asynchronous query and the one at once. */
export const audits: Endpoint[] = [
  { method: 'GET', path: `${root}/servicemapping`, ...auditAccess, serve: () => ({ services }) },
  { method: 'GET', path: `${root}/realtime/servicemapping`, ...auditAccess, serve: () => ({ services }) },
  {
    method: 'POST',
    path: `${root}/realtime`,
    ...auditAccess,
    body: auditRealtimeQueryRequest,
    serve: (call) => {
      const {
        pageNumber = 1,
        pageSize = 25,
        ...query
      } = call.body as unknown as AuditQuery & { pageNumber?: number; pageSize?: number };
      const { entities, ...rest } = page(call, findAudits(call.world, query, true), pageSize, pageNumber);
      return { entities: entities.map((record) => viewAudit(call, record)), ...rest };
    },
  },
  {
    method: 'POST',
    path: `${root}/realtime/related`,
    ...auditAccess,
    body: auditRealtimeRelatedRequest,
    serve: (call) => {
      const visible = call.world.audit.visible();
      const asked = visible.find(({ id }) => id === call.body['auditId']);
      if (!asked) throw notFound();
      const related = visible.filter(({ initiatedBy }) => initiatedBy.id === asked.initiatedBy.id);
      return { entities: related.map((record) => viewAudit(call, record)) };
    },
  },
  {
    method: 'POST',
    path: root,
    ...auditAccess,
    body: auditQueryRequest,
    serve: ({ world, body }) => {
      const query = body as unknown as AuditQuery;
      readInterval(query.interval);
      const execution = { id: randomUUID(), query, startedAt: world.now(), polls: 0 };
      world.auditQueries.set(execution.id, execution);
      return new Answer(202, JSON.stringify(viewExecution(execution, 'Queued')), 'application/json');
    },
  },
  {
    method: 'GET',
    path: `${root}/{transactionId}`,
    ...auditAccess,
    serve: (call) => {
      const execution = findExecution(call);
      execution.polls += 1;
      const state = execution.polls < 2 ? 'Running' : 'Succeeded';
      const text = JSON.stringify(viewExecution(execution, state));
      return new Answer(state === 'Running' ? 202 : 200, text, 'application/json');
    },
  },
  {
    method: 'GET',
    path: `${root}/{transactionId}/results`,
    ...auditAccess,
    serve: (call) => {
      const { id, query, polls } = findExecution(call);
      if (polls < 2) throw notFound();
      const { entities, ...rest } = auditPage(call, findAudits(call.world, query, false));
      return { id, ...rest, entities: entities.map((record) => viewAudit(call, record)) };
    },
  },
];

function findExecution({ world, params }: Call): AuditExecution {
  const execution = world.auditQueries.get(params['transactionId']!);
  if (!execution) throw notFound();
  return execution;
}

function viewExecution({ id, query, startedAt }: AuditExecution, state: string): JsonObject {
  const { interval, serviceName, filters, sort } = query;
  return {
    id,
    state,
    startDate: new Date(startedAt).toISOString(),
    interval,
    ...(serviceName !== undefined && { serviceName }),
    filters: filters ?? [],
    sort: sort ?? [],
  };
}

/** Definition `AuditLogMessage`; the name of the user only with `expand=user`. */
function viewAudit({ world, query }: Call, record: AuditRecord): JsonObject {
  const { id, actor, serviceName, at, action, entity, entityType, changes, initiatedBy } = record;
  const user = actor.user;
  return {
    id,
    userHomeOrgId: world.organization.id,
    ...(user && {
      user: {
        id: user.id,
        ...(query.list('expand').includes('user') && { name: user.name }),
        selfUri: `/api/v2/users/${user.id}`,
      },
    }),
    client: { id: actor.clientId, selfUri: `/api/v2/oauth/clients/${actor.clientId}` },
    remoteIp: actor.remoteIp ? [actor.remoteIp] : [],
    serviceName,
    level: 'USER',
    eventDate: new Date(at).toISOString(),
    action,
    entity,
    entityType,
    status: 'SUCCESS',
    application: 'sandbox',
    initiatingAction: { transactionId: initiatedBy.id, actionContext: initiatedBy.action },
    transactionInitiator: initiatedBy.id === id,
    propertyChanges: changes,
    entityChanges: [],
    context: {},
  };
}
