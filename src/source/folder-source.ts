import { Failure } from '../model/failure.ts';
import { readFolder } from './folder.ts';
import type { IdCache } from './folder-ids.ts';
import { collectFiles, type KeptFiles } from './folder-pins.ts';
import { folderStore, memoryStore } from './folder-store.ts';
import { ParseCache } from './parse-cache.ts';
import { directoryPrefix, type Snapshot } from './snapshot.ts';
import type { Source, SourceOptions } from './source.ts';
import { turns } from './turns.ts';

/** A folder has no past of its own: so many revisions that were read are kept, for the one that was good last. */
const keptSnapshots = 4;

/** A folder as a source: its revision is its contents, and its past is what was pinned of it. */
export function openFolder(
  path: string,
  directory: string | undefined,
  { log, store = memoryStore() }: SourceOptions,
): Source {
  const parses = new ParseCache();
  const ids: IdCache = new Map();
  const closers = new Set<() => Promise<void>>();
  const now = (): Promise<Snapshot> => readFolder(path, { directory, parses, ids });
  const kept = new Map<string, Snapshot>();
  const pins = folderStore(store);
  const pinTurn = turns();

  /** What was pinned, which is asked for last: unpacking it takes longer than a look at the folder. */
  async function pinned(revision: string): Promise<Snapshot | undefined> {
    const files = await pins.read(revision);
    return files === undefined ? undefined : snapshotOf(revision, files);
  }

  function snapshotOf(revision: string, { files, badNames, contents }: KeptFiles): Snapshot {
    parses.retain([...files.values()].map((file) => file.id));
    return {
      revision,
      directory: directoryPrefix(directory),
      files,
      badNames,
      parses,
      async read(wanted) {
        const lost = wanted.find((file) => file.link === undefined && !contents.has(file.id));
        if (lost === undefined) return contents;
        throw new Failure('SourceUnavailable', `${lost.path} was not kept when ${revision} was pinned`);
      },
      readSync: ({ id }) => contents.get(id),
    };
  }

  async function find(revision: string): Promise<Snapshot> {
    const known = kept.get(revision);
    if (known !== undefined) return known;
    if (!revision.startsWith('folder@')) {
      throw new Failure(
        'ConfigurationInvalid',
        `"${revision}" is no revision of a folder; only git sources have a past`,
      );
    }
    // The folder may be gone, and what was pinned of it is still there.
    const current = await now().catch((error: unknown) => error as Error);
    if (!(current instanceof Error) && current.revision === revision) return current;
    const earlier = await pinned(revision);
    if (earlier !== undefined) return earlier;
    if (current instanceof Error) throw current;
    throw new Failure('SourceUnavailable', `the folder ${path} is not at ${revision} any more`);
  }

  async function read(revision?: string): Promise<Snapshot> {
    let snapshot = revision === undefined ? await now() : await find(revision);
    // The older one has in memory what the folder may have lost by now.
    snapshot = kept.get(snapshot.revision) ?? snapshot;
    kept.delete(snapshot.revision);
    kept.set(snapshot.revision, snapshot);
    for (const old of [...kept.keys()].slice(0, -keptSnapshots)) kept.delete(old);
    return snapshot;
  }

  return {
    head: async () => (await now()).revision,
    read,
    async pin(name, revision) {
      await pinTurn(async () => {
        const isKept = await pins.pin(name, revision, async () => collectFiles(await read(revision)));
        if (!isKept) log.warn({ path, revision }, 'folder is too large to be kept, so a restart forgets this revision');
      });
    },
    history: async () => ({ commits: [], rewritten: false }),
    async watch(onChange) {
      const { watchFolder } = await import('./watch.ts');
      const close = await watchFolder(path, directoryPrefix(directory), onChange);
      closers.add(close);
      return async () => {
        closers.delete(close);
        await close();
      };
    },
    async close() {
      await Promise.all([...closers].map((close) => close()));
      await pinTurn(async () => {});
    },
  };
}
