import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { Json, JsonObject } from '../model/json.ts';
import type { Pointer } from '../model/pointer.ts';
import type { ProblemCode } from '../model/problem.ts';
import { type Mark, marks } from './schema-marks.ts';
import { explain } from './schema-messages.ts';
import { prepareSchema } from './schema-prepare.ts';

/** One thing that does not fit a schema. */
export interface Misfit {
  code: ProblemCode;
  message: string;
  pointer: Pointer;
  /** True where the key is what is wrong. */
  key: boolean;
}

/** A schema, compiled once a process. */
export interface Schema {
  check(value: Json): Misfit[];
  /** Places of file references, with how the file is read. */
  files: readonly Mark[];
  /** Places where `{secret: name}` may stand. */
  secrets: readonly Mark[];
  /** Places where `{id: ...}` may come from an environment only. */
  environmentOnly: readonly Mark[];
}

// From src/source as from dist/source.
const folder = new URL('../../schemas/', import.meta.url);

const texts = new Map<string, JsonObject>();
const compiled = new Map<string, Schema>();
let ajv: Ajv | undefined;

/** A schema file as it is published. */
export function publishedSchema(file: string): JsonObject {
  let schema = texts.get(file);
  if (schema === undefined) {
    schema = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as JsonObject;
    texts.set(file, schema);
  }
  return schema;
}

/** The compiled schema of a file in schemas/. */
export function schemaOf(file: string): Schema {
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const prepared = prepareSchema(file, publishedSchema);
  const validate = compile(prepared);
  const schema: Schema = {
    check: (value) => (validate(value) ? [] : explain(validate.errors ?? [], value, file === 'daemon.schema.json')),
    files: marks(prepared, 'x-file'),
    secrets: marks(prepared, 'x-secret'),
    environmentOnly: marks(prepared, 'x-environment-only'),
  };
  compiled.set(file, schema);
  return schema;
}

function compile(schema: JsonObject): ValidateFunction {
  if (ajv === undefined) {
    ajv = new Ajv({
      allErrors: true,
      verbose: true,
      strict: true,
      allowUnionTypes: true,
      strictRequired: false,
      // The schemas are our own and a test holds them against draft 7; here it would cost more than all else at a start.
      meta: false,
      validateSchema: false,
      // V8 does the same, and only where it pays.
      code: { optimize: false },
    });
    formats.default(ajv, ['date-time', 'uri']);
    ajv.addVocabulary(['x-file', 'x-secret', 'x-environment-only', 'x-set', 'x-merge-key', 'x-expects']);
  }
  return ajv.compile(schema);
}
