import { createHash } from 'node:crypto';
import { LineCounter, parseAllDocuments } from 'yaml';
import { kinds } from '../src/objects/index.ts';
import { resolve } from '../src/source/index.ts';
import { ParseCache } from '../src/source/parse-cache.ts';
import type { Snapshot, SnapshotFile } from '../src/source/snapshot.ts';
import { files } from './documents.ts';
import { compare, median, wall } from './measure.ts';
import { atMost, exactly, type Row } from './table.ts';

const count = 10_000;

/** Validating 10,000 documents of 1 KB: a snapshot in memory, read as an environment does. */
export async function validation(): Promise<Row[]> {
  const texts = files(count);
  const bytes = [...texts.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const snapshot = snapshotOf(texts);
  const ours = (): Promise<void> => validate(snapshot(new ParseCache()));
  const bare = (): void => parseOnly(texts.values());
  bare();
  await ours();
  const { ours: full, bare: parsing, ratio } = await compare(ours, bare);

  const parses = new ParseCache();
  await validate(snapshot(parses));
  const before = parses.parsed;
  const again: number[] = [];
  for (let i = 0; i < 5; i++) again.push(await wall(() => validate(snapshot(parses))));
  return [
    atMost({
      what: `validating ${count} documents / parsing them with yaml`,
      value: ratio,
      most: 1.3,
      digits: 2,
      note: `${full.toFixed(0)} ms / ${parsing.toFixed(0)} ms; ${(bytes / count).toFixed(0)} bytes each; no git, no disk, no SQLite; yaml with LineCounter and toJS`,
    }),
    exactly(
      'files parsed for an unchanged revision, five times',
      parses.parsed - before,
      0,
      `what the parse cache counted; validating anew without them takes ${median(again).toFixed(0)} ms`,
    ),
  ];
}

/** Everything between bytes and resources: parsing, variables, schema, kinds. A problem would make it another figure. */
async function validate(snapshot: Snapshot): Promise<void> {
  const { resources, problems } = await resolve(snapshot, { kinds, environment: 'prod' });
  if (resources.length !== count || problems.length > 0) throw new Error(JSON.stringify(problems.slice(0, 3)));
}

function parseOnly(texts: Iterable<string>): void {
  for (const text of texts) {
    for (const document of parseAllDocuments(text, { lineCounter: new LineCounter() })) document.toJS();
  }
}

/** The texts as a revision that was read already. */
function snapshotOf(texts: ReadonlyMap<string, string>): (parses: ParseCache) => Snapshot {
  const contents = new Map<string, Uint8Array>();
  const entries = new Map<string, SnapshotFile>();
  for (const [path, text] of texts) {
    const bytes = Buffer.from(text);
    const id = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    contents.set(id, bytes);
    entries.set(path, { path, id, size: bytes.length });
  }
  return (parses) => ({
    revision: 'main@sha1:0000000000000000000000000000000000000001',
    directory: '',
    files: entries,
    parses,
    read: async () => contents,
    readSync: ({ id }) => contents.get(id),
  });
}
