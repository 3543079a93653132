import { randomUUID } from 'node:crypto';
import type { Actor, AuditAction, AuditRecord } from '../audit-log.ts';
import type { Lag } from '../collection.ts';
import { ApiError, notFound } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { activate, stamp } from './activation.ts';
import { checkConfiguration } from './check-configuration.ts';
import { filled, laidUnder } from './web-defaults.ts';
import type { ActivationFate, WebConfigurationRecord, WebVersionRecord } from './web-records.ts';

export const configurationsPath = '/api/v2/webdeployments/configurations';

/** Whose write it is, and what becomes of the activation that it begins. */
export interface Write {
  actor: Actor;
  fate?: ActivationFate | undefined;
}

/** @throws ApiError 404 */
export function findConfiguration(world: World, id: string, lag?: Lag): WebConfigurationRecord {
  const found = world.webConfigurations.get(id, lag);
  if (!found) throw notFound();
  return found;
}

/** @throws ApiError 404, also where publishing has taken the draft away (quirk `web-draft-gone`) */
export function findDraft(world: World, id: string, lag?: Lag): WebVersionRecord {
  const { draft } = findConfiguration(world, id, lag);
  if (!draft) throw notFound();
  return draft;
}

/** A version by its name; `DRAFT` is one. */
export const versionOf = (
  { draft, versions }: WebConfigurationRecord,
  version: string,
): WebVersionRecord | undefined =>
  version.toUpperCase() === 'DRAFT' ? draft : versions.find((one) => one.version === version);

/** The newest published version. */
export const newestOf = ({ versions }: WebConfigurationRecord): WebVersionRecord | undefined => versions.at(-1);

/** What a list shows of a configuration: its draft, and where that is gone, the newest version. */
export const shownOf = (configuration: WebConfigurationRecord): WebVersionRecord =>
  (configuration.draft ?? newestOf(configuration))!;

/** Creates a configuration that exists as a draft only. @throws ApiError 400 */
export function createConfiguration(world: World, input: JsonObject, { actor, fate }: Write): WebConfigurationRecord {
  const { name, content } = contentOf(input);
  refuseTaken(world, name);
  checkConfiguration(world, content);
  const at = stamp(world);
  const by = actor.user?.id;
  const draft: WebVersionRecord = {
    ...{ version: 'DRAFT', name, content, status: 'Pending', createdAt: at, createdBy: by },
    ...{ modifiedAt: at, modifiedBy: by, writes: 1 },
  };
  const after = { id: randomUUID(), draft, versions: [] };
  world.webConfigurations.put(after.id, after);
  const created = audit(world, actor, 'Configuration', 'Create', { after });
  audit(world, actor, 'ConfigurationVersion', 'Create', { after, causedBy: created });
  activateDraft(world, after, fate);
  return after;
}

/** Writes the draft whole (quirk `web-put-merged`: over what it holds), and begins its activation. @throws ApiError 400, 404 */
export function putDraft(world: World, id: string, input: JsonObject, { actor, fate }: Write): WebConfigurationRecord {
  const before = findConfiguration(world, id);
  const shown = shownOf(before);
  const { name, content } = contentOf(input, world.quirks.has('web-put-merged') ? shown.content : undefined);
  if (name !== shown.name) refuseTaken(world, name);
  checkConfiguration(world, content);
  const draft: WebVersionRecord = {
    ...shown,
    ...{ version: 'DRAFT', name, content, status: 'Pending', writes: shown.writes + 1 },
    ...{ modifiedAt: stamp(world, shown.modifiedAt, shown.publishedAt), modifiedBy: actor.user?.id },
  };
  const after = world.webConfigurations.put(id, { ...before, draft });
  audit(world, actor, 'ConfigurationVersion', 'Update', { before, after });
  activateDraft(world, after, fate);
  return after;
}

/** Makes the draft the next version. Deployments stay where they are. @throws ApiError 400 while the draft is not active, 404 */
export function publishDraft(world: World, id: string, actor: Actor): WebVersionRecord {
  const before = findConfiguration(world, id);
  const draft = findDraft(world, id);
  const ready = draft.status === 'Active' || (draft.status === 'Pending' && world.quirks.has('web-publish-pending'));
  if (!ready) {
    const message = 'The configuration draft cannot be published, its status is {status}';
    throw new ApiError('bad.request', { status: draft.status }, { message });
  }
  const at = stamp(world, draft.modifiedAt, draft.publishedAt);
  const published = { ...draft, publishedAt: at, publishedBy: actor.user?.id };
  const version: WebVersionRecord = { ...published, version: String(before.versions.length + 1), status: 'Active' };
  const { draft: _draft, ...rest } = before;
  const after = world.webConfigurations.put(id, {
    ...rest,
    versions: [...before.versions, version],
    ...(!world.quirks.has('web-draft-gone') && {
      draft: { ...published, ...(world.quirks.has('web-publish-moves-date') && { modifiedAt: at }) },
    }),
  });
  const record = audit(world, actor, 'ConfigurationVersion', 'Publish', { before, after });
  audit(world, actor, 'Configuration', 'Update', { before, after, causedBy: record });
  return version;
}

/** Deletes a configuration with all its versions. @throws ApiError 409 while a deployment uses one, 404 */
export function deleteConfiguration(world: World, id: string, actor: Actor): void {
  const before = findConfiguration(world, id);
  if (world.webDeployments.list().some(({ configuration }) => configuration.id === id)) {
    throw new ApiError('resource.conflict');
  }
  audit(world, actor, 'Configuration', 'Delete', { before });
  const { draft } = before;
  const deleting = { status: 'Deleting' as const, writes: shownOf(before).writes + 1 };
  if (!world.quirks.has('web-delete-late')) world.webConfigurations.delete(id);
  else if (draft?.status !== 'Deleting') {
    world.webConfigurations.put(id, { ...before, draft: { ...shownOf(before), version: 'DRAFT', ...deleting } });
    world.later(world.activationMs, () => world.webConfigurations.delete(id));
  }
}

/** Name and content apart, the content as it is stored. */
export function contentOf(input: JsonObject, before?: JsonObject): { name: string; content: JsonObject } {
  const { name, ...rest } = input;
  return { name: name as string, content: filled(laidUnder(before ?? {}, rest)) };
}

function activateDraft(world: World, { id, draft: begun }: WebConfigurationRecord, fate: ActivationFate | undefined) {
  activate(world, fate, (outcome) => {
    const now = world.webConfigurations.get(id);
    if (!now?.draft || now.draft.writes !== begun?.writes) return;
    const moves = world.quirks.has('web-activation-moves-date');
    const draft: WebVersionRecord = {
      ...now.draft,
      status: outcome === 'Error' ? 'Error' : 'Active',
      ...(moves && { modifiedAt: stamp(world, now.draft.modifiedAt) }),
    };
    world.webConfigurations.put(id, { ...now, draft });
  });
}

function refuseTaken(world: World, name: string): void {
  if (!world.quirks.has('web-names-unique')) return;
  if (world.webConfigurations.list().some((one) => shownOf(one).name === name)) throw new ApiError('request.conflict');
}

type Recorded = { before?: WebConfigurationRecord; after?: WebConfigurationRecord; causedBy?: AuditRecord };

/** The id of a version is its configuration's, as in the published definition. */
function audit(
  world: World,
  actor: Actor,
  entityType: 'Configuration' | 'ConfigurationVersion',
  action: AuditAction,
  { before, after, causedBy }: Recorded,
): AuditRecord {
  const whole = (after ?? before)!;
  const { id } = whole;
  const { name } = shownOf(whole);
  const told = (of: WebConfigurationRecord | undefined): JsonObject | undefined => {
    if (!of) return undefined;
    if (entityType === 'Configuration') return { name: shownOf(of).name, version: newestOf(of)?.version };
    if (action === 'Publish') return { version: newestOf(of)?.version };
    const { content, status, name: called } = shownOf(of);
    return { name: called, ...content, status };
  };
  const version = `/versions/${action === 'Publish' ? newestOf(whole)?.version : 'draft'}`;
  const selfUri = `${configurationsPath}/${id}${entityType === 'Configuration' ? '' : version}`;
  const entity = { id, name, selfUri };
  return world.audit.record({
    ...{ actor, entityType, action, entity, before: told(before), after: told(after) },
    ...(causedBy && { causedBy }),
  });
}
