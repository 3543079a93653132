import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import { type GitAccess, gitIn, offline } from './git-command.ts';
import { despiteLocks } from './git-locks.ts';
import { readLog, readMerges } from './git-log.ts';
import { isMissingRef, unavailable } from './git-words.ts';
import type { History } from './source.ts';

/** The history is fetched so deep, then so deep, and no deeper: what is older is not attributed. */
const depths = [50, 250, 1000];
/** Merges make more commits than the depth; so many are looked at. */
const maxCommits = 10_000;
/** Clocks of committers differ by so much. */
const slopSeconds = 24 * 3600;
const namespace = 'refs/genesys-gitops';
/** So many ends of history stay known, so that a branch that is rewritten can be compared with what it was. */
const keptTips = 20;

/** How the history is brought: from where, which ref is expected to lead to it, and with what access. */
export interface HistoryRemote {
  url: string;
  ref: string;
  access: GitAccess;
}

/**
 * The history of one remote, without blobs, in a bare repository of its own beside the snapshots. In one repository
 * with them it would make the remote a promisor of theirs too: a blob that is lost there would be fetched behind our
 * back instead of found missing, and each deepening would move the borders of what was fetched whole. A server that
 * knows no filter sends the blobs as well; they do no harm here.
 */
export interface GitHistory {
  /** `Source.history`. `dateOf` tells the date of a commit that another repository holds, in seconds. */
  between(
    remote: HistoryRemote,
    range: { from?: string | undefined; to: string },
    paths: readonly string[],
    dateOf: (commit: string) => Promise<number | undefined>,
  ): Promise<History>;
  /** Commits of the branch whose ids begin so, and how deep below its end the first lies. */
  find(remote: HistoryRemote, prefix: string): Promise<{ commits: string[]; depth: number }>;
}

export function gitHistory(repository: string, local: GitAccess, log: Log, clock: Clock): GitHistory {
  // Only `fetch` goes out: for a commit that is missing here, git would ask the server by itself, without the token.
  const inside = offline(local);
  const git = (...args: string[]): Promise<string> =>
    despiteLocks(async () => await gitIn(repository, inside).raw(args), clock);
  const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

  /** What was fetched last, and how deep: as much again would bring nothing, and less would take away. */
  let newest: { commit: string; depth: number } | undefined;

  async function has(commit: string): Promise<boolean> {
    // By what is printed: simple-git takes a failure that says nothing for a success.
    return (await git('rev-parse', '--verify', '--quiet', `${commit}^{commit}`).catch(() => '')) !== '';
  }

  async function fetch({ url, access }: HistoryRemote, what: string, depth: number): Promise<void> {
    await mkdir(dirname(repository), { recursive: true });
    const init = ['init', '--bare', '--quiet', '--template=', repository];
    await despiteLocks(async () => await gitIn(dirname(repository), inside).raw(init), clock);
    const switches = ['--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--force', '--quiet'];
    const into = `+${what}:${namespace}/fetched`;
    try {
      const words = ['fetch', `--depth=${depth}`, '--filter=blob:none', ...switches, url, into];
      await despiteLocks(async () => await gitIn(repository, access).raw(words), clock);
    } catch (error) {
      throw unavailable(`cannot fetch the history of ${url}`, error, access.secrets);
    }
  }

  /** Brings this much of what leads to the commit: by the ref that is expected at it, else by its id. */
  async function deepen(remote: HistoryRemote, commit: string, depth: number): Promise<void> {
    await fetch(remote, remote.ref, depth).catch((error: unknown) => {
      if (!isMissingRef(error)) throw error;
    });
    // A server may refuse ids; then the commit lies deeper below the ref, or nowhere.
    if (!(await has(commit))) await fetch(remote, commit, depth).catch(() => {});
    newest = undefined;
    if (!(await has(commit))) return;
    await keep(commit);
    newest = { commit, depth };
  }

  async function keep(commit: string): Promise<void> {
    await git('update-ref', `${namespace}/tips/${commit}`, commit);
    const tips = lines(await git('for-each-ref', '--sort=-committerdate', '--format=%(refname)', `${namespace}/tips`));
    for (const ref of tips.slice(keptTips)) {
      if (!ref.endsWith(commit)) await git('update-ref', '-d', ref);
    }
  }

  /** Commits whose parents were not fetched: they look as if they had made every file. */
  async function border(): Promise<Set<string>> {
    return new Set(lines(await readFile(join(repository, 'shallow'), 'utf8').catch(() => '')));
  }

  /** Those of the border that lie in a range, with their dates in seconds. */
  async function cutsIn(...range: string[]): Promise<{ commit: string; date: number }[]> {
    const cuts = await border();
    if (cuts.size === 0) return [];
    return lines(await git('rev-list', '--timestamp', ...range))
      .map((line) => line.split(' '))
      .filter(([, commit]) => commit !== undefined && cuts.has(commit))
      .map(([date, commit = '']) => ({ commit, date: Number(date) }));
  }

  /** What is known by now, and whether more history would tell more. */
  async function look(
    { from, to }: { from?: string | undefined; to: string },
    paths: readonly string[],
    fromDate: number | undefined,
  ): Promise<History & { isEnough: boolean }> {
    const knowsFrom = from !== undefined && (await has(from));
    const range = knowsFrom ? [to, `^${from}`] : [to];
    const cuts = await cutsIn(...range);
    const revisions = [...range, ...cuts.map(({ commit }) => `^${commit}`)];
    const asked = { revisions, paths, once: !knowsFrom, commits: maxCommits };
    const { commits, missing } = await readLog(repository, asked, inside);
    if (from === undefined) return { commits, rewritten: false, isEnough: cuts.length === 0 || missing.size === 0 };
    const isAncestor = knowsFrom && (await git('rev-list', '--max-count=1', from, `^${to}`)) === '';
    if (isAncestor) return { commits, rewritten: false, isEnough: cuts.length === 0 };
    // An ancestor is older than all that follows it: behind older commits it is not to be found any more.
    const isPast =
      cuts.length === 0 || (fromDate !== undefined && cuts.every(({ date }) => date < fromDate - slopSeconds));
    // Without the range's beginning, each path's newest commit is the best answer.
    const isFound = knowsFrom || cuts.length === 0 || missing.size === 0;
    return { commits, rewritten: isPast, isEnough: isPast && isFound };
  }

  async function between(
    remote: HistoryRemote,
    range: { from?: string | undefined; to: string },
    paths: readonly string[],
    dateOf: (commit: string) => Promise<number | undefined>,
  ): Promise<History> {
    const { from, to } = range;
    const fromDate = from === undefined ? undefined : await dateOf(from);
    let known = (await has(to)) ? await look(range, paths, fromDate) : undefined;
    let askedForFrom = false;
    const before = newest?.commit === to ? newest.depth : 0;
    for (const depth of depths.filter((one) => one > before)) {
      // A rewritten branch without what it was before: the server may have it still.
      if (known?.rewritten && from !== undefined && !askedForFrom && !(await has(from))) {
        askedForFrom = true;
        newest = undefined;
        await fetch(remote, from, depth).catch(() => {});
        if (await has(from)) {
          await keep(from);
          known = await look(range, paths, fromDate);
        }
      }
      if (known?.isEnough) break;
      try {
        await deepen(remote, to, depth);
      } catch (error) {
        if (known === undefined) throw error;
        log.warn({ err: error, depth }, 'history could not be deepened');
        break;
      }
      if (await has(to)) known = await look(range, paths, fromDate);
    }
    if (known === undefined) throw new Failure('SourceUnavailable', `${remote.url} has no commit ${to}`);
    return { commits: await withMerges(known.commits, range), rewritten: known.rewritten };
  }

  /** With the merge that brought each commit: where pull requests are merged whole, only its message tells of them. */
  async function withMerges(
    commits: History['commits'],
    { from, to }: { from?: string | undefined; to: string },
  ): Promise<History['commits']> {
    if (commits.length === 0) return commits;
    const revisions = from !== undefined && (await has(from)) ? [to, `^${from}`] : [to];
    const asked = { revisions, commits: commits.map(({ sha }) => sha), most: maxCommits };
    const merges = await readMerges(repository, asked, inside);
    return commits.map((one) => {
      const merge = merges.get(one.sha);
      return merge === undefined ? one : { ...one, merge };
    });
  }

  /** A history that is damaged is thrown away, and fetched again once. */
  async function orAnew<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const isSound = await git('rev-list', '--all', '--max-count=1').then(
        () => true,
        () => false,
      );
      if (error instanceof Failure && (isSound || !existsSync(repository))) throw error;
      log.warn({ err: error, repository }, 'cached history is damaged and is made again');
      await rm(repository, { recursive: true, force: true });
      newest = undefined;
      return await work();
    }
  }

  return {
    between: (...args) => orAnew(() => between(...args)),
    async find(remote, prefix) {
      // What is here already needs no request.
      const here = lines(await git('rev-list', '--all').catch(() => '')).filter((commit) => commit.startsWith(prefix));
      if (here.length > 0 && prefix.length < 40) return { commits: here, depth: 0 };
      newest = undefined;
      for (const depth of depths) {
        await fetch(remote, remote.ref, depth);
        const all = lines(await git('rev-list', '--date-order', `${namespace}/fetched`));
        const commits = all.filter((commit) => commit.startsWith(prefix));
        if (commits.length > 0) return { commits, depth: all.indexOf(commits[0]!) + 1 };
        if ((await cutsIn(`${namespace}/fetched`)).length === 0) break;
      }
      return { commits: [], depth: 0 };
    },
  };
}
