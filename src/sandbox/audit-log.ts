import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isObject } from './json.ts';

/** Who did it: an OAuth client, and the person behind it if the client stands for one. */
export interface Actor {
  clientId: string;
  user?: { id: string; name: string };
  /** Address that the request came from. */
  remoteIp?: string;
}

/** `PropertyChange` of the API. */
export interface PropertyChange {
  property: string;
  oldValues: string[];
  newValues: string[];
}

/** The published actions that the sandbox records. */
export type AuditAction =
  | 'Create'
  | 'Update'
  | 'Delete'
  | 'Publish'
  | 'Checkin'
  | 'Checkout'
  | 'Save'
  | 'Revert'
  | 'Deactivate';

/** What a write tells the audit log. */
export interface AuditEntry {
  actor: Actor;
  entityType: string;
  entity: { id: string; name: string; selfUri?: string };
  action: AuditAction;
  /** The object before and after, for `propertyChanges`. */
  before?: unknown;
  after?: unknown;
  /** The audit that started the transaction, for what follows from another change. */
  causedBy?: AuditRecord;
}

/** A record as kept; times in milliseconds. */
export interface AuditRecord extends Omit<AuditEntry, 'before' | 'after' | 'causedBy'> {
  id: string;
  at: number;
  serviceName: string;
  changes: PropertyChange[];
  initiatedBy: { id: string; action: string };
}

/** The organisation's audit log: a record can be seen only after a delay, as in the real service. */
export interface AuditLog {
  record(entry: AuditEntry): AuditRecord;
  /** The records that can be seen by now, oldest first. */
  visible(): AuditRecord[];
}

/** Which entity types and actions belong to which service; UNCONFIRMED but obvious pairing. */
export const serviceMapping: Record<string, Record<string, string[]>> = {
  Architect: {
    Flow: ['Create', 'Update', 'Delete', 'Publish', 'Checkin', 'Checkout', 'Save', 'Revert', 'Deactivate'],
    Schedule: ['Create', 'Update', 'Delete'],
    ScheduleGroup: ['Create', 'Update', 'Delete'],
  },
  Integrations: {
    Action: ['Create', 'Update', 'Delete', 'Publish'],
    ActionDraft: ['Create', 'Update', 'Delete'],
    Integration: ['Create', 'Update', 'Delete'],
    Credential: ['Create', 'Update', 'Delete'],
  },
  WebDeployments: {
    Configuration: ['Create', 'Update', 'Delete'],
    ConfigurationVersion: ['Create', 'Update', 'Publish'],
    Deployment: ['Create', 'Update', 'Delete'],
  },
};

const serviceOf = (entityType: string): string =>
  Object.entries(serviceMapping).find(([, entities]) => entityType in entities)?.[0] ?? 'Integrations';

/** @param delayMs from the change to the moment a query finds it */
export function auditLog(now: () => number, delayMs: number): AuditLog {
  const records: AuditRecord[] = [];
  return {
    record({ before, after, causedBy, ...entry }) {
      const id = randomUUID();
      const record: AuditRecord = {
        ...entry,
        id,
        at: now(),
        serviceName: serviceOf(entry.entityType),
        changes: propertyChanges(before, after),
        initiatedBy: causedBy ? causedBy.initiatedBy : { id, action: entry.action },
      };
      records.push(record);
      return record;
    },
    visible: () => {
      const latest = now() - delayMs;
      return records.filter((record) => record.at <= latest);
    },
  };
}

/** The leaves in which two values differ, addressed by dotted paths. */
export function propertyChanges(before: unknown, after: unknown, path = ''): PropertyChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  const leaf = !isObject(before ?? {}) || !isObject(after ?? {}) || (before === undefined && after === undefined);
  if (leaf || path.split('.').length > 4)
    return [{ property: path, oldValues: shown(before), newValues: shown(after) }];
  const left = (before ?? {}) as Record<string, unknown>;
  const right = (after ?? {}) as Record<string, unknown>;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    propertyChanges(left[key], right[key], path ? `${path}.${key}` : key),
  );
}

function shown(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}
