import type { Actor } from '../audit-log.ts';
import type { Lag } from '../collection.ts';
import { notFound } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { faultsOf } from './check-web-chat.ts';
import { unassigned, unprocessable } from './refusals.ts';
import type { WebChatOrganizationRecord } from './tutorial-records.ts';
import { recordUpdate } from './web-chat-audits.ts';

/** @throws ApiError 404 on an unknown one, 403 on one that is not assigned to the client */
export function findOrganization(world: World, id: string, clientId: string, lag?: Lag): WebChatOrganizationRecord {
  const found = world.tutorial.webChats.get(id, lag);
  if (!found) throw notFound();
  if (found.clients && !found.clients.includes(clientId)) throw unassigned();
  return found;
}

/** What of a body is stored: what the server adds to answers is not. @throws ApiError 422 with every fault */
export function checkConfiguration(world: World, body: JsonObject): JsonObject {
  const faults = faultsOf(world.tutorial, body);
  if (faults.length > 0) throw unprocessable(faults);
  const { id: _id, version: _version, dateModified: _modified, ...content } = body;
  return content;
}

/** Writes a configuration whole, counts its version and tells the audit log. */
export function putConfiguration(
  world: World,
  id: string,
  content: JsonObject,
  actor: Actor,
): WebChatOrganizationRecord {
  const organization = world.tutorial.webChats.get(id)!;
  const before = organization.configuration;
  const version = (before?.version ?? 0) + 1;
  // Two writes never have the same time, even where a test's clock stands still.
  const modifiedAt = Math.max(world.now(), (before?.modifiedAt ?? 0) + 1);
  const configuration = { content, version, modifiedAt };
  recordUpdate(world, { organization, version, actor, before: before?.content, after: content });
  return world.tutorial.webChats.put(id, { ...organization, configuration });
}
