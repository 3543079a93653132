import { randomUUID } from 'node:crypto';
import { problemsOf, storeConfig } from './action-config.ts';
import type { Actor, AuditEntry, AuditRecord } from './audit-log.ts';
import type { Lag } from './collection.ts';
import { consumersOf } from './consumers.ts';
import { storeContract } from './contract-schemas.ts';
import { ApiError, invalid, notFound } from './errors.ts';
import type { ActionConfig, ActionContractInput, ActionRecord } from './records.ts';
import { assertVersion, nextVersion } from './versions.ts';
import type { World } from './world.ts';

/** `PostActionInput`. */
export interface ActionInput {
  name: string;
  category: string;
  integrationId: string;
  config: ActionConfig;
  contract: ActionContractInput;
  secure?: boolean;
}

/** `UpdateActionInput` and `UpdateDraftInput` alike; `contract` and `secure` reach drafts only. */
export interface ActionPatch {
  version: number;
  name?: string;
  category?: string;
  config?: ActionConfig;
  contract?: ActionContractInput;
  secure?: boolean;
}

/** @throws ApiError 404 */
export function findAction(world: World, id: string, lag?: Lag): ActionRecord {
  const action = world.actions.get(id, lag);
  if (!action) throw notFound();
  return action;
}

/** @throws ApiError 404 */
export function findDraft(world: World, id: string, lag?: Lag): ActionRecord {
  const draft = world.drafts.get(id, lag);
  if (!draft) throw notFound();
  return draft;
}

/** Creates an action that is published at once. */
export function createAction(world: World, input: ActionInput, actor: Actor): ActionRecord {
  if (typeOf(world, input) === 'function-data-actions') {
    throw invalid('Function integration actions must be created as drafts', 'integrationId');
  }
  const action = newAction(world, input);
  refuseProblems(world, action);
  world.actions.put(action.id, action);
  audit(world, 'Action', { actor, action: 'Create', after: action });
  return action;
}

/** Creates an action that exists only as a draft; publishing keeps its id. */
export function createDraft(world: World, input: ActionInput, actor: Actor): ActionRecord {
  const draft = newAction(world, input);
  world.drafts.put(draft.id, draft);
  audit(world, 'ActionDraft', { actor, action: 'Create', after: draft });
  return draft;
}

/** Changes the published action, at once and without a draft. */
export function patchAction(world: World, id: string, patch: ActionPatch, actor: Actor): ActionRecord {
  const before = findAction(world, id);
  refuseStatic(id);
  assertVersion(world, patch.version, before.version, 'action');
  const after = patched(world, before, patch);
  refuseProblems(world, after);
  world.actions.put(id, after);
  audit(world, 'Action', { actor, action: 'Update', before, after });
  return after;
}

/** Deletes the action and its draft. */
export function deleteAction(world: World, id: string, actor: Actor, causedBy?: AuditRecord): void {
  const before = findAction(world, id);
  if (!causedBy) {
    refuseStatic(id);
    refuseUsed(world, id);
  }
  world.actions.delete(id);
  world.drafts.delete(id);
  audit(world, 'Action', { actor, action: 'Delete', before, ...(causedBy && { causedBy }) });
}

/** Makes a draft from the published action. At most one draft exists for each action. */
export function copyToDraft(world: World, id: string, actor: Actor): ActionRecord {
  const action = findAction(world, id);
  refuseStatic(id);
  if (world.drafts.get(id)) {
    const refused = world.quirks.has('draft-exists-400') ? 'bad.request' : 'request.conflict';
    throw new ApiError(refused, {}, { message: 'A draft already exists for this action.' });
  }
  const draft = { ...action, version: 1 };
  world.drafts.put(id, draft);
  audit(world, 'ActionDraft', { actor, action: 'Create', after: draft });
  return draft;
}

/** Changes a draft, which may be invalid until it is published. */
export function patchDraft(world: World, id: string, patch: ActionPatch, actor: Actor): ActionRecord {
  const before = findDraft(world, id);
  assertVersion(world, patch.version, before.version, 'action');
  const after = patched(world, before, patch);
  world.drafts.put(id, after);
  audit(world, 'ActionDraft', { actor, action: 'Update', before, after });
  return after;
}

export function deleteDraft(world: World, id: string, actor: Actor, causedBy?: AuditRecord): void {
  const before = findDraft(world, id);
  world.drafts.delete(id);
  audit(world, 'ActionDraft', { actor, action: 'Delete', before, ...(causedBy && { causedBy }) });
}

/** What `draft/validation` finds. */
export function validateDraft(world: World, draft: ActionRecord): ApiError[] {
  return problemsOf(draft, typeOf(world, draft));
}

/** Makes the draft the live action; published versions count on, whatever the draft's version is. */
export function publishDraft(world: World, id: string, version: number, actor: Actor): ActionRecord {
  const draft = findDraft(world, id);
  assertVersion(world, version, draft.version, 'action');
  if (typeOf(world, draft) === 'function-data-actions') throw invalid('The draft has no function package');
  refuseProblems(world, draft);
  const before = world.actions.get(id);
  const after = { ...draft, version: (before?.version ?? 0) + 1 };
  world.actions.put(id, after);
  if (world.quirks.has('publish-keeps-draft')) world.drafts.put(id, draft);
  else world.drafts.delete(id);
  audit(world, 'Action', { actor, action: 'Publish', before, after });
  return after;
}

function newAction(world: World, input: ActionInput): ActionRecord {
  refuseDuplicate(world, input);
  return {
    id: `custom_-_${randomUUID()}`,
    name: input.name,
    integrationId: input.integrationId,
    category: input.category,
    version: 1,
    secure: input.secure ?? false,
    config: storeConfig(input.config, world.quirks),
    contract: storeContract(input.contract, world.quirks),
  };
}

function patched(world: World, before: ActionRecord, patch: ActionPatch): ActionRecord {
  if (patch.name !== undefined && patch.name !== before.name) refuseDuplicate(world, { ...before, name: patch.name });
  const after: ActionRecord = {
    ...before,
    name: patch.name ?? before.name,
    category: patch.category ?? before.category,
    secure: patch.secure ?? before.secure,
    config: patch.config ? storeConfig(patch.config, world.quirks, before.config) : before.config,
    contract: patch.contract ? storeContract(patch.contract, world.quirks) : before.contract,
  };
  return { ...after, version: nextVersion(world, before, after) };
}

/** @throws ApiError 400 when the action's integration does not exist */
function typeOf(world: World, { integrationId }: { integrationId: string }): string {
  const integration = world.integrations.get(integrationId);
  if (!integration) throw invalid(`Integration ${integrationId} does not exist`, 'integrationId');
  return integration.typeId;
}

function refuseProblems(world: World, action: ActionRecord): void {
  const problems = problemsOf(action, typeOf(world, action));
  const [first] = problems;
  if (!first) return;
  const details = problems.flatMap((problem) => problem.extra.details ?? []);
  throw new ApiError(first.kind, first.params, { details, errors: problems.slice(1) });
}

function refuseStatic(id: string): void {
  if (id.startsWith('static')) throw new ApiError('bad.request', {}, { message: 'Static actions cannot be changed.' });
}

function refuseUsed(world: World, id: string): void {
  if (!world.quirks.has('delete-in-use-refused')) return;
  if (consumersOf(world, id).length > 0) throw new ApiError('request.conflict');
}

function refuseDuplicate(world: World, { name, integrationId }: { name: string; integrationId: string }): void {
  typeOf(world, { integrationId });
  if (!world.quirks.has('duplicate-names-refused')) return;
  const others = [...world.actions.list(), ...world.drafts.list()];
  if (others.some((other) => other.name === name && other.integrationId === integrationId)) {
    throw new ApiError('request.conflict');
  }
}

type Recorded = Pick<AuditEntry, 'actor' | 'action' | 'causedBy'> & {
  before?: ActionRecord | undefined;
  after?: ActionRecord;
};

function audit(world: World, entityType: 'Action' | 'ActionDraft', { before, after, ...entry }: Recorded): void {
  const { id, name } = (after ?? before) as ActionRecord;
  const selfUri = `/api/v2/integrations/actions/${id}${entityType === 'ActionDraft' ? '/draft' : ''}`;
  world.audit.record({ ...entry, entityType, entity: { id, name, selfUri }, before, after });
}
