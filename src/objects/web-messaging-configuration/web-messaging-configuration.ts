import { declaredFields } from '../../model/compare.ts';
import type { Contributed, ExportedDocument, Field, Index, Kind, Summary } from '../../model/contracts.ts';
import { isEmpty, isObject, type Json, type JsonObject } from '../../model/json.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import { accept } from './accept.ts';
import { canonical } from './canonical.ts';
import { named, resolved, typesNamed } from './references.ts';
import { adviseConfiguration, checkConfiguration } from './rules/index.ts';

/** A web messaging configuration, owned. `spec` is the writable part of the published version, in the API's own names. */
export const webMessagingConfigurationKind: Kind = {
  name: 'WebMessagingConfiguration',
  surface: 'platform',
  apiVersion: 'genesys-gitops/v1',
  schema: 'web-messaging-configuration.schema.json',
  object: 'web-messaging-configuration',
  owns: true,
  check: checkConfiguration,
  checksUnfit: true,
  advise: adviseConfiguration,
  looksUp: ({ spec }) => typesNamed(spec),
  contribute,
  toDocument,
  accept,
};

function contribute(resource: Resource, index: Index): Contributed {
  const by = resourceId(resource);
  const { name: own, ...spec } = resource.spec;
  const name = typeof own === 'string' ? own : resource.name;
  const { rest, fields: references, problems } = resolved(spec, index, by);
  if (problems.length > 0) return { contributions: [], problems };
  const fields: Field[] = [
    { path: '/name', value: name },
    ...declaredFields(canonical(rest), []).filter(({ path }) => path !== ''),
    ...references,
  ];
  const forceDraft = resource.annotations['genesys-gitops/force-draft'];
  return {
    contributions: [
      {
        by,
        owns: true,
        target: { type: 'web-messaging-configuration', key: name, name },
        fields,
        ...(forceDraft === undefined ? {} : { directives: { forceDraft } }),
      },
    ],
    problems: [],
  };
}

/** What the schema knows of a version, in the order of the schema. */
const known = [
  ...['name', 'description', 'languages', 'defaultLanguage', 'customI18nLabels', 'messenger', 'position'],
  ...['supportCenter', 'cobrowse', 'journeyEvents', 'authenticationSettings', 'video', 'headlessMode'],
];

function toDocument(live: JsonObject, _summary: Summary, index: Index): ExportedDocument | { why: string } {
  if (live['version'] === undefined) return { why: 'it was never published' };
  const spec = declared(named(live, index)) as JsonObject;
  return {
    apiVersion: 'genesys-gitops/v1',
    kind: 'WebMessagingConfiguration',
    spec: Object.fromEntries(known.flatMap((field) => (spec[field] === undefined ? [] : [[field, spec[field]]]))),
  };
}

/** Without what is nothing; but for what is in lists, which are compared whole. */
function declared(value: Json): Json {
  if (!isObject(value)) return value;
  const kept = Object.entries(value).map(([name, child]) => [name, declared(child)] as const);
  return Object.fromEntries(kept.filter(([, child]) => !isEmpty(child)));
}
