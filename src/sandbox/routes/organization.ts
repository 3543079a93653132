import { Answer, type Call, type Endpoint } from '../endpoint.ts';
import type { JsonObject } from '../json.ts';
import { listing, page, sorted } from '../paging.ts';
import type { DivisionRecord } from '../records.ts';

const organizationScopes = ['organization', 'organization:readonly'];
const authorizationScopes = ['authorization', 'authorization:readonly'];
const limits: Record<string, Record<string, number>> = {
  'platform.api': {
    'client.credentials.token.rate.per.minute': 300,
    'token.rate.per.minute': 300,
    'request.bytes.max': 512_000,
    'org.app.user.rate.per.minute': 3000,
  },
};

/** The organisation itself: who it is, its divisions, products and limits, and what a token says. */
export const organization: Endpoint[] = [
  { method: 'GET', path: '/api/v2/organizations/me', scopes: organizationScopes, serve: viewOrganization },
  {
    method: 'GET',
    path: '/api/v2/organizations/limits/namespaces',
    scopes: organizationScopes,
    serve: (call) => page(call, Object.keys(limits), call.query.integer('pageSize', 100)),
  },
  ...['', '/defaults'].map(
    (suffix): Endpoint => ({
      method: 'GET',
      path: `/api/v2/organizations/limits/namespaces/{namespaceName}${suffix}`,
      scopes: organizationScopes,
      serve: ({ params }) => {
        const namespace = params['namespaceName']!;
        const entries = Object.entries(limits[namespace] ?? {});
        return { entities: entries.map(([key, value]) => ({ key, namespace, value })) };
      },
    }),
  ),
  {
    method: 'GET',
    path: '/api/v2/authorization/products',
    scopes: authorizationScopes,
    serve: ({ world }) => {
      const entities = world.organization.products.map((id) => ({ id }));
      return { total: entities.length, entities };
    },
  },
  { method: 'GET', path: '/api/v2/authorization/divisions', scopes: authorizationScopes, serve: listDivisions },
  {
    method: 'GET',
    path: '/api/v2/authorization/divisions/home',
    scopes: authorizationScopes,
    serve: ({ world }) => viewDivision(world.divisions.list().find(({ home }) => home)!),
  },
  { method: 'GET', path: '/api/v2/tokens/me', scopes: ['user-basic-info'], serve: viewToken },
  { method: 'HEAD', path: '/api/v2/tokens/me', scopes: ['user-basic-info'], serve: () => new Answer(200) },
];

function viewOrganization({ world }: Call): JsonObject {
  const { id, name, shortName, defaultLanguage, defaultCountryCode, domain } = world.organization;
  return {
    id,
    name,
    defaultLanguage,
    defaultCountryCode,
    thirdPartyOrgName: shortName,
    domain,
    version: 1,
    state: 'active',
    voicemailEnabled: false,
    productPlatform: 'GenesysCloud',
    features: { purecloud: true, unifiedCommunications: true },
    selfUri: `/api/v2/organizations/${id}`,
  };
}

function listDivisions(call: Call) {
  const [ids, name] = [call.query.list('id'), call.query.text('name')?.toLowerCase()];
  const found = call.world.divisions
    .list(call.lag)
    .filter(
      (division) =>
        (ids.length === 0 || ids.includes(division.id)) && (!name || division.name.toLowerCase().includes(name)),
    );
  return listing(call, sorted(call, found, ['id', 'name']), viewDivision);
}

function viewDivision({ id, name, description, home }: DivisionRecord): JsonObject {
  return { id, name, description, homeDivision: home, selfUri: `/api/v2/authorization/divisions/${id}` };
}

function viewToken({ world, caller }: Call): JsonObject {
  const { id, name } = world.organization;
  const scopes = caller.client.scopes ?? [];
  return {
    organization: { id, name },
    homeOrganization: { id, name },
    authorizedScope: scopes,
    OAuthClient: {
      id: caller.client.id,
      name: caller.client.id,
      authorizedGrantType: 'CLIENT-CREDENTIALS',
      scope: scopes,
      state: 'active',
      organization: { id, name },
    },
  };
}
