import { resolve as resolvePath } from 'node:path';
import type { Clock } from '../model/clock.ts';
import type { SecretSource, SourceConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import { type IdCache, readFolder } from './folder.ts';
import { ParseCache } from './parse-cache.ts';
import type { Snapshot } from './snapshot.ts';

/** Where desired state comes from: a git branch or tag, or a folder. */
export interface Source {
  /** The newest revision. For git one `ls-remote`; throws `SourceUnavailable` where the source cannot be reached. */
  head(): Promise<string>;
  /** A revision, whole (default: the newest). One that was read before is read again without the remote. */
  read(revision?: string): Promise<Snapshot>;
  /** Calls back when a folder changed; resolves once watching has begun. For git it does nothing. */
  watch(onChange: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface SourceOptions {
  /** What relative paths of the configuration are relative to. */
  baseDir: string;
  /** Where bare repositories are kept, unless the configuration says. */
  cacheDir: string;
  log: Log;
  clock?: Clock;
  env?: Record<string, string | undefined>;
  readSecret(source: SecretSource): Promise<string>;
}

/** Opens the configured source. Nothing is read or fetched before it is asked for. */
export async function openSource(config: SourceConfig, options: SourceOptions): Promise<Source> {
  if ('url' in config) {
    const { openGit } = await import('./git.ts');
    return openGit(config, options);
  }
  return openFolder(resolvePath(options.baseDir, config.path), config.directory);
}

/** A folder has no past of its own: so many revisions that were read are kept, for the one that was good last. */
const keptSnapshots = 4;

function openFolder(path: string, directory: string | undefined): Source {
  const parses = new ParseCache();
  const ids: IdCache = new Map();
  const closers = new Set<() => Promise<void>>();
  const read = (): Promise<Snapshot> => readFolder(path, { directory, parses, ids });
  const kept = new Map<string, Snapshot>();
  return {
    head: async () => (await read()).revision,
    async read(revision) {
      const now = await read();
      const wanted = revision ?? now.revision;
      const snapshot = kept.get(wanted) ?? (now.revision === wanted ? now : undefined);
      if (snapshot === undefined) {
        if (!wanted.startsWith('folder@')) {
          throw new Failure(
            'ConfigurationInvalid',
            `"${wanted}" is no revision of a folder; only git sources have a past`,
          );
        }
        throw new Failure('SourceUnavailable', `the folder ${path} is not at ${wanted} any more`);
      }
      kept.delete(wanted);
      kept.set(wanted, snapshot);
      for (const old of [...kept.keys()].slice(0, -keptSnapshots)) kept.delete(old);
      return snapshot;
    },
    async watch(onChange) {
      const { watchFolder } = await import('./watch.ts');
      const close = await watchFolder(path, onChange);
      closers.add(close);
      return async () => {
        closers.delete(close);
        await close();
      };
    },
    async close() {
      await Promise.all([...closers].map((close) => close()));
    },
  };
}
