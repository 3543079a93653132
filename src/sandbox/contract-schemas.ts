import { isObject, type JsonObject, objectAt } from './json.ts';
import type { Quirk } from './quirks.ts';
import type { ActionContractInput } from './records.ts';

/** The keywords that the published `JsonSchemaDocument` models. */
const modelled = ['id', '$schema', 'title', 'description', 'type', 'required', 'properties', 'additionalProperties'];

/** The server's own schema for the body of a failed execution; clients cannot set it. */
export const errorSchema: JsonObject = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  title: 'Errors',
  description: 'Errors that can be returned by an Action.',
  type: 'object',
  properties: {
    message: { type: 'string' },
    code: { type: 'string' },
    status: { type: 'integer' },
    messageParams: { type: 'object' },
    contextId: { type: 'string' },
  },
};

/** A contract as the server keeps it. */
export function storeContract(contract: ActionContractInput, quirks: ReadonlySet<Quirk>): ActionContractInput {
  const keep = (schema: JsonObject): JsonObject => {
    let kept = schema;
    if (quirks.has('schema-keywords-dropped')) {
      kept = Object.fromEntries(Object.entries(schema).filter(([key]) => modelled.includes(key)));
    }
    if (!quirks.has('schema-keywords-added')) return kept;
    const added = { $schema: 'http://json-schema.org/draft-04/schema#', title: 'Schema', additionalProperties: true };
    return { ...added, ...kept };
  };
  return {
    input: { inputSchema: keep(contract.input.inputSchema) },
    output: { successSchema: keep(contract.output.successSchema) },
  };
}

/** Architect's flat form: nested properties under dotted names, the properties of array items as lists of their own. */
export function flatten(schema: JsonObject): { schema: JsonObject; arrayProperties: string[] } {
  const properties: JsonObject = {};
  const arrayProperties: string[] = [];
  const visit = (node: JsonObject, prefix: string): void => {
    if (node['type'] === 'array') {
      arrayProperties.push(prefix);
      visit(objectAt(node, 'items'), prefix);
    } else if (isObject(node['properties'])) {
      for (const [name, child] of Object.entries(node['properties'])) {
        if (isObject(child)) visit(child, prefix ? `${prefix}.${name}` : name);
      }
    } else if (prefix) {
      properties[prefix] = node;
    }
  };
  visit(schema, '');
  const { properties: _nested, items: _items, ...rest } = schema;
  return { schema: { ...rest, type: 'object', properties }, arrayProperties };
}

/** A value that fits a schema, for executions: the sandbox calls no remote system. */
export function sampleOf(schema: JsonObject, depth = 0): unknown {
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0) return schema['enum'][0];
  if (schema['default'] !== undefined) return schema['default'];
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'array':
      return depth > 5 ? [] : [sampleOf(objectAt(schema, 'items'), depth + 1)];
    case 'integer':
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'string':
      return 'sample';
    default: {
      if (depth > 5) return {};
      const children = Object.entries(objectAt(schema, 'properties'));
      return Object.fromEntries(
        children.map(([name, child]) => [name, sampleOf(isObject(child) ? child : {}, depth + 1)]),
      );
    }
  }
}
