import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Allowance, Kind, ObjectType, Summary } from '../../src/model/contracts.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import { kinds, objectTypes } from '../../src/objects/index.ts';
import type { SandboxOptions } from '../../src/sandbox/index.ts';
import { resource, type World } from './world.ts';

/**
 * What the general suites need to know of a kind, from `fixture.ts` in the folder of its object. Nothing else in these suites
 * may say which kind it is about: what does not apply to one follows from its declaration, or from its type's.
 */
export interface Fixture {
  kind: string;
  /** What is in the organisation before anything is applied: for objects that cannot be created through the API. */
  sandbox?: SandboxOptions;
  /** Documents that have to be live first: `seed-0`, `seed-1`, ... */
  seed?: { kind: string; spec: JsonObject }[];
  /** What the target allows. */
  allowed?: Allowance;
  example: JsonObject;
  /** At least two; the last one changes the most. */
  updates: Record<string, JsonObject>;
  /** Updates that a server may be unable to carry out; `whereNot` are the quirks of such a server. */
  clears?: Record<string, JsonObject>;
  whereNot?: string[];
}

interface FixtureFile {
  fixtures: Fixture[];
  /** Prefixes of the quirks that are about the objects of this folder, and are met by its kinds alone. */
  quirks?: string[];
}

const folder = path.resolve(import.meta.dirname, '../../src/objects');
const paths = readdirSync(folder)
  .map((name) => path.join(folder, name, 'fixture.ts'))
  .filter((file) => existsSync(file));
const files = await Promise.all(paths.map(async (file) => (await import(file)) as FixtureFile));

export const fixtures: readonly Fixture[] = files.flatMap((file) => file.fixtures);

export function kindOf({ kind }: { kind: string }): Kind {
  const found = kinds.find(({ name }) => name === kind);
  if (found === undefined) throw new Error(`a fixture or its seed is of no kind: ${kind}`);
  return found;
}

/** What a kind is about. */
export function typeOf(one: { kind: string }): ObjectType {
  return objectTypes.find(({ type }) => type === kindOf(one).object)!;
}

/** The documents that have to be there first. */
export function seedsOf({ seed = [] }: Fixture): Resource[] {
  return seed.map(({ kind, spec }, i) => documentOf(kind, `seed-${i}`, spec));
}

/** These, and the document that the fixture is about. */
export function documentsOf(fixture: Fixture, spec: JsonObject): Resource[] {
  return [...seedsOf(fixture), documentOf(fixture.kind, 'subject', spec)];
}

/** `$files` of a spec are the files that it refers to, by their pointers; `$text` is the one at `/spec/file`. */
export function documentOf(kind: string, name: string, { $text, $files, ...spec }: JsonObject): Resource {
  const texts = { ...($files as Record<string, string> | undefined) };
  if (typeof $text === 'string') texts['/spec/file'] = $text;
  const beside = Object.entries(texts).map(([pointer, text]) => [pointer, { path: pointer.split('/').pop()!, text }]);
  return resource(kind, name, spec, { files: Object.fromEntries(beside) });
}

/** Whether a quirk could matter to a kind: where no folder says that it is about its objects, it could to all. */
export function mayMatter(quirk: string, { kind }: Fixture): boolean {
  const claim = ({ quirks = [] }: FixtureFile): number =>
    Math.max(0, ...quirks.filter((prefix) => quirk.startsWith(prefix)).map(({ length }) => length));
  const longest = Math.max(...files.map(claim));
  const about = files.filter((file) => claim(file) === longest);
  return longest === 0 || about.some((file) => file.fixtures.some((fixture) => fixture.kind === kind));
}

/** Ids that these documents name, of a type that has no list. */
export function wantedOf(resources: readonly Resource[], type: string): string[] {
  const wants = resources.flatMap((one) => kindOf(one).wants?.(one) ?? []);
  return [...new Set(wants.filter((want) => want.type === type).map(({ id }) => id))];
}

/** What is live of a type, as far as these documents can know. */
export function listOf({ engine }: World, type: ObjectType, resources: readonly Resource[]): Promise<Summary[]> {
  return type.list(engine.reader, type.unlisted ? wantedOf(resources, type.type) : undefined);
}
