import { isObject, type Json } from '../model/json.ts';
import { blobId } from './blob.ts';
import { revisionOf } from './folder.ts';
import { limits } from './limits.ts';
import type { Snapshot, SnapshotFile, SnapshotFiles } from './snapshot.ts';

/** A folder's revision with the bytes that it was read from. */
export interface KeptFiles extends SnapshotFiles {
  contents: Map<string, Uint8Array>;
}

/** What stands before the bytes of the blobs, as JSON. */
interface Head {
  files: SnapshotFile[];
  badNames: string[];
  /** Ids and lengths, in the order of the bytes. */
  blobs: [string, number][];
}

/** Loaded where something is pinned: `validate` reads folders, too, and starts quickly. */
async function zlib(): Promise<{
  compress(bytes: Buffer): Promise<Buffer>;
  decompress(bytes: Buffer, options: { maxOutputLength: number }): Promise<Buffer>;
}> {
  const [{ deflate, inflate }, { promisify }] = await Promise.all([import('node:zlib'), import('node:util')]);
  return { compress: promisify(deflate), decompress: promisify(inflate) };
}

/**
 * The bytes of a revision, as far as they can still be had: what a run read of it is in memory, and the rest may have
 * moved on. Files that are too large for any document are left out, and undefined is the answer where all together are.
 */
export async function collectFiles(snapshot: Snapshot): Promise<KeptFiles | undefined> {
  const contents = new Map<string, Uint8Array>();
  let bytes = 0;
  for (const file of snapshot.files.values()) {
    if (file.link !== undefined || file.size > limits.textBytes || contents.has(file.id)) continue;
    bytes += file.size;
    if (bytes > limits.pinnedBytes) return undefined;
    const read = await snapshot.read([file]).catch(() => new Map<string, Uint8Array>());
    const content = read.get(file.id);
    if (content !== undefined) contents.set(file.id, content);
  }
  return { files: new Map(snapshot.files), badNames: [...(snapshot.badNames ?? [])], contents };
}

/** As one JSON value: every content once, compressed. */
export async function packFiles({ files, badNames, contents }: KeptFiles): Promise<Json> {
  const blobs = [...contents].map(([id, bytes]): [string, number] => [id, bytes.length]);
  const head: Head = { files: [...files.values()], badNames, blobs };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const packed = await (await zlib()).compress(Buffer.concat([length, text, ...contents.values()]));
  return { format: 'zlib', data: packed.toString('base64') };
}

/** What was packed; undefined where it is not what the revision says. */
export async function unpackFiles(value: Json | undefined, revision: string): Promise<KeptFiles | undefined> {
  if (!isObject(value) || value['format'] !== 'zlib' || typeof value['data'] !== 'string') return undefined;
  try {
    const maxOutputLength = limits.pinnedBytes + limits.treeBytes;
    const bytes = await (await zlib()).decompress(Buffer.from(value['data'], 'base64'), { maxOutputLength });
    let at = 4 + bytes.readUInt32BE(0);
    const head = JSON.parse(bytes.toString('utf8', 4, at)) as Head;
    const contents = new Map<string, Uint8Array>();
    for (const [id, length] of head.blobs) {
      const content = bytes.subarray(at, at + length);
      if (blobId(content) !== id) return undefined;
      contents.set(id, content);
      at += length;
    }
    const found = { files: new Map(head.files.map((file) => [file.path, file])), badNames: head.badNames };
    return revisionOf(found) === revision ? { ...found, contents } : undefined;
  } catch {
    return undefined;
  }
}
