import type { AuditRecord } from './audit-log.ts';
import type { Call } from './endpoint.ts';
import { ApiError } from './errors.ts';
import type { World } from './world.ts';

/** `AuditQueryRequest`. */
export interface AuditQuery {
  /** `start/end`, ISO 8601. */
  interval: string;
  serviceName?: string;
  filters?: { property: string; value: string }[];
  sort?: { name: string; sortOrder: 'ascending' | 'descending' }[];
}

/** An asynchronous query that was accepted. */
export interface AuditExecution {
  id: string;
  query: AuditQuery;
  /** Milliseconds. */
  startedAt: number;
  /** How often its state was asked for; it is done at the second time, however the clock runs. */
  polls: number;
}

/** How far back a query at once looks, in milliseconds: 14 days. */
const realtimeReach = 14 * 86_400_000;

const properties: Record<string, (record: AuditRecord) => string | undefined> = {
  UserId: ({ actor }) => actor.user?.id,
  ClientId: ({ actor }) => actor.clientId,
  Action: ({ action }) => action,
  EntityType: ({ entityType }) => entityType,
  EntityId: ({ entity }) => entity.id,
  TrusteeOrganizationId: () => undefined,
};

/** The records that a query finds by now, newest first unless it sorts. */
export function findAudits(world: World, query: AuditQuery, realtime: boolean): AuditRecord[] {
  const [start, end] = readInterval(query.interval);
  const earliest = realtime ? Math.max(start, world.now() - realtimeReach) : start;
  const found = world.audit
    .visible()
    .filter(
      (record) =>
        record.at >= earliest &&
        record.at <= end &&
        (query.serviceName === undefined || record.serviceName === query.serviceName) &&
        (query.filters ?? []).every(({ property, value }) => properties[property]?.(record) === value),
    );
  return query.sort?.[0]?.sortOrder === 'ascending' ? found : found.reverse();
}

/** @throws ApiError 400 `invalid.date` */
export function readInterval(interval: string): [number, number] {
  const [start = '', end = '', ...rest] = interval.split('/');
  const times: [number, number] = [Date.parse(start), Date.parse(end)];
  if (rest.length > 0 || times.some(Number.isNaN) || times[0] > times[1]) {
    throw new ApiError('invalid.date', {}, { details: [{ errorCode: 'invalid.date', fieldName: 'interval' }] });
  }
  return times;
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
