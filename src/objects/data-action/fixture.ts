import type { JsonObject } from '../../model/json.ts';

const integration = 'Web Services Data Actions';

const base: JsonObject = {
  integration,
  contract: {
    input: {
      inputSchema: { title: 'In', type: 'object', properties: { id: { type: 'string' } }, additionalProperties: true },
    },
    output: { successSchema: { title: 'Out', type: 'object', properties: { name: { type: 'string' } } } },
  },
  config: {
    timeoutSeconds: 12,
    request: {
      requestUrlTemplate: 'https://example.com/${input.id}',
      requestTemplate: '{\n  "id": "${input.id}"\n}',
      requestType: 'POST',
      headers: { 'Content-Type': 'application/json' },
    },
    response: {
      translationMap: { name: '$.name' },
      translationMapDefaults: { name: '""' },
      successTemplate: '{"name": ${name}}',
    },
  },
};

function change(spec: JsonObject, part: 'contract' | 'config', value: JsonObject): JsonObject {
  return { ...spec, [part]: { ...(spec[part] as JsonObject), ...value } };
}

const { timeoutSeconds: _timeout, ...untimed } = base['config'] as JsonObject;
const withoutTimeout: JsonObject = { ...base, config: untimed };

/**
 * Quirks of the sandbox that are about these objects, by how their names begin; the last ones are about what the client and the
 * engine do alike for every object.
 */
export const quirks = [
  ...['template-', 'schema-', 'draft-', 'version-', 'config-', 'timeout-', 'empty-', 'request-', 'success-'],
  ...['duplicate-', 'writes-', 'publish-', 'integration-'],
  ...['page-size-', 'dependency-', 'delete-in-use-'],
];

/**
 * What the conformance suite needs of the kinds of this folder: an example, updates of it, and `clears`, updates that a
 * server may be unable to carry out (`whereNot`: the quirks of such a server). `seed` documents have to be live first.
 */
export const fixtures = [
  {
    kind: 'DataAction',
    example: base,
    updates: {
      name: { ...base, name: 'Another name' },
      config: change(base, 'config', { timeoutSeconds: 30 }),
      'a template': change(base, 'config', {
        request: { ...((base['config'] as JsonObject)['request'] as JsonObject), requestTemplate: '{}' },
      }),
      contract: change(base, 'contract', {
        output: {
          successSchema: { title: 'Out', type: 'object', properties: { other: { type: 'string' } }, minProperties: 1 },
        },
      }),
      'contract and config': change(change(base, 'config', { timeoutSeconds: 5 }), 'contract', {
        input: { inputSchema: { title: 'New', type: 'object', properties: {} } },
      }),
      secure: { ...base, secure: true },
    },
    whereNot: ['config-merged'],
    clears: {
      'a field': change(base, 'config', { timeoutSeconds: null }),
      'a map': change(base, 'config', {
        request: { ...((base['config'] as JsonObject)['request'] as JsonObject), headers: {} },
      }),
    },
  },
  {
    kind: 'Timeout',
    seed: [{ kind: 'DataAction', spec: withoutTimeout }],
    example: { integration, timeoutSeconds: 10 },
    updates: {
      'the timeout': { integration, timeoutSeconds: 20 },
      exceptions: { integration, timeoutSeconds: 20, exceptions: [{ name: 'seed-0', timeoutSeconds: 40 }] },
      'named actions': { integration, timeoutSeconds: 15, actions: ['seed-0'] },
    },
  },
];
