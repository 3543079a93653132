/**
 * src/model/generated.ts from the schemas: `node scripts/generate-types.ts`, with `--check` only to compare.
 * The types are those of resolved documents: the branches for `$(variable)` are gone, as they are at run time.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';
import { isObject, type Json, type JsonObject } from '../src/model/json.ts';
import { publishedSchema } from '../src/source/schema.ts';
import { prepareSchema } from '../src/source/schema-prepare.ts';

const output = new URL('../src/model/generated.ts', import.meta.url);

/** Schema files, and whether the document's spec or the whole document is the type. */
const wanted: [file: string, part: 'spec' | 'document'][] = [
  ['data-action.schema.json', 'spec'],
  ['timeout.schema.json', 'spec'],
  ['flow.schema.json', 'spec'],
  ['flow-timeout.schema.json', 'spec'],
  ['schedule.schema.json', 'spec'],
  ['schedule-group.schema.json', 'spec'],
  ['web-messaging-configuration.schema.json', 'spec'],
  ['web-messaging-deployment.schema.json', 'spec'],
  ['web-chat-configuration.schema.json', 'spec'],
  ['script-data-action.schema.json', 'spec'],
  ['external-application.schema.json', 'spec'],
  ['flow-step-timeout.schema.json', 'spec'],
  ['rules.schema.json', 'spec'],
  ['environment.schema.json', 'document'],
  ['daemon.schema.json', 'document'],
];

/** Aliases and not interfaces: only they are plain JSON (`JsonObject`) to the compiler. */
function asAliases(code: string): string {
  return code.replace(/^export interface (\w+) \{([\s\S]*?)^\}$/gm, 'export type $1 = {$2};');
}

/** What the compiler makes of a definition that is used in several places: `Name1`, `Name2`, all alike. */
function withoutDoubles(code: string): string {
  const blocks = code.split(/(?=^\/\*\*\n(?: \*.*\n)+? \*\/\nexport |^export )/m);
  const bare = (block: string): string =>
    block
      .replace(/\/\*\*[\s\S]*?\*\//g, '')
      .replace(/^\s*export type \w+/, '')
      .trim();
  const nameOf = (block: string): string => /^export type (\w+)/m.exec(block)?.[1] ?? '';
  const bodies = new Map(blocks.map((block) => [nameOf(block), bare(block)]));
  const doubles = [...bodies].flatMap(([name, body]) => {
    const base = name.replace(/\d+$/, '');
    return base !== name && bodies.get(base) === body ? [[name, base] as const] : [];
  });
  const kept = blocks.filter((block) => !doubles.some(([name]) => name === nameOf(block))).join('');
  return doubles.reduce((text, [name, base]) => text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), base), kept);
}

/** Objects without known fields are plain JSON; rules about which fields go together are not for types. */
function simplify(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(simplify);
  if (!isObject(schema)) return schema;
  // A `oneOf` says which fields exclude each other.
  const { anyOf, oneOf: _oneOf, ...rest } = schema;
  const branches = Array.isArray(anyOf) ? anyOf.filter((branch) => isObject(branch) && 'type' in branch) : [];
  const whole: JsonObject = branches.length > 0 ? { ...rest, anyOf: branches } : rest;
  const free = whole['type'] === 'object' && !('properties' in whole) && !('additionalProperties' in whole);
  if (free) return { ...whole, tsType: 'JsonObject' };
  return Object.fromEntries(Object.entries(whole).map(([key, value]) => [key, simplify(value)]));
}

async function typesOf(file: string, part: 'spec' | 'document'): Promise<string> {
  const whole = prepareSchema(file, publishedSchema);
  const properties = isObject(whole['properties']) ? whole['properties'] : {};
  const schema = part === 'document' ? whole : (properties['spec'] as JsonObject);
  const { $schema: _schema, $id: _id, ...rest } = schema;
  return compile(simplify(rest) as JsonObject, String(schema['title']), {
    bannerComment: '',
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    unknownAny: true,
    format: true,
    style: { singleQuote: true, printWidth: 120 },
  });
}

const banner =
  '// Made by scripts/generate-types.ts from schemas/*.schema.json. Do not edit.\n' +
  "import type { JsonObject } from './json.ts';\n";
const parts: string[] = [];
for (const [file, part] of wanted) parts.push(withoutDoubles(asAliases(await typesOf(file, part))).trim());
const code = `${banner}\n${parts.join('\n\n')}\n`;

if (!process.argv.includes('--check')) writeFileSync(output, code);
else if (readFileSync(output, 'utf8') !== code) {
  console.error('src/model/generated.ts is not what the schemas say: run node scripts/generate-types.ts');
  process.exitCode = 1;
}
