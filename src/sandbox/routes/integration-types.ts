import type { Endpoint } from '../endpoint.ts';
import { notFound } from '../errors.ts';
import { findType, type IntegrationTypeRecord, integrationTypes as known } from '../integration-types.ts';
import type { JsonObject } from '../json.ts';
import { listing, sorted } from '../paging.ts';
import { integrationPermissions, integrationScopes } from './permissions.ts';

const root = '/api/v2/integrations/types';
const read = { method: 'GET', permissions: integrationPermissions.view, scopes: integrationScopes.read } as const;

/** `integrations/types`: what can be installed. */
export const integrationTypes: Endpoint[] = [
  {
    ...read,
    path: root,
    serve: (call) => listing(call, sorted(call, [...known], ['id', 'name', 'category']), viewType),
  },
  { ...read, path: `${root}/{typeId}`, serve: ({ params }) => viewType(typeOr404(params['typeId']!)) },
  {
    ...read,
    path: `${root}/{typeId}/configschemas/{configType}`,
    serve: ({ params }) => {
      const type = typeOr404(params['typeId']!);
      const configType = params['configType'];
      if (configType !== 'properties' && configType !== 'advanced') throw notFound();
      return type[configType];
    },
  },
];

function typeOr404(id: string): IntegrationTypeRecord {
  const type = findType(id);
  if (!type) throw notFound();
  return type;
}

/** Definition `IntegrationType`. */
export function viewType(type: IntegrationTypeRecord): JsonObject {
  const selfUri = `${root}/${type.id}`;
  return {
    id: type.id,
    name: type.name,
    description: type.description,
    category: type.category,
    configPropertiesSchemaUri: `${selfUri}/configschemas/properties`,
    configAdvancedSchemaUri: `${selfUri}/configschemas/advanced`,
    credentials: type.credentials,
    nonInstallable: false,
    ...(type.maxInstances !== undefined && { maxInstances: type.maxInstances }),
    selfUri,
  };
}
