import { isObject, type Json, type JsonObject } from '../model/json.ts';
import type { Problem, ProblemCode } from '../model/problem.ts';
import { limits } from './limits.ts';
import { type ParsedFile, parseYaml } from './parse.ts';
import { isDocumentFile, type Snapshot, type SnapshotFile } from './snapshot.ts';

/** One document of the snapshot as it was written. */
export interface SourceDocument {
  path: string;
  index: number;
  value: Json;
  /** True where some text holds `$(`. */
  variables: boolean;
}

/** What the YAML files of a snapshot hold, by file. */
export interface Documents {
  /** Parsed files; a file's own problems are inside. */
  files: Map<string, ParsedFile>;
  /** Problems of the snapshot as a whole. */
  problems: Problem[];
}

/** Reads and parses every YAML file whose content was not parsed before. */
export async function loadDocuments(snapshot: Snapshot): Promise<Documents> {
  const problems: Problem[] = [];
  const wanted: SnapshotFile[] = [];
  let bytes = 0;
  for (const file of snapshot.files.values()) {
    // A link's target is read where it stands; resolving the link as well would read it twice.
    if (file.link !== undefined || !isDocumentFile(snapshot, file.path)) continue;
    if (file.size > limits.documentBytes) problems.push(tooLarge(file, limits.documentBytes));
    else if (bytes + file.size > limits.totalBytes) {
      problems.push(
        atStart('file-too-large', file.path, `all YAML files together are over ${limits.totalBytes} bytes`),
      );
      break;
    } else {
      bytes += file.size;
      wanted.push(file);
    }
  }
  await parse(snapshot, wanted);

  const files = new Map<string, ParsedFile>();
  let count = 0;
  for (const file of wanted) {
    const parsed = snapshot.parses.get(file.id);
    if (parsed === undefined) continue;
    count += parsed.documents.length;
    if (count > limits.documents) {
      problems.push(
        atStart('too-many-documents', file.path, `the snapshot holds more than ${limits.documents} documents`),
      );
      break;
    }
    files.set(file.path, parsed);
  }
  return { files, problems };
}

async function parse(snapshot: Snapshot, wanted: readonly SnapshotFile[]): Promise<void> {
  const unknown = wanted.filter((file) => !snapshot.parses.has(file.id));
  if (unknown.length === 0) return;
  const contents = await snapshot.read(unknown);
  for (const { id } of unknown) {
    const bytes = contents.get(id);
    if (bytes !== undefined && !snapshot.parses.has(id)) snapshot.parses.set(id, parseYaml(bytes));
  }
}

export function tooLarge(file: SnapshotFile, limit: number): Problem {
  const message = `the file has ${file.size} bytes; at most ${limit} are read`;
  return atStart('file-too-large', file.path, message);
}

export function atStart(code: ProblemCode, path: string, message: string): Problem {
  return { code, message, place: { path, line: 1, column: 1 } };
}

/** What a document means to be, judged by its head alone. */
export type Role = 'resource' | 'environment' | 'daemon' | 'foreign' | 'empty' | 'not-a-map';

const ours = /(^|\.)genesys-gitops\//;

/** `kinds` tells a resource with a misspelt apiVersion from another tool's document. */
export function roleOf(value: Json, kinds: { has(name: string): boolean }): Role {
  if (value === null) return 'empty';
  if (!isObject(value)) return 'not-a-map';
  const { apiVersion, kind } = value as JsonObject;
  if (apiVersion === undefined && kind === undefined) {
    return 'spec' in value && 'metadata' in value ? 'resource' : 'foreign';
  }
  const known = typeof kind === 'string' && (kinds.has(kind) || kind === 'Environment' || kind === 'Daemon');
  const isOurs =
    apiVersion === undefined || typeof apiVersion !== 'string' || ours.test(apiVersion) || /genesys/i.test(apiVersion);
  if (!known && !isOurs) return 'foreign';
  if (kind === 'Environment') return 'environment';
  return kind === 'Daemon' ? 'daemon' : 'resource';
}
