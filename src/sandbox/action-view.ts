import { errorSchema, flatten } from './contract-schemas.ts';
import { compact, type JsonObject } from './json.ts';
import type { ActionRecord } from './records.ts';
import type { World } from './world.ts';

/** File names under `/schemas/` and `/templates/`; the template names are those that Terraform's provider asks for. */
export const files = {
  inputSchema: 'inputschema.json',
  successSchema: 'successschema.json',
  errorSchema: 'errorschema.json',
  requestTemplate: 'requesttemplate.vm',
  successTemplate: 'successtemplate.vm',
} as const;

/** What an answer with an action shows. */
export interface ActionViewOptions {
  contract?: 'uris' | 'schemas' | 'flat';
  config?: boolean;
  draft?: boolean;
}

/** An action as the API answers it (definition `Action`). */
export function viewAction(world: World, action: ActionRecord, options: ActionViewOptions = {}): JsonObject {
  const selfUri = `/api/v2/integrations/actions/${action.id}${options.draft ? '/draft' : ''}`;
  return compact({
    id: action.id,
    name: action.name,
    integrationId: action.integrationId,
    category: action.category,
    contract: options.contract && viewContract(action, selfUri, options.contract),
    version: action.version,
    secure: action.secure,
    config: options.config ? viewConfig(world, action, selfUri) : undefined,
    selfUri,
  });
}

/** The options that the query of a single GET asks for. */
export function askedFor(expand: string | undefined, includeConfig = false, flat = false): ActionViewOptions {
  return { contract: expand === 'contract' ? (flat ? 'flat' : 'schemas') : 'uris', config: includeConfig };
}

/** The answer to a write; whether it shows everything is UNCONFIRMED (quirk `writes-answer-whole`). */
export function viewWritten(world: World, action: ActionRecord, draft = false): JsonObject {
  const whole = world.quirks.has('writes-answer-whole');
  return viewAction(world, action, { contract: whole ? 'schemas' : 'uris', config: whole, draft });
}

function viewContract(action: ActionRecord, selfUri: string, form: 'uris' | 'schemas' | 'flat'): JsonObject {
  const { inputSchema } = action.contract.input;
  const { successSchema } = action.contract.output;
  const uri = (name: string) => `${selfUri}/schemas/${name}`;
  const uris = {
    input: { inputSchemaUri: uri(files.inputSchema) },
    output: { successSchemaUri: uri(files.successSchema), errorSchemaUri: uri(files.errorSchema) },
  };
  if (form === 'uris') return uris;
  if (form === 'schemas') {
    return { input: { inputSchema, ...uris.input }, output: { successSchema, errorSchema, ...uris.output } };
  }
  return {
    input: { inputSchemaFlattened: flatten(inputSchema).schema, ...uris.input },
    output: {
      successSchemaFlattened: flatten(successSchema),
      errorSchemaFlattened: flatten(errorSchema),
      ...uris.output,
    },
  };
}

function viewConfig(world: World, { config }: ActionRecord, selfUri: string): JsonObject {
  if (!world.quirks.has('template-uri')) return config as JsonObject;
  const { requestTemplate, ...request } = config.request ?? {};
  const { successTemplate, ...response } = config.response ?? {};
  const uri = (text: string | undefined, name: string) =>
    text === undefined ? undefined : `${selfUri}/templates/${name}`;
  return {
    ...config,
    request: compact({ ...request, requestTemplateUri: uri(requestTemplate, files.requestTemplate) }),
    response: compact({ ...response, successTemplateUri: uri(successTemplate, files.successTemplate) }),
  };
}
