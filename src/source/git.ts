import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import { systemClock } from '../model/clock.ts';
import type { SourceConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';
import { gitCache } from './git-cache.ts';
import { accessTo, type GitAccess, gitIn, unavailable } from './git-command.ts';
import { Damaged } from './git-objects.ts';
import { checkUrl } from './git-url.ts';
import { ParseCache } from './parse-cache.ts';
import { directoryPrefix, type Snapshot, type SnapshotFiles } from './snapshot.ts';
import type { Source, SourceOptions } from './source.ts';

type GitConfig = Extract<SourceConfig, { url: string }>;

/** So many trees stay in memory: the newest, the last good one, and room for what lies between. */
const keptTrees = 4;

/** A branch or tag of a remote, mirrored shallowly into a bare repository; nothing is ever checked out. */
export function openGit(config: GitConfig, options: SourceOptions): Source {
  checkUrl(config);
  const directory = directoryPrefix(config.directory);
  const { env = process.env, clock = systemClock, log, baseDir } = options;
  const cacheDir = config.cache === undefined ? options.cacheDir : resolvePath(baseDir, config.cache);
  const name = createHash('sha256').update(config.url).digest('hex').slice(0, 16);
  const repository = resolvePath(cacheDir, `${name}.git`);
  const cache = gitCache(repository, accessTo({ env }), clock);
  const parses = new ParseCache();
  const trees = new Map<string, SnapshotFiles>();

  // One reader at a time: fetches take locks, and two that want the same revision fetch it once.
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work, work);
    queue = turn.catch(() => {});
    return turn;
  };

  /** Made anew for each use, so that a rotated token is seen. */
  async function access(): Promise<GitAccess> {
    const { auth, caFile } = config;
    const file = (path: string | undefined): string | undefined => path && resolvePath(baseDir, path);
    return accessTo({
      env,
      token: auth?.token === undefined ? undefined : await options.readSecret(auth.token),
      username: auth?.username,
      sshKeyFile: file(auth?.sshKeyFile),
      knownHostsFile: file(auth?.knownHostsFile),
      caFile: file(caFile),
    });
  }

  async function head(): Promise<string> {
    const using = await access();
    await mkdir(cacheDir, { recursive: true });
    try {
      return headOf(await gitIn(cacheDir, using).raw(['ls-remote', '--symref', config.url, ...refsOf(config)]), config);
    } catch (error) {
      throw error instanceof Failure ? error : unavailable(`cannot reach ${config.url}`, error, using.secrets);
    }
  }

  async function treeOf(name: string, commit: string): Promise<SnapshotFiles> {
    const known = trees.get(commit);
    if (known !== undefined) return known;
    const ref = config.tag === undefined ? `refs/heads/${name}` : `refs/tags/${config.tag}`;
    const fetch = async (): Promise<void> => cache.fetch(config.url, ref, commit, await access());
    if (!(await cache.has(commit))) await fetch();
    try {
      return await cache.tree(commit);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      // A damaged cache is worth nothing: it is made again, once.
      log.warn({ err: error, repository }, 'cached repository is damaged and is made again');
      await cache.clear();
      await fetch();
      return await cache.tree(commit);
    }
  }

  return {
    head,
    async read(revision): Promise<Snapshot> {
      const asked = revision ?? (await head());
      // People paste what `git log` shows them.
      const wanted = /^[0-9a-f]{40}$/.test(asked) ? `${config.tag ?? config.branch ?? 'HEAD'}@sha1:${asked}` : asked;
      const [, name, commit] = /^(.+)@sha1:([0-9a-f]{40})$/.exec(wanted) ?? [];
      if (name === undefined || commit === undefined) {
        throw new Failure(
          'ConfigurationInvalid',
          `"${asked}" is no revision; one looks like main@sha1:<40 hex digits>, or is the 40 digits alone`,
        );
      }
      const tree = await inTurn(() => treeOf(name, commit));
      const { files, badNames } = tree;
      trees.delete(commit);
      trees.set(commit, tree);
      for (const old of [...trees.keys()].slice(0, -keptTrees)) trees.delete(old);
      parses.retain([...files.values()].map((file) => file.id));
      return {
        revision: wanted,
        directory,
        files,
        badNames,
        parses,
        read: (some) => cache.blobs([...new Set(some.map(({ id }) => id))]),
        readSync: ({ id }) => cache.blobNow(id),
      };
    },
    watch: async () => async () => {},
    close: async () => void (await queue),
  };
}

/** What `ls-remote` is asked for; for an annotated tag also the commit that it stands for. */
function refsOf({ branch, tag }: GitConfig): string[] {
  if (tag !== undefined) return [`refs/tags/${tag}`, `refs/tags/${tag}^{}`];
  return [branch === undefined ? 'HEAD' : `refs/heads/${branch}`];
}

/** The revision that `ls-remote --symref` tells. */
function headOf(output: string, { url, branch, tag }: GitConfig): string {
  const lines = output.split('\n').map((line) => line.split('\t'));
  const symref = lines.find(([what, ref]) => ref === 'HEAD' && what?.startsWith('ref: refs/heads/'))?.[0];
  const found = lines.filter(([id]) => id !== undefined && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(id));
  const commit = (found.find(([, ref]) => ref?.endsWith('^{}')) ?? found[0])?.[0];
  if (commit === undefined) {
    const what = tag !== undefined ? `tag "${tag}"` : branch !== undefined ? `branch "${branch}"` : 'commit';
    throw new Failure('SourceUnavailable', `${url} has no ${what}`);
  }
  if (commit.length !== 40) throw new Failure('SourceUnavailable', `${url} has SHA-256 ids, which are not read here`);
  return `${tag ?? branch ?? symref?.slice('ref: refs/heads/'.length) ?? 'HEAD'}@sha1:${commit}`;
}
