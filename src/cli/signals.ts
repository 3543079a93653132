/** Aborts on the first SIGTERM or SIGINT; a second one ends the process at once, as people expect. */
export function stopOnSignals(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    release();
    controller.abort(new Error('asked to stop'));
  };
  const release = (): void => {
    process.off('SIGTERM', stop);
    process.off('SIGINT', stop);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return { signal: controller.signal, release };
}
