import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type Dirent, readFileSync } from 'node:fs';
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { Failure } from '../model/failure.ts';
import { blobId } from './blob.ts';
import { ignored, isHidden, isRepository, isSetAside } from './folder-counts.ts';
import { describe, type IdCache } from './folder-ids.ts';
import { limits } from './limits.ts';
import type { ParseCache } from './parse-cache.ts';
import { directoryPrefix, isYaml, type Snapshot, type SnapshotFile, type SnapshotFiles } from './snapshot.ts';

/** The folder as it is now. Symbolic links are noted and never followed. */
export async function readFolder(
  path: string,
  options: { directory?: string | undefined; parses: ParseCache; ids: IdCache },
): Promise<Snapshot> {
  const found: SnapshotFiles = { files: new Map(), badNames: [] };
  const { files, badNames } = found;
  const directory = directoryPrefix(options.directory);
  let root: string;
  try {
    root = await realpath(path);
    await collect({ root, directory, ids: options.ids }, '', found);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('SourceUnavailable', `the folder ${path} cannot be read: ${reason(error)}`, { cause: error });
  }
  // What was read stays, so that this snapshot can be read again when the folder has moved on.
  const contents = new Map<string, Uint8Array>();
  options.parses.retain([...files.values()].map((file) => file.id));
  return {
    revision: revisionOf(found),
    directory,
    files,
    badNames,
    parses: options.parses,
    async read(wanted) {
      await readFiles(root, wanted, contents);
      return contents;
    },
    readSync: (file) => contents.get(file.id) ?? readNow(root, file),
  };
}

/** The revision of these files: it follows the contents and paths of those that are not set aside. */
export function revisionOf({ files, badNames }: SnapshotFiles): string {
  const hash = createHash('sha256');
  for (const file of files.values()) {
    if (!file.aside) hash.update(`${file.link === undefined ? 'file' : 'link'} ${file.id} ${file.path}\0`);
  }
  for (const name of badNames) hash.update(`bad ${name}\0`);
  return `folder@sha256:${hash.digest('hex')}`;
}

interface Walk {
  root: string;
  directory: string;
  ids: IdCache;
}

async function collect(walk: Walk, below: string, found: SnapshotFiles): Promise<void> {
  const { files, badNames } = found;
  const { root, directory } = walk;
  // As bytes: a name that is no UTF-8 would come back as another, which is not there.
  const listed: Dirent<Buffer>[] = await readdir(join(root, below), { withFileTypes: true, encoding: 'buffer' });
  const entries = listed.map((entry) => ({ entry, name: entry.name.toString() }));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = new Set(entries.map(({ name }) => name));
  if (below !== '' && isRepository((name) => names.has(name))) return;
  for (const { entry, name } of entries) {
    if (ignored.has(name)) continue;
    const path = below === '' ? name : `${below}/${name}`;
    const aside = isSetAside(path, directory);
    if (!isUtf8(entry.name)) {
      if (!aside) badNames.push(path);
      continue;
    }
    if (entry.isDirectory()) {
      await collect(walk, path, found).catch((error: unknown) => {
        if (!isHidden(path, directory) || error instanceof Failure) throw error;
      });
    } else if (entry.isSymbolicLink()) {
      const link = await readlink(join(root, path));
      const id = blobId(Buffer.from(link));
      const isAside = aside || (leavesFolder(path, link) && !isYaml(path));
      files.set(path, { path, id, size: Buffer.byteLength(link), link, ...(isAside ? { aside: true } : {}) });
    } else if (entry.isFile()) {
      const file = await describe(root, path, aside, walk.ids);
      if (file !== undefined) files.set(path, file);
    }
    if (files.size > limits.files) {
      throw new Failure('SourceUnavailable', `the folder holds more than ${limits.files} files`);
    }
  }
}

/** True for a link that leads out of the folder. */
function leavesFolder(path: string, link: string): boolean {
  const target = posix.join(posix.dirname(path), link);
  return link.startsWith('/') || target === '..' || target.startsWith('../');
}

async function readFiles(root: string, wanted: readonly SnapshotFile[], into: Map<string, Uint8Array>): Promise<void> {
  const todo = wanted.filter((file) => file.link === undefined && !into.has(file.id));
  const readNext = async (): Promise<void> => {
    for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
      let bytes: Uint8Array;
      try {
        bytes = await readFile(join(root, file.path));
      } catch (error) {
        throw new Failure('SourceUnavailable', `${file.path} cannot be read: ${reason(error)}`, { cause: error });
      }
      // A snapshot is one moment; a file that moved since belongs to the next.
      if (!isAsListed(bytes, file)) {
        throw new Failure('SourceUnavailable', `${file.path} changed while the folder was being read`);
      }
      into.set(file.id, bytes);
    }
  };
  await Promise.all(Array.from({ length: 16 }, readNext));
}

function readNow(root: string, file: SnapshotFile): Uint8Array | undefined {
  try {
    const bytes = readFileSync(join(root, file.path));
    return isAsListed(bytes, file) ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** What is set aside is no part of the revision: it is read as it is when it is wanted, if it is no larger than allowed. */
function isAsListed(bytes: Uint8Array, file: SnapshotFile): boolean {
  return file.aside ? bytes.length <= limits.textBytes : blobId(bytes) === file.id;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
