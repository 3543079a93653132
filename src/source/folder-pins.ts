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
 * Of what is set aside (dot-files, databases) only that is kept which a run read, because a document refers to it.
 */
export async function collectFiles(snapshot: Snapshot): Promise<KeptFiles | undefined> {
  const files = new Map<string, SnapshotFile>();
  const contents = new Map<string, Uint8Array>();
  const aside = await asideIn(snapshot);
  let bytes = 0;
  for (const file of snapshot.files.values()) {
    const read = file.aside ? aside.get(file.path) : { file };
    if (read === undefined) continue;
    const { id, path, size, link } = read.file;
    files.set(path, read.file);
    if (link !== undefined || size > limits.textBytes || contents.has(id)) continue;
    bytes += size;
    if (bytes > limits.pinnedBytes) return undefined;
    const content = read.content ?? (await snapshot.read([file]).catch(() => undefined))?.get(id);
    if (content !== undefined) contents.set(id, content);
  }
  return { files, badNames: [...(snapshot.badNames ?? [])], contents };
}

interface Read {
  file: SnapshotFile;
  content?: Uint8Array;
}

/** What is set aside and was read, now with its content's id; and all links, one of which may lead there. */
async function asideIn(snapshot: Snapshot): Promise<Map<string, Read>> {
  const known = await snapshot.read([]);
  const all = [...snapshot.files.values()].filter((file) => file.aside);
  const read = all.flatMap((file): Read[] => {
    const content = known.get(file.id);
    return content === undefined ? [] : [{ file: { ...file, id: blobId(content), size: content.length }, content }];
  });
  const links = read.length === 0 ? [] : all.filter(({ link }) => link !== undefined).map((file): Read => ({ file }));
  return new Map([...read, ...links].map((one) => [one.file.path, one]));
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
