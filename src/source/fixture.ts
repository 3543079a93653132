import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Kind } from '../model/contracts.ts';
import type { SourceConfig } from '../model/daemon-config.ts';
import { silent } from '../model/log.ts';
import type { Desired } from '../model/resource.ts';
import { formatProblems } from './format.ts';
import { type ResolveOptions, resolve } from './resolve.ts';
import { openSource, type Source, type SourceOptions } from './source.ts';

/** Kinds with the real schemas and nothing else. */
export function fakeKind(name: string, schema: string, more: Partial<Kind> = {}): Kind {
  return {
    name,
    surface: 'platform',
    apiVersion: 'genesys-gitops/v1',
    schema,
    object: 'thing',
    owns: true,
    check: () => [],
    contribute: () => ({ contributions: [], problems: [] }),
    toDocument: () => undefined,
    ...more,
  };
}

export const kinds: readonly Kind[] = [
  fakeKind('DataAction', 'data-action.schema.json'),
  fakeKind('Timeout', 'timeout.schema.json'),
  fakeKind('ScriptDataAction', 'envelope.schema.json', {
    surface: 'other',
    apiVersion: 'other.genesys-gitops/v1',
  }),
];

export type Files = Record<string, string | Uint8Array>;

/** A temporary folder with these files, gone when the test is over (`await using`). */
export async function folderWith(files: Files): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'genesys-gitops-'));
  await writeFiles(path, files);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export async function writeFiles(root: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
}

export const noSecrets = async (): Promise<string> => {
  throw new Error('no secret is needed here');
};

/** What a folder with these files resolves to. */
export async function resolved(files: Files, options: Partial<ResolveOptions> = {}): Promise<Desired> {
  await using folder = await folderWith(files);
  return await resolvedFolder(folder.path, options);
}

export async function resolvedFolder(path: string, options: Partial<ResolveOptions> = {}): Promise<Desired> {
  const source = await openSource({ path }, { baseDir: '/', cacheDir: path, log: silent, readSecret: noSecrets });
  return resolve(await source.read(), { kinds, ...options });
}

/** Problems as one line each: `path:line:column: code: message`. */
export function lines(problems: Desired['problems']): string[] {
  return problems.map((problem) => formatProblems([{ ...problem, excerpt: [] }]));
}

/** The text of a Timeout, the smallest document there is; each field may be replaced by YAML text. */
export function timeout(name: string, fields: Record<string, string> = {}): string {
  const { apiVersion = 'genesys-gitops/v1', kind = 'Timeout', metadata = `{ name: ${name} }`, ...spec } = fields;
  const all = { integration: 'CRM', timeoutSeconds: '10', ...spec };
  const rows = Object.entries(all).map(([key, value]) => `  ${key}: ${value}\n`);
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: ${metadata}\nspec:\n${rows.join('')}`;
}

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
