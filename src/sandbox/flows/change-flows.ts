import { randomUUID } from 'node:crypto';
import type { Actor } from '../audit-log.ts';
import { ApiError, type ErrorCode } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { checkedName } from './flow-naming.ts';
import type { FlowOperation, FlowRecord } from './flow-records.ts';
import { typeOfApi } from './flow-types.ts';
import { flowsUsing } from './flow-uses.ts';
import { auditFlow, findFlow, flowActor, flowNamed, lockedAgainst, newFlow, refuseBusy } from './flows.ts';

/** Makes a flow that is empty: it has no version, and its maker has it locked. */
export function createFlow(world: World, body: JsonObject, actor: Actor): FlowRecord {
  const name = checkedName(body['name']);
  if (typeof body['type'] !== 'string') throw new ApiError('architect.flow.validate.failed.missing.type');
  const type = typeOfApi(body['type']);
  if (!type) throw new ApiError('architect.invalid.flow.type');
  refuseTaken(world, { type, name });
  const { description = '' } = body as { description?: string };
  const divisionId = divisionOf(world, body);
  const flow = newFlow(world, {
    type,
    name,
    description,
    ...(divisionId && { divisionId }),
    lockedBy: flowActor(actor),
  });
  world.flows.put(flow.id, flow);
  auditFlow(world, actor, 'Create', flow);
  return flow;
}

/** Name, description and division; at once, and without a version. */
export function updateFlow(world: World, id: string, body: JsonObject, actor: Actor): FlowRecord {
  const before = findFlow(world, id);
  const by = flowActor(actor);
  const mustLock = world.quirks.has('flow-put-needs-lock') && before.lockedBy === undefined;
  if (lockedAgainst(before, by) || mustLock) throw new ApiError('architect.flow.not.locked.by.user');
  const name = checkedName(body['name']);
  if (name !== before.name) refuseTaken(world, { type: before.type, name });
  const { description = before.description } = body as { description?: string };
  const after = { ...before, name, description, divisionId: divisionOf(world, body) ?? before.divisionId };
  world.flows.put(id, after);
  auditFlow(world, actor, 'Update', after, before);
  return after;
}

/** Deletes a flow that nobody else has locked and that no flow uses. It can still be read with `deleted=true`. */
export function deleteFlow(world: World, id: string, actor: Actor): void {
  const before = findFlow(world, id);
  refuseBusy(before);
  const refused = deletable(world, before, actor);
  if (refused) throw new ApiError(refused);
  markDeleted(world, before, actor);
}

/** Deletes many, after a while; all or none. */
export function deleteFlows(world: World, ids: string[], actor: Actor): FlowOperation {
  if (ids.length === 0) throw new ApiError('architect.query.parameter.missing', { parameter: 'id' });
  if (ids.length > 100) throw new ApiError('architect.batch.too.large');
  const flows = [...new Set(ids)].map((id) => findFlow(world, id));
  for (const flow of flows) refuseBusy(flow);
  if (flows.some((flow) => deletable(world, flow, actor, ids))) throw new ApiError('architect.batch.delete.failed');
  const operation: FlowOperation = { id: randomUUID(), action: 'DELETE', status: 'STARTED', by: flowActor(actor) };
  for (const flow of flows) world.flows.put(flow.id, { ...flow, operation });
  world.later(world.jobMs, () => {
    for (const { id } of flows) {
      const flow = world.flows.get(id)!;
      markDeleted(world, { ...flow, operation: { ...operation, status: 'SUCCESS' } }, actor);
    }
  });
  return operation;
}

function deletable(world: World, flow: FlowRecord, actor: Actor, together: string[] = []): ErrorCode | undefined {
  if (lockedAgainst(flow, flowActor(actor))) return 'architect.flow.cannot.delete.user.does.not.have.lock';
  const used = flowsUsing(world, flow.id).some(({ id }) => !together.includes(id));
  return used ? 'architect.flow.cannot.delete.used.in.flows' : undefined;
}

function markDeleted(world: World, before: FlowRecord, actor: Actor): void {
  const { lockedBy: _lock, ...rest } = before;
  const after = { ...rest, deleted: true, active: false };
  world.flows.put(after.id, after);
  auditFlow(world, actor, 'Delete', after, before);
}

function refuseTaken(world: World, { type, name }: Pick<FlowRecord, 'type' | 'name'>): void {
  if (flowNamed(world, type, name)) throw new ApiError('architect.flow.already.exists');
}

function divisionOf(world: World, { division }: JsonObject): string | undefined {
  const id = isObject(division) ? division['id'] : undefined;
  if (typeof id !== 'string') return undefined;
  if (!world.divisions.get(id)) throw new ApiError('architect.division.invalid');
  return id;
}
