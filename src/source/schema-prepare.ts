import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { getAt } from '../model/pointer.ts';

/** A schema file's content by file name: `timeout.schema.json`. */
export type LoadSchema = (file: string) => JsonObject;

const variable = 'envelope.schema.json#/definitions/variable';

/**
 * A published schema as the program uses it: references are put in place, and the branches that let editors accept
 * `$(variable)` are gone, since validation comes after resolution. What is left needs no resolving, gives strict
 * types, and its messages speak of the values alone.
 */
export function prepareSchema(file: string, load: LoadSchema): JsonObject {
  const { definitions: _inlined, ...root } = prepare(load(file), file, load);
  return root;
}

function prepare(schema: JsonObject, file: string, load: LoadSchema): JsonObject {
  const { $ref: ref, ...own } = schema;
  const result: JsonObject = {};
  if (typeof ref === 'string') {
    const target = absolute(ref, file);
    const [targetFile = file, pointer = ''] = target.split('#');
    const found = getAt(load(targetFile), pointer);
    if (!isObject(found)) throw new Error(`${file}: ${ref} is not there`);
    Object.assign(result, prepare(found, targetFile, load));
  }
  for (const [key, value] of Object.entries(own)) {
    if (key === 'definitions') continue;
    result[key] = key === 'default' || key === 'enum' || key === 'const' ? value : within(value, file, load);
  }
  return unwrap(result);
}

function within(value: Json, file: string, load: LoadSchema): Json {
  if (Array.isArray(value)) {
    return value.filter((item) => !isVariable(item, file)).map((item) => within(item, file, load));
  }
  return isObject(value) ? prepare(value, file, load) : value;
}

/** An `anyOf` with one branch left is that branch, and one within another is part of it. */
function unwrap(schema: JsonObject): JsonObject {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const branches = anyOf.flatMap((branch) => (isObject(branch) && isOnlyChoice(branch) ? branch['anyOf'] : [branch]));
  const only = branches.length === 1 ? branches[0] : undefined;
  return isObject(only) ? { ...only, ...rest } : { ...rest, anyOf: branches };
}

function isOnlyChoice(schema: JsonObject): schema is JsonObject & { anyOf: Json[] } {
  const words = new Set(['anyOf', 'title', 'description', 'x-expects']);
  return Array.isArray(schema['anyOf']) && Object.keys(schema).every((key) => words.has(key));
}

function isVariable(schema: Json, file: string): boolean {
  return isObject(schema) && typeof schema['$ref'] === 'string' && absolute(schema['$ref'], file) === variable;
}

function absolute(ref: string, file: string): string {
  return ref.startsWith('#') ? file + ref : ref;
}
