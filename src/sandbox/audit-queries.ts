import { randomUUID } from 'node:crypto';
import type { AuditRecord } from './audit-log.ts';
import { realtimeServicesOf, type ServiceMapping, servicesOf } from './audit-services.ts';
import type { Call } from './endpoint.ts';
import { ApiError, invalid } from './errors.ts';
import type { World } from './world.ts';

/** `AuditQueryRequest`. */
export interface AuditQuery {
  /** `start/end`, ISO 8601. */
  interval: string;
  serviceName?: string;
  filters?: { property: string; value: string }[];
  sort?: { name: string; sortOrder: 'ascending' | 'descending' }[];
}

/** What becomes of an asynchronous query (fault `auditQuery`). */
export interface QueryFate {
  state?: 'Succeeded' | 'Failed' | 'Cancelled';
  /** It runs, and never ends. */
  never?: boolean;
  /** In place of `queryPolls` and `queryMs` of the options. */
  polls?: number;
  ms?: number;
}

/** An asynchronous query that was accepted. */
export interface AuditExecution {
  id: string;
  query: AuditQuery;
  /** Milliseconds of the sandbox's clock. */
  startedAt: number;
  /** The same moment in real time. */
  begunAt: number;
  /** How often its state was asked for. */
  polls: number;
  /** What could be seen when it began: what arrives later is not in its results. */
  found: AuditRecord[];
  fate: QueryFate;
}

/** How far back a query at once looks, in milliseconds: 14 days. */
const realtimeReach = 14 * 86_400_000;
/** How many asynchronous queries are remembered. */
const remembered = 100;

const properties: Record<string, (record: AuditRecord) => string | undefined> = {
  UserId: ({ actor }) => actor.user?.id,
  ClientId: ({ actor }) => actor.clientId,
  Action: ({ action }) => action,
  EntityType: ({ entityType }) => entityType,
  EntityId: ({ entity }) => entity.id,
  TrusteeOrganizationId: () => undefined,
};

/** The mapping that a form of query goes by. */
export function mappingOf({ quirks, audit }: World, realtime: boolean): ServiceMapping {
  return realtime ? realtimeServicesOf(quirks, audit.options.realtimeServices) : servicesOf(quirks);
}

/**
 * The records that a query finds by now, newest first unless it sorts; what arrives twice once more at the end.
 * @throws ApiError 400 on an interval or a service that is none, or lies further back than a query at once looks
 */
export function findAudits(world: World, query: AuditQuery, realtime: boolean): AuditRecord[] {
  const [start, end] = readInterval(query.interval);
  const mapping = mappingOf(world, realtime);
  refuseService(world, query.serviceName, mapping);
  const reach = realtime ? world.now() - realtimeReach : Number.NEGATIVE_INFINITY;
  if (start < reach && !world.quirks.has('audit-realtime-cut')) {
    const message = 'The interval of a realtime query must begin within the last 14 days';
    throw new ApiError('bad.request', {}, { message });
  }
  const inside = (at: number) =>
    at >= Math.max(start, reach) && (at < end || (at === end && world.quirks.has('audit-interval-closed')));
  const ofService = (name: string) => (query.serviceName === undefined ? name in mapping : name === query.serviceName);
  const found = world.audit
    .visible()
    .filter(
      (record) =>
        inside(record.at) &&
        ofService(record.serviceName) &&
        (query.filters ?? []).every(({ property, value }) => properties[property]?.(record) === value),
    )
    .sort((a, b) => a.at - b.at);
  const ordered = query.sort?.[0]?.sortOrder === 'ascending' ? found : found.reverse();
  return [...ordered, ...ordered.filter(({ twice }) => twice)];
}

const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,3})?)?(?:Z|[+-]\\d\\d:?\\d\\d)?';
const intervalForm = new RegExp(`^(${time})/(${time})$`);

/** A time without a zone is UTC. @throws ApiError 400 `invalid.date` */
export function readInterval(interval: string): [number, number] {
  const [, start = '', end = ''] = intervalForm.exec(interval) ?? [];
  const utc = (text: string): number => Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  const times: [number, number] = [utc(start), utc(end)];
  if (times.some(Number.isNaN) || times[0] > times[1]) {
    throw new ApiError('invalid.date', {}, { details: [{ errorCode: 'invalid.date', fieldName: 'interval' }] });
  }
  return times;
}

function refuseService(world: World, name: string | undefined, mapping: ServiceMapping): void {
  if (name === undefined && world.quirks.has('audit-service-required')) {
    throw invalid('serviceName may not be null', 'serviceName');
  }
  if (name === undefined || Object.hasOwn(mapping, name)) return;
  const params = { value: name, type: 'String', allowed: Object.keys(mapping).join(', '), field: 'serviceName' };
  throw new ApiError('invalid.value', params, {
    details: [{ errorCode: 'invalid.value', fieldName: 'serviceName' }],
  });
}

/** Accepts an asynchronous query. */
export function beginQuery(world: World, query: AuditQuery, fate: QueryFate = {}): AuditExecution {
  const found = findAudits(world, query, false);
  const execution: AuditExecution = {
    ...{ id: randomUUID(), query, startedAt: world.now(), begunAt: performance.now(), polls: 0, found, fate },
  };
  world.auditQueries.set(execution.id, execution);
  const [oldest] = world.auditQueries.keys();
  if (oldest !== undefined && world.auditQueries.size > remembered) world.auditQueries.delete(oldest);
  return execution;
}

/** Where a query stands: by how often that was asked, and by real time, as a test's clock may stand still. */
export function queryState({ audit }: World, { polls, begunAt, fate }: AuditExecution): string {
  const wantedPolls = fate.polls ?? audit.options.queryPolls ?? 2;
  const wantedMs = fate.ms ?? audit.options.queryMs ?? 0;
  if (polls === 0 || (polls === 1 && wantedPolls > 2)) return 'Queued';
  const ended = !fate.never && polls >= wantedPolls && performance.now() - begunAt >= wantedMs;
  return ended ? (fate.state ?? 'Succeeded') : 'Running';
}

/** A page by cursor; the cursor is the number of results before it. */
export function auditPage(
  call: Call,
  all: AuditRecord[],
): { entities: AuditRecord[]; pageSize: number; cursor?: string } {
  const pageSize = call.query.integer('pageSize', 25);
  if (pageSize < 1 || pageSize > 500) {
    throw new ApiError('invalid.query.param.value', {
      value: String(pageSize),
      parameter: 'pageSize',
      allowed: '1 to 500',
    });
  }
  const start = Number(Buffer.from(call.query.text('cursor') ?? 'MA', 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) {
    throw new ApiError('invalid.query.param.value', { value: String(start), parameter: 'cursor', allowed: 'cursors' });
  }
  const next = start + pageSize;
  return {
    entities: all.slice(start, next),
    pageSize,
    ...(next < all.length && { cursor: Buffer.from(String(next)).toString('base64url') }),
  };
}
