import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import { systemClock } from '../model/clock.ts';
import type { SourceConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';
import { revisionOf as revisionOfFiles } from './folder.ts';
import { gitCache, pinName } from './git-cache.ts';
import { accessTo, type GitAccess, gitIn } from './git-command.ts';
import { headOf, refsOf } from './git-head.ts';
import { gitHistory, type HistoryRemote } from './git-history.ts';
import { Damaged } from './git-objects.ts';
import { parseRevision, theOne } from './git-revision.ts';
import { checkUrl } from './git-url.ts';
import { unavailable } from './git-words.ts';
import { ParseCache } from './parse-cache.ts';
import { directoryPrefix, type Snapshot, type SnapshotFiles } from './snapshot.ts';
import type { History, Source, SourceOptions } from './source.ts';
import { turns } from './turns.ts';

type GitConfig = Extract<SourceConfig, { url: string }>;

/** So many trees stay in memory: the newest, the last good one, and room for what lies between. */
const keptTrees = 4;

/** A branch or tag of a remote, mirrored shallowly into a bare repository; nothing is ever checked out. */
export function openGit(config: GitConfig, options: SourceOptions): Source {
  checkUrl(config);
  const directory = directoryPrefix(config.directory);
  const { env = process.env, clock = systemClock, log, baseDir, timeoutMs } = options;
  const cacheDir = config.cache === undefined ? options.cacheDir : resolvePath(baseDir, config.cache);
  const name = createHash('sha256').update(config.url).digest('hex').slice(0, 16);
  const repository = resolvePath(cacheDir, `${name}.git`);
  const local = accessTo({ env, timeoutMs });
  const cache = gitCache(repository, local, clock);
  const past = gitHistory(resolvePath(cacheDir, `${name}.history.git`), local, log, clock);
  const parses = new ParseCache();
  const trees = new Map<string, Tree>();
  /** What is pinned, by `pinName`: each run pins anew, mostly the same. Read once, as git takes its time for each look. */
  let pinned: Map<string, string> | undefined;

  // One at a time: fetches take locks, and two that want the same revision fetch it once. A history may take long, and
  // nobody who reads a snapshot waits for it.
  const snapshotTurn = turns();
  const historyTurn = turns();

  /** Made anew for each use, so that a rotated token is seen. */
  async function access(): Promise<GitAccess> {
    const { auth, caFile } = config;
    const file = (path: string | undefined): string | undefined => path && resolvePath(baseDir, path);
    return accessTo({
      env,
      timeoutMs,
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

  const remote = async (name: string): Promise<HistoryRemote> => ({
    url: config.url,
    ref: config.tag !== undefined ? `refs/tags/${config.tag}` : name === 'HEAD' ? 'HEAD' : `refs/heads/${name}`,
    access: await access(),
  });

  async function fetch({ name, commit }: Revision): Promise<void> {
    const from = await remote(name);
    await cache.fetch(from, commit, () => historyTurn(async () => (await past.find(from, commit)).depth));
  }

  /** A damaged cache is worth nothing: it is made again, once, with what the server still has of the pins. */
  async function makeAgain(revision: Revision, error: unknown): Promise<void> {
    if (!(error instanceof Damaged)) throw error;
    log.warn({ err: error, repository }, 'cached repository is damaged and is made again');
    const pins = await cache.pinned();
    pinned = undefined;
    await cache.clear();
    await fetch(revision);
    for (const [pin, commit] of pins) {
      try {
        if (!(await cache.has(commit))) await fetch({ name: revision.name, commit });
        await cache.pin(pin, commit, 0);
      } catch (err) {
        log.warn({ err, commit }, 'pinned revision is lost with the damaged cache');
      }
    }
  }

  async function treeOf(revision: Revision): Promise<Tree> {
    const known = trees.get(revision.commit);
    if (known !== undefined) return known;
    if (!(await cache.has(revision.commit))) await fetch(revision);
    const found = await cache.tree(revision.commit).catch(async (error: unknown) => {
      await makeAgain(revision, error);
      return await cache.tree(revision.commit);
    });
    return { ...found, content: revisionOfFiles(found) };
  }

  async function blobsOf(revision: Revision, ids: readonly string[]): Promise<Map<string, Uint8Array>> {
    try {
      return await cache.blobs(ids);
    } catch (error) {
      await snapshotTurn(() => makeAgain(revision, error));
      return await cache.blobs(ids);
    }
  }

  /** The commit that a text means; its first digits are looked up here first, then in the branch's history. */
  async function revisionOf(asked: string): Promise<Revision> {
    const { name, digits } = parseRevision(asked, config.tag ?? config.branch ?? 'HEAD');
    if (digits.length === 40) return { name, commit: digits };
    const here = await cache.beginningWith(digits);
    if (here.length > 0) return { name, commit: theOne(here, digits, config.url) };
    const { commits } = await historyTurn(async () => past.find(await remote(name), digits));
    return { name, commit: theOne(commits, digits, `the newest 1,000 or so of ${config.url}`) };
  }

  return {
    head,
    async read(revision): Promise<Snapshot> {
      const wanted = await revisionOf(revision ?? (await head()));
      const { commit } = wanted;
      const tree = await snapshotTurn(() => treeOf(wanted));
      const { files, badNames, content } = tree;
      trees.delete(commit);
      trees.set(commit, tree);
      for (const old of [...trees.keys()].slice(0, -keptTrees)) trees.delete(old);
      parses.retain([...files.values()].map((file) => file.id));
      return {
        revision: `${wanted.name}@sha1:${commit}`,
        content,
        directory,
        files,
        badNames,
        parses,
        read: (some) => blobsOf(wanted, [...new Set(some.map(({ id }) => id))]),
        readSync: ({ id }) => cache.blobNow(id),
      };
    },
    async pin(name, asked) {
      const revision = await revisionOf(asked);
      await snapshotTurn(async () => {
        if (!existsSync(repository)) pinned = undefined;
        pinned ??= await cache.pinned();
        const [slot, { commit }] = [pinName(name), revision];
        if (pinned.get(slot) === commit) return;
        const isHere = [...pinned.values()].includes(commit) || (await cache.has(commit));
        if (!isHere) await fetch(revision);
        const forgot = await cache.pin(slot, commit, pinned.size);
        if (forgot) pinned = undefined;
        else pinned.set(slot, commit);
      });
    },
    async history({ from, to }, paths): Promise<History> {
      const end = await revisionOf(to);
      const start = from === undefined ? undefined : (await revisionOf(from)).commit;
      if (start === end.commit || (start === undefined && paths.length === 0)) return { commits: [], rewritten: false };
      const range = { from: start, to: end.commit };
      return await historyTurn(async () => past.between(await remote(end.name), range, paths, cache.dateOf));
    },
    watch: async () => async () => {},
    close: async () => void (await Promise.all([snapshotTurn(async () => {}), historyTurn(async () => {})])),
  };
}

interface Tree extends SnapshotFiles {
  content: string;
}

interface Revision {
  /** Of the branch or tag. */
  name: string;
  commit: string;
}
