import type { Call, Endpoint } from '../endpoint.ts';
import { ApiError } from '../errors.ts';
import { findType } from '../integration-types.ts';
import {
  createIntegration,
  deleteIntegration,
  findIntegration,
  type IntegrationConfigInput,
  putConfiguration,
  reportedState,
  setIntendedState,
} from '../integrations.ts';
import type { JsonObject } from '../json.ts';
import { listing, sorted } from '../paging.ts';
import type { IntegrationRecord } from '../records.ts';
import { createIntegrationRequest, integrationConfiguration, integrationPatch } from '../request-shapes.ts';
import type { World } from '../world.ts';
import { viewCredential } from './credentials.ts';
import { viewType } from './integration-types.ts';
import { integrationPermissions, integrationScopes } from './permissions.ts';

const root = '/api/v2/integrations';
const read = { permissions: integrationPermissions.view, scopes: integrationScopes.read };
const edit = { permissions: integrationPermissions.edit, scopes: integrationScopes.write };

/** `integrations`: installed integrations and their configuration. */
export const integrations: Endpoint[] = [
  { method: 'GET', path: root, ...read, serve: list },
  {
    method: 'POST',
    path: root,
    permissions: integrationPermissions.add,
    scopes: integrationScopes.write,
    body: createIntegrationRequest,
    serve: ({ world, body, actor }) => {
      const { name, integrationType } = body as { name: string; integrationType: { id: string } };
      return viewIntegration(world, createIntegration(world, { name, typeId: integrationType.id }, actor), []);
    },
  },
  {
    method: 'GET',
    path: `${root}/{integrationId}`,
    ...read,
    serve: ({ world, params, query, lag }) =>
      viewIntegration(world, findIntegration(world, params['integrationId']!, lag), query.list('expand')),
  },
  {
    method: 'PATCH',
    path: `${root}/{integrationId}`,
    ...edit,
    body: integrationPatch,
    serve: ({ world, params, query, body, actor }) => {
      const { intendedState } = body as Pick<IntegrationRecord, 'intendedState'>;
      const integration = setIntendedState(world, params['integrationId']!, intendedState, actor);
      return viewIntegration(world, integration, query.list('expand'));
    },
  },
  {
    method: 'DELETE',
    path: `${root}/{integrationId}`,
    permissions: integrationPermissions.delete,
    scopes: integrationScopes.write,
    serve: ({ world, params, actor }) =>
      viewIntegration(world, deleteIntegration(world, params['integrationId']!, actor), []),
  },
  {
    method: 'GET',
    path: `${root}/{integrationId}/config/current`,
    ...read,
    serve: ({ world, params, lag }) => viewConfig(world, findIntegration(world, params['integrationId']!, lag)),
  },
  {
    method: 'PUT',
    path: `${root}/{integrationId}/config/current`,
    ...edit,
    body: integrationConfiguration,
    serve: ({ world, params, body, actor }) =>
      viewConfig(
        world,
        putConfiguration(world, params['integrationId']!, body as unknown as IntegrationConfigInput, actor),
      ),
  },
];

function list(call: Call) {
  const { query, world } = call;
  const [ids, expand] = [query.list('ids'), query.list('expand')];
  if (ids.length > 100) {
    const allowed = 'at most 100 ids';
    throw new ApiError('invalid.query.param.value', { value: `${ids.length} ids`, parameter: 'ids', allowed });
  }
  const [typeId, credentialId] = [query.text('integrationType'), query.text('credentialId')];
  const state = query.choice('reportedState', 'ACTIVE', 'ACTIVATING', 'INACTIVE', 'DEACTIVATING', 'ERROR');
  const found = world.integrations
    .list(call.lag)
    .filter(
      (integration) =>
        (ids.length === 0 || ids.includes(integration.id)) &&
        (typeId === undefined || integration.typeId === typeId) &&
        (credentialId === undefined || Object.values(integration.config.credentials).includes(credentialId)) &&
        (state === undefined || reportedState(world, integration) === state),
    );
  return listing(call, sorted(call, found, ['id', 'name']), (integration) =>
    viewIntegration(world, integration, expand),
  );
}

/** Definition `Integration`; `config.current` only when expanded. */
function viewIntegration(world: World, integration: IntegrationRecord, expand: string[]): JsonObject {
  const { id, name, typeId, intendedState, config, stateChangedAt } = integration;
  const code = reportedState(world, integration);
  const effective = { ACTIVE: 'Active', INACTIVE: 'Inactive', ACTIVATING: 'Activating' }[code] ?? 'Deactivating';
  const type = findType(typeId);
  return {
    id,
    name,
    integrationType: type ? viewType(type) : { id: typeId },
    notes: config.notes,
    intendedState,
    ...(expand.some((field) => field === 'config.current' || field === 'config') && {
      config: { current: viewConfig(world, integration) },
    }),
    reportedState: { code, effective, lastUpdated: new Date(stateChangedAt).toISOString() },
    attributes: {},
    selfUri: `${root}/${id}`,
  };
}

/** Definition `IntegrationConfiguration`; credentials are references, never their values. */
function viewConfig(world: World, { id, name, config }: IntegrationRecord): JsonObject {
  const credentials = Object.entries(config.credentials).flatMap(([slot, credentialId]) => {
    const credential = world.credentials.get(credentialId);
    return credential ? [[slot, viewCredential(credential)] as const] : [];
  });
  const { version, properties, advanced, notes } = config;
  return {
    id,
    name,
    version,
    properties,
    advanced,
    notes,
    credentials: Object.fromEntries(credentials),
    selfUri: `${root}/${id}/config/current`,
  };
}
