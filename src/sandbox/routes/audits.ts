import {
  type AuditExecution,
  type AuditQuery,
  auditPage,
  beginQuery,
  findAudits,
  mappingOf,
  queryState,
} from '../audit-queries.ts';
import type { ServiceMapping } from '../audit-services.ts';
import { viewAudit } from '../audit-view.ts';
import { Answer, type Call, type Endpoint } from '../endpoint.ts';
import { notFound } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { page } from '../paging.ts';
import { auditQueryRequest, auditRealtimeQueryRequest, auditRealtimeRelatedRequest } from '../request-shapes.ts';
import { auditAccess } from './permissions.ts';

const root = '/api/v2/audits/query';

/** `audits/query`: the asynchronous query and the one at once. */
export const audits: Endpoint[] = [
  {
    method: 'GET',
    path: `${root}/servicemapping`,
    ...auditAccess,
    serve: ({ world }) => viewMapping(mappingOf(world, false)),
  },
  {
    method: 'GET',
    path: `${root}/realtime/servicemapping`,
    ...auditAccess,
    serve: ({ world }) => viewMapping(mappingOf(world, true)),
  },
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
      return { entities: entities.map(viewed(call)), ...rest };
    },
  },
  {
    method: 'POST',
    path: `${root}/realtime/related`,
    ...auditAccess,
    body: auditRealtimeRelatedRequest,
    serve: (call) => {
      const { auditId, sort } = call.body as unknown as Pick<AuditQuery, 'sort'> & { auditId: string };
      const visible = call.world.audit.visible();
      const asked = visible.find(({ id }) => id === auditId);
      if (!asked) throw notFound();
      const related = visible.filter(({ initiatedBy }) => initiatedBy.id === asked.initiatedBy.id);
      const ordered = sort?.[0]?.sortOrder === 'descending' ? related.toReversed() : related;
      return { entities: ordered.map(viewed(call)) };
    },
  },
  {
    method: 'POST',
    path: root,
    ...auditAccess,
    body: auditQueryRequest,
    serve: ({ world, body, auditQuery }) => {
      const execution = beginQuery(world, body as unknown as AuditQuery, auditQuery);
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
      const state = queryState(call.world, execution);
      const text = JSON.stringify(viewExecution(execution, state));
      return new Answer(state === 'Queued' || state === 'Running' ? 202 : 200, text, 'application/json');
    },
  },
  {
    method: 'GET',
    path: `${root}/{transactionId}/results`,
    ...auditAccess,
    serve: (call) => {
      const execution = findExecution(call);
      const { id, found } = execution;
      if (queryState(call.world, execution) !== 'Succeeded') throw notFound();
      const { entities, ...rest } = auditPage(call, found);
      if (call.query.flag('allowRedirect') && call.world.quirks.has('audit-results-by-url')) {
        const downloadUrl = `${call.origin}/audit-files/${id}`;
        return new Answer(302, JSON.stringify({ id, ...rest, downloadUrl }), 'application/json');
      }
      return { id, ...rest, entities: entities.map(viewed(call)) };
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

function viewMapping(mapping: ServiceMapping): JsonObject {
  const entitiesOf = (entities: ServiceMapping[string]) =>
    Object.entries(entities).map(([name, actions]) => ({ name, actions }));
  return { services: Object.entries(mapping).map(([name, entities]) => ({ name, entities: entitiesOf(entities) })) };
}

const viewed = ({ world, query }: Call): ((record: AuditExecution['found'][number]) => JsonObject) => {
  const named = query.list('expand').includes('user');
  return (record) => viewAudit(world, record, named);
};
