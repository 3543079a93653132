import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** The demo's git repository: a copy of config-repo-example, in a folder that is gone afterwards. */
export interface DemoRepository {
  folder: string;
  /** What a team would push to. */
  repository: string;
  /** Replaces a text in each of some files and commits; answers the short commit id. */
  commit(message: string, ...edits: [file: string, from: string, to: string][]): Promise<string>;
  close(): Promise<void>;
}

export async function demoRepository(example: string): Promise<DemoRepository> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'genesys-gitops-demo-'));
  const repository = path.join(folder, 'config-repo');
  await cp(example, repository, { recursive: true });
  const git = async (...args: string[]): Promise<string> => {
    const identity = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.com', '-c', 'commit.gpgsign=false'];
    const { stdout } = await exec('git', [...identity, ...args], { cwd: repository });
    return stdout.trim();
  };
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=The example');
  return {
    folder,
    repository,
    async commit(message, ...edits) {
      for (const [file, from, to] of edits) {
        const target = path.join(repository, file);
        const text = await readFile(target, 'utf8');
        if (!text.includes(from)) throw new Error(`the demo expects ${JSON.stringify(from)} in ${file}`);
        await writeFile(target, text.replace(from, to));
      }
      await git('commit', '--quiet', '--all', `--message=${message}`);
      return git('rev-parse', '--short', 'HEAD');
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
