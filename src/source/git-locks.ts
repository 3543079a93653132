import { rm, stat } from 'node:fs/promises';
import type { Clock } from '../model/clock.ts';

/** A lock as old as this belongs to a git that was killed: a call of git is ended after two minutes. */
const staleMs = 3 * 60_000;

/** Another process with the same cache holds its locks for moments; milliseconds between looks, five seconds in all. */
const patience = [50, 100, 200, 400, 800, 1600, 1850];

/**
 * The other process fetched between our reading of the borders and our writing, or made the repository while we were about
 * to: git means us to try again.
 */
const overtaken = /shallow file has changed|cannot mkdir .*: File exists/;

/**
 * Runs git where other processes may have the same repository in hand: a young lock is waited for, one that a killed git
 * left behind is removed.
 */
export async function despiteLocks<T>(work: () => Promise<T>, clock: Clock): Promise<T> {
  for (const wait of [...patience, undefined]) {
    try {
      return await work();
    } catch (error) {
      const said = error instanceof Error ? error.message : '';
      const lock = lockIn(said);
      const isPassing = lock !== undefined || overtaken.test(said);
      if (!isPassing || wait === undefined) throw error;
      if (lock !== undefined && (await isStale(lock, clock))) await rm(lock, { force: true });
      else await clock.sleep(wait);
    }
  }
  throw new Error('not reached: the last try answers or throws');
}

/** Of the configuration git names the file and not its lock. */
function lockIn(said: string): string | undefined {
  const config = /could not lock config file (.+): File exists/.exec(said)?.[1];
  return config === undefined ? /'([^']+\.lock)': File exists/.exec(said)?.[1] : `${config}.lock`;
}

async function isStale(lock: string, clock: Clock): Promise<boolean> {
  const age = await stat(lock).catch(() => undefined);
  return age !== undefined && clock.now().getTime() - age.mtimeMs >= staleMs;
}
