import { declaredFields } from '../../model/compare.ts';
import type { Contributed, ExportedDocument, Field, Index, Kind, Summary } from '../../model/contracts.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { keyOf } from '../../model/key.ts';
import { getAt, type Pointer, setAt } from '../../model/pointer.ts';
import type { Problem } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import { acceptAction, templates } from './accept.ts';
import { checkExport, exportedAction } from './export-file.ts';
import { schemas } from './live.ts';
import { findIntegration, functionType, type IntegrationName } from './spec.ts';

/** Fields that are compared and replaced whole: the user's own maps, and JSON Schemas. */
const wholeFields: readonly Pointer[] = [
  ...schemas,
  '/config/request/headers',
  '/config/response/translationMap',
  '/config/response/translationMapDefaults',
];

/** A data action, owned: contract, templates, headers, timeout. `spec` is in the API's own names. */
export const dataActionKind: Kind = {
  name: 'DataAction',
  surface: 'platform',
  apiVersion: 'genesys-gitops/v1',
  schema: 'data-action.schema.json',
  object: 'data-action',
  owns: true,
  check,
  contribute,
  toDocument,
  accept: acceptAction,
};

function check(resource: Resource): Problem[] {
  const twice = templates.filter(
    ({ file, field }) => resource.spec[file] !== undefined && getAt(resource.spec, field) !== undefined,
  );
  return [
    ...checkExport(resource),
    ...twice.map(
      ({ file, field }): Problem => ({
        code: 'template-given-twice',
        message: `${file} and ${field.slice(1).replaceAll('/', '.')} give the same template; keep one of them`,
        resource: resourceId(resource),
        pointer: `/spec/${file}`,
      }),
    ),
  ];
}

function contribute(resource: Resource, index: Index): Contributed {
  const { spec } = resource;
  const by = resourceId(resource);
  const found = findIntegration(spec['integration'] as IntegrationName, index, by);
  if ('problem' in found) return { contributions: [], problems: [found.problem] };
  const { integration } = found;
  const exported = exportedAction(resource);
  const problems = fits(
    by,
    integration.name,
    String(integration.attributes['integrationType']),
    exported?.integrationType,
  );

  const name = typeof spec['name'] === 'string' ? spec['name'] : (exported?.name ?? resource.name);
  const fields: Field[] = [
    { path: '/name', value: name },
    integration.id === undefined
      ? { path: '/integrationId', ref: { type: 'integration', key: integration.key }, attribute: 'id' }
      : { path: '/integrationId', value: integration.id },
    ...declaredFields(wished(resource, exported?.fields ?? {}), wholeFields).filter(({ path }) => path !== ''),
  ];
  const integrationLabel = index.find('integration', integration.name).length > 1 ? integration.id! : integration.name;
  return {
    contributions: [
      {
        by,
        owns: true,
        target: { type: 'data-action', key: keyOf(integrationLabel, name), name },
        fields,
        // The admin pages file an action under its integration's name, and flows look it up there.
        onCreate: [{ path: '/category', value: integration.name }],
        attributes: {
          integrationId: integration.id ?? '',
          integration: integrationLabel,
          integrationType: String(integration.attributes['integrationType']),
          ...(typeof spec['category'] === 'string' ? { category: spec['category'] } : {}),
        },
      },
    ],
    problems,
  };
}

/** Everything declared, as one object: the export at the bottom, the document over it, template files on top. */
function wished(resource: Resource, exported: JsonObject): JsonObject {
  const { category, secure, contract, config } = resource.spec;
  let result: JsonObject = { ...exported };
  const declared: [string, Json | undefined][] = [
    ['category', category],
    ['secure', secure],
  ];
  for (const [field, value] of declared) if (value !== undefined) result[field] = value;
  for (const [part, value] of Object.entries({ contract, config })) {
    if (value === undefined) continue;
    for (const { path, value: leaf } of declaredFields({ [part]: value }, wholeFields))
      result = setAt(result, path, leaf);
  }
  for (const { file, field } of templates) {
    const text = resource.files[`/spec/${file}`]?.text;
    if (text !== undefined) result = setAt(result, field, text);
  }
  return result;
}

function fits(by: string, name: string, type: string, exportedType: string | undefined): Problem[] {
  if (type === functionType) {
    const message = `"${name}" holds function data actions, which are uploaded as zip files; this version does not manage them`;
    return [{ code: 'read-only-object', message, resource: by, pointer: '/spec/integration' }];
  }
  if (exportedType === undefined || exportedType === type) return [];
  const message = `the export was made for an integration of type ${exportedType}, but "${name}" is of type ${type}`;
  return [{ code: 'integration-type-mismatch', message, resource: by, pointer: '/spec/file' }];
}

/** What the API calls it, written as a person would: no default, no id. */
function toDocument(live: JsonObject, summary: Summary): ExportedDocument | undefined {
  if (summary.readOnly !== undefined || summary.attributes['integrationType'] === functionType) return undefined;
  const { name = null, category, secure, contract = {}, config = {} } = live;
  const integration = String(summary.attributes['integration']);
  return {
    apiVersion: 'genesys-gitops/v1',
    kind: 'DataAction',
    spec: {
      name,
      integration,
      ...(category === undefined || category === integration ? {} : { category }),
      ...(secure === true ? { secure } : {}),
      contract,
      config: isObject(config) ? config : {},
    },
  };
}
