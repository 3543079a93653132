import { type Call, type Endpoint, noContent } from '../endpoint.ts';
import { ApiError } from '../errors.ts';
import { webPage } from '../web/cursor.ts';
import {
  createDeployment,
  deleteDeployment,
  findDeployment,
  putDeployment,
  deploymentsPath as root,
} from '../web/deployments.ts';
import { deploymentShape } from '../web/web-shapes.ts';
import { type Expanded, viewActive, viewDeployment } from '../web/web-view.ts';
import { webDeploymentPermissions as permissions, webScopes } from './permissions.ts';

const read = { method: 'GET', permissions: permissions.view, scopes: webScopes.read } as const;

/** `webdeployments/deployments`: which version of which configuration customers see, and where. */
export const webDeployments: Endpoint[] = [
  {
    ...read,
    path: root,
    serve: (call) => {
      const expand = expanded(call, ['Configuration', 'SupportedContent', 'identityresolution']);
      const all = call.world.webDeployments.list(call.lag);
      return webPage(call, all, (deployment) => viewDeployment(call.world, deployment, expand));
    },
  },
  {
    method: 'POST',
    path: root,
    permissions: permissions.add,
    scopes: webScopes.write,
    body: deploymentShape,
    serve: ({ world, body, actor, activation: fate }) =>
      viewDeployment(world, createDeployment(world, body, { actor, fate })),
  },
  {
    ...read,
    path: `${root}/{deploymentId}`,
    serve: (call) => {
      const expand = expanded(call, ['SupportedContent', 'flowDetails']);
      const { world, params, lag } = call;
      return viewDeployment(world, findDeployment(world, params['deploymentId']!, lag), expand);
    },
  },
  {
    method: 'PUT',
    path: `${root}/{deploymentId}`,
    permissions: permissions.edit,
    scopes: webScopes.write,
    body: deploymentShape,
    serve: ({ world, params, body, actor, activation: fate }) =>
      viewDeployment(world, putDeployment(world, params['deploymentId']!, body, { actor, fate })),
  },
  {
    method: 'DELETE',
    path: `${root}/{deploymentId}`,
    permissions: permissions.delete,
    scopes: webScopes.write,
    serve: ({ world, params, actor }) => {
      deleteDeployment(world, params['deploymentId']!, actor);
      return noContent;
    },
  },
  {
    method: 'GET',
    path: `${root}/{deploymentId}/configurations`,
    scopes: webScopes.read,
    serve: ({ world, params, lag }) => viewActive(world, findDeployment(world, params['deploymentId']!, lag)),
  },
];

/** What a query expands; what else may be expanded is answered as if it had not been asked for. */
function expanded({ query }: Call, allowed: readonly string[]): Expanded[] {
  const asked = query.list('expand').map((value) => {
    const found = allowed.find((name) => name.toLowerCase() === value.toLowerCase());
    if (found) return found;
    throw new ApiError('invalid.query.param.value', { value, parameter: 'expand', allowed: allowed.join(', ') });
  });
  return asked.filter((name) => name === 'Configuration' || name === 'SupportedContent');
}
