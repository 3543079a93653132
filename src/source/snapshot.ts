import type { ParseCache } from './parse-cache.ts';

/** One file of a revision. Its bytes are read only when they are needed. */
export interface SnapshotFile {
  /** From the root of the repository, with `/`. */
  path: string;
  /** The id of its content, in git's form. */
  id: string;
  size: number;
  /** For a symbolic link: where it points, as written. It is resolved within the snapshot and never on the disk. */
  link?: string;
  /** Of a folder: can be read where something refers to it, and is no part of the revision. */
  aside?: boolean;
}

/** The files of a revision by path, and the paths whose names are no UTF-8: they can be neither read nor named. */
export interface SnapshotFiles {
  files: Map<string, SnapshotFile>;
  badNames: string[];
}

/** One revision of the desired state, whole. Immutable: reading it twice gives the same bytes. */
export interface Snapshot {
  /** `main@sha1:<hex>`, or `folder@sha256:<hex>`. */
  revision: string;
  /** The same for revisions with the same files; absent where `revision` says so. */
  content?: string;
  /** The subfolder whose documents count, with a trailing `/`; empty for all. */
  directory: string;
  files: ReadonlyMap<string, SnapshotFile>;
  /** Paths of files and folders whose names are no UTF-8, with U+FFFD for what cannot be shown. */
  badNames?: readonly string[];
  /** The bytes of these files by content id, in one go. */
  read(files: readonly SnapshotFile[]): Promise<Map<string, Uint8Array>>;
  /** One file's bytes at once, for the lines of a problem that is found late; undefined where it cannot be read now. */
  readSync(file: SnapshotFile): Uint8Array | undefined;
  /** What was parsed before, in this revision or an earlier one. */
  parses: ParseCache;
}

/** `a/b/`, or the empty string for the root, from what a person wrote as `directory`. */
export function directoryPrefix(directory: string | undefined): string {
  const parts = (directory ?? '').split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new Error(`directory must lie within the source, but is "${directory}"`);
  return parts.map((part) => `${part}/`).join('');
}

/** True for files whose documents count: YAML within the directory, outside dot-folders and `node_modules`. */
export function isDocumentFile(snapshot: Snapshot, path: string): boolean {
  return isYaml(path) && isWithin(snapshot, path);
}

export function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

/** True within the directory, outside dot-folders and `node_modules`. */
export function isWithin(snapshot: Snapshot, path: string): boolean {
  if (!path.startsWith(snapshot.directory)) return false;
  return !path
    .slice(snapshot.directory.length)
    .split('/')
    .some((part) => part.startsWith('.') || part === 'node_modules');
}
