import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import type { SourceConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';
import { accessTo, type GitAccess, gitIn, unavailable } from './git-command.ts';
import { parseTree, readBlobNow, readBlobs } from './git-objects.ts';
import { checkUrl } from './git-url.ts';
import { limits } from './limits.ts';
import { ParseCache } from './parse-cache.ts';
import { directoryPrefix, type Snapshot, type SnapshotFile } from './snapshot.ts';
import type { Source, SourceOptions } from './source.ts';

type GitConfig = Extract<SourceConfig, { url: string }>;

/** Everything that is kept of a remote stands under this, out of the way of what a fetch may bring. */
const namespace = 'refs/genesys-gitops';

/** A branch or tag of a remote, mirrored shallowly into a bare repository; nothing is ever checked out. */
export function openGit(config: GitConfig, options: SourceOptions): Source {
  checkUrl(config);
  const prefix = directoryPrefix(config.directory);
  const cache = config.cache === undefined ? options.cacheDir : resolvePath(options.baseDir, config.cache);
  const name = createHash('sha256').update(config.url).digest('hex').slice(0, 16);
  const repository = resolvePath(cache, `${name}.git`);
  const parses = new ParseCache();
  // One call of git at a time in the repository: fetches take locks.
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work, work);
    queue = turn.catch(() => {});
    return turn;
  };

  const access = async (): Promise<GitAccess> => {
    const { auth, caFile } = config;
    const file = (path: string | undefined): string | undefined => path && resolvePath(options.baseDir, path);
    return accessTo({
      env: options.env ?? process.env,
      token: auth?.token === undefined ? undefined : await options.readSecret(auth.token),
      username: auth?.username,
      sshKeyFile: file(auth?.sshKeyFile),
      knownHostsFile: file(auth?.knownHostsFile),
      caFile: file(caFile),
    });
  };
  const local = accessTo({ env: options.env ?? process.env });

  const git = async (arguments_: string[], using: GitAccess, what: string, folder = repository): Promise<string> => {
    try {
      return await gitIn(folder, using).raw(arguments_);
    } catch (error) {
      throw unavailable(what, error, using.secrets);
    }
  };
  const unreachable = `cannot reach ${config.url}`;

  async function head(): Promise<string> {
    await mkdir(cache, { recursive: true });
    const wanted =
      config.tag !== undefined
        ? tagRefs(config.tag)
        : [config.branch === undefined ? 'HEAD' : `refs/heads/${config.branch}`];
    const output = await git(['ls-remote', '--symref', config.url, ...wanted], await access(), unreachable, cache);
    return headOf(output, config);
  }

  async function has(commit: string): Promise<boolean> {
    try {
      await gitIn(repository, local).raw(['cat-file', '-e', `${commit}^{tree}`]);
      return true;
    } catch {
      return false;
    }
  }

  async function fetch(commit: string, name: string): Promise<void> {
    const pin = `${namespace}/revisions/${commit}`;
    const known = await access();
    const ref = config.tag === undefined ? `refs/heads/${name}` : `refs/tags/${config.tag}`;
    const options_ = [
      'fetch',
      '--depth=1',
      '--no-tags',
      '--no-recurse-submodules',
      '--no-write-fetch-head',
      '--force',
      '--quiet',
    ];
    const run = (from: string): Promise<string> =>
      git([...options_, config.url, `+${from}:${namespace}/fetched`], known, unreachable);
    await run(ref);
    // The branch moved on since: ask for the commit itself, which most servers allow.
    if (!(await has(commit))) await run(commit);
    await git(['update-ref', pin, commit], local, `cannot keep ${commit}`);
  }

  async function tree(commit: string): Promise<Map<string, SnapshotFile>> {
    const output = await git(['ls-tree', '-r', '-l', '-z', '--full-tree', commit], local, `cannot read ${commit}`);
    const entries = parseTree(output);
    if (entries.length > limits.files)
      throw new Failure('SourceUnavailable', `the repository holds more than ${limits.files} files`);
    const links = entries.filter((entry) => entry.mode === '120000' && entry.size <= 4096);
    const targets =
      links.length === 0
        ? new Map<string, Uint8Array>()
        : await readBlobs(
            repository,
            links.map(({ id }) => id),
            local,
          );
    const files = new Map<string, SnapshotFile>();
    for (const { mode, id, size, path } of entries) {
      // 160000 is a submodule: another repository, which nobody vouched for.
      if (mode === '120000') files.set(path, { path, id, size, link: Buffer.from(targets.get(id) ?? []).toString() });
      else if (mode.startsWith('100')) files.set(path, { path, id, size });
    }
    return files;
  }

  async function open(commit: string, name: string): Promise<Map<string, SnapshotFile>> {
    await mkdir(cache, { recursive: true });
    if (!(await has(commit))) {
      await git(
        ['init', '--bare', '--quiet', '--template=', repository],
        local,
        'cannot make the cached repository',
        cache,
      );
      await fetch(commit, name);
    }
    try {
      return await tree(commit);
    } catch (error) {
      // A damaged cache is worth nothing: it is made again, once.
      options.log.warn({ err: error, repository }, 'cached repository is damaged and is made again');
      await rm(repository, { recursive: true, force: true });
      await git(
        ['init', '--bare', '--quiet', '--template=', repository],
        local,
        'cannot make the cached repository',
        cache,
      );
      await fetch(commit, name);
      return tree(commit);
    }
  }

  async function read(revision?: string): Promise<Snapshot> {
    const wanted = revision ?? (await head());
    const [, name, commit] = /^(.+)@sha1:([0-9a-f]{40})$/.exec(wanted) ?? [];
    if (name === undefined || commit === undefined) {
      throw new Failure(
        'SourceUnavailable',
        `"${wanted}" is no revision; it has the form main@sha1:<40 hexadecimal digits>`,
      );
    }
    const files = await inTurn(async () => {
      const found = await open(commit, name);
      await git(
        ['symbolic-ref', `${namespace}/last`, `${namespace}/names/${commit}/${encodeURIComponent(name)}`],
        local,
        'cannot note the revision',
      );
      return found;
    });
    parses.retain([...files.values()].map((file) => file.id));
    return {
      revision: wanted,
      directory: prefix,
      files,
      parses,
      read: (some) => readBlobs(repository, [...new Set(some.map(({ id }) => id))], local),
      readSync: ({ id }) => readBlobNow(repository, id, local),
    };
  }

  return {
    head,
    read,
    async lastKnown() {
      try {
        const ref = await gitIn(repository, local).raw(['symbolic-ref', `${namespace}/last`]);
        const [, commit, name] = /\/names\/([0-9a-f]{40})\/(.+)\s*$/.exec(ref) ?? [];
        return commit === undefined || name === undefined
          ? undefined
          : `${decodeURIComponent(name.trim())}@sha1:${commit}`;
      } catch {
        return undefined;
      }
    },
    watch: async () => async () => {},
    close: async () => void (await queue),
  };
}

function tagRefs(tag: string): string[] {
  return [`refs/tags/${tag}`, `refs/tags/${tag}^{}`];
}

/** The revision that `ls-remote --symref` tells; a tag's own commit where the tag is annotated. */
function headOf(output: string, config: GitConfig): string {
  const lines = output.split('\n').map((line) => line.split('\t'));
  const branch = lines.flatMap(([what, ref]) =>
    ref === 'HEAD' && what?.startsWith('ref: refs/heads/') ? [what.slice(16)] : [],
  )[0];
  const found = lines.filter(([id]) => id !== undefined && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(id));
  const commit = (found.find(([, ref]) => ref?.endsWith('^{}')) ?? found[0])?.[0];
  const name = config.tag ?? config.branch ?? branch ?? 'HEAD';
  if (commit === undefined) {
    const what =
      config.tag !== undefined
        ? `tag "${config.tag}"`
        : config.branch !== undefined
          ? `branch "${config.branch}"`
          : 'commit';
    throw new Failure('SourceUnavailable', `${config.url} has no ${what}`);
  }
  if (commit.length !== 40)
    throw new Failure('SourceUnavailable', `${config.url} has SHA-256 ids, which are not read here`);
  return `${name}@sha1:${commit}`;
}
