import { randomUUID } from 'node:crypto';
import type { Actor, AuditAction } from '../audit-log.ts';
import type { Lag } from '../collection.ts';
import { ApiError, notFound } from '../errors.ts';
import { compact, type JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { activate, stamp } from './activation.ts';
import { checkDeployment } from './check-deployment.ts';
import type { Write } from './configurations.ts';
import { laidUnder } from './web-defaults.ts';
import type { ActivationFate, VersionRef, WebDeploymentRecord } from './web-records.ts';

export const deploymentsPath = '/api/v2/webdeployments/deployments';

/** `WebDeployment` as a body holds it; null clears where a PUT merges. */
export interface DeploymentInput {
  name: string;
  description?: string;
  allowAllDomains?: boolean;
  allowedDomains?: string[];
  supportedContent?: { id: string };
  flow?: { id: string };
  status?: string;
  pushIntegrations?: JsonObject[];
  configuration: VersionRef;
}

/** @throws ApiError 404 */
export function findDeployment(world: World, id: string, lag?: Lag): WebDeploymentRecord {
  const found = world.webDeployments.get(id, lag);
  if (!found) throw notFound();
  return found;
}

/** Creates a deployment, which serves nothing until it is active. @throws ApiError 400, 404 */
export function createDeployment(world: World, body: JsonObject, { actor, fate }: Write): WebDeploymentRecord {
  const input = laidUnder(body) as unknown as DeploymentInput;
  refuseTaken(world, input.name);
  checkDeployment(world, input);
  const at = stamp(world);
  const after: WebDeploymentRecord = {
    ...written(input),
    ...{ id: randomUUID(), status: 'Pending', intended: intended(input) ?? 'Active', activations: 1 },
    ...{ createdAt: at, modifiedAt: at, modifiedBy: actor.user?.id },
  };
  world.webDeployments.put(after.id, after);
  auditDeployment(world, actor, 'Create', { after });
  activateDeployment(world, after, fate);
  return after;
}

/** Writes a deployment whole (quirk `web-put-merged`: over what it is). Its status stays where it is left out. */
export function putDeployment(world: World, id: string, body: JsonObject, { actor, fate }: Write): WebDeploymentRecord {
  const before = findDeployment(world, id);
  const base = world.quirks.has('web-put-merged') ? inputOf(before) : {};
  const input = laidUnder(base, body) as unknown as DeploymentInput;
  if (input.name !== before.name) refuseTaken(world, input.name);
  checkDeployment(world, input);
  const { served } = before;
  const moved: WebDeploymentRecord = {
    ...written(input),
    ...{ id, status: before.status, intended: intended(input) ?? before.intended, activations: before.activations },
    ...{ createdAt: before.createdAt, modifiedAt: stamp(world, before.modifiedAt), modifiedBy: actor.user?.id },
    ...(served && { served }),
  };
  const changed = !same(moved.configuration, before.configuration) || moved.intended !== before.intended;
  const starts = changed || before.status === 'Error';
  const after: WebDeploymentRecord = starts
    ? { ...moved, status: 'Pending', activations: before.activations + 1 }
    : moved;
  world.webDeployments.put(id, after);
  auditDeployment(world, actor, 'Update', { before, after });
  if (starts) activateDeployment(world, after, fate);
  return after;
}

export function deleteDeployment(world: World, id: string, actor: Actor): void {
  const before = findDeployment(world, id);
  auditDeployment(world, actor, 'Delete', { before });
  if (!world.quirks.has('web-delete-late')) world.webDeployments.delete(id);
  else if (before.status !== 'Deleting') {
    world.webDeployments.put(id, { ...before, status: 'Deleting', activations: before.activations + 1 });
    world.later(world.activationMs, () => world.webDeployments.delete(id));
  }
}

/** What a deployment serves by now: the version, and the deployment with it. @throws ApiError 404 where it serves nothing */
export function servedBy(world: World, deployment: WebDeploymentRecord): VersionRef {
  const { served, status } = deployment;
  const off = status === 'Inactive' && !world.quirks.has('web-inactive-serves');
  if (!served || off || world.quirks.has('web-served-unknown')) throw notFound();
  return served;
}

/** What a body decides of a record. */
export function written(input: DeploymentInput) {
  const { name, description, allowAllDomains = false, allowedDomains = [], pushIntegrations = [] } = input;
  const { id, version } = input.configuration;
  return {
    ...{ name, allowAllDomains, allowedDomains, pushIntegrations, configuration: { id, version } },
    ...compact({ description, supportedContentId: input.supportedContent?.id, flowId: input.flow?.id }),
  } as Pick<WebDeploymentRecord, 'name' | 'allowAllDomains' | 'allowedDomains' | 'pushIntegrations' | 'configuration'> &
    Partial<Pick<WebDeploymentRecord, 'description' | 'supportedContentId' | 'flowId'>>;
}

/** A deployment as a body that would make it so, but for its status. */
export function inputOf({ supportedContentId, flowId, ...of }: WebDeploymentRecord): JsonObject {
  const { name, description, allowAllDomains, allowedDomains, pushIntegrations, configuration } = of;
  const supportedContent = supportedContentId === undefined ? undefined : { id: supportedContentId };
  const flow = flowId === undefined ? undefined : { id: flowId };
  return compact({
    ...{ name, description, allowAllDomains, allowedDomains, pushIntegrations, configuration, supportedContent, flow },
  });
}

/** A status that only tells where a deployment stands is sent back by clients, and asks for nothing. */
const intended = ({ status }: DeploymentInput): 'Active' | 'Inactive' | undefined =>
  status === 'Active' || status === 'Inactive' ? status : undefined;

const same = (a: VersionRef, b: VersionRef): boolean => a.id === b.id && a.version === b.version;

function activateDeployment(world: World, begun: WebDeploymentRecord, fate: ActivationFate | undefined): void {
  activate(world, fate, (outcome) => {
    const now = world.webDeployments.get(begun.id);
    if (now?.activations !== begun.activations) return;
    world.webDeployments.put(begun.id, {
      ...now,
      ...(outcome === 'Error' ? { status: 'Error' as const } : { status: now.intended, served: now.configuration }),
      ...(world.quirks.has('web-activation-moves-date') && { modifiedAt: stamp(world, now.modifiedAt) }),
    });
  });
}

function refuseTaken(world: World, name: string): void {
  if (!world.quirks.has('web-names-unique')) return;
  if (world.webDeployments.list().some((one) => one.name === name)) throw new ApiError('request.conflict');
}

function auditDeployment(
  world: World,
  actor: Actor,
  action: AuditAction,
  { before, after }: { before?: WebDeploymentRecord; after?: WebDeploymentRecord },
): void {
  const { id, name } = (after ?? before)!;
  const told = (of: WebDeploymentRecord | undefined) => of && { ...inputOf(of), status: of.intended };
  const entity = { id, name, selfUri: `${deploymentsPath}/${id}` };
  world.audit.record({ actor, entityType: 'Deployment', action, entity, before: told(before), after: told(after) });
}
