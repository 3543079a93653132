import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { SourceConfig } from '../model/daemon-config.ts';
import { silent } from '../model/log.ts';
import { type Files, folderWith, kinds, noSecrets, writeFiles } from './fixture.ts';
import { resolve } from './resolve.ts';
import { openSource, type Source, type SourceOptions } from './source.ts';

const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };

/** A repository with a working folder, and a place for caches. */
export async function world(files: Files): Promise<World> {
  const folder = await folderWith({});
  const work = join(folder.path, 'work');
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: work,
      env: { ...process.env, ...identity },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  execFileSync('git', ['init', '-q', '-b', 'main', work]);
  const world: World = {
    root: folder.path,
    work,
    url: `file://${work}`,
    git,
    async commit(change, message = 'change') {
      await writeFiles(work, change);
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    open: (config = {}, options = {}) =>
      openSource({ url: world.url, branch: 'main', ...config } as SourceConfig, {
        baseDir: folder.path,
        cacheDir: join(folder.path, 'cache'),
        log: silent,
        readSecret: noSecrets,
        ...options,
      }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
  await world.commit(files);
  return world;
}

export interface World extends AsyncDisposable {
  root: string;
  work: string;
  url: string;
  git(...args: string[]): string;
  commit(files: Files, message?: string): Promise<string>;
  open(config?: object, options?: Partial<SourceOptions>): Promise<Source>;
}

/** The names of a revision's resources. */
export const names = async (source: Source, revision?: string): Promise<string[]> =>
  (await resolve(await source.read(revision), { kinds })).resources.map(({ name }) => name);
