import { createReadStream } from 'node:fs';

/** Bytes. A line of the log is a few kilobytes, and what is far longer is none. */
const longest = 16 * 1024 * 1024;

const newline = 0x0a;

/** Lines of a file, at `\n` alone: what other splitters take for the end of a line may stand in a commit's message. */
export async function* linesOf(file: string): AsyncGenerator<{ number: number; text: string | undefined }> {
  let number = 0;
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer): void => {
    size += part.length;
    if (size <= longest) parts.push(part);
    else parts = [];
  };
  /** Without a text where it is too long to be read. */
  const ended = (): { number: number; text: string | undefined } => {
    const text = size > longest ? undefined : Buffer.concat(parts).toString('utf8');
    parts = [];
    size = 0;
    return { number: ++number, text };
  };
  let isFirst = true;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    if (isFirst && chunk[0] === 0x1f && chunk[1] === 0x8b)
      throw new Error('it is compressed; unpack it first (gunzip)');
    isFirst = false;
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, at));
      yield ended();
      from = at + 1;
    }
    if (from < chunk.length) add(chunk.subarray(from));
  }
  if (size > 0) yield ended();
}
