import { serveDaemon } from '../app/daemon.ts';
import { loadDaemonConfig, makeLogger, openApp } from '../app.ts';
import { type ExitCode, exit } from './exit.ts';
import { chooseTargets, loadConfig, type SessionOptions } from './session.ts';
import { stopOnSignals } from './signals.ts';
import { version } from './version.ts';

/** What hangs after a stop (git has its own time limits) keeps the process for so long at most. */
const lastMs = 250;

/** The daemon: runs until SIGTERM, which lets the write in hand finish. */
export async function runCommand(options: SessionOptions): Promise<ExitCode> {
  const { config: file, source } = options;
  const stop = stopOnSignals();
  try {
    const first = await loadConfig(file);
    const log = await makeLogger(options.logLevel ?? 'info');
    await serveDaemon({
      config: first,
      choose: ({ targets }) => chooseTargets(targets, options.target),
      open: (config, more) =>
        openApp({
          config,
          file,
          log,
          role: 'daemon',
          ...more,
          ...(source === undefined ? {} : { sourcePath: source }),
        }),
      reload: { file, load: () => loadDaemonConfig(file) },
      version: version(),
      log,
      signal: stop.signal,
    });
    log.info({}, 'stopped');
    setTimeout(() => process.exit(), lastMs).unref();
    return exit.ok;
  } finally {
    stop.release();
  }
}
