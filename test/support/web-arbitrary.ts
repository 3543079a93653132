import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/model/json.ts';

const folder = path.resolve(import.meta.dirname, '../../schemas');

/** Named here and held by the API under another form: by an id. */
const named = new Set(['knowledgeBase', 'integration', 'division']);

/** Any spec that a kind's schema allows, as the published object spells it; null where it clears. */
export function specOf(file: string): fc.Arbitrary<JsonObject> {
  const { spec, definitions } = read(file);
  return arbitraryOf(spec, definitions) as fc.Arbitrary<JsonObject>;
}

/** The same spec with its fields, its sets and its keyed lists the other way round. */
export function turnerOf(file: string): (spec: JsonObject) => JsonObject {
  const { spec, definitions } = read(file);
  return (value) => turned(value, spec, definitions) as JsonObject;
}

function read(file: string): { spec: Schema; definitions: Record<string, Schema> } {
  const schema = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Schema & {
    definitions?: Record<string, Schema>;
  };
  return { spec: schema.properties!['spec']!, definitions: schema.definitions ?? {} };
}

function turned(value: Json, schema: Schema, definitions: Record<string, Schema>): Json {
  const { $ref, anyOf, items, properties } = schema;
  if ($ref?.startsWith('#/definitions/')) {
    return turned(value, definitions[$ref.replace('#/definitions/', '')]!, definitions);
  }
  if (anyOf !== undefined) return anyOf.reduce((one, alternative) => turned(one, alternative, definitions), value);
  if (Array.isArray(value) && items !== undefined) {
    const inner = value.map((item) => turned(item, items, definitions));
    return schema['x-set'] === true || schema['x-merge-key'] !== undefined ? inner.reverse() : inner;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value) || properties === undefined) return value;
  const fields = Object.entries(value).map(([name, child]) => {
    return [name, properties[name] === undefined ? child! : turned(child!, properties[name], definitions)];
  });
  return Object.fromEntries(fields.reverse());
}

interface Schema {
  type?: string | string[];
  $ref?: string;
  anyOf?: Schema[];
  enum?: Json[];
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  'x-set'?: boolean;
  'x-merge-key'?: string;
  'x-environment-only'?: boolean;
}

/** Letters in both cases, an order that matters, and what is nothing. */
const texts = fc.constantFrom('a', 'B', 'b', 'Ä', ' x', '0', 'a/b', '~', 'null', 'Zoë');

function arbitraryOf(schema: Schema, definitions: Record<string, Schema>): fc.Arbitrary<Json> {
  const again = (inner: Schema): fc.Arbitrary<Json> => arbitraryOf(inner, definitions);
  const { $ref, anyOf, type, pattern, minimum = 0, maximum = 100 } = schema;
  if ($ref !== undefined) return again(definitions[$ref.replace('#/definitions/', '')]!);
  if (anyOf !== undefined) {
    const usable = anyOf.filter(
      (one) => one.$ref?.startsWith('envelope') !== true && one['x-environment-only'] !== true,
    );
    return fc.oneof(...usable.map(again));
  }
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const types = [type ?? 'object'].flat();
  return fc.oneof(
    ...types.map((one): fc.Arbitrary<Json> => {
      if (one === 'object') return objectOf(schema, again);
      if (one === 'array') return listOf(schema, again);
      if (one === 'string') return pattern === undefined ? texts : fc.stringMatching(new RegExp(pattern));
      if (one === 'integer' || one === 'number') return fc.integer({ min: minimum, max: maximum });
      return one === 'boolean' ? fc.boolean() : fc.constant(null);
    }),
  );
}

function objectOf({ properties = {}, required = [] }: Schema, of: (schema: Schema) => fc.Arbitrary<Json>) {
  const fields = Object.entries(properties).filter(([name]) => !named.has(name));
  const model = Object.fromEntries(fields.map(([name, schema]) => [name, of(schema)]));
  return fc.record(model, { requiredKeys: required.filter((name) => !named.has(name)) }) as fc.Arbitrary<Json>;
}

/** Sets hold each item once, and keyed lists each key, whatever its capitals. */
function listOf({ items = {}, ...schema }: Schema, of: (schema: Schema) => fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const key = schema['x-merge-key'];
  if (schema['x-set'] !== true && key === undefined) return fc.array(of(items), { maxLength: 3 });
  const selector = (item: Json): string =>
    JSON.stringify(key === undefined ? item : (item as JsonObject)[key]).toLowerCase();
  return fc.uniqueArray(of(items), { maxLength: 3, selector });
}

/** As a server that keeps what it is sent tells it: without what is cleared. */
export function stored(value: Json): Json {
  if (Array.isArray(value)) return value.map(stored);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(kept.map(([name, child]) => [name, stored(child!)]));
}
