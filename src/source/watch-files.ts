import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/** Changes within this time are one change: editors write several files, and a mount is swapped in several steps. */
const quietMs = 100;

/** A file above this is no configuration and no secret: its times stand for its bytes. */
const readBytes = 5_000_000;

/**
 * Calls back when the contents of any of these files changed; resolves once watching has begun. Their folders are
 * watched and not they: an editor puts another file in their place, and Kubernetes swaps the link `..data` that they
 * lead through. A file that is away for a while changes nothing until it is back with other contents.
 */
export async function watchFiles(paths: readonly string[], onChange: () => void): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar');
  const files = [...new Set(paths.map((path) => resolve(path)))];
  const contents = new Map<string, string>();
  let watched = '';
  let close = async (): Promise<void> => {};
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let looking: Promise<void> = Promise.resolve();

  /** True where a file holds other bytes than it was last seen with. */
  async function hasChanged(): Promise<boolean> {
    let changed = false;
    for (const file of files) {
      const now = await contentOf(file);
      if (now === undefined) continue;
      changed ||= contents.has(file) ? contents.get(file) !== now : isStarted;
      contents.set(file, now);
    }
    return changed;
  }

  /** Watches the folders that the files lie in now. Says whether these are others than before. */
  async function follow(): Promise<boolean> {
    const wanted = await interesting(files);
    const key = JSON.stringify([...wanted].map(([folder, names]) => [folder, [...names]]));
    if (key === watched || isClosed) return false;
    await close();
    watched = key;
    const watcher = watch([...wanted.keys()], {
      ignoreInitial: true,
      followSymlinks: false,
      depth: 0,
      ignored: (path) => !wanted.has(path) && wanted.get(dirname(path))?.has(basename(path)) !== true,
    });
    watcher.on('all', soon);
    // A folder that cannot be watched must not end the daemon.
    watcher.on('error', () => {});
    close = () => watcher.close();
    await new Promise<void>((ready) => watcher.once('ready', ready));
    return true;
  }

  const look = async (): Promise<void> => {
    // What happens while the folders change over is seen by looking once more.
    let changed = await hasChanged();
    while (await follow()) changed = (await hasChanged()) || changed;
    if (changed && isStarted && !isClosed) onChange();
  };
  function soon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      looking = looking.then(look, look);
      looking.catch(() => {});
    }, quietMs);
  }

  let isStarted = false;
  await look();
  isStarted = true;
  return async () => {
    isClosed = true;
    clearTimeout(timer);
    await looking.catch(() => {});
    await close();
  };
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    if (size > readBytes) return `${size} ${mtimeMs} ${ino}`;
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch {
    return undefined;
  }
}

/**
 * Folders, and in each the names that matter: the file, and the links on its way. Of a folder that is not there, the
 * nearest one above it that is, and the name by which it would come.
 */
async function interesting(files: readonly string[]): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  const add = (path: string): void => {
    let at = path;
    while (!existsSync(dirname(at)) && dirname(at) !== at) at = dirname(at);
    const names = found.get(dirname(at)) ?? new Set();
    found.set(dirname(at), names.add(basename(at)));
  };
  for (const file of files) {
    add(file);
    // Kubernetes: the file is a link into `..data`, which is a link itself.
    add(join(dirname(file), '..data'));
    // Its folder may be swapped or come back as another one.
    add(dirname(file));
    const real = await realpath(file).catch(() => file);
    // Where a link leads out of the folder, the file there is written to.
    if (relative(dirname(file), real).startsWith(`..${sep}`)) add(real);
  }
  return found;
}
