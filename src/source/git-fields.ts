/** More than any field that counts: a message of 2,000 characters, a path. */
const fieldBytes = 16_384;

/**
 * Splits what git prints at its NULs. A field that goes on over many chunks is cut, since a commit message may have any
 * size: collected whole, it would cost its size in memory, and joined with each chunk anew its square in time.
 */
export function fieldSplitter(): (chunk: Buffer) => string[] {
  let begun: Buffer[] = [];
  let size = 0;
  const add = (piece: Buffer): void => {
    const kept = piece.subarray(0, fieldBytes - size);
    if (kept.length === 0) return;
    begun.push(kept);
    size += kept.length;
  };
  return (chunk) => {
    const first = chunk.indexOf(0);
    if (first === -1) {
      add(chunk);
      return [];
    }
    add(chunk.subarray(0, first));
    const fields = [Buffer.concat(begun).toString()];
    begun = [];
    size = 0;
    const last = chunk.lastIndexOf(0);
    // Many short fields in one go; none of them is longer than the chunk.
    if (last > first) fields.push(...chunk.toString('utf8', first + 1, last).split('\0'));
    add(chunk.subarray(last + 1));
    return fields;
  };
}
