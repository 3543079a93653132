import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Failure } from '../model/failure.ts';
import type { GitAccess } from './git-command.ts';

/** One entry of a tree: mode, object id, size (of a blob), path. */
export interface TreeEntry {
  mode: string;
  id: string;
  size: number;
  path: string;
}

/** The output of `git ls-tree -r -l -z`. */
export function parseTree(output: string): TreeEntry[] {
  return output
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , id = '', size = ''] = line.slice(0, tab).split(/ +/);
      return { mode, id, size: Number(size) || 0, path: line.slice(tab + 1) };
    });
}

/**
 * Blobs by id with one `cat-file --batch`: raw objects, so no filter, no end-of-line conversion, nothing that runs.
 * Ids are written while contents are read: neither side's pipe can fill up and stop the other.
 */
export async function readBlobs(
  repository: string,
  ids: readonly string[],
  access: GitAccess,
): Promise<Map<string, Uint8Array>> {
  const child = spawn('git', ['cat-file', '--batch'], {
    cwd: repository,
    env: access.env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'close');
  child.stdin.on('error', () => {});
  child.stdin.end(ids.map((id) => `${id}\n`).join(''));
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  const [status] = (await ended) as [number | null];
  const blobs = parseBatch(Buffer.concat(chunks));
  const missing = ids.find((id) => !blobs.has(id));
  if (status !== 0 || missing !== undefined) {
    throw new Failure('SourceUnavailable', `the cached repository ${repository} lacks ${missing ?? 'objects'}`);
  }
  return blobs;
}

/** One blob, now; undefined where it cannot be had. */
export function readBlobNow(repository: string, id: string, access: GitAccess): Uint8Array | undefined {
  const { status, stdout } = spawnSync('git', ['cat-file', 'blob', id], {
    cwd: repository,
    env: access.env,
    maxBuffer: 64_000_000,
  });
  return status === 0 ? stdout : undefined;
}

/** `<id> blob <size>\n<bytes>\n`, again and again; `<id> missing\n` where there is none. */
function parseBatch(output: Buffer): Map<string, Uint8Array> {
  const blobs = new Map<string, Uint8Array>();
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(10, at);
    if (end === -1) break;
    const [id = '', type, size] = output.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob') continue;
    blobs.set(id, output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return blobs;
}
