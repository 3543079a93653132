import { credentialPage, deleteCredential, findCredential, saveCredential } from '../credentials.ts';
import { type Endpoint, noContent } from '../endpoint.ts';
import { credentialTypes } from '../integration-types.ts';
import type { JsonObject } from '../json.ts';
import { listing } from '../paging.ts';
import type { CredentialRecord } from '../records.ts';
import { credential } from '../request-shapes.ts';
import { integrationPermissions, integrationScopes } from './permissions.ts';

const root = '/api/v2/integrations/credentials';
const read = { method: 'GET', permissions: integrationPermissions.view, scopes: integrationScopes.read } as const;

/** `integrations/credentials`: values go in and never come out. */
export const credentials: Endpoint[] = [
  { ...read, path: root, serve: (call) => listing(call, call.world.credentials.list(call.lag), viewCredential) },
  {
    ...read,
    path: `${root}/listing`,
    serve: (call) => {
      const { entities, ...links } = credentialPage(call);
      return { entities: entities.map(viewCredential), ...links };
    },
  },
  {
    ...read,
    path: `${root}/types`,
    serve: () =>
      Object.entries(credentialTypes).map(([id, type]) => ({
        id,
        name: type.name,
        properties: {
          type: 'object',
          properties: Object.fromEntries(type.fields.map((field) => [field, { type: 'string' }])),
        },
        displayOrder: type.fields,
        required: type.required,
      })),
  },
  {
    method: 'POST',
    path: root,
    permissions: integrationPermissions.add,
    scopes: integrationScopes.write,
    body: credential,
    serve: ({ world, body, actor }) => viewCredential(saveCredential(world, undefined, body, actor)),
  },
  {
    ...read,
    path: `${root}/{credentialId}`,
    serve: ({ world, params, lag }) => {
      const { id, name, type, selfUri } = viewCredential(findCredential(world, params['credentialId']!, lag));
      return { id, ...(name !== undefined && { name }), type, credentialFields: {}, selfUri };
    },
  },
  {
    method: 'PUT',
    path: `${root}/{credentialId}`,
    permissions: integrationPermissions.edit,
    scopes: integrationScopes.write,
    body: credential,
    serve: ({ world, params, body, actor }) =>
      viewCredential(saveCredential(world, findCredential(world, params['credentialId']!), body, actor)),
  },
  {
    method: 'DELETE',
    path: `${root}/{credentialId}`,
    permissions: integrationPermissions.delete,
    scopes: integrationScopes.write,
    serve: ({ world, params, actor }) => {
      deleteCredential(world, params['credentialId']!, actor);
      return noContent;
    },
  },
];

/** Definition `CredentialInfo`. */
export function viewCredential(record: CredentialRecord): JsonObject {
  const { id, name, typeId, createdAt, modifiedAt } = record;
  return {
    id,
    ...(name !== undefined && { name }),
    createdDate: new Date(createdAt).toISOString(),
    modifiedDate: new Date(modifiedAt).toISOString(),
    type: { id: typeId, name: credentialTypes[typeId]?.name ?? typeId },
    selfUri: `${root}/${id}`,
  };
}
