import type { AuditRecord } from './audit-log.ts';
import type { JsonObject } from './json.ts';
import type { World } from './world.ts';

/** Definition `AuditLogMessage`; the name of the user only where it is expanded, and not of one who is deleted. */
export function viewAudit({ quirks, organization, users }: World, record: AuditRecord, named = false): JsonObject {
  const { id, actor, serviceName, action, entityType, status, level } = record;
  const { user, clientId } = actor;
  const person = user && users.get(user.id);
  const name = person ? (person.deleted ? undefined : person.name) : user?.name;
  const bare = quirks.has('audit-entities-bare');
  const inUi = clientId === uiClient;
  return {
    id,
    userHomeOrgId: organization.id,
    ...(user && {
      user: { id: user.id, ...(named && name !== undefined && { name }), selfUri: `/api/v2/users/${user.id}` },
    }),
    ...(clientId !== undefined && {
      client:
        inUi && quirks.has('audit-ui-clientless')
          ? { id: '' }
          : { id: clientId, selfUri: `/api/v2/oauth/clients/${clientId}` },
    }),
    remoteIp: actor.remoteIp === undefined ? [] : actor.remoteIp.split(','),
    ...{ serviceName, level, eventDate: date(record.at, quirks.has('audit-dates-in-seconds')), action },
    entity: bare ? { id: record.entity.id } : record.entity,
    ...{ entityType, status, application: inUi ? 'admin-ui' : 'public-api' },
    ...transaction(record, quirks.has('audit-no-transactions')),
    ...(!quirks.has('audit-no-properties') && { propertyChanges: record.changes }),
    ...{ entityChanges: [], context: {} },
  };
}

/** What a person does in the user interface is done by a client that is none of the organisation's (UNCONFIRMED which id). */
export const uiClient = 'sandbox-ui';

function transaction({ id, initiatedBy }: AuditRecord, none: boolean): JsonObject {
  if (none) return { initiatingAction: {}, transactionInitiator: false };
  return {
    initiatingAction: { transactionId: initiatedBy.id, actionContext: initiatedBy.action },
    transactionInitiator: initiatedBy.id === id,
  };
}

const date = (at: number, inSeconds: boolean): string =>
  inSeconds ? `${new Date(at).toISOString().slice(0, 19)}Z` : new Date(at).toISOString();
