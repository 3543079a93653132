import { type Call, type Endpoint, noContent } from '../endpoint.ts';
import { ApiError } from '../errors.ts';
import { createFlow, deleteFlow, deleteFlows, updateFlow } from '../flows/change-flows.ts';
import { latestVersion } from '../flows/export-text.ts';
import { exists, flowFilter } from '../flows/find-flows.ts';
import { viewConfiguration, viewFlow, viewFlowBriefly, viewOperation, viewVersion } from '../flows/flow-view.ts';
import { findFlow, findVersion } from '../flows/flows.ts';
import { listing, sorted } from '../paging.ts';
import { flow as flowShape } from '../request-shapes.ts';
import { seesFlow } from '../visibility.ts';
import { architectScopes, flowPermissions } from './permissions.ts';

const root = '/api/v2/flows';
const read = { permissions: flowPermissions.view, scopes: architectScopes.read };
const sortFields = ['id', 'name', 'type', 'description', 'divisionId', 'published'] as const;

/** `flows`: what flows there are, and what they are called. Their steps come from jobs. */
export const flows: Endpoint[] = [
  { method: 'GET', path: root, ...read, serve: (call) => list(call, viewFlow) },
  {
    method: 'POST',
    path: root,
    permissions: flowPermissions.add,
    scopes: architectScopes.write,
    body: flowShape,
    serve: ({ world, body, actor }) => viewFlow(world, createFlow(world, body, actor)),
  },
  {
    method: 'DELETE',
    path: root,
    permissions: flowPermissions.delete,
    scopes: architectScopes.write,
    serve: ({ world, query, actor }) => viewOperation(deleteFlows(world, query.list('id'), actor)),
  },
  {
    method: 'GET',
    path: `${root}/divisionviews`,
    permissions: flowPermissions.search,
    scopes: architectScopes.read,
    serve: (call) => list(call, viewFlowBriefly),
  },
  {
    method: 'GET',
    path: `${root}/{flowId}`,
    ...read,
    serve: (call) => viewFlow(call.world, readFlow(call)),
  },
  {
    method: 'PUT',
    path: `${root}/{flowId}`,
    permissions: flowPermissions.edit,
    scopes: architectScopes.write,
    body: flowShape,
    serve: ({ world, params, body, actor }) => viewFlow(world, updateFlow(world, params['flowId']!, body, actor)),
  },
  {
    method: 'DELETE',
    path: `${root}/{flowId}`,
    permissions: flowPermissions.delete,
    scopes: architectScopes.write,
    serve: ({ world, params, actor }) => {
      deleteFlow(world, params['flowId']!, actor);
      return noContent;
    },
  },
  {
    method: 'GET',
    path: `${root}/{flowId}/versions`,
    ...read,
    serve: (call) => {
      const flow = readFlow(call);
      return listing(call, flow.versions.toReversed(), (version) => viewVersion(flow, version));
    },
  },
  {
    method: 'GET',
    path: `${root}/{flowId}/versions/{versionId}`,
    ...read,
    serve: (call) => {
      const flow = readFlow(call);
      return viewVersion(flow, findVersion(flow, call.params['versionId']!));
    },
  },
  {
    method: 'GET',
    path: `${root}/{flowId}/versions/{versionId}/configuration`,
    ...read,
    serve: (call) => {
      const flow = readFlow(call);
      return viewConfiguration(flow, findVersion(flow, call.params['versionId']!));
    },
  },
  {
    method: 'GET',
    path: `${root}/{flowId}/latestconfiguration`,
    ...read,
    serve: (call) => {
      const flow = readFlow(call);
      const version = latestVersion(flow);
      if (!version) throw new ApiError('flow.no.config.available');
      return viewConfiguration(flow, version);
    },
  },
];

function readFlow({ world, params, query, lag }: Call) {
  return findFlow(world, params['flowId']!, { deleted: query.flag('deleted') ?? false, lag });
}

function list(call: Call, view: typeof viewFlow) {
  const { world, lag, caller } = call;
  const wanted = flowFilter(call);
  const found = world.flows
    .list(lag)
    .filter((flow) => seesFlow(caller.client, flow) && exists(call, flow) && wanted(flow));
  return listing(call, sorted(call, found, sortFields), (flow) => view(world, flow));
}
