import { isObject, type JsonObject } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import type { ReferencedFile, Resource } from '../model/resource.ts';
import type { Built } from './build.ts';
import { atStart, tooLarge } from './documents.ts';
import type { Environment } from './environments.ts';
import type { Finding } from './finding.ts';
import { limits } from './limits.ts';
import { originOf } from './patches.ts';
import { contentOf, type FileContent, findReferences, type Reference } from './references.ts';
import type { Snapshot } from './snapshot.ts';

export interface Attached {
  resources: Resource[];
  byId: Map<string, Resource>;
  findings: Finding[];
  problems: Problem[];
  /** Paths of all files that were referred to. */
  referenced: Set<string>;
}

/** Makes resources of what was built: referenced files are read in one go and put in. */
export async function attachFiles(
  built: readonly Built[],
  snapshot: Snapshot,
  environment: Environment | undefined,
): Promise<Attached> {
  const result: Attached = { resources: [], byId: new Map(), findings: [], problems: [], referenced: new Set() };
  const references = new Map<Built, Reference[]>();
  for (const one of built) {
    if (one.schema.files.length === 0) continue;
    const { candidate, value, schema, origins } = one;
    const found = findReferences(value, schema, candidate.document.path, snapshot);
    if (found.references.length > 0) references.set(one, found.references);
    for (const { code, message, pointer } of found.problems) {
      const at = originOf(pointer, candidate.document, origins);
      result.findings.push({ code, message, at, resource: candidate.id, pointer });
    }
  }

  const contents = await readContents([...references.values()].flat(), snapshot, result);
  const spoiled = new Set(result.findings.map((finding) => finding.resource));
  for (const one of built) {
    const wanted = references.get(one) ?? [];
    const files = wanted.map(({ pointer, file, json }) => [pointer, contents.get(keyOf(file.path, json))] as const);
    if (spoiled.has(one.candidate.id) || files.some(([, file]) => file === undefined)) continue;
    const resource = resourceOf(one, Object.fromEntries(files as [string, ReferencedFile][]), environment);
    result.resources.push(resource);
    result.byId.set(one.candidate.id, resource);
  }
  return result;
}

async function readContents(
  references: readonly Reference[],
  snapshot: Snapshot,
  result: Attached,
): Promise<Map<string, ReferencedFile>> {
  const contents = new Map<string, ReferencedFile>();
  const large = new Set<string>();
  const counted = new Set<string>();
  let total = 0;
  for (const { file, json } of references) {
    result.referenced.add(file.path);
    const limit = json ? limits.parsedBytes : limits.textBytes;
    if (file.size > limit && !large.has(file.path)) result.problems.push(tooLarge(file, limit));
    if (file.size > limit) large.add(file.path);
    if (large.has(file.path) || counted.has(file.path)) continue;
    counted.add(file.path);
    total += file.size;
    if (total <= limits.referencedBytes) continue;
    // Said once; all that is left out is not read.
    if (total - file.size <= limits.referencedBytes) {
      const message = `all referenced files together are over ${limits.referencedBytes} bytes`;
      result.problems.push(atStart('file-too-large', file.path, message));
    }
    large.add(file.path);
  }
  const readable = references.filter(({ file }) => !large.has(file.path));
  const bytes = readable.length === 0 ? new Map() : await snapshot.read(readable.map(({ file }) => file));
  const seen = new Set<string>();
  for (const { file, json } of readable) {
    const key = keyOf(file.path, json);
    const found: Uint8Array | undefined = bytes.get(file.id);
    if (seen.has(key) || found === undefined) continue;
    seen.add(key);
    const content: FileContent = contentOf(file, found, json);
    if (!('problem' in content)) contents.set(key, content);
    else {
      const { code, message, line, column } = content.problem;
      result.problems.push({ code, message, place: { path: file.path, line, column } });
    }
  }
  return contents;
}

/** The resource that a document makes, with the files that it refers to. */
export function resourceOf(
  built: Built,
  files: Record<string, ReferencedFile>,
  environment: Environment | undefined,
): Resource {
  const { candidate, value } = built;
  const metadata = isObject(value['metadata']) ? value['metadata'] : {};
  const paths = [candidate.document.path, ...Object.values(files).map((file) => file.path)];
  if (environment !== undefined && built.fromEnvironment) paths.push(environment.path);
  return {
    kind: candidate.kind.name,
    name: candidate.name,
    surface: candidate.kind.surface,
    annotations: annotationsOf(metadata),
    spec: isObject(value['spec']) ? value['spec'] : {},
    files,
    document: { path: candidate.document.path, index: candidate.document.index },
    from: [...new Set(paths)],
  };
}

/** As texts; a list (`ignore-fields`) is a line each, which no item of it may hold itself. */
function annotationsOf({ annotations }: JsonObject): Record<string, string> {
  if (!isObject(annotations)) return {};
  const entries = Object.entries(annotations);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, Array.isArray(value) ? value.join('\n') : String(value)]),
  );
}

function keyOf(path: string, json: boolean): string {
  return `${json ? 'json' : 'text'}:${path}`;
}
