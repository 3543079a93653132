import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blobId } from './blob.ts';
import { firstBytes, isDatabase } from './folder-counts.ts';
import { limits } from './limits.ts';
import { isYaml, type SnapshotFile } from './snapshot.ts';

/** Files whose size and times did not move keep their id, so that an unchanged folder is not read again. */
export type IdCache = Map<string, { stamp: string; id: string; aside: boolean }>;

/** Of a file that is too large to be read, only its being there counts. */
const tooLargeId = blobId(Buffer.from('too large to be read'));

/** A file as it is listed. What is set aside by its name is not even read; its path is its id. */
export async function describe(
  root: string,
  path: string,
  aside: boolean,
  ids: IdCache,
): Promise<SnapshotFile | undefined> {
  const full = join(root, path);
  try {
    const stat = await lstat(full, { bigint: true });
    const size = Number(stat.size);
    if (aside) return { path, id: asideId(path), size, aside };
    const stamp = `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino}`;
    const known = ids.get(full);
    const read = known?.stamp === stamp ? known : { stamp, ...(await look(full, path, size)) };
    ids.set(full, read);
    return { path, id: read.id, size, ...(read.aside ? { aside: true } : {}) };
  } catch (error) {
    // Deleted while the folder was read: as if it had never been there.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function look(full: string, path: string, size: number): Promise<{ id: string; aside: boolean }> {
  if (!isYaml(path) && isDatabase(firstBytes(full))) return { id: asideId(path), aside: true };
  return { id: size > limits.textBytes ? tooLargeId : blobId(await readFile(full)), aside: false };
}

function asideId(path: string): string {
  return createHash('sha1').update(`aside ${path}`).digest('hex');
}
