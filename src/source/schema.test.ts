import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { publishedSchema, schemaOf } from './schema.ts';
import { prepareSchema } from './schema-prepare.ts';

const root = new URL('../../', import.meta.url);
const files = readdirSync(new URL('schemas/', root)).filter((name) => name.endsWith('.schema.json'));

/** A validator as editors have it: the published schemas, with nothing taken out. */
function editor(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  for (const file of files) ajv.addSchema(publishedSchema(file));
  return ajv;
}

describe.each(files)('%s', (file) => {
  test('is a valid schema with an id, a title and a description', () => {
    const schema = publishedSchema(file);
    expect(schema['$id']).toBe(`https://genesys-gitops.dev/schemas/${file}`);
    expect(schema['title']).toBeTruthy();
    expect(schema['description']).toBeTruthy();
    expect(editor().validateSchema(schema)).toBe(true);
    expect(schemaOf(file).check(null)).not.toEqual([]);
  });

  test('has no variable and no reference left when it is prepared', () => {
    expect(JSON.stringify(prepareSchema(file, publishedSchema))).not.toMatch(/\$ref|\\\\\$\\\\\(/);
  });

  test('describes every field', () => {
    const bare: string[] = [];
    const walk = (at: unknown, path: string): void => {
      if (Array.isArray(at)) for (const [i, item] of at.entries()) walk(item, `${path}/${i}`);
      if (!isObject(at)) return;
      for (const [name, field] of Object.entries(isObject(at['properties']) ? at['properties'] : {})) {
        const said = isObject(field) && ['description', 'title', '$ref', 'const'].some((key) => key in field);
        const container =
          isObject(field) && ('properties' in field || 'minimum' in field || field['type'] === 'object');
        if (!said && !container && name !== 'suspendReason' && name !== 'id') bare.push(`${path}/${name}`);
      }
      for (const [key, item] of Object.entries(at)) walk(item, `${path}/${key}`);
    };
    walk(publishedSchema(file), '');
    expect(bare).toEqual([]);
  });
});

test('editors accept the example as it is written, variables and all', () => {
  const ajv = editor();
  const example = new URL('config-repo-example/', root);
  const documents = readdirSync(example, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.yaml'),
  );
  expect(documents.length).toBeGreaterThan(4);
  for (const name of documents) {
    const text = readFileSync(new URL(name, example), 'utf8');
    // Architect YAML with tokens, which is a document of nobody here.
    if (!text.includes('apiVersion:')) continue;
    for (const document of parseAllDocuments(text)) {
      const value = document.toJS() as JsonObject;
      const kind = String(value['kind'])
        .replace(/(?!^)([A-Z])/g, '-$1')
        .toLowerCase();
      const validate = ajv.getSchema(`https://genesys-gitops.dev/schemas/${kind}.schema.json`);
      validate?.(value);
      expect([name, validate?.errors]).toEqual([name, null]);
    }
  }
});

test('a variable is accepted by editors and refused where one was not filled in', () => {
  const document = {
    apiVersion: 'genesys-gitops/v1',
    kind: 'Timeout',
    metadata: { name: 'a' },
    spec: { integration: 'x', timeoutSeconds: '$(t)' },
  };
  expect(editor().validate('https://genesys-gitops.dev/schemas/timeout.schema.json', document)).toBe(true);
  expect(
    schemaOf('timeout.schema.json')
      .check(document)
      .map(({ message }) => message),
  ).toEqual(['spec.timeoutSeconds must be an integer from 1 to 60, but is "$(t)"']);
});

test('why something is suspended is said in at most 500 characters', () => {
  const document = (reason: string): JsonObject => ({
    apiVersion: 'genesys-gitops/v1',
    kind: 'Timeout',
    metadata: { name: 'a', annotations: { 'genesys-gitops/suspend-reason': reason } },
    spec: { integration: 'x', timeoutSeconds: 1 },
  });
  const said = (reason: string): string[] =>
    schemaOf('timeout.schema.json')
      .check(document(reason))
      .map(({ message }) => message);
  expect(said('x'.repeat(500))).toEqual([]);
  expect(said('x'.repeat(501))).toEqual([
    `metadata.annotations.genesys-gitops/suspend-reason must be a text of at most 500 characters, but is "${'x'.repeat(56)}..."`,
  ]);
});

test('a boolean where words are asked for may be one of them without quotes', () => {
  const said = (visibility: Json): string[] =>
    schemaOf('web-messaging-configuration.schema.json')
      .check({
        ...{ apiVersion: 'genesys-gitops/v1', kind: 'WebMessagingConfiguration', metadata: { name: 'a' } },
        spec: { messenger: { launcherButton: { visibility } } },
      })
      .map(({ message }) => message);
  const words = 'spec.messenger.launcherButton.visibility must be one of "On", "Off", "OnDemand", null';
  expect(said('On')).toEqual([]);
  expect(said(true)).toEqual([`${words}, but is true (did you mean 'On', in quotes?)`]);
  expect(said(false)).toEqual([`${words}, but is false (did you mean 'Off', in quotes?)`]);
  expect(said(1)).toEqual([`${words}, but is 1`]);
});

test('flows and their timeouts: what does not fit is said in plain words', () => {
  const said = (kind: 'Flow' | 'FlowTimeout', spec: JsonObject): string[] =>
    schemaOf(kind === 'Flow' ? 'flow.schema.json' : 'flow-timeout.schema.json')
      .check({ apiVersion: 'genesys-gitops/v1', kind, metadata: { name: 'a' }, spec })
      .map(({ message }) => message);
  const substitutions = { a: 'x', b: 1, c: true };
  expect(said('Flow', { type: 'inqueueCall', name: 'Ends in a space ', file: 'f.yaml', substitutions })).toEqual([]);
  expect(said('Flow', { type: 'inQueueCall', file: '', substitutions: { a: null }, onLocked: 'steal' })).toEqual([
    expect.stringMatching(
      /^spec\.type must be one of "botFlow", .* but is "inQueueCall" \(did you mean "inqueueCall"\?\)$/,
    ),
    'spec.file must be a text of 1 to 1024 characters, but is ""',
    'spec.substitutions.a must be a text or a number or true or false, but is null',
    'spec.onLocked must be one of "wait", "fail", "unlock", but is "steal"',
  ]);
  const flow = { type: 'inboundCall', name: 'A' };
  const steps = (...list: JsonObject[]): string[] => said('FlowTimeout', { flow, steps: list });
  const dataAction = { category: 'C', name: 'N' };
  expect(steps({ step: 'x', timeout: '15s' }, { dataAction, timeout: '1m' })).toEqual([]);
  expect(steps()).toEqual(['spec.steps must be a list with at least one item, but is an empty list']);
  expect(steps({ timeout: '15s' })).toEqual(['spec.steps.0 needs "step" or "dataAction"']);
  expect(steps({ step: 'x', dataAction, timeout: '15s' })).toEqual([
    expect.stringMatching(/^spec\.steps\.0 must be \{step: .*\} or \{dataAction: /),
  ]);
  expect(steps({ step: 'x', timeout: 15 })).toEqual([
    'spec.steps.0.timeout must be a duration like 15s, 1m or 2500ms (above 0, at most 60 minutes), but is 15',
  ]);
  expect(steps({ dataAction: { name: 'N' }, timeout: '15s' })).toEqual([
    'the field "category" in spec.steps.0.dataAction is missing',
  ]);
});
