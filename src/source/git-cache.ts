import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../model/clock.ts';
import { type GitAccess, gitIn } from './git-command.ts';
import type { HistoryRemote } from './git-history.ts';
import { despiteLocks } from './git-locks.ts';
import { listTree, readBlobNow, readBlobs } from './git-objects.ts';
import { isMissingRef, isRefusedId, unavailable } from './git-words.ts';
import type { SnapshotFile, SnapshotFiles } from './snapshot.ts';

/** Everything that is kept of a remote stands under this, out of the way of what a fetch may bring. */
const namespace = 'refs/genesys-gitops';

/** So many revisions stay readable without the remote. */
const keptRevisions = 50;

/** So many names hold a revision; more than there are targets, unless they were renamed for years. */
const keptPins = 200;

/** The bare repository in which revisions of one remote are kept. Shallow, and never checked out. */
export interface GitCache {
  /** True where the revision was fetched whole. */
  has(commit: string): Promise<boolean>;
  /**
   * Brings the commit: by the ref that is expected to be at it, else (the ref moved on) by its id, else, where the
   * server gives out no ids, with so much of the ref's past as `depthOf` finds it under.
   */
  fetch(remote: HistoryRemote, commit: string, depthOf: () => Promise<number>): Promise<void>;
  /** Files of a commit. Throws `Damaged` where the cache is to be made again. */
  tree(commit: string): Promise<SnapshotFiles>;
  blobs(ids: readonly string[]): Promise<Map<string, Uint8Array>>;
  blobNow(id: string): Uint8Array | undefined;
  /**
   * Keeps a commit that is here for as long as this name (`pinName`) does not ask for another. `names`: how many there are
   * already. True where that is too many, and the oldest were let go.
   */
  pin(name: string, commit: string, names: number): Promise<boolean>;
  /** What is pinned, by name; of a damaged cache what can still be told. */
  pinned(): Promise<Map<string, string>>;
  /** Commits here whose ids begin so. */
  beginningWith(prefix: string): Promise<string[]>;
  /** The committer's date in seconds, where the commit is here. */
  dateOf(commit: string): Promise<number | undefined>;
  /** Throws everything away, for a cache that is damaged. */
  clear(): Promise<void>;
}

export function gitCache(repository: string, local: GitAccess, clock: Clock): GitCache {
  const git = async (args: string[], what: string, using = local, folder = repository): Promise<string> => {
    try {
      return await despiteLocks(async () => await gitIn(folder, using).raw(args), clock);
    } catch (error) {
      throw unavailable(what, error, using.secrets);
    }
  };

  const tell = async (...args: string[]): Promise<string> => await gitIn(repository, local).raw(args);

  /** The object is here; of a fetch that an older version was killed in, perhaps not all that belongs to it. */
  const isPresent = (commit: string): Promise<boolean> =>
    tell('cat-file', '-e', `${commit}^{tree}`).then(
      () => true,
      () => false,
    );

  async function refsIn(folder: string, ...more: string[]): Promise<string[][]> {
    const format = '--format=%(refname) %(objectname)';
    const said = await git(['for-each-ref', format, ...more, `${namespace}/${folder}`], 'cannot list revisions');
    return said
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' '));
  }

  async function has(commit: string): Promise<boolean> {
    if (!(await isPresent(commit))) return false;
    return (await refsIn('', `--points-at=${commit}`)).length > 0;
  }

  async function fetchRef({ url, access }: HistoryRemote, from: string, depth = 1): Promise<void> {
    const switches = [
      `--depth=${depth}`,
      '--no-tags',
      '--no-recurse-submodules',
      '--no-write-fetch-head',
      '--force',
      '--quiet',
    ];
    await git(['fetch', ...switches, url, `+${from}:${namespace}/fetched`], `cannot fetch ${url}`, access);
  }

  /** The oldest beyond what is kept lose their ref; git's own housekeeping does the rest. */
  async function forget(folder: string, kept: number, except: string): Promise<void> {
    // Dates have seconds only, so the one that was just kept need not be the first.
    const others = (await refsIn(folder, '--sort=-committerdate')).filter(([ref = '']) => !ref.endsWith(`/${except}`));
    for (const [ref = ''] of others.slice(kept - 1)) await git(['update-ref', '-d', ref], 'cannot forget a revision');
  }

  return {
    has,
    async fetch(remote, commit, depthOf) {
      await mkdir(dirname(repository), { recursive: true });
      const init = ['init', '--bare', '--quiet', '--template=', repository];
      await git(init, 'cannot make the cached repository', local, dirname(repository));
      try {
        await fetchRef(remote, remote.ref);
      } catch (error) {
        // A branch that was deleted may have left its commits.
        if (!isMissingRef(error)) throw error;
      }
      if (!(await isPresent(commit))) {
        try {
          await fetchRef(remote, commit);
        } catch (error) {
          const depth = isRefusedId(error) ? await depthOf() : 0;
          if (depth === 0) throw error;
          await fetchRef(remote, remote.ref, depth);
        }
      }
      await git(['update-ref', `${namespace}/revisions/${commit}`, commit], `cannot keep ${commit}`);
      await forget('revisions', keptRevisions, commit);
    },
    async tree(commit) {
      const { entries, badNames } = await listTree(repository, commit, local);
      const links = entries.filter((entry) => entry.mode === '120000' && entry.size <= 4096).map(({ id }) => id);
      const targets = links.length === 0 ? new Map<string, Uint8Array>() : await readBlobs(repository, links, local);
      const files = new Map<string, SnapshotFile>();
      for (const { mode, id, size, path } of entries) {
        // 160000 is a submodule: another repository, which nobody vouched for.
        if (mode === '120000') files.set(path, { path, id, size, link: Buffer.from(targets.get(id) ?? []).toString() });
        else if (mode.startsWith('100')) files.set(path, { path, id, size });
      }
      return { files, badNames };
    },
    blobs: (ids) => readBlobs(repository, ids, local),
    blobNow: (id) => readBlobNow(repository, id, local),
    async pin(name, commit, names) {
      await git(['update-ref', `${namespace}/pins/${name}`, commit], `cannot pin ${commit}`);
      if (names < keptPins) return false;
      await forget('pins', keptPins, name);
      return true;
    },
    async pinned() {
      const refs = await refsIn('pins').catch(() => []);
      return new Map(refs.map(([ref = '', commit = '']) => [ref.slice(`${namespace}/pins/`.length), commit]));
    },
    async beginningWith(prefix) {
      const all = (await refsIn('').catch(() => [])).map(([, commit = '']) => commit);
      return [...new Set(all)].filter((commit) => commit.startsWith(prefix));
    },
    dateOf: (commit) =>
      tell('show', '-s', '--format=%ct', commit).then(
        (said) => Number(said),
        () => undefined,
      ),
    clear: () => rm(repository, { recursive: true, force: true }),
  };
}

/** Any text as one part of a ref: no `/`, `..`, `.lock`, and short enough for a file. */
export function pinName(name: string): string {
  const safe = encodeURIComponent(name).replace(/[^\w%-]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return safe.length <= 200 ? `n-${safe}` : `h-${createHash('sha256').update(name).digest('hex')}`;
}
