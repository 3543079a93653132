import { isUtf8 } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Failure } from '../model/failure.ts';
import type { GitAccess } from './git-command.ts';
import { limits } from './limits.ts';

/** One entry of a tree: mode, object id, size (of a blob), path. */
export interface TreeEntry {
  mode: string;
  id: string;
  size: number;
  path: string;
}

/** What git itself could not read in its cache: the cache is worth nothing then. */
export class Damaged extends Failure {}

/** What a tree holds, with the paths that are no UTF-8 (as far as they can be shown). */
export interface Tree {
  entries: TreeEntry[];
  badNames: string[];
}

/** A tree that is listed for longer is made to keep us busy. */
const listMs = 120_000;

/**
 * The entries of a commit by `git ls-tree -r -t -l -z`, counted while they come: a few trees that hold each other many
 * times over would print for years. Trees count as well (`-t`), since those without a file print nothing else.
 */
export async function listTree(
  repository: string,
  commit: string,
  access: GitAccess,
  bounds: { files: number; treeBytes: number } = limits,
): Promise<Tree> {
  const child = spawn('git', ['ls-tree', '-r', '-t', '-l', '-z', '--full-tree', commit], {
    cwd: repository,
    env: access.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: listMs,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'close');
  ended.catch(() => {});
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (said.length < 10_000) said += chunk.toString();
  });
  const tree: Tree = { entries: [], badNames: [] };
  let count = 0;
  let bytes = 0;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of child.stdout) {
      bytes += (chunk as Buffer).length;
      rest = Buffer.concat([rest, chunk as Buffer]);
      let start = 0;
      for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0, start)) {
        count++;
        addEntry(rest.subarray(start, end), tree, commit);
        start = end + 1;
      }
      rest = rest.subarray(start);
      if (count > bounds.files) {
        throw new Failure('SourceUnavailable', `the repository holds more than ${bounds.files} files and folders`);
      }
      if (bytes > bounds.treeBytes) {
        throw new Failure('SourceUnavailable', `the list of files is over ${bounds.treeBytes} bytes`);
      }
    }
  } finally {
    child.kill('SIGKILL');
  }
  const [status] = (await ended) as [number | null];
  if (status === null) throw new Failure('SourceUnavailable', `git did not list the files of ${commit} in time`);
  if (status !== 0) throw new Damaged('SourceUnavailable', `cannot read ${commit}: ${said.trim()}`);
  return tree;
}

function addEntry(line: Buffer, { entries, badNames }: Tree, commit: string): void {
  const tab = line.indexOf(9);
  const [mode = '', type, id = '', size = ''] = line.toString('latin1', 0, tab).split(/ +/);
  if (type === 'tree') return;
  // git says "BAD" for the size of a blob that it has not.
  if (type === 'blob' && !/^\d+$/.test(size)) throw new Damaged('SourceUnavailable', `${commit} lacks ${id}`);
  const name = line.subarray(tab + 1);
  if (isUtf8(name)) entries.push({ mode, id, size: Number(size) || 0, path: name.toString() });
  else badNames.push(badName(name));
}

/** The path to its first part that is no UTF-8, as far as it can be shown. */
function badName(path: Buffer): string {
  const parts: string[] = [];
  for (let start = 0; start <= path.length; ) {
    const slash = path.indexOf(47, start);
    const end = slash === -1 ? path.length : slash;
    const part = path.subarray(start, end);
    parts.push(part.toString());
    if (!isUtf8(part)) break;
    start = end + 1;
  }
  return parts.join('/');
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
    throw new Damaged('SourceUnavailable', `the cached repository ${repository} lacks ${missing ?? 'objects'}`);
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
