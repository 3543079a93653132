import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { limits } from './limits.ts';
import { isYaml } from './snapshot.ts';

/**
 * What of a folder makes up its revision. The journal and the cache of git may lie within, and secrets (`.env`) often
 * do: they neither move the revision nor get into a pin. What is set aside can still be referred to.
 */

/** Not even listed: nobody refers to them. */
export const ignored: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/** True for what lies behind a dot, unless `directory` (with a trailing `/`) itself does: then it was asked for. */
export function isHidden(path: string, directory: string): boolean {
  if (directory.startsWith(`${path}/`)) return false;
  const below = path.startsWith(directory) ? path.slice(directory.length) : path;
  return below.split('/').some((part) => part.startsWith('.'));
}

/** True for files whose names say it: behind a dot, a database, or what SQLite puts beside one. */
export function isSetAside(path: string, directory: string): boolean {
  return isHidden(path, directory) || /(\.db|-wal|-shm|\.db-journal)$/i.test(path);
}

const header = Buffer.from('SQLite format 3\0');

/** By its first bytes. */
export function isDatabase(bytes: Uint8Array): boolean {
  return header.equals(bytes.subarray(0, header.length));
}

/** A bare repository of git, such as the cache. */
export function isRepository(has: (name: string) => boolean): boolean {
  return ['HEAD', 'objects', 'refs'].every(has);
}

/** True where a change of this file can move the revision. */
export function isChange(root: string, path: string, directory: string): boolean {
  if (isSetAside(path, directory)) return false;
  for (let at = path; at !== '' && at !== '.'; at = dirname(at)) {
    if (isRepository((name) => existsSync(join(root, at, name)))) return false;
  }
  const full = join(root, path);
  const stat = statSync(full, { throwIfNoEntry: false });
  // A folder, or gone by now. A document counts whatever it holds: what is wrong with it has to be said.
  if (!stat?.isFile() || isYaml(path)) return true;
  // Of a file that is too large to be read, only its being there counts.
  return stat.size <= limits.textBytes && !isDatabase(firstBytes(full));
}

export function firstBytes(path: string): Uint8Array {
  const bytes = Buffer.alloc(header.length);
  const file = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
