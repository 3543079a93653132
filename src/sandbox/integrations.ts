import { randomUUID } from 'node:crypto';
import { deleteAction, deleteDraft } from './actions.ts';
import type { Actor, AuditRecord } from './audit-log.ts';
import type { Lag } from './collection.ts';
import { ApiError, invalid, notFound } from './errors.ts';
import { findType } from './integration-types.ts';
import type { JsonObject } from './json.ts';
import type { ActionRecord, IntegrationRecord } from './records.ts';
import { assertVersion, nextVersion } from './versions.ts';
import type { World } from './world.ts';

/** `IntegrationConfiguration` as it is sent. */
export interface IntegrationConfigInput {
  version: number;
  name: string;
  properties: JsonObject;
  advanced: JsonObject;
  notes: string;
  credentials: Record<string, { id?: string }>;
}

/** @throws ApiError 404 */
export function findIntegration(world: World, id: string, lag?: Lag): IntegrationRecord {
  const integration = world.integrations.get(id, lag);
  if (!integration) throw notFound();
  return integration;
}

/** Installs an integration; it begins disabled. */
export function createIntegration(
  world: World,
  input: { name: string; typeId: string },
  actor: Actor,
): IntegrationRecord {
  const type = findType(input.typeId);
  if (!type) throw invalid(`Integration type ${input.typeId} does not exist`, 'integrationType.id');
  const siblings = world.integrations.list().filter((other) => other.typeId === type.id);
  if (type.maxInstances !== undefined && siblings.length >= type.maxInstances) {
    throw new ApiError('max.integrations.reached');
  }
  const integration: IntegrationRecord = {
    id: randomUUID(),
    name: input.name,
    typeId: type.id,
    intendedState: 'DISABLED',
    stateChangedAt: world.now(),
    config: { version: 1, properties: {}, advanced: {}, notes: '', credentials: {} },
  };
  world.integrations.put(integration.id, integration);
  audit(world, 'Create', actor, undefined, integration);
  return integration;
}

/** Enables, disables or deletes an integration (`PATCH`); everything else in it is read-only there. */
export function setIntendedState(
  world: World,
  id: string,
  intendedState: IntegrationRecord['intendedState'],
  actor: Actor,
): IntegrationRecord {
  if (intendedState === 'DELETED') return deleteIntegration(world, id, actor);
  const before = findIntegration(world, id);
  const state = intendedState === 'RESTORED' ? 'DISABLED' : intendedState;
  if (state === before.intendedState) return before;
  const after: IntegrationRecord = { ...before, intendedState: state, stateChangedAt: world.now() };
  world.integrations.put(id, after);
  audit(world, 'Update', actor, before, after);
  return after;
}

/** Deletes an integration with all its actions and drafts. */
export function deleteIntegration(world: World, id: string, actor: Actor): IntegrationRecord {
  const before = findIntegration(world, id);
  world.integrations.delete(id);
  const record = audit(world, 'Delete', actor, before, undefined);
  for (const action of world.actions.list()) {
    if (action.integrationId === id) deleteAction(world, action.id, actor, record);
  }
  for (const draft of world.drafts.list()) {
    if (draft.integrationId === id) deleteDraft(world, draft.id, actor, record);
  }
  return { ...before, intendedState: 'DELETED', stateChangedAt: world.now() };
}

/** Replaces the configuration, under its own version lock. */
export function putConfiguration(
  world: World,
  id: string,
  input: IntegrationConfigInput,
  actor: Actor,
): IntegrationRecord {
  const before = findIntegration(world, id);
  assertVersion(world, input.version, before.config.version, 'configuration');
  const credentials = readCredentials(world, before, input.credentials);
  const { properties, advanced, notes } = input;
  const config = { version: before.config.version, properties, advanced, notes, credentials };
  const renamed = { ...before.config, name: before.name };
  const version = nextVersion(world, renamed, { ...config, name: input.name });
  const after: IntegrationRecord = { ...before, name: input.name, config: { ...config, version } };
  world.integrations.put(id, after);
  const record = audit(world, 'Update', actor, before, after);
  makeAuthAction(world, after, record);
  return after;
}

/** The code that `reportedState` shows; UNCONFIRMED how long a change takes (quirk `integration-activates-late`). */
export function reportedState(world: World, integration: IntegrationRecord): string {
  const on = integration.intendedState === 'ENABLED';
  const busy = world.quirks.has('integration-activates-late') && world.now() - integration.stateChangedAt < 5000;
  return busy ? (on ? 'ACTIVATING' : 'DEACTIVATING') : on ? 'ACTIVE' : 'INACTIVE';
}

function readCredentials(
  world: World,
  { typeId }: IntegrationRecord,
  sent: Record<string, { id?: string }>,
): Record<string, string> {
  const slots = findType(typeId)?.credentials ?? {};
  return Object.fromEntries(
    Object.entries(sent).map(([slot, { id }]) => {
      const field = `credentials.${slot}`;
      const credential = id === undefined ? undefined : world.credentials.get(id);
      if (!credential) throw invalid(`Credential ${id} does not exist`, field);
      if (!slots[slot]) throw invalid(`Integrations of this type take no credential "${slot}"`, field);
      if (!slots[slot].credentialTypes.includes(credential.typeId)) {
        throw invalid(`Credential type ${credential.typeId} is not accepted for "${slot}"`, field);
      }
      return [slot, credential.id];
    }),
  );
}

/** Web services integrations with a user-defined OAuth credential have an authentication action of their own. */
function makeAuthAction(world: World, integration: IntegrationRecord, causedBy: AuditRecord): void {
  const types = Object.values(integration.config.credentials).map((id) => world.credentials.get(id)?.typeId);
  const id = `customAuth_-_${integration.id}`;
  if (integration.typeId !== 'custom-rest-actions' || !types.includes('userDefinedOAuth') || world.actions.get(id))
    return;
  const action = world.actions.put(id, authAction(id, integration));
  const entity = { id, name: action.name, selfUri: `/api/v2/integrations/actions/${id}` };
  const { actor } = causedBy as { actor: Actor };
  world.audit.record({ actor, action: 'Create', entityType: 'Action', entity, after: action, causedBy });
}

/** A custom authentication action as an integration makes it. */
export function authAction(id: string, integration: Pick<IntegrationRecord, 'id' | 'name'>): ActionRecord {
  return {
    id,
    name: `${integration.name} Custom Auth`,
    integrationId: integration.id,
    category: integration.name,
    version: 1,
    secure: false,
    auth: true,
    config: {
      request: {
        requestUrlTemplate: '${credentials.loginUrl}',
        requestTemplate: 'grant_type=client_credentials',
        requestType: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      },
      response: { translationMap: {}, translationMapDefaults: {}, successTemplate: '${rawResult}' },
    },
    contract: {
      input: { inputSchema: { type: 'object', properties: {} } },
      output: { successSchema: { type: 'object', properties: { access_token: { type: 'string' } } } },
    },
  };
}

function audit(
  world: World,
  action: 'Create' | 'Update' | 'Delete',
  actor: Actor,
  before: IntegrationRecord | undefined,
  after: IntegrationRecord | undefined,
) {
  const { id, name } = (after ?? before) as IntegrationRecord;
  const selfUri = `/api/v2/integrations/${id}`;
  const entity = { id, name, selfUri };
  return world.audit.record({
    actor,
    action,
    entityType: 'Integration',
    entity,
    before: seen(before),
    after: seen(after),
  });
}

/** What the audit log shows of an integration: the clock is no property. */
function seen(integration: IntegrationRecord | undefined): unknown {
  if (!integration) return undefined;
  const { stateChangedAt: _clock, ...rest } = integration;
  return rest;
}
