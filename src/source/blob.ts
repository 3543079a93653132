import { createHash } from 'node:crypto';

/** The id that git gives to this content, so that a folder and a repository share one cache of parses. */
export function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
