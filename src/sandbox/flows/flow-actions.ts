import { randomUUID } from 'node:crypto';
import type { Actor } from '../audit-log.ts';
import { ApiError } from '../errors.ts';
import type { World } from '../world.ts';
import { checkFlow } from './check-flow.ts';
import type { FlowOperation, FlowRecord } from './flow-records.ts';
import {
  asPublished,
  auditFlow,
  findFlow,
  findVersion,
  flowActor,
  lockedAgainst,
  refuseBusy,
  versionOf,
} from './flows.ts';

/** Locks a flow for its caller. */
export function checkoutFlow(world: World, id: string, actor: Actor): FlowRecord {
  const before = findFlow(world, id);
  refuseBusy(before);
  if (lockedAgainst(before, flowActor(actor))) throw new ApiError('architect.flow.locked.by.user');
  const after = { ...before, lockedBy: flowActor(actor) };
  world.flows.put(id, after);
  auditFlow(world, actor, 'Checkout', after, before);
  return after;
}

/**
 * Makes what was saved the checked-in version, and gives the lock back; after a while. Who may unlock checks in what
 * somebody else has open: that is why the published operation asks for either permission, and declares no conflict.
 */
export function checkinFlow(world: World, id: string, actor: Actor, mayUnlock: boolean): FlowOperation {
  const before = mayUnlock ? findFlow(world, id) : openFlow(world, id, actor);
  refuseBusy(before);
  if (before.saved === undefined) throw new ApiError('architect.flow.cannot.checkin.missing.config');
  return operate(world, before, 'CHECKIN', actor, (flow) => checkedIn(flow));
}

/** Makes a version live: the one that is named, else the newest; after a while. */
export function publishFlow(world: World, id: string, versionId: string | undefined, actor: Actor): FlowOperation {
  const before = openFlow(world, id, actor);
  if (versionId !== undefined) findVersion(before, versionId);
  const version = versionOf(before, versionId ?? before.saved);
  if (!version) throw new ApiError('architect.flow.data.missing');
  const { messages, missing } = checkFlow(world, { type: before.type, name: before.name, tree: version.tree });
  if (missing.length > 0 || messages.some(({ type }) => type === 'Error')) {
    throw new ApiError('architect.flow.cannot.publish.missing.dependencies');
  }
  return operate(world, before, 'PUBLISH', actor, (flow) => {
    const whole = versionId === undefined ? checkedIn(flow) : flow;
    return asPublished(whole, versionId ?? whole.checkedIn!, flowActor(actor), world.now());
  });
}

/** Throws away what was saved and never checked in, and gives the lock back. */
export function revertFlow(world: World, id: string, actor: Actor): FlowRecord {
  const before = findFlow(world, id);
  refuseBusy(before);
  if (before.lockedBy === undefined || lockedAgainst(before, flowActor(actor))) {
    throw new ApiError('architect.flow.not.locked.by.user');
  }
  const { lockedBy: _lock, saved: _saved, ...rest } = before;
  const versions = rest.versions.filter(({ type }) => type !== 'SAVE');
  const after = { ...rest, versions, ...(rest.checkedIn !== undefined && { saved: rest.checkedIn }) };
  world.flows.put(id, after);
  auditFlow(world, actor, 'Revert', after, before);
  return after;
}

/** Takes a lock away, whoever holds it. A draft that was saved is kept, as a version that is checked in. */
export function unlockFlow(world: World, id: string, actor: Actor): FlowRecord {
  const before = findFlow(world, id);
  refuseBusy(before);
  const hasDraft = before.saved !== undefined && before.saved !== before.checkedIn;
  if (hasDraft && world.quirks.has('flow-unlock-refuses-drafts')) throw new ApiError('request.conflict');
  const { lockedBy: _lock, ...after } = checkedIn(before);
  world.flows.put(id, after);
  if (before.lockedBy) auditFlow(world, actor, 'Update', after, before);
  return after;
}

/** Takes a flow out of service; what was published stays. */
export function deactivateFlow(world: World, id: string, actor: Actor): FlowRecord {
  const before = findFlow(world, id);
  refuseBusy(before);
  const after = { ...before, active: false };
  world.flows.put(id, after);
  auditFlow(world, actor, 'Deactivate', after, before);
  return after;
}

/** @throws ApiError 409 when somebody else has it, or something goes on */
function openFlow(world: World, id: string, actor: Actor): FlowRecord {
  const flow = findFlow(world, id);
  refuseBusy(flow);
  if (lockedAgainst(flow, flowActor(actor))) throw new ApiError('architect.flow.locked.by.user');
  return flow;
}

/** The flow with its saved draft checked in, as the next whole version. */
function checkedIn(flow: FlowRecord): FlowRecord {
  const draft = versionOf(flow, flow.saved);
  if (draft?.type !== 'SAVE') return flow;
  const id = `${Number(draft.id.split('.')[0]) + 1}.0`;
  const versions = flow.versions.map((one) => (one.id === draft.id ? { ...one, id, type: 'CHECKIN' as const } : one));
  return { ...flow, versions, saved: id, checkedIn: id };
}

function operate(
  world: World,
  flow: FlowRecord,
  action: 'CHECKIN' | 'PUBLISH',
  actor: Actor,
  change: (flow: FlowRecord) => FlowRecord,
): FlowOperation {
  const operation: FlowOperation = { id: randomUUID(), action, status: 'STARTED', by: flowActor(actor) };
  world.flows.put(flow.id, { ...flow, operation });
  world.later(world.jobMs, () => {
    const before = world.flows.get(flow.id)!;
    const { lockedBy: _lock, ...after } = change(before);
    world.flows.put(flow.id, { ...after, operation: { ...operation, status: 'SUCCESS' } });
    auditFlow(world, actor, action === 'PUBLISH' ? 'Publish' : 'Checkin', after, before);
  });
  return operation;
}
