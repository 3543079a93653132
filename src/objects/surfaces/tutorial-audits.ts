import type { AuditQuestion, AuditRecord, AuditSource } from '../../model/audit.ts';
import { Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { cut, mostChanges, objectIn, textIn, texts } from './audit-record.ts';

/** The only records that tutorial 4 asks for, and what they are about. */
const entityType = 'webchat:configuration';
const action = `${entityType}:update`;
/** There are no services here: it is all one log. */
const service = 'webchat';
/** As tutorial 4 asks. */
const pageSize = 25;
/** 25,000 records: who has more of them in one interval is asked about a shorter one. */
const mostPages = 1_000;
/** Clocks of servers that write their times in whole seconds. */
const roundedMs = 1_000;

/**
 * `/api/v2/audit/records/query` (tutorial 4), which is asked by organisation and knows no other surface's records. Needs the scope
 * `audit:read`. It tells no names and nothing of what belongs together, so these are not asked for.
 */
export const tutorialAudits: AuditSource = {
  services: async (_reader, types) => new Map(types.includes(entityType) ? [[entityType, [service]]] : []),
  find,
  related: async () => [],
  clientName: async () => undefined,
  userName: async () => undefined,
};

async function find(reader: Reader, question: AuditQuestion): Promise<AuditRecord[]> {
  const { services, from, to, clientId, entities = [], concerns } = question;
  if (!services.includes(service) || entities.length === 0) return [];
  const isWanted = (record: AuditRecord): boolean => {
    const at = Date.parse(record.at);
    const isWithin = at >= from.getTime() - roundedMs && at <= to.getTime() + roundedMs;
    return isWithin && (clientId === undefined || record.clientId === clientId) && concerns?.(record) !== false;
  };
  const found = await pages(reader, {
    actions: [action],
    organizations: [...new Set(entities)],
    timeRange: { start: from.toISOString(), end: to.toISOString() },
  });
  return found.filter(isWanted).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** All pages, each record once: the newest come first, so those that come meanwhile push others to a later page. */
async function pages(reader: Reader, query: JsonObject): Promise<AuditRecord[]> {
  const known = new Map<string, AuditRecord>();
  for (let page = 1; page <= mostPages; page++) {
    const { body } = await reader.ask({ path: '/api/v2/audit/records/query', body: { query, pageSize, page } });
    const { records, total } = objectOf(body);
    const some = Array.isArray(records) ? records.filter(isObject) : [];
    for (const record of some.flatMap((one) => recordOf(one) ?? [])) known.set(record.id, record);
    const isLast = some.length < pageSize || (typeof total === 'number' && page * pageSize >= total);
    if (isLast) return [...known.values()];
  }
  throw new Failure('BadAnswer', `Genesys answered a query of audit records with more than ${mostPages} pages`);
}

/** A record as the engine looks at it; undefined where it lacks what tells it from others. Which fields there are is ASSUMED. */
function recordOf(told: JsonObject): AuditRecord | undefined {
  const id = textIn(told, 'id');
  const at = Date.parse(textIn(told, 'timestamp') ?? '');
  if (id === undefined || Number.isNaN(at)) return undefined;
  const user = objectIn(told, 'user');
  const [organization, userId, userName] = [textIn(told, 'organizationId'), textIn(user, 'id'), textIn(user, 'name')];
  const [clientId, status] = [textIn(told, 'clientId'), textIn(told, 'status')];
  const kind = textIn(told, 'action') ?? action;
  const last = kind.lastIndexOf(':');
  return {
    ...{ id, at: new Date(at).toISOString(), service },
    ...{ entityType: kind.slice(0, Math.max(last, 0)), action: kind.slice(last + 1) },
    entities: organization === undefined ? [] : [organization],
    remoteIp: texts(listOf(told['remoteIp'])),
    changes: changesOf(told['changes']),
    ...(clientId === undefined ? {} : { clientId }),
    ...(status === undefined ? {} : { status }),
    ...(userId === undefined ? {} : { user: { id: userId, ...(userName === undefined ? {} : { name: userName }) } }),
  };
}

function changesOf(told: Json | undefined): AuditRecord['changes'] {
  const all = Array.isArray(told) ? told.filter(isObject) : [];
  return all.slice(0, mostChanges).map((one) => ({
    property: cut(textIn(one, 'property') ?? ''),
    from: texts(listOf(one['oldValue'])),
    to: texts(listOf(one['newValue'])),
  }));
}

/** One value as a list of one; none where there is none. */
function listOf(value: Json | undefined): Json[] {
  return value === undefined || value === null ? [] : [value];
}

function objectOf(body: Json): JsonObject {
  if (isObject(body)) return body;
  throw new Failure('BadAnswer', 'Genesys answered a query of audit records with something else');
}
