import { relative, sep } from 'node:path';
import { ignored, isChange, isHidden } from './folder-counts.ts';

/** Changes within this time are one change: editors and git write several files. */
const quietMs = 100;

/** Calls back when something in the folder changed that counts; resolves once watching has begun. */
export async function watchFolder(path: string, directory: string, onChange: () => void): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar');
  let timer: NodeJS.Timeout | undefined;
  const below = (file: string): string => relative(path, file).split(sep).join('/');
  const isIgnored = (file: string): boolean =>
    file.split('/').some((part) => ignored.has(part)) || isHidden(file, directory);
  const watcher = watch(path, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (file) => isIgnored(below(file)),
  });
  watcher.on('all', (_event, file) => {
    // The journal lies here, perhaps, and is written to by every run.
    if (!isChange(path, below(file), directory)) return;
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
