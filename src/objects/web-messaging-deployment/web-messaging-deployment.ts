import type { Contributed, ExportedDocument, Field, Index, Kind, Summary } from '../../model/contracts.ts';
import { isEmpty, isObject, type JsonObject } from '../../model/json.ts';
import { getAt } from '../../model/pointer.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import { accept } from './accept.ts';
import { domains } from './live.ts';
import { configurationOf, isNamed, othersOf } from './references.ts';
import { checkDeployment } from './rules.ts';

/** A web messaging deployment, owned: which version of a configuration web pages get, and which flow answers. */
export const webMessagingDeploymentKind: Kind = {
  name: 'WebMessagingDeployment',
  surface: 'platform',
  apiVersion: 'genesys-gitops/v1',
  schema: 'web-messaging-deployment.schema.json',
  object: 'web-messaging-deployment',
  owns: true,
  check: checkDeployment,
  checksUnfit: true,
  looksUp: ({ spec }) => [
    ...(isNamed(spec['flow']) ? ['flow'] : []),
    ...(isNamed(spec['supportedContent']) ? ['supported-content'] : []),
  ],
  contribute,
  toDocument,
  accept,
};

/** Fields that are compared and written as they are wished. */
const plain = ['description', 'allowAllDomains', 'status', 'pushIntegrations'];

function contribute(resource: Resource, index: Index): Contributed {
  const { spec } = resource;
  const by = resourceId(resource);
  const parts = [configurationOf(spec, index, by), othersOf(spec, index, by)];
  const problems = parts.flatMap((part) => part.problems);
  if (problems.length > 0) return { contributions: [], problems };
  const name = typeof spec['name'] === 'string' ? spec['name'] : resource.name;
  const { allowedDomains, version = 'latest' } = spec;
  const fields: Field[] = [
    { path: '/name', value: name },
    ...plain.flatMap((field): Field[] =>
      spec[field] === undefined ? [] : [{ path: `/${field}`, value: spec[field] }],
    ),
    ...(allowedDomains === undefined ? [] : [{ path: '/allowedDomains', value: domainsOf(allowedDomains) }]),
    ...parts.flatMap((part) => part.fields),
  ];
  return {
    contributions: [
      {
        by,
        owns: true,
        target: { type: 'web-messaging-deployment', key: name, name },
        fields,
        uses: parts.flatMap((part) => part.uses),
        ...(version === 'latest' ? {} : { directives: { pinned: true } }),
      },
    ],
    problems: [],
  };
}

function domainsOf(wished: JsonObject[string]): JsonObject[string] {
  return Array.isArray(wished) ? domains(wished) : wished;
}

/** `latest` where it serves the newest version, as far as that is known of the configuration; else the number. */
function toDocument(live: JsonObject, _summary: Summary, index: Index): ExportedDocument | { why: string } {
  const id = getAt(live, '/configuration/id');
  const configuration = index.all('web-messaging-configuration').find((entry) => entry.id === id);
  if (configuration === undefined) return { why: 'its configuration cannot be seen' };
  const version = getAt(live, '/configuration/version') ?? null;
  const isNewest = configuration.attributes['version'] === version;
  const { name = null, description, allowAllDomains, allowedDomains, status, pushIntegrations } = live;
  const spec: JsonObject = {
    name,
    ...(isEmpty(description) ? {} : { description: description! }),
    configuration: configuration.name,
    version: isNewest ? 'latest' : Number(version),
    ...namedIn(live, 'flow', index, 'flow'),
    ...namedIn(live, 'supportedContent', index, 'supported-content'),
    ...(allowAllDomains === undefined ? {} : { allowAllDomains }),
    ...(isEmpty(allowedDomains) ? {} : { allowedDomains: allowedDomains! }),
    ...(status === 'Inactive' ? { status } : {}),
    ...(isEmpty(pushIntegrations) ? {} : { pushIntegrations: pushIntegrations! }),
  };
  return { apiVersion: 'genesys-gitops/v1', kind: 'WebMessagingDeployment', spec };
}

/** By the name of what is there; an id that nothing has any more is left out. */
function namedIn(live: JsonObject, field: string, index: Index, type: string): JsonObject {
  const value = live[field];
  const entry = isObject(value) ? index.all(type).find(({ id }) => id === value['id']) : undefined;
  return entry === undefined ? {} : { [field]: entry.name };
}
