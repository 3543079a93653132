import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { plainDocument } from './documents.ts';
import { compare } from './measure.ts';
import { inTemporaryFolder, main } from './paths.ts';
import { atMost, type Row } from './table.ts';

/** From the start of a process to its end, compiled, against a Node that does nothing. */
export function startup(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    await writeFile(path.join(folder, 'action.yaml'), plainDocument(1));
    return [await row('--help', [main, '--help']), await row('validate of one document', [main, 'validate', folder])];
  });
}

async function row(what: string, words: string[]): Promise<Row> {
  await node(words);
  const compared = await compare(
    () => node(words),
    () => node(['-e', '0']),
    7,
  );
  return atMost({
    what: `${what} / node -e 0`,
    value: compared.ratio,
    most: 6,
    digits: 2,
    note: `${compared.ours.toFixed(0)} ms / ${compared.bare.toFixed(0)} ms; no git, no SQLite`,
  });
}

async function node(words: string[]): Promise<void> {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`node ${words.join(' ')} ended with ${code}`);
}
