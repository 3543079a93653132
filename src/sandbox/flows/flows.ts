import { randomUUID } from 'node:crypto';
import type { Actor, AuditEntry, AuditRecord } from '../audit-log.ts';
import type { Lag } from '../collection.ts';
import { ApiError } from '../errors.ts';
import type { World } from '../world.ts';
import type { FlowActor, FlowRecord, FlowVersionRecord } from './flow-records.ts';
import type { FlowType } from './flow-types.ts';

/** A flow that can be read. @throws ApiError 404, or 410 for a deleted one unless `deleted` */
export function findFlow(world: World, id: string, { deleted = false, lag }: { deleted?: boolean; lag?: Lag } = {}) {
  const flow = world.flows.get(id, lag);
  if (!flow) throw new ApiError('architect.flow.not.found');
  if (flow.deleted && !deleted) throw new ApiError('architect.flow.deleted');
  return flow;
}

/** @throws ApiError 404 */
export function findVersion(flow: FlowRecord, id: string): FlowVersionRecord {
  const version = flow.versions.find((one) => one.id === id);
  if (!version) throw new ApiError('architect.flow.version.missing');
  return version;
}

export const versionOf = (flow: FlowRecord, id: string | undefined): FlowVersionRecord | undefined =>
  flow.versions.find((version) => version.id === id);

/** The living flow of a type and a name. Names are compared exactly. */
export function flowNamed(world: World, type: FlowType, name: string): FlowRecord | undefined {
  return world.flows.list().find((flow) => !flow.deleted && flow.type === type && flow.name === name);
}

/** A client that stands for a person acts as that person. */
export function flowActor({ user, clientId }: Actor): FlowActor {
  return user ? { user } : { client: { id: clientId } };
}

export const sameActor = (a: FlowActor, b: FlowActor): boolean => actorId(a) === actorId(b);
export const actorId = (actor: FlowActor): string => ('user' in actor ? actor.user.id : actor.client.id);
export const actorName = (actor: FlowActor): string => ('user' in actor ? actor.user.name : actor.client.id);

/** True when somebody else has the flow open. */
export const lockedAgainst = (flow: FlowRecord, by: FlowActor): boolean =>
  flow.lockedBy !== undefined && !sameActor(flow.lockedBy, by);

/** @throws ApiError 409 when an operation on the flow has not ended */
export function refuseBusy(flow: FlowRecord): void {
  if (flow.operation?.status === 'STARTED') throw new ApiError('architect.operation.already.in.progress');
}

/** A flow without any version. */
export function newFlow(world: World, made: Pick<FlowRecord, 'type' | 'name'> & Partial<FlowRecord>): FlowRecord {
  const home = world.divisions.list().find((division) => division.home);
  return {
    id: randomUUID(),
    description: '',
    divisionId: home?.id ?? '',
    active: true,
    deleted: false,
    versions: [],
    ...made,
  };
}

/** What becomes of a flow when it gets a version: published, checked in, or only saved. */
export function withVersion(
  world: World,
  flow: FlowRecord,
  content: Pick<FlowVersionRecord, 'tree' | 'calls' | 'flows' | 'schedules' | 'createdBy'>,
  type: FlowVersionRecord['type'],
): FlowRecord {
  const at = world.now();
  const version: FlowVersionRecord = { ...content, id: nextId(flow, type), type, commit: randomUUID(), at };
  const { saved: _saved, ...rest } = flow;
  const kept = { ...rest, versions: [...flow.versions, version] };
  if (type === 'SAVE') return { ...kept, saved: version.id };
  if (type === 'CHECKIN') return { ...kept, saved: version.id, checkedIn: version.id };
  return asPublished(kept, version.id, content.createdBy, at);
}

/** The flow with this version live, and the one before no longer. */
export function asPublished(flow: FlowRecord, id: string, by: FlowActor, at: number): FlowRecord {
  const versions = flow.versions.map((version): FlowVersionRecord => {
    if (version.id === id) return { ...version, type: 'PUBLISH', publishedAt: at };
    return version.id === flow.published ? { ...version, publishedUntil: at } : version;
  });
  return { ...flow, versions, published: id, checkedIn: id, saved: id, publishedBy: by, active: true };
}

/** Whole numbers are checked in or published; what is saved counts behind the point. */
function nextId({ versions }: FlowRecord, type: FlowVersionRecord['type']): string {
  const [major = 0, minor = 0] = (versions.at(-1)?.id ?? '0.0').split('.').map(Number);
  return type === 'SAVE' ? `${major}.${minor + 1}` : `${major + 1}.0`;
}

/** Tells the audit log of a change of a flow. */
export function auditFlow(
  world: World,
  actor: Actor,
  action: AuditEntry['action'],
  after: FlowRecord,
  before?: FlowRecord,
  causedBy?: AuditRecord,
): AuditRecord {
  const entity = { id: after.id, name: after.name, selfUri: `/api/v2/flows/${after.id}` };
  const change = { before: before && told(before), after: told(after) };
  return world.audit.record({ actor, action, entityType: 'Flow', entity, ...change, causedBy });
}

/** Tells it of a text that was published: as one step, or (quirk `audit-flow-steps`) as each of those that lead to it. */
export function auditPublished(
  world: World,
  actor: Actor,
  after: FlowRecord,
  before: FlowRecord,
  causedBy?: AuditRecord,
): void {
  let first = causedBy;
  if (world.quirks.has('audit-flow-steps')) {
    for (const step of ['Checkout', 'Save', 'Checkin'] as const) {
      const record = auditFlow(world, actor, step, before, before, first);
      first ??= record;
    }
  }
  auditFlow(world, actor, 'Publish', after, before, first);
}

/** What the audit log compares: the flow without the content of its versions. */
function told({ name, description, divisionId, active, deleted, published, checkedIn, saved, lockedBy }: FlowRecord) {
  const version = { publishedVersion: published, checkedInVersion: checkedIn, savedVersion: saved };
  return {
    name,
    description,
    division: divisionId,
    active,
    deleted,
    ...version,
    locked: lockedBy && actorName(lockedBy),
  };
}
