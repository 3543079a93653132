import type { AuditQuestion, AuditRecord, AuditSource } from '../../model/audit.ts';
import { asFailure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { askLater, askRealtime, messages, objectOf, type Query, root } from './audit-query.ts';
import { auditRecord } from './audit-record.ts';

/** So far back reaches the query at once (published), less a minute for clocks that differ. */
const realtimeReachMs = 14 * 86_400_000 - 60_000;
/** From so many on the asynchronous query takes fewer requests. */
const many = 200;

/** `/api/v2/audits/query` and what is beside it. Needs `audits:audit:view`. */
export const platformAudits: AuditSource = { services, find, related, clientName, userName };

async function services(reader: Reader, entityTypes: readonly string[]): Promise<Map<string, readonly string[]>> {
  const [later, now] = [await mapping(reader, `${root}/servicemapping`), await realtime(reader)];
  const found = entityTypes.map((type): [string, string[]] => {
    const holding = [...later, ...now].filter(([, types]) => types.has(type)).map(([name]) => name);
    return [type, [...new Set(holding)]];
  });
  return new Map(found.filter(([, names]) => names.length > 0));
}

async function find(reader: Reader, question: AuditQuestion): Promise<AuditRecord[]> {
  const { services: asked, from, to, clientId, expected = 0, concerns } = question;
  const found: AuditRecord[] = [];
  for (const service of asked) {
    const query: Query = {
      ...{ service, from, to },
      ...(clientId === undefined ? {} : { clientId }),
      ...(concerns === undefined ? {} : { concerns }),
    };
    found.push(...(await findIn(reader, query, expected)));
  }
  return [...new Map(found.map((record) => [record.id, record])).values()].sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
  );
}

async function findIn(reader: Reader, query: Query, expected: number): Promise<AuditRecord[]> {
  const offered = (await realtime(reader)).has(query.service);
  const isRecent = query.to.getTime() - query.from.getTime() < realtimeReachMs;
  if (!offered || !isRecent || expected > many) return askLater(reader, query);
  try {
    return (await askRealtime(reader, query)) ?? (await askLater(reader, query));
  } catch (error) {
    // Too far back by Genesys's clock, or a service that is offered no more.
    if (asFailure(error).reason !== 'BadRequest') throw error;
    offers.delete(reader);
    return askLater(reader, query);
  }
}

async function related(reader: Reader, auditId: string): Promise<AuditRecord[]> {
  const { body } = await reader.ask({ path: `${root}/realtime/related`, query: { expand: 'user' }, body: { auditId } });
  return messages(objectOf(body)).flatMap((one) => auditRecord(one) ?? []);
}

type Mapping = Map<string, ReadonlySet<string>>;

/** What the query at once offers, asked once for a connection: it changes with releases of Genesys. */
const offers = new WeakMap<Reader, Promise<Mapping>>();

function realtime(reader: Reader): Promise<Mapping> {
  const known = offers.get(reader);
  if (known !== undefined) return known;
  const asked = mapping(reader, `${root}/realtime/servicemapping`);
  offers.set(reader, asked);
  asked.catch(() => offers.delete(reader));
  return asked;
}

/** Definition `AuditQueryServiceMapping`: entity types by service. */
async function mapping(reader: Reader, path: string): Promise<Mapping> {
  const { services: told } = objectOf((await reader.get({ path })).body);
  const listed = Array.isArray(told) ? told.filter(isObject) : [];
  return new Map(listed.map((service) => [String(service['name']), new Set(namesOf(service))]));
}

function namesOf({ entities }: JsonObject): string[] {
  return Array.isArray(entities) ? entities.filter(isObject).map(({ name }) => String(name)) : [];
}

/** Neither this path nor that of a user is in the published document as captured; both are in the SDK. */
function clientName(reader: Reader, clientId: string): Promise<string | undefined> {
  return nameAt(reader, { path: '/api/v2/oauth/clients/{clientId}', params: { clientId } });
}

function userName(reader: Reader, userId: string): Promise<string | undefined> {
  return nameAt(reader, { path: '/api/v2/users/{userId}', params: { userId }, query: { state: 'any' } });
}

async function nameAt(reader: Reader, request: Parameters<Reader['get']>[0]): Promise<string | undefined> {
  try {
    const { body } = await reader.get(request);
    const name = isObject(body) ? body['name'] : undefined;
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch (error) {
    const { reason } = asFailure(error);
    if (reason === 'PermissionMissing' || reason === 'Gone' || reason === 'BadRequest') return undefined;
    throw error;
  }
}
