import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { silent } from '../src/model/log.ts';
import { openSource } from '../src/source/index.ts';
import { files, gitRepository } from './documents.ts';
import { compare } from './measure.ts';
import { inTemporaryFolder } from './paths.ts';
import { atMost, type Row } from './table.ts';

/** Asking a git source whose branch did not move for its head. */
export function poll(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const repository = path.join(folder, 'repository');
    await gitRepository(repository, files(10));
    const url = pathToFileURL(repository).href;
    const source = await openSource(
      { url, branch: 'main' },
      {
        baseDir: folder,
        cacheDir: path.join(folder, 'cache'),
        log: silent,
        readSecret: () => Promise.reject(new Error('no secret is needed')),
      },
    );
    try {
      const revision = await source.head();
      await source.read(revision);
      const ours = async (): Promise<void> => {
        if ((await source.head()) !== revision) throw new Error('the branch moved');
      };
      const bare = (): Promise<void> => lsRemote(url, revision.slice(-40));
      const compared = await compare(ours, bare, 25);
      return [
        atMost({
          what: 'poll of an unchanged branch / git ls-remote',
          value: compared.ratio,
          most: 1.3,
          digits: 2,
          note: `${compared.ours.toFixed(1)} ms / ${compared.bare.toFixed(1)} ms; git included on both sides, over file://; no SQLite`,
        }),
      ];
    } finally {
      await source.close();
    }
  });
}

/** `git ls-remote` as a shell would run it, its output read. */
async function lsRemote(url: string, commit: string): Promise<void> {
  const child = spawn('git', ['ls-remote', url, 'refs/heads/main'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await once(child, 'close');
  if (!output.startsWith(commit)) throw new Error(`git ls-remote answered "${output}"`);
}
