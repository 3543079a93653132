import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..');

/** The compiled binary; `npm run bench` builds it first. */
export const main = path.join(root, 'dist/main.js');

/** How the image starts node: what memory costs there is measured with the same flags. */
export const imageFlags: readonly string[] = (
  JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(path.join(root, 'Dockerfile'), 'utf8'))![1]!) as string[]
).filter((word) => word.startsWith('--'));

/** A folder that is gone when the work is done. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'genesys-gitops-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
