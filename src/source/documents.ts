import { isObject, type Json, type JsonObject } from '../model/json.ts';
import type { Problem, ProblemCode } from '../model/problem.ts';
import { limits } from './limits.ts';
import { type Look, lookAt } from './look.ts';
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
  /** What each of them looks like. */
  looks: Map<string, Look>;
  /** Files that can be no document of ours, unparsed: what becomes of them depends on whether something refers to them. */
  foreign: SnapshotFile[];
  /** Files over the limit of documents, unread for the same reason. */
  large: SnapshotFile[];
  /** Problems of the snapshot as a whole. */
  problems: Problem[];
}

/** Reads every YAML file whose content is not known yet, and parses those that may be documents of ours. */
export async function loadDocuments(snapshot: Snapshot): Promise<Documents> {
  const loaded: Documents = { files: new Map(), looks: new Map(), foreign: [], large: [], problems: [] };
  const wanted: SnapshotFile[] = [];
  let bytes = 0;
  for (const file of snapshot.files.values()) {
    // A link's target is read where it stands; resolving the link as well would read it twice.
    if (file.link !== undefined || !isDocumentFile(snapshot, file.path)) continue;
    if (file.size > limits.documentBytes) loaded.large.push(file);
    else if (bytes + file.size > limits.totalBytes) {
      const message = `all YAML files together are over ${limits.totalBytes} bytes`;
      loaded.problems.push(atStart('file-too-large', file.path, message));
      break;
    } else {
      bytes += file.size;
      wanted.push(file);
    }
  }
  await learn(snapshot, wanted, (look) => look !== 'foreign');
  const parsed = wanted.filter((file) => {
    const look = snapshot.parses.get(file.id)?.look;
    if (look === 'foreign') loaded.foreign.push(file);
    return look !== 'foreign';
  });
  addParsed(loaded, snapshot, parsed);
  return loaded;
}

/** Parses files that were only looked at, since nothing refers to them. */
export async function parseForeign(snapshot: Snapshot, files: readonly SnapshotFile[], to: Documents): Promise<void> {
  await learn(snapshot, files, () => true);
  addParsed(to, snapshot, files);
}

/** Adds what was parsed, up to the number of documents that one snapshot may hold. */
function addParsed(to: Documents, snapshot: Snapshot, files: readonly SnapshotFile[]): void {
  let count = 0;
  for (const file of to.files.values()) count += file.documents.length;
  for (const { id, path } of files) {
    const known = snapshot.parses.get(id);
    if (known?.parsed === undefined) continue;
    count += known.parsed.documents.length;
    if (count > limits.documents) {
      const message = `the snapshot holds more than ${limits.documents} documents`;
      to.problems.push(atStart('too-many-documents', path, message));
      break;
    }
    to.files.set(path, known.parsed);
    to.looks.set(path, known.look);
  }
}

/** Looks at the files whose content is not known, and parses those whose look asks for it. */
export async function learn(
  snapshot: Snapshot,
  files: readonly SnapshotFile[],
  needsParse: (look: Look) => boolean,
): Promise<void> {
  const { parses } = snapshot;
  const isKnown = ({ id }: SnapshotFile): boolean => {
    const known = parses.get(id);
    return known !== undefined && (known.parsed !== undefined || !needsParse(known.look));
  };
  const unknown = files.filter((file) => !isKnown(file));
  if (unknown.length === 0) return;
  const contents = await snapshot.read(unknown);
  for (const file of unknown) {
    const bytes = contents.get(file.id);
    if (bytes === undefined || isKnown(file)) continue;
    const look = parses.get(file.id)?.look ?? lookAt(bytes);
    parses.set(file.id, needsParse(look) ? { look, parsed: parseYaml(bytes) } : { look });
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
export type Role = 'resource' | 'environment' | 'rules' | 'daemon' | 'foreign' | 'empty' | 'not-a-map';

const ours = /(^|\.)genesys-gitops\//;

/** Documents of ours that are no resources. */
const otherRoles = new Map<unknown, Role>([
  ['Environment', 'environment'],
  ['Rules', 'rules'],
  ['Daemon', 'daemon'],
]);

/** `kinds` tells a resource with a misspelt apiVersion from another tool's document. */
export function roleOf(value: Json, kinds: { has(name: string): boolean }): Role {
  if (value === null) return 'empty';
  if (!isObject(value)) return 'not-a-map';
  const { apiVersion, kind } = value as JsonObject;
  if (apiVersion === undefined && kind === undefined) {
    return 'spec' in value && 'metadata' in value ? 'resource' : 'foreign';
  }
  const known = typeof kind === 'string' && (kinds.has(kind) || otherRoles.has(kind));
  const isOurs =
    apiVersion === undefined || typeof apiVersion !== 'string' || ours.test(apiVersion) || /genesys/i.test(apiVersion);
  if (!known && !isOurs) return 'foreign';
  return otherRoles.get(kind) ?? 'resource';
}
