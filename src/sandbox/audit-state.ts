import { randomUUID } from 'node:crypto';
import type { Arrival, AuditOptions } from './audit-arrival.ts';
import type { AuditRecord, PropertyChange } from './audit-log.ts';
import { serviceOf } from './audit-services.ts';
import { invalid } from './errors.ts';
import type { UserRecord } from './records.ts';
import type { World } from './world.ts';

/** A record that somebody else made; what is left out is as the log fills it. */
export interface AuditSeed {
  id?: string;
  /** ISO 8601 by the sandbox's clock; default now. */
  at?: string;
  /** Default: the service of the entity type. */
  serviceName?: string;
  entityType: string;
  action: string;
  entity: { id: string; name?: string; selfUri?: string };
  /** Nobody's client where it is left out; it need not be known. */
  client?: { id: string };
  user?: { id: string; name?: string };
  remoteIp?: string;
  status?: AuditRecord['status'];
  level?: AuditRecord['level'];
  changes?: { property: string; oldValues?: string[]; newValues?: string[] }[];
  /** Id of the record that began the transaction; default its own. */
  transactionId?: string;
  /** Default: it can be seen at once. */
  arrival?: Arrival;
}

/** Direct access to the audit log, for tests, and to who is named in it. */
export interface AuditState {
  /** What a query could find by now, in the order in which it was made. */
  audits(): AuditRecord[];
  /** Also what cannot be seen yet, or never. */
  allAudits(): readonly AuditRecord[];
  /** Adds a record that somebody else made. */
  addAudit(audit: AuditSeed): AuditRecord;
  /** How records arrive from now on, and how queries behave; what is left out has its default. */
  arriveAudits(options: AuditOptions): void;
  /** Lets all records arrive now that have not arrived, what should never arrive included. */
  releaseAudits(): void;
  /** Puts the sandbox's clock so far ahead of the one that it was given; its `Date` and its records follow. */
  skewClock(ms: number): void;
  addUser(user: { id?: string; name: string }): UserRecord;
  /** @throws ApiError 400 on an unknown one */
  deleteUser(id: string): void;
  /** Deletes an OAuth client: its tokens are worth nothing, and nobody can look up its name. */
  deleteClient(id: string): void;
}

export function auditStateOf(world: World): AuditState {
  const { audit } = world;
  return {
    audits: () => audit.visible(),
    allAudits: () => audit.all(),
    addAudit: (seed) => audit.add(recordOf(world, seed)),
    arriveAudits: (options) => {
      audit.options = options;
    },
    releaseAudits: () => audit.arriveNow(),
    skewClock: (ms) => {
      world.clockSkewMs = ms;
    },
    addUser({ id = randomUUID(), name }) {
      const user = { id, name };
      world.users.set(id, user);
      return user;
    },
    deleteUser(id) {
      const user = world.users.get(id);
      if (!user) throw invalid(`There is no user ${id}`, 'user');
      world.users.set(id, { ...user, deleted: true });
    },
    deleteClient: (id) => void world.clients.delete(id),
  };
}

function recordOf(world: World, { client, user, remoteIp, at, transactionId, ...seed }: AuditSeed): AuditRecord {
  const { id = randomUUID(), action, changes = [], arrival = {} } = seed;
  const time = at === undefined ? world.now() : Date.parse(at);
  if (Number.isNaN(time)) throw invalid(`"${at}" is no date`, 'at');
  const whole = (change: NonNullable<AuditSeed['changes']>[number]): PropertyChange => {
    return { oldValues: [], newValues: [], ...change };
  };
  return {
    ...{ id, at: time, action, entityType: seed.entityType, entity: seed.entity },
    actor: { ...(client && { clientId: client.id }), ...(user && { user }), ...(remoteIp && { remoteIp }) },
    serviceName: seed.serviceName ?? serviceOf(world.quirks, seed.entityType),
    ...{ status: seed.status ?? 'SUCCESS', level: seed.level ?? 'USER' },
    changes: changes.map(whole),
    initiatedBy: { id: transactionId ?? id, action },
    seenAt: arrival.never ? Number.POSITIVE_INFINITY : world.now() + (arrival.delayMs ?? 0),
    twice: arrival.twice ?? false,
  };
}
