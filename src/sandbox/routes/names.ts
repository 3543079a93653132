import { type Endpoint, may } from '../endpoint.ts';
import { ApiError, notFound } from '../errors.ts';
import type { OAuthClientRecord } from '../records.ts';
import { clientNameAccess, userNameAccess, userPermission } from './permissions.ts';

/** Who an audit record speaks of. Both paths are missing in the published document as captured; the shapes are the SDK's. */
export const names: Endpoint[] = [
  {
    method: 'GET',
    path: '/api/v2/oauth/clients/{clientId}',
    ...clientNameAccess,
    serve: ({ world, params }) => {
      const client = world.clients.get(params['clientId']!);
      if (!client) throw notFound();
      return viewClient(client);
    },
  },
  {
    method: 'GET',
    path: '/api/v2/users/{userId}',
    ...userNameAccess,
    serve: ({ world, caller, params, query }) => {
      if (!world.quirks.has('audit-users-open') && !may(caller.client, userPermission)) {
        throw new ApiError('missing.any.permissions', { permissions: userPermission });
      }
      const user = world.users.get(params['userId']!);
      // The parameter `state` is documented as "Search for a user with this state", by default `active`.
      const wanted = query.choice('state', 'active', 'deleted', 'any') ?? 'active';
      if (!user || (wanted !== 'any' && (wanted === 'deleted') !== (user.deleted ?? false))) throw notFound();
      const { id, name } = user;
      const email = `${name.toLowerCase().replace(/\W+/g, '.')}@example.com`;
      const state = user.deleted ? 'deleted' : 'active';
      return { id, name, email, username: email, state, version: 1, selfUri: `/api/v2/users/${id}` };
    },
  },
];

/** Definition `OAuthClient`, without the secret. */
function viewClient({ id, name = id, scopes = [], tokenLifeSeconds = 86_400 }: OAuthClientRecord) {
  return {
    ...{ id, name, accessTokenValiditySeconds: tokenLifeSeconds, registeredRedirectUri: [], roleIds: [] },
    ...{ authorizedGrantType: 'CLIENT-CREDENTIALS', scope: scopes, roleDivisions: [], state: 'active' },
    selfUri: `/api/v2/oauth/clients/${id}`,
  };
}
