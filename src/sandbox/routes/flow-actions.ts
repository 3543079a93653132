import { type Call, type Endpoint, may } from '../endpoint.ts';
import { ApiError } from '../errors.ts';
import {
  checkinFlow,
  checkoutFlow,
  deactivateFlow,
  publishFlow,
  revertFlow,
  unlockFlow,
} from '../flows/flow-actions.ts';
import { viewFlow, viewOperation } from '../flows/flow-view.ts';
import { architectScopes, flowPermissions } from './permissions.ts';

type Serve = (call: Call, flowId: string) => unknown;

/** `flows/actions/*`: locks and publication; the flow is in the query. */
export const flowActions: Endpoint[] = [
  action('checkout', flowPermissions.edit, ({ world, actor }, id) => viewFlow(world, checkoutFlow(world, id, actor))),
  action('checkin', flowPermissions.checkin, ({ world, actor, caller }, id) =>
    viewOperation(checkinFlow(world, id, actor, may(caller.client, 'architect:flow:unlock'))),
  ),
  action('publish', flowPermissions.publish, ({ world, actor, query }, id) =>
    viewOperation(publishFlow(world, id, query.text('version'), actor)),
  ),
  action('revert', flowPermissions.edit, ({ world, actor }, id) => viewFlow(world, revertFlow(world, id, actor))),
  action('unlock', flowPermissions.unlock, ({ world, actor }, id) => viewFlow(world, unlockFlow(world, id, actor))),
  action('deactivate', flowPermissions.deactivate, ({ world, actor }, id) =>
    viewFlow(world, deactivateFlow(world, id, actor)),
  ),
];

function action(name: string, permissions: NonNullable<Endpoint['permissions']>, serve: Serve): Endpoint {
  return {
    method: 'POST',
    path: `/api/v2/flows/actions/${name}`,
    permissions,
    scopes: architectScopes.write,
    serve: (call) => {
      const id = call.query.text('flow');
      if (id === undefined) throw new ApiError('architect.query.parameter.missing', { parameter: 'flow' });
      return serve(call, id);
    },
  };
}
