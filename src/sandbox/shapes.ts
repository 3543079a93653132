import { ApiError, type ErrorCode } from './errors.ts';
import { isObject, type JsonObject } from './json.ts';

/**
 * What a request body may look like; a small language, so that the tables of shapes read like the published definitions.
 * `readOnly` fields are accepted and ignored, as clients send back what they have read.
 */
export type Shape =
  | { type: 'string'; min?: number; max?: number; values?: readonly string[]; pattern?: RegExp }
  | { type: 'integer'; min?: number; max?: number }
  | { type: 'number'; min: number; max: number }
  | { type: 'boolean' }
  | { type: 'json' }
  | { type: 'document' }
  | { type: 'list'; of: Shape }
  | { type: 'map'; of: Shape }
  | {
      type: 'object';
      name: string;
      fields: Record<string, Shape>;
      required?: readonly string[];
      readOnly?: readonly string[];
      /** Null is kept, where it says something else than a field that is left out. */
      nulls?: boolean;
    };

export const string = (max?: number): Shape => ({ type: 'string', ...(max !== undefined && { min: 1, max }) });
export const integer: Shape = { type: 'integer' };
export const boolean: Shape = { type: 'boolean' };
/** Any JSON object, left as it is. */
export const document: Shape = { type: 'document' };
export const json: Shape = { type: 'json' };
export const list = (of: Shape): Shape => ({ type: 'list', of });
export const map = (of: Shape): Shape => ({ type: 'map', of });
export const oneOf = (...values: string[]): Shape => ({ type: 'string', values });

/**
 * The body as its shape declares it: unknown fields refused (or dropped), read-only and null ones left out.
 * Null is read as absent: UNCONFIRMED, and what a Java service with plain objects does.
 * @throws ApiError 400 naming the first field at fault as its code, all of them in `details`
 */
export function readBody(shape: Shape, body: unknown, options: { ignoreUnknown?: boolean } = {}): JsonObject {
  const problems: ApiError[] = [];
  const value = read(shape, body, '', problems, options.ignoreUnknown ?? false);
  const [first] = problems;
  if (first) {
    const details = problems.flatMap((problem) => problem.extra.details ?? []);
    throw new ApiError(first.kind, first.params, { details });
  }
  return value as JsonObject;
}

function read(shape: Shape, value: unknown, path: string, problems: ApiError[], ignoreUnknown: boolean): unknown {
  switch (shape.type) {
    case 'json':
      return value;
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong(value, 'Boolean', 'true, false', path, problems);
    case 'integer':
      return readInteger(shape, value, path, problems);
    case 'number':
      if (typeof value === 'number' && value >= shape.min && value <= shape.max) return value;
      return wrong(value, 'Number', `${shape.min} to ${shape.max}`, path, problems);
    case 'string':
      return readString(shape, value, path, problems);
    case 'document':
      return isObject(value) ? value : wrong(value, 'Object', 'an object', path, problems);
    case 'list':
      if (!Array.isArray(value)) return wrong(value, 'List', 'a list', path, problems);
      return value.map((item, index) => read(shape.of, item, `${path}[${index}]`, problems, ignoreUnknown));
    case 'map':
      if (!isObject(value)) return wrong(value, 'Map', 'an object', path, problems);
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => item !== null)
          .map(([key, item]) => [key, read(shape.of, item, join(path, key), problems, ignoreUnknown)]),
      );
    case 'object':
      return readObject(shape, value, path, problems, ignoreUnknown);
  }
}

function readObject(
  shape: Extract<Shape, { type: 'object' }>,
  value: unknown,
  path: string,
  problems: ApiError[],
  ignoreUnknown: boolean,
): unknown {
  if (!isObject(value)) return wrong(value, shape.name, 'an object', path, problems);
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const field = shape.fields[key];
    if (field) {
      if (item !== null && item !== undefined)
        result[key] = read(field, item, join(path, key), problems, ignoreUnknown);
      else if (item === null && shape.nulls) result[key] = null;
    } else if (!ignoreUnknown && !shape.readOnly?.includes(key)) {
      problems.push(problem('invalid.property', { property: key, object: shape.name }, join(path, key)));
    }
  }
  for (const key of shape.required ?? []) {
    if (value[key] === undefined || value[key] === null)
      problems.push(
        problem('constraint.validation', { reason: `${join(path, key)} may not be null` }, join(path, key)),
      );
  }
  return result;
}

function readString(
  shape: Extract<Shape, { type: 'string' }>,
  value: unknown,
  path: string,
  problems: ApiError[],
): unknown {
  if (typeof value !== 'string') return wrong(value, 'String', 'a string', path, problems);
  if (shape.values && !shape.values.includes(value))
    return wrong(value, 'String', shape.values.join(', '), path, problems);
  if (shape.pattern && !shape.pattern.test(value)) {
    const reason = `${path} must match "${shape.pattern.source}"`;
    problems.push(problem('constraint.validation', { reason }, path));
  }
  if ((shape.max !== undefined && value.length > shape.max) || value.length < (shape.min ?? 0)) {
    const reason = `${path} size must be between ${shape.min ?? 0} and ${shape.max}`;
    problems.push(problem('constraint.validation', { reason }, path));
  }
  return value;
}

function readInteger(
  shape: Extract<Shape, { type: 'integer' }>,
  value: unknown,
  path: string,
  problems: ApiError[],
): unknown {
  if (!Number.isInteger(value)) return wrong(value, 'Integer', 'an integer', path, problems);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = shape;
  if ((value as number) < min || (value as number) > max) {
    problems.push(problem('constraint.validation', { reason: `${path} must be between ${min} and ${max}` }, path));
  }
  return value;
}

function wrong(value: unknown, type: string, allowed: string, field: string, problems: ApiError[]): undefined {
  const shown = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
  problems.push(problem('invalid.value', { value: shown.slice(0, 100), type, allowed, field: field || 'body' }, field));
}

function problem(code: ErrorCode, params: Record<string, string>, fieldName: string) {
  return new ApiError(code, params, { details: [{ errorCode: code, ...(fieldName && { fieldName }) }] });
}

const join = (path: string, key: string): string => (path ? `${path}.${key}` : key);
