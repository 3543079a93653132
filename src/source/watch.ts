import { relative } from 'node:path';

/** Changes within this time are one change: editors and git write several files. */
const quietMs = 100;

/** Calls back when something in the folder changed; resolves once watching has begun. */
export async function watchFolder(path: string, onChange: () => void): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar');
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(path, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (file) => /(^|[\\/])(\.git|node_modules)([\\/]|$)/.test(relative(path, file)),
  });
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, quietMs);
  });
  // A folder that cannot be watched any more is seen by the schedule; it must not end the daemon.
  watcher.on('error', () => {});
  await new Promise<void>((ready) => watcher.once('ready', ready));
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}
