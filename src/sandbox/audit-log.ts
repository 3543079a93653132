import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Arrival, type AuditOptions, arrivals } from './audit-arrival.ts';
import { serviceOf } from './audit-services.ts';
import { isObject } from './json.ts';
import type { Quirk } from './quirks.ts';

/** Who did it: an OAuth client, and the person behind it if the client stands for one. */
export interface Actor {
  clientId: string;
  user?: { id: string; name: string };
  /** Address that the request came from. */
  remoteIp?: string;
  /** How the records of what it does arrive (fault `audit`). */
  arrival?: Arrival;
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
  entity: { id: string; name?: string; selfUri?: string };
  action: AuditAction;
  /** The object before and after, for `propertyChanges`. */
  before?: unknown;
  after?: unknown;
  /** The audit that started the transaction, for what follows from another change. */
  causedBy?: AuditRecord | undefined;
  status?: 'SUCCESS' | 'FAILURE';
  /** Default: the service of the entity type. */
  serviceName?: string;
  /** The version that it made, where a log tells that. */
  version?: number;
}

/** A record as kept; times in milliseconds. */
export interface AuditRecord {
  id: string;
  at: number;
  /** Who did it; for what a test adds, perhaps nobody. */
  actor: Partial<Omit<Actor, 'arrival' | 'user'>> & { user?: { id: string; name?: string } };
  entityType: string;
  entity: { id: string; name?: string; selfUri?: string };
  action: string;
  serviceName: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING';
  level: 'USER' | 'SYSTEM' | 'GENESYS_INTERNAL';
  changes: PropertyChange[];
  initiatedBy: { id: string; action: string };
  version?: number;
  /** From when on a query finds it; `Infinity`: never. */
  seenAt: number;
  twice: boolean;
}

/** The organisation's audit log: a record can be seen only after a delay, as in the real service. */
export interface AuditLog {
  record(entry: AuditEntry): AuditRecord;
  /** A record that somebody else made, as it is. */
  add(record: AuditRecord): AuditRecord;
  /** The records that can be seen by now, in the order in which they were made. */
  visible(): AuditRecord[];
  /** All records, also those that nobody can see yet. */
  all(): readonly AuditRecord[];
  /** How records arrive from now on, and how queries behave. */
  options: AuditOptions;
  /** Lets everything arrive that has not, what should never arrive included. */
  arriveNow(): void;
}

/** Parts of an object that are an entity of their own (quirk `audit-parts-own-ids`). */
const parts = ['ActionDraft', 'ConfigurationVersion'];

export function auditLog(now: () => number, quirks: ReadonlySet<Quirk>, first: AuditOptions): AuditLog {
  const records: AuditRecord[] = [];
  let [options, draw] = [first, arrivals(first)];

  function make({ before, after, causedBy, actor, ...entry }: AuditEntry): AuditRecord {
    const id = randomUUID();
    const { arrival, ...who } = actor;
    const drawn = { ...draw(), ...arrival };
    const at = now();
    const action = quirks.has('audit-publish-is-update') && isPublish(entry) ? 'Update' : entry.action;
    const record: AuditRecord = {
      status: 'SUCCESS',
      ...entry,
      ...{ id, at, action, actor: who, level: 'USER' },
      entity: quirks.has('audit-parts-own-ids') && parts.includes(entry.entityType) ? ownId(entry) : entry.entity,
      serviceName: entry.serviceName ?? serviceOf(quirks, entry.entityType),
      changes: propertyChanges(before, after).map(quirks.has('audit-headers-masked') ? masked : withoutSecrets),
      initiatedBy: causedBy ? causedBy.initiatedBy : { id, action },
      seenAt: drawn.never ? Number.POSITIVE_INFINITY : at + drawn.delayMs,
      twice: drawn.twice,
    };
    records.push(record);
    return record;
  }

  return {
    record(entry) {
      const record = make(entry);
      if (quirks.has('audit-extra-records')) {
        make({ ...entry, action: 'Update', before: undefined, after: undefined, causedBy: record });
      }
      return record;
    },
    add(record) {
      records.push(record);
      return record;
    },
    visible() {
      const latest = now();
      return records.filter(({ seenAt }) => seenAt <= latest);
    },
    all: () => records,
    get options() {
      return options;
    },
    set options(next) {
      [options, draw] = [next, arrivals(next)];
    },
    arriveNow() {
      const at = now();
      for (const record of records) record.seenAt = Math.min(record.seenAt, at);
    },
  };
}

const isPublish = ({ entityType, action }: Pick<AuditEntry, 'entityType' | 'action'>): boolean =>
  action === 'Publish' && entityType !== 'Flow';

/** An id that is the same for each record of the same part: its address is. */
function ownId({ entity, entityType }: Pick<AuditEntry, 'entityType' | 'entity'>): AuditEntry['entity'] {
  const hex = createHash('sha256').update(`${entityType} ${entity.selfUri}`).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return { ...entity, id };
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

/** Of a secret the log only says that it is another. */
function masked({ property, ...values }: PropertyChange): PropertyChange {
  const hide = (value: string[]): string[] => value.map(() => '****');
  if (!/(^|\.)(credentialFields|headers)\./.test(property)) return { property, ...values };
  return { property, oldValues: hide(values.oldValues), newValues: hide(values.newValues) };
}

const withoutSecrets = (change: PropertyChange): PropertyChange =>
  change.property.startsWith('credentialFields.') ? masked(change) : change;

function shown(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}
