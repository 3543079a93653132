import type { AuditRecord } from '../../model/audit.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { auditRecord } from './audit-record.ts';

export const root = '/api/v2/audits/query';

/** What is asked of one service. */
export interface Query {
  service: string;
  from: Date;
  to: Date;
  clientId?: string;
  /** Which records are wanted; all where it is absent. */
  concerns?(record: AuditRecord): boolean;
}

/** Largest page of the results of an asynchronous query (published). */
const pageSize = 500;
/** That of the query at once is published nowhere; this is what other lists take. */
const realtimePageSize = 100;
/** More than these are better asked for asynchronously, 500 to the page. */
const mostRealtime = 500;
/** Milliseconds before each look at a query; the last one again and again, until all are spent. */
const pauses = [250, 500, 1000, 2000, 4000, 8000, 15_000];
const mostMs = 180_000;
/** Half a million records: an organisation that does more in one interval is asked about a shorter one. */
const mostPages = 1_000;
/** So many pages on end may bring nothing new. */
const mostStale = 5;
/** An interval is asked for in whole seconds. */
const roundedMs = 1_000;

/** The query at once: page after page, oldest first. Undefined where there are so many that another way is better. */
export async function askRealtime(
  reader: Reader,
  query: Query,
  most = mostRealtime,
): Promise<AuditRecord[] | undefined> {
  const found = gathered(query);
  for (let pageNumber = 1; ; pageNumber++) {
    const body = { ...bodyOf(query), pageNumber, pageSize: realtimePageSize };
    const page = objectOf((await reader.ask({ path: `${root}/realtime`, query: expanded, body })).body);
    const entities = messages(page);
    const isNew = found.add(entities);
    const { total, pageCount } = page;
    if (found.seen() > most || (typeof total === 'number' && total > most)) return undefined;
    const isLast = typeof pageCount === 'number' ? pageNumber >= pageCount : entities.length < realtimePageSize;
    // The count of pages may be wrong, and so may the total, which records that come meanwhile make greater.
    const isEnough = typeof total === 'number' && pageNumber > total / realtimePageSize + 1;
    if (isLast || isEnough || !isNew) return found.wanted;
  }
}

/** Records as they come in, each once: those that are wanted, of the interval that was asked for. */
function gathered({ from, to, concerns }: Query): {
  /** Answers whether any of them is new. */
  add(entities: readonly JsonObject[]): boolean;
  seen(): number;
  wanted: AuditRecord[];
} {
  const ids = new Set<string>();
  const wanted: AuditRecord[] = [];
  return {
    wanted,
    seen: () => ids.size,
    add(entities) {
      const before = ids.size;
      for (const record of entities.flatMap((one) => auditRecord(one) ?? [])) {
        if (ids.has(record.id)) continue;
        ids.add(record.id);
        const at = Date.parse(record.at);
        const isWithin = at >= from.getTime() - roundedMs && at <= to.getTime() + roundedMs;
        if (isWithin && concerns?.(record) !== false) wanted.push(record);
      }
      return ids.size > before;
    },
  };
}

/**
 * The asynchronous query: begun, looked at until it has ended, read by cursor.
 *
 * @throws Failure `ServerError` where it fails, is cancelled or does not end in time: what may be so again later or not
 */
export async function askLater(reader: Reader, query: Query): Promise<AuditRecord[]> {
  const begun = objectOf((await reader.ask({ path: root, body: bodyOf(query) })).body);
  const transactionId = begun['id'];
  if (typeof transactionId !== 'string')
    throw new Failure('BadAnswer', 'Genesys answered an audit query without its id');
  const params = { transactionId };
  await ended(reader, { state: begun['state'], params, query });
  const found = gathered(query);
  let cursor: string | undefined;
  for (let pages = 1, stale = 0; pages <= mostPages && stale < mostStale; pages++) {
    const asked = { pageSize, ...expanded, ...(cursor === undefined ? {} : { cursor }) };
    const page = objectOf((await reader.get({ path: `${root}/{transactionId}/results`, params, query: asked })).body);
    stale = found.add(messages(page)) ? 0 : stale + 1;
    const next = page['cursor'];
    if (typeof next !== 'string' || next === '') return found.wanted;
    if (next === cursor) break;
    cursor = next;
  }
  throw new Failure('BadAnswer', `Genesys answered the audit query ${transactionId} in circles, or without an end`);
}

async function ended(
  reader: Reader,
  { state: begun, params, query }: { state: Json | undefined; params: { transactionId: string }; query: Query },
): Promise<void> {
  const what = `the audit query ${params.transactionId} of ${query.service}`;
  let state = begun;
  for (let look = 0, waited = 0; state !== 'Succeeded'; look++) {
    if (state === 'Failed' || state === 'Cancelled')
      throw new Failure('ServerError', `${what} ended as ${state}; it is asked again later`);
    if (waited >= mostMs)
      throw new Failure('ServerError', `${what} has not ended after ${mostMs / 60_000} min; it is asked again later`);
    const pause = pauses[Math.min(look, pauses.length - 1)]!;
    await reader.wait(pause);
    waited += pause;
    state = await reader.get({ path: `${root}/{transactionId}`, params }).then(
      ({ body }) => objectOf(body)['state'],
      (error: unknown) => {
        // One that was begun a moment ago may not be known everywhere yet.
        if (asFailure(error).reason !== 'Gone' || waited > 10_000) throw error;
        return undefined;
      },
    );
  }
}

/** Names of users come along, where they are still there. */
const expanded = { expand: 'user' };

function bodyOf({ service, from, to, clientId }: Query): JsonObject {
  return {
    // Whole seconds, as published; the end is not part of an interval everywhere.
    interval: `${seconds(Math.floor(from.getTime() / 1000))}/${seconds(Math.floor(to.getTime() / 1000) + 1)}`,
    serviceName: service,
    sort: [{ name: 'Timestamp', sortOrder: 'ascending' }],
    ...(clientId === undefined ? {} : { filters: [{ property: 'ClientId', value: clientId }] }),
  };
}

const seconds = (time: number): string => `${new Date(time * 1000).toISOString().slice(0, 19)}Z`;

export function messages(page: JsonObject): JsonObject[] {
  const { entities } = page;
  return Array.isArray(entities) ? entities.filter(isObject) : [];
}

export function objectOf(body: Json): JsonObject {
  if (isObject(body)) return body;
  throw new Failure('BadAnswer', 'Genesys answered an audit query with something else');
}
