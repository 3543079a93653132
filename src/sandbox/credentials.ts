import { randomUUID } from 'node:crypto';
import type { Actor } from './audit-log.ts';
import type { Lag } from './collection.ts';
import type { Call } from './endpoint.ts';
import { ApiError, invalid, notFound } from './errors.ts';
import { credentialTypes } from './integration-types.ts';
import type { JsonObject } from './json.ts';
import type { CredentialRecord } from './records.ts';
import type { World } from './world.ts';

/** The published maximum of the cursor listing. */
const maxPage = 200;

/** @throws ApiError 404 */
export function findCredential(world: World, id: string, lag?: Lag): CredentialRecord {
  const credential = world.credentials.get(id, lag);
  if (!credential) throw notFound();
  return credential;
}

/**
 * Creates a credential, or replaces one. A replacement without `credentialFields` keeps the secret values, as nobody
 * can read them to send them back (UNCONFIRMED).
 */
export function saveCredential(
  world: World,
  existing: CredentialRecord | undefined,
  body: JsonObject,
  actor: Actor,
): CredentialRecord {
  const { name, type, credentialFields } = body as {
    name?: string;
    type: { id: string };
    credentialFields?: Record<string, string>;
  };
  const known = credentialTypes[type.id];
  if (!known) throw invalid(`Credential type ${type.id} does not exist`, 'type.id');
  if (existing && existing.typeId !== type.id) throw invalid('The type of a credential cannot be changed', 'type.id');
  const fields = credentialFields ?? existing?.fields ?? {};
  const missing = known.required.find((field) => !fields[field]);
  if (missing) throw invalid(`credentialFields.${missing} may not be null`, `credentialFields.${missing}`);
  const time = world.now();
  const credential: CredentialRecord = {
    id: existing?.id ?? randomUUID(),
    ...(name !== undefined && { name }),
    typeId: type.id,
    fields,
    createdAt: existing?.createdAt ?? time,
    modifiedAt: time,
  };
  world.credentials.put(credential.id, credential);
  audit(world, existing ? 'Update' : 'Create', actor, { before: existing, after: credential });
  return credential;
}

/** @throws ApiError 409 while an integration uses it (UNCONFIRMED) */
export function deleteCredential(world: World, id: string, actor: Actor): void {
  const credential = findCredential(world, id);
  const used = world.integrations.list().some(({ config }) => Object.values(config.credentials).includes(id));
  if (used) throw new ApiError('request.conflict', {}, { message: 'The credential is used by an integration.' });
  world.credentials.delete(id);
  audit(world, 'Delete', actor, { before: credential });
}

/** A page of the listing by cursor; a cursor is the id before which, or after which, the page lies. */
export function credentialPage(call: Call): {
  entities: CredentialRecord[];
  selfUri: string;
  nextUri?: string;
  previousUri?: string;
} {
  const { query, pathname } = call;
  const all = call.world.credentials.list(call.lag);
  const pageSize = query.integer('pageSize', 25);
  if (pageSize < 1 || pageSize > maxPage) {
    const allowed = `1 to ${maxPage}`;
    throw new ApiError('invalid.query.param.value', { value: String(pageSize), parameter: 'pageSize', allowed });
  }
  const [after, before] = [query.text('after'), query.text('before')];
  const position = (cursor: string) => {
    const index = all.findIndex(({ id }) => id === cursor);
    if (index < 0)
      throw new ApiError('invalid.query.param.value', { value: cursor, parameter: 'cursor', allowed: 'cursors' });
    return index;
  };
  const start = after ? position(after) + 1 : before ? Math.max(0, position(before) - pageSize) : 0;
  const entities = all.slice(start, start + pageSize);
  const [first, last] = [entities[0], entities.at(-1)];
  const link = (name: string, id: string) => `${pathname}?pageSize=${pageSize}&${name}=${id}`;
  return {
    entities,
    selfUri: `${pathname}?${query.with({ pageSize })}`,
    ...(last && start + pageSize < all.length && { nextUri: link('after', last.id) }),
    ...(first && start > 0 && { previousUri: link('before', first.id) }),
  };
}

type Recorded = { before?: CredentialRecord | undefined; after?: CredentialRecord };

/** The log hides the values. */
function audit(world: World, action: 'Create' | 'Update' | 'Delete', actor: Actor, { before, after }: Recorded): void {
  const { id, name = id } = (after ?? before)!;
  const entity = { id, name, selfUri: `/api/v2/integrations/credentials/${id}` };
  const told = (of?: CredentialRecord) => of && { name: of.name, type: of.typeId, credentialFields: of.fields };
  world.audit.record({ actor, action, entityType: 'Credential', entity, before: told(before), after: told(after) });
}
