import { ApiError } from './errors.ts';
import { compact, isObject, type JsonObject } from './json.ts';
import type { Quirk } from './quirks.ts';
import type { ActionConfig, ActionRecord } from './records.ts';

const requestTypes = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'];

/**
 * A config as the server keeps it: URIs of templates ignored, defaults filled in. Every default here is UNCONFIRMED
 * and has its quirk.
 * @param previous the stored config of an update, for the quirk `config-merged`
 */
export function storeConfig(sent: ActionConfig, quirks: ReadonlySet<Quirk>, previous?: ActionConfig): ActionConfig {
  const base = previous && quirks.has('config-merged') ? (merge(previous, sent) as ActionConfig) : sent;
  const { headers, requestTemplate, requestType, requestUrlTemplate } = base.request ?? {};
  const { translationMap, translationMapDefaults, successTemplate } = base.response ?? {};
  const empty = quirks.has('empty-maps-omitted') ? undefined : {};
  return compact({
    timeoutSeconds: base.timeoutSeconds ?? (quirks.has('timeout-default') ? 60 : undefined),
    request: compact({
      requestUrlTemplate,
      requestTemplate: requestTemplate ?? (quirks.has('request-template-default') ? '${input.rawRequest}' : undefined),
      requestType,
      headers: headers ?? empty,
    }),
    response: compact({
      translationMap: translationMap ?? empty,
      translationMapDefaults: translationMapDefaults ?? empty,
      successTemplate: successTemplate ?? (quirks.has('success-template-default') ? '${rawResult}' : undefined),
    }),
  }) as ActionConfig;
}

function merge(before: unknown, sent: unknown): unknown {
  if (!isObject(before) || !isObject(sent)) return sent;
  const keys = new Set([...Object.keys(before), ...Object.keys(sent)]);
  return Object.fromEntries([...keys].map((key) => [key, key in sent ? merge(before[key], sent[key]) : before[key]]));
}

/** What keeps an action from being published, as `draft/validation` reports it. */
export function problemsOf(action: Pick<ActionRecord, 'config' | 'contract' | 'auth'>, typeId: string): ApiError[] {
  const { timeoutSeconds, request = {}, response = {} } = action.config;
  const problems: ApiError[] = [];
  const add = (fieldName: string, reason: string) => problems.push(problem(fieldName, reason));

  if (timeoutSeconds !== undefined) {
    if (action.auth) add('config.timeoutSeconds', 'timeoutSeconds is invalid for Custom Authentication Actions');
    else if (timeoutSeconds < 1 || timeoutSeconds > 60) {
      add('config.timeoutSeconds', `timeoutSeconds must be between 1 and 60, not ${timeoutSeconds}`);
    }
  }
  if (typeId !== 'function-data-actions') {
    if (!request.requestUrlTemplate) add('config.request.requestUrlTemplate', 'requestUrlTemplate may not be empty');
    if (!request.requestType) add('config.request.requestType', 'requestType may not be empty');
  }
  if (request.requestType && !requestTypes.includes(request.requestType)) {
    add('config.request.requestType', `requestType must be one of ${requestTypes.join(', ')}`);
  }
  const templates = {
    'config.request.requestUrlTemplate': request.requestUrlTemplate,
    'config.request.requestTemplate': request.requestTemplate,
    'config.response.successTemplate': response.successTemplate,
  };
  for (const [field, text] of Object.entries(templates)) {
    const fault = text === undefined ? undefined : templateFault(text);
    if (fault) add(field, fault);
  }
  for (const name of Object.keys(response.translationMapDefaults ?? {})) {
    if (response.translationMap && !(name in response.translationMap)) {
      add(
        'config.response.translationMapDefaults',
        `translationMapDefaults has a default for "${name}", which translationMap lacks`,
      );
    }
  }
  for (const [field, schema] of [
    ['contract.input.inputSchema', action.contract.input.inputSchema],
    ['contract.output.successSchema', action.contract.output.successSchema],
  ] as const) {
    const fault = schemaFault(schema);
    if (fault) add(field, fault);
  }
  return problems;
}

/** Velocity as far as one sees it without parsing: open references, and blocks without their end. */
function templateFault(text: string): string | undefined {
  if (/\$!?\{[^}]*$/.test(text)) return 'template has an unclosed reference';
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const opened = count(/#\{?(?:if|foreach|macro|define)\b/g);
  const closed = count(/#\{?end\b/g);
  return opened === closed ? undefined : `template opens ${opened} blocks and ends ${closed}`;
}

function schemaFault(schema: JsonObject): string | undefined {
  const { type, properties, required } = schema as { type?: unknown; properties?: unknown; required?: unknown };
  if (type !== undefined && type !== 'object' && type !== 'array')
    return `schema type must be object, not ${JSON.stringify(type)}`;
  if (properties !== undefined && !isObject(properties)) return 'properties must be an object';
  if (required !== undefined && !(Array.isArray(required) && required.every((name) => typeof name === 'string'))) {
    return 'required must be a list of names';
  }
  return undefined;
}

function problem(fieldName: string, reason: string): ApiError {
  return new ApiError(
    'constraint.validation',
    { reason },
    { details: [{ errorCode: 'constraint.validation', fieldName }] },
  );
}
