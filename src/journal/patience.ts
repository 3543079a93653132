import { setTimeout as sleep } from 'node:timers/promises';

/** SQLite's own waiting stops the whole process, health checks and all; what is longer is waited for beside it. */
export const busyTimeout = 'PRAGMA busy_timeout = 100';

const wholeMs = 5_000;
const longestMs = 250;

/**
 * Waits for what another process has locked: false once that was in vain for long enough. The timers hold the process,
 * or a command that waits for nothing else would end without a word.
 */
export function patience(ms = wholeMs): () => Promise<boolean> {
  const until = performance.now() + ms;
  let next = 20;
  return async () => {
    const left = until - performance.now();
    if (left <= 0) return false;
    await sleep(Math.min(next, left));
    next = Math.min(longestMs, next * 1.5);
    return true;
  };
}
