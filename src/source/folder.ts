import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream, type Dirent, readFileSync } from 'node:fs';
import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../model/failure.ts';
import { blobId } from './blob.ts';
import { limits } from './limits.ts';
import type { ParseCache } from './parse-cache.ts';
import { directoryPrefix, type Snapshot, type SnapshotFile, type SnapshotFiles } from './snapshot.ts';

const ignored = new Set(['.git', 'node_modules']);

/** Files whose size and times did not move keep their id, so that an unchanged folder is not read again. */
export type IdCache = Map<string, { stamp: string; id: string }>;

/** The folder as it is now. Symbolic links are noted and never followed. */
export async function readFolder(
  path: string,
  options: { directory?: string | undefined; parses: ParseCache; ids: IdCache },
): Promise<Snapshot> {
  const found: SnapshotFiles = { files: new Map(), badNames: [] };
  const { files, badNames } = found;
  let root: string;
  try {
    root = await realpath(path);
    await collect(root, '', found, options.ids);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('SourceUnavailable', `the folder ${path} cannot be read: ${reason(error)}`, { cause: error });
  }
  // What was read stays, so that this snapshot can be read again when the folder has moved on.
  const contents = new Map<string, Uint8Array>();
  options.parses.retain([...files.values()].map((file) => file.id));
  return {
    revision: revisionOf(found),
    directory: directoryPrefix(options.directory),
    files,
    badNames,
    parses: options.parses,
    async read(wanted) {
      await readFiles(root, wanted, contents);
      return contents;
    },
    readSync: (file) => contents.get(file.id) ?? readNow(join(root, file.path), file.id),
  };
}

/** The revision of these files: it follows their contents and paths, and nothing else. */
export function revisionOf({ files, badNames }: SnapshotFiles): string {
  const hash = createHash('sha256');
  for (const file of files.values())
    hash.update(`${file.link === undefined ? 'file' : 'link'} ${file.id} ${file.path}\0`);
  for (const name of badNames) hash.update(`bad ${name}\0`);
  return `folder@sha256:${hash.digest('hex')}`;
}

async function collect(root: string, below: string, found: SnapshotFiles, ids: IdCache): Promise<void> {
  const { files, badNames } = found;
  // As bytes: a name that is no UTF-8 would come back as another, which is not there.
  const listed: Dirent<Buffer>[] = await readdir(join(root, below), { withFileTypes: true, encoding: 'buffer' });
  const entries = listed.map((entry) => ({ entry, name: entry.name.toString() }));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { entry, name } of entries) {
    if (ignored.has(name)) continue;
    const path = below === '' ? name : `${below}/${name}`;
    if (!isUtf8(entry.name)) {
      badNames.push(path);
      continue;
    }
    if (entry.isDirectory()) await collect(root, path, found, ids);
    else if (entry.isSymbolicLink()) {
      const link = await readlink(join(root, path));
      files.set(path, { path, id: blobId(Buffer.from(link)), size: Buffer.byteLength(link), link });
    } else if (entry.isFile()) {
      const file = await describe(root, path, ids);
      if (file !== undefined) files.set(path, file);
    }
    if (files.size > limits.files) {
      throw new Failure('SourceUnavailable', `the folder holds more than ${limits.files} files`);
    }
  }
}

async function describe(root: string, path: string, ids: IdCache): Promise<SnapshotFile | undefined> {
  const full = join(root, path);
  try {
    const stat = await lstat(full, { bigint: true });
    const stamp = `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino}`;
    const known = ids.get(full);
    const id = known?.stamp === stamp ? known.id : await idOf(full, stat.size);
    ids.set(full, { stamp, id });
    return { path, id, size: Number(stat.size) };
  } catch (error) {
    // Deleted while the folder was read: as if it had never been there.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Below this a file is hashed in one piece; above, as a stream, since it may be larger than memory. */
const smallBytes = 1_000_000n;

async function idOf(path: string, size: bigint): Promise<string> {
  if (size <= smallBytes) return blobId(await readFile(path));
  const hash = createHash('sha1').update(`blob ${size}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
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
      if (blobId(bytes) !== file.id) {
        throw new Failure('SourceUnavailable', `${file.path} changed while the folder was being read`);
      }
      into.set(file.id, bytes);
    }
  };
  await Promise.all(Array.from({ length: 16 }, readNext));
}

function readNow(path: string, id: string): Uint8Array | undefined {
  try {
    const bytes = readFileSync(path);
    return blobId(bytes) === id ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
