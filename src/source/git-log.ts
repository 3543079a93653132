import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Commit } from '../model/plan.ts';
import { pullRequestOf } from '../model/pull-request.ts';
import { type GitAccess, offline } from './git-command.ts';
import { fieldSplitter } from './git-fields.ts';

export type TouchingCommit = Commit & { touched: string[] };

export interface LogAsked {
  /** Commits, and `^commit` for what is left out with all its past. */
  revisions: readonly string[];
  paths: readonly string[];
  /** True: of each path only the newest commit. */
  once: boolean;
  /** At most so many commits are looked at. */
  commits: number;
}

export interface LogBounds {
  bytes: number;
  ms: number;
}

/** Commits that change the whole of a large repository print much; the newest of them are worth most. */
const defaultBounds: LogBounds = { bytes: 100_000_000, ms: 60_000 };

/** Names and messages are written by anybody, and go into the journal with every change. */
const nameCharacters = 200;
const messageCharacters = 2000;

/** One commit: id, author, committer, date in seconds, message; no field holds a NUL. */
const format = ['%H', '%an', '%ae', '%cn', '%ce', '%ct', '%B'];

/**
 * Commits that touched any of the paths, children before parents, without a look at a blob. A merge counts where its
 * file equals that of no parent: it was resolved or combined there. A rename is a deletion and a new file. Paths are
 * compared here and never reach git, so that they are no patterns and no options, however many there are. Names and
 * addresses are cut to 200 characters, messages to 2,000; dates are UTC, so that they compare as text.
 */
export async function readLog(
  repository: string,
  { revisions, paths, once: findOnce, commits }: LogAsked,
  access: GitAccess,
  bounds: LogBounds = defaultBounds,
): Promise<{ commits: TouchingCommit[]; missing: Set<string> }> {
  const args = ['log', '--date-order', `--max-count=${commits}`, `--format=${format.join('%x00')}`];
  const diff = ['--raw', '-c', '--root', '--no-renames', '--no-abbrev', '--no-ext-diff', '--no-color'];
  const collector = collect(paths, findOnce);
  await eachField(repository, { args: [...args, ...diff], revisions, bounds }, access, (word) => {
    collector.take(word);
    return collector.isDone();
  });
  return collector.result();
}

/** Which first-parent merge brought each of some commits to the end of a branch, and the pull request that it tells of. */
export async function readMerges(
  repository: string,
  { revisions, commits, most }: { revisions: readonly string[]; commits: readonly string[]; most: number },
  access: GitAccess,
  bounds: LogBounds = defaultBounds,
): Promise<Map<string, NonNullable<Commit['merge']>>> {
  const graph = new Map<string, { parents: string[]; pullRequest?: string }>();
  let record: string[] = [];
  const args = ['log', `--max-count=${most}`, '--format=%H%x00%P%x00%B'];
  await eachField(repository, { args, revisions, bounds }, access, (word) => {
    record.push(word);
    if (record.length < 3) return false;
    const [sha = '', above = '', message = ''] = record;
    record = [];
    const parents = above.split(' ').filter((parent) => parent !== '');
    const pullRequest = parents.length > 1 ? pullRequestOf(message) : undefined;
    graph.set(sha, { parents, ...(pullRequest === undefined ? {} : { pullRequest }) });
    return false;
  });
  return broughtBy(graph, revisions[0] ?? '', new Set(commits));
}

function broughtBy(
  graph: ReadonlyMap<string, { parents: string[]; pullRequest?: string }>,
  end: string,
  wanted: ReadonlySet<string>,
): Map<string, NonNullable<Commit['merge']>> {
  const line: string[] = [];
  for (let sha: string | undefined = end; sha !== undefined && graph.has(sha); sha = graph.get(sha)?.parents[0]) {
    line.push(sha);
  }
  const seen = new Set(line);
  const brought = new Map<string, NonNullable<Commit['merge']>>();
  // The oldest first: what an earlier merge brought was there when a later one came.
  for (const sha of line.reverse()) {
    const { parents, pullRequest } = graph.get(sha)!;
    const next = parents.slice(1);
    for (let one = next.pop(); one !== undefined; one = next.pop()) {
      if (seen.has(one)) continue;
      seen.add(one);
      if (wanted.has(one)) brought.set(one, { sha, ...(pullRequest === undefined ? {} : { pullRequest }) });
      next.push(...(graph.get(one)?.parents ?? []));
    }
  }
  return brought;
}

/** What `git log` prints between NULs, until `take` has enough, or it is too much: what was found by then counts. */
async function eachField(
  repository: string,
  { args, revisions, bounds }: { args: readonly string[]; revisions: readonly string[]; bounds: LogBounds },
  access: GitAccess,
  take: (field: string) => boolean,
): Promise<void> {
  const plain = ['--no-mailmap', '--no-notes', '--no-show-signature', '--encoding=UTF-8', '-z', '--stdin'];
  const child = spawn('git', [...args, ...plain], {
    cwd: repository,
    env: offline(access).env,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: bounds.ms,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'close');
  ended.catch(() => {});
  child.stdin.on('error', () => {});
  child.stdin.end(revisions.map((revision) => `${revision}\n`).join(''));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (said.length < 10_000) said += chunk.toString();
  });
  let bytes = 0;
  let isCut = false;
  const split = fieldSplitter();
  try {
    for await (const chunk of child.stdout) {
      bytes += (chunk as Buffer).length;
      for (const word of split(chunk as Buffer)) isCut = take(word);
      isCut ||= bytes > bounds.bytes;
      if (isCut) break;
    }
  } finally {
    child.kill('SIGKILL');
  }
  const [status] = (await ended) as [number | null];
  // Ended by us, or by its time: what was found by then counts.
  if (!isCut && status !== null && status !== 0) throw new Error(said.trim());
}

/** Takes the words between NULs, one after the other. */
function collect(
  paths: readonly string[],
  findOnce: boolean,
): {
  take(word: string): void;
  isDone(): boolean;
  result(): { commits: TouchingCommit[]; missing: Set<string> };
} {
  const wanted = new Set(paths);
  const missing = new Set(paths);
  const commits: TouchingCommit[] = [];
  let header: string[] = [];
  let touched = new Set<string>();
  let isPath = false;
  const finish = (): void => {
    if (touched.size > 0) commits.push({ ...commitOf(header), touched: [...touched] });
    for (const path of touched) missing.delete(path);
  };
  return {
    take(word) {
      if (header.length > 0 && header.length < format.length) header.push(word);
      else if (isPath) {
        isPath = false;
        // Where once is enough, what git printed ahead of being stopped does not count.
        if (findOnce ? missing.has(word) : wanted.has(word)) touched.add(word);
      } else if (/^\n?:/.test(word)) isPath = true;
      else if (/^[0-9a-f]{40}$/.test(word)) {
        finish();
        header = [word];
        touched = new Set();
      }
    },
    isDone: () => findOnce && missing.size === 0,
    result() {
      finish();
      return { commits, missing };
    },
  };
}

function commitOf(header: readonly string[]): Commit {
  const [sha = '', name = '', email = '', committer = '', committerEmail = '', seconds = '', message = ''] = header;
  return {
    sha,
    author: { name: cut(name, nameCharacters), email: cut(email, nameCharacters) },
    committer: { name: cut(committer, nameCharacters), email: cut(committerEmail, nameCharacters) },
    at: dateOf(seconds),
    message: cut(message.trimEnd(), messageCharacters),
  };
}

/** Not in the middle of a character that takes two places. */
function cut(text: string, characters: number): string {
  return text.slice(0, characters).replace(/[\uD800-\uDBFF]$/, '');
}

const newest = Date.UTC(9999, 11, 31);

/**
 * A committer writes any date, and zones such as +9999. The years 1970 to 9999 in UTC are all of one length, which
 * compares as text and is understood everywhere; what lies beyond is moved to their ends.
 */
function dateOf(seconds: string): string {
  const ms = Number(seconds) * 1000;
  return new Date(Number.isFinite(ms) ? Math.min(Math.max(ms, 0), newest) : 0).toISOString();
}
