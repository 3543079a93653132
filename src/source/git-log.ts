import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Commit } from '../model/plan.ts';
import { type GitAccess, offline } from './git-command.ts';

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

/** A message is written by anybody, and goes into the journal. */
const messageCharacters = 20_000;

/** One commit: id, author, committer, date, message; no field holds a NUL. */
const format = ['%H', '%an', '%ae', '%cn', '%ce', '%cI', '%B'];

/**
 * Commits that touched any of the paths, children before parents, without a look at a blob. A merge counts where its
 * file equals that of no parent: it was resolved or combined there. A rename is a deletion and a new file. Paths are
 * compared here and never reach git, so that they are no patterns and no options, however many there are.
 */
export async function readLog(
  repository: string,
  { revisions, paths, once: findOnce, commits }: LogAsked,
  access: GitAccess,
  bounds: LogBounds = defaultBounds,
): Promise<{ commits: TouchingCommit[]; missing: Set<string> }> {
  const args = ['log', '-z', '--stdin', '--date-order', `--max-count=${commits}`, `--format=${format.join('%x00')}`];
  const diff = ['--raw', '-c', '--root', '--no-renames', '--no-abbrev', '--no-ext-diff', '--no-color'];
  const plain = ['--no-mailmap', '--no-notes', '--no-show-signature', '--encoding=UTF-8'];
  const child = spawn('git', [...args, ...diff, ...plain], {
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
  const collector = collect(paths, findOnce);
  let bytes = 0;
  let isCut = false;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of child.stdout) {
      bytes += (chunk as Buffer).length;
      const text = Buffer.concat([rest, chunk as Buffer]);
      const end = text.lastIndexOf(0);
      rest = text.subarray(end + 1);
      if (end !== -1) for (const word of text.toString('utf8', 0, end).split('\0')) collector.take(word);
      isCut = collector.isDone() || bytes > bounds.bytes;
      if (isCut) break;
    }
  } finally {
    child.kill('SIGKILL');
  }
  const [status] = (await ended) as [number | null];
  // Ended by us, or by its time: what was found by then counts.
  if (!isCut && status !== null && status !== 0) throw new Error(said.trim());
  return collector.result();
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
  const [sha = '', name = '', email = '', committer = '', committerEmail = '', at = '', message = ''] = header;
  return {
    sha,
    author: { name, email },
    committer: { name: committer, email: committerEmail },
    at,
    message: message.trimEnd().slice(0, messageCharacters),
  };
}
