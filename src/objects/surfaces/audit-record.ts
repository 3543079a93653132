import type { AuditRecord, PropertyChange } from '../../model/audit.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';

/**
 * Characters of a property's value that are read, and properties of a record. Far more than is kept: a secret is looked for in
 * the whole of a text before it is shortened.
 */
const longestValue = 20_000;
export const mostChanges = 50;

/** A record as this tool looks at it (definition `AuditLogMessage`); undefined where it lacks what tells it from others. */
export function auditRecord(message: JsonObject): AuditRecord | undefined {
  const id = textIn(message, 'id');
  const at = Date.parse(textIn(message, 'eventDate') ?? '');
  if (id === undefined || Number.isNaN(at)) return undefined;
  const entity = objectIn(message, 'entity');
  const user = objectIn(message, 'user');
  const userId = textIn(user, 'id');
  const userName = textIn(user, 'name');
  const optional = {
    name: textIn(entity, 'name'),
    clientId: textIn(objectIn(message, 'client'), 'id'),
    status: textIn(message, 'status'),
    transaction: textIn(objectIn(message, 'initiatingAction'), 'transactionId'),
  };
  return {
    id,
    at: new Date(at).toISOString(),
    service: textIn(message, 'serviceName') ?? '',
    action: textIn(message, 'action') ?? '',
    entityType: textIn(message, 'entityType') ?? '',
    entities: [...new Set([textIn(entity, 'id') ?? '', ...idsIn(textIn(entity, 'selfUri'))])].filter(Boolean),
    remoteIp: texts(message['remoteIp']),
    changes: changesOf(message),
    ...(userId === undefined ? {} : { user: { id: userId, ...(userName === undefined ? {} : { name: userName }) } }),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as typeof optional as {
      [K in keyof typeof optional]?: string;
    }),
  };
}

/** The ids in an address: what has a digit. (`/api/v2/integrations/actions/custom_-_4a7.../draft`) */
function idsIn(address = ''): string[] {
  return address
    .split('/')
    .filter((part) => /\d/.test(part) && !/^v\d+$/.test(part))
    .map(decoded);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** `propertyChanges`; and `entityChanges`, which say the same of things that it consists of. */
function changesOf(message: JsonObject): PropertyChange[] {
  const told = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
  const changes = [
    ...told(message['propertyChanges']).map((one) => ({ ...one, of: textIn(one, 'property') })),
    ...told(message['entityChanges']).map((one) => ({
      ...one,
      of: textIn(one, 'entityName') ?? textIn(one, 'entityType'),
    })),
  ] as (JsonObject & { of: string | undefined })[];
  return changes.slice(0, mostChanges).map(({ of = '', oldValues, newValues }) => ({
    property: cut(of),
    from: texts(oldValues),
    to: texts(newValues),
  }));
}

/** A list of values, each as a text. */
export function texts(value: Json | undefined): string[] {
  const items = Array.isArray(value) ? value : [];
  return items.slice(0, mostChanges).map((item) => cut(typeof item === 'string' ? item : JSON.stringify(item)));
}

export const cut = (text: string): string => (text.length > longestValue ? `${text.slice(0, longestValue)}…` : text);

export function objectIn(of: JsonObject, name: string): JsonObject {
  const value = of[name];
  return isObject(value) ? value : {};
}

export function textIn(of: JsonObject, name: string): string | undefined {
  const value = of[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
