import { readFileSync } from 'node:fs';
import { serveDaemon } from '../app/daemon.ts';
import { formatProblems, loadDaemonConfig, makeLogger, openApp } from '../app.ts';
import type { DaemonConfig, TargetConfig } from '../model/daemon-config.ts';
import { didYouMean } from '../model/suggest.ts';
import { type ExitCode, exit, Refusal } from './exit.ts';
import type { SessionOptions } from './session.ts';
import { stopOnSignals } from './signals.ts';

/** What hangs after a stop (git has its own time limits) keeps the process for so long at most. */
const lastMs = 250;

/** The daemon: runs until SIGTERM, which lets the write in hand finish. */
export async function runCommand(options: SessionOptions): Promise<ExitCode> {
  const { config: file, source } = options;
  const stop = stopOnSignals();
  try {
    const loaded = await loadDaemonConfig(file);
    if ('problems' in loaded) {
      throw new Refusal(`${file} cannot be used:\n${formatProblems(loaded.problems, { color: false })}`);
    }
    const log = await makeLogger(options.logLevel ?? 'info');
    await serveDaemon({
      config: loaded.config,
      choose: (config) => choose(config, options.target),
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

function choose({ targets }: DaemonConfig, named: readonly string[] = []): TargetConfig[] {
  if (named.length === 0) return targets;
  const names = targets.map(({ name }) => name);
  const unknown = named.find((name) => !names.includes(name));
  if (unknown === undefined) return targets.filter(({ name }) => named.includes(name));
  throw new Refusal(
    `no target "${unknown}" in the configuration${didYouMean(unknown, names)}; there are: ${names.join(', ')}`,
  );
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return String((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version);
}
