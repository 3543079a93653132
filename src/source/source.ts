import { resolve as resolvePath } from 'node:path';
import type { Clock } from '../model/clock.ts';
import type { SecretSource, SourceConfig } from '../model/daemon-config.ts';
import type { Json } from '../model/json.ts';
import type { Log } from '../model/log.ts';
import type { Commit } from '../model/plan.ts';
import { openFolder } from './folder-source.ts';
import type { Snapshot } from './snapshot.ts';

/** Where desired state comes from: a git branch or tag, or a folder. */
export interface Source {
  /** The newest revision. For git one `ls-remote`; throws `SourceUnavailable` where the source cannot be reached. */
  head(): Promise<string>;
  /**
   * A revision, whole (default: the newest). One that was read before is read again without the remote. For git it may
   * also be a commit's id alone, or at least the first 7 digits of one that was read before or is among the newest
   * 1,000 of the branch; the snapshot says which it is.
   */
  read(revision?: string): Promise<Snapshot>;
  /**
   * Keeps a revision readable under a name (a target's), over restarts, force-pushes and clean-ups; the name's earlier
   * one is let go.
   */
  pin(name: string, revision: string): Promise<void>;
  /**
   * The history from one revision (exclusive; undefined: not known) to another. For a folder: no commits. Fetched
   * without blobs, and no deeper than 1,000 commits below `to`: older commits are missing from the answer then, and a
   * `from` that lies further back does not count as rewritten. Without a `from`, or with one that nobody has any more,
   * it goes back until each path was found once. Throws `SourceUnavailable` where nothing of `to` can be had; where only
   * the older part cannot be had, the newer part is the answer.
   */
  history(range: { from?: string; to: string }, paths: readonly string[]): Promise<History>;
  /** Calls back when a folder changed; resolves once watching has begun. For git it does nothing. */
  watch(onChange: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface History {
  /** Commits in the range that touched any of the paths, newest first, each with those of the paths that it touched. */
  commits: (Commit & { touched: string[] })[];
  /**
   * True where `from` is no ancestor of `to`: the branch was rewritten (force-push), so the range is what `to` has and
   * `from` has not.
   */
  rewritten: boolean;
}

/** Where a folder's pinned snapshots are kept: the journal's facts. `null` deletes. */
export interface SnapshotStore {
  get(key: string): Promise<Json | undefined>;
  put(key: string, value: Json): Promise<void>;
}

export interface SourceOptions {
  /** What relative paths of the configuration are relative to. */
  baseDir: string;
  /** Where bare repositories are kept, unless the configuration says. */
  cacheDir: string;
  log: Log;
  clock?: Clock;
  env?: Record<string, string | undefined>;
  /** Without it a folder's pins last as long as this process. */
  store?: SnapshotStore;
  /** How long one call of git may take; two minutes by default. */
  timeoutMs?: number;
  readSecret(source: SecretSource): Promise<string>;
}

/** Opens the configured source. Nothing is read or fetched before it is asked for. */
export async function openSource(config: SourceConfig, options: SourceOptions): Promise<Source> {
  if ('url' in config) {
    const { openGit } = await import('./git.ts');
    return openGit(config, options);
  }
  return openFolder(resolvePath(options.baseDir, config.path), config.directory, options);
}
