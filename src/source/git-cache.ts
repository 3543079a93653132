import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../model/clock.ts';
import { type GitAccess, gitIn, unavailable } from './git-command.ts';
import { listTree, readBlobNow, readBlobs } from './git-objects.ts';
import type { SnapshotFile, SnapshotFiles } from './snapshot.ts';

/** Everything that is kept of a remote stands under this, out of the way of what a fetch may bring. */
const namespace = 'refs/genesys-gitops';

/** So many revisions stay readable without the remote. */
const keptRevisions = 50;

/** A lock as old as this belongs to a git that was killed. */
const staleLockMs = 5 * 60_000;

/** The bare repository in which revisions of one remote are kept. Shallow, and never checked out. */
export interface GitCache {
  has(commit: string): Promise<boolean>;
  /** Brings the commit: by the ref that is expected to be at it, else (the ref moved on) by its id. */
  fetch(url: string, ref: string, commit: string, access: GitAccess): Promise<void>;
  /** Files of a commit. Throws `Damaged` where the cache is to be made again. */
  tree(commit: string): Promise<SnapshotFiles>;
  blobs(ids: readonly string[]): Promise<Map<string, Uint8Array>>;
  blobNow(id: string): Uint8Array | undefined;
  /** Notes the revision that was read last, for later processes. */
  note(revision: { name: string; commit: string }): Promise<void>;
  noted(): Promise<{ name: string; commit: string } | undefined>;
  /** Throws everything away, for a cache that is damaged. */
  clear(): Promise<void>;
}

export function gitCache(repository: string, local: GitAccess, clock: Clock): GitCache {
  const git = async (args: string[], what: string, using = local, folder = repository): Promise<string> => {
    try {
      return await gitIn(folder, using).raw(args);
    } catch (error) {
      throw unavailable(what, error, using.secrets);
    }
  };

  async function has(commit: string): Promise<boolean> {
    try {
      await gitIn(repository, local).raw(['cat-file', '-e', `${commit}^{tree}`]);
      return true;
    } catch {
      return false;
    }
  }

  async function fetchRef(url: string, from: string, access: GitAccess): Promise<void> {
    const switches = [
      '--depth=1',
      '--no-tags',
      '--no-recurse-submodules',
      '--no-write-fetch-head',
      '--force',
      '--quiet',
    ];
    const run = (): Promise<string> =>
      git(['fetch', ...switches, url, `+${from}:${namespace}/fetched`], `cannot fetch ${url}`, access);
    try {
      await run();
    } catch (error) {
      if (!(await removeStaleLock(error, clock))) throw error;
      await run();
    }
  }

  /** The oldest revisions beyond what is kept lose their ref; git's own housekeeping does the rest. */
  async function forget(except: string): Promise<void> {
    const format = ['--sort=-committerdate', '--format=%(refname)', `${namespace}/revisions`];
    const refs = (await git(['for-each-ref', ...format], 'cannot list revisions'))
      .split('\n')
      .filter((ref) => ref !== '');
    for (const ref of refs.slice(keptRevisions)) {
      if (!ref.endsWith(except)) await git(['update-ref', '-d', ref], 'cannot forget a revision');
    }
  }

  return {
    has,
    async fetch(url, ref, commit, access) {
      await mkdir(dirname(repository), { recursive: true });
      const init = ['init', '--bare', '--quiet', '--template=', repository];
      await git(init, 'cannot make the cached repository', local, dirname(repository));
      await fetchRef(url, ref, access);
      if (!(await has(commit))) await fetchRef(url, commit, access);
      await git(['update-ref', `${namespace}/revisions/${commit}`, commit], `cannot keep ${commit}`);
      await forget(commit);
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
    async note({ name, commit }) {
      // A symbolic ref holds both words; that what it names is no ref is of no matter.
      const target = `${namespace}/names/${commit}/${encodeURIComponent(name)}`;
      await git(['symbolic-ref', `${namespace}/last`, target], 'cannot note the revision');
    },
    async noted() {
      try {
        const ref = await gitIn(repository, local).raw(['symbolic-ref', `${namespace}/last`]);
        const [, commit, name] = /\/names\/([0-9a-f]{40})\/(\S+)/.exec(ref) ?? [];
        return commit === undefined || name === undefined ? undefined : { name: decodeURIComponent(name), commit };
      } catch {
        return undefined;
      }
    },
    clear: () => rm(repository, { recursive: true, force: true }),
  };
}

/** A killed git leaves its lock behind, on which every later one would fail. */
async function removeStaleLock(error: unknown, clock: Clock): Promise<boolean> {
  const lock = /'([^']+\.lock)': File exists/.exec(error instanceof Error ? error.message : '')?.[1];
  const age = lock === undefined ? undefined : await stat(lock).catch(() => undefined);
  if (lock === undefined || age === undefined || clock.now().getTime() - age.mtimeMs < staleLockMs) return false;
  await rm(lock, { force: true });
  return true;
}
