import { isObject, type Json } from '../model/json.ts';

/** What a schema asks for, as a person says it: `an integer from 1 to 60`. */
export function expectation(schema: unknown): string {
  if (!isObject(schema)) return 'something else';
  if (typeof schema['x-expects'] === 'string') return schema['x-expects'];
  if ('const' in schema) return shown(schema['const'] ?? null);
  if (Array.isArray(schema['enum'])) return `one of ${schema['enum'].map(shown).join(', ')}`;
  const branches = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(branches)) return [...new Set(branches.map(expectation))].join(' or ');
  const type = schema['type'];
  const types = Array.isArray(type) ? type : [type];
  return types.map((name) => ofType(String(name), schema)).join(' or ');
}

function ofType(type: string, schema: { [key: string]: Json }): string {
  switch (type) {
    case 'integer':
      return `an integer${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'string':
      return `a text${length(schema)}${form(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list${schema['minItems'] === 1 ? ' with at least one item' : ''}`;
    case 'object': {
      const required = schema['required'];
      return Array.isArray(required) && required.length > 0 ? `{${required.join(', ')}: ...}` : 'a map';
    }
    default:
      return type;
  }
}

function range({ minimum, maximum }: { [key: string]: Json }): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

function length({ minLength, maxLength }: { [key: string]: Json }): string {
  if (maxLength !== undefined) return ` of ${minLength ?? 0} to ${maxLength} characters`;
  return minLength === 1 ? ' that is not empty' : '';
}

function form({ pattern, format }: { [key: string]: Json }): string {
  if (format === 'date-time') return ' like 2026-12-01T08:00:00Z';
  if (format === 'uri') return ' that is a URL';
  return typeof pattern === 'string' ? ` of the form ${pattern}` : '';
}

/** A value as a message shows it: short, and never a whole map. */
export function shown(value: Json): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isObject(value)) return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}..."`;
}
