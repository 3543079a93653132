const asked = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Aborts on the first SIGTERM, SIGINT or SIGHUP; a second one ends the process at once, as people expect. */
export function stopOnSignals(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    release();
    controller.abort(new Error('asked to stop'));
  };
  const release = (): void => {
    for (const name of asked) process.off(name, stop);
  };
  for (const name of asked) process.on(name, stop);
  return { signal: controller.signal, release };
}
