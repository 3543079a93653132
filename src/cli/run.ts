import { makeLogger, runDaemon } from '../app.ts';
import { type ExitCode, exit } from './exit.ts';
import { openSession, type SessionOptions } from './session.ts';
import { stopOnSignals } from './signals.ts';

/** The daemon: runs until SIGTERM, which lets the write in hand finish. */
export async function runCommand(options: SessionOptions): Promise<ExitCode> {
  const stop = stopOnSignals();
  const log = await makeLogger(options.logLevel ?? 'info');
  const { app, targets } = await openSession(options, { signal: stop.signal, log });
  try {
    await runDaemon(app, targets, log, stop.signal);
    log.info({}, 'stopped');
    return exit.ok;
  } finally {
    stop.release();
    await app.close();
  }
}
