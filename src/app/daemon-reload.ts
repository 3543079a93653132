import path from 'node:path';
import type { Metrics } from '../daemon/index.ts';
import type { DaemonConfig } from '../model/daemon-config.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import type { Problem } from '../model/problem.ts';
import { watchFiles } from '../source/index.ts';
import { filesOf, pictureOf } from './daemon-files.ts';

export type Loaded = { config: DaemonConfig } | { problems: Problem[] };

export interface ReloadDeps {
  /** The daemon's file. */
  file: string;
  /** What is in force. */
  config: DaemonConfig;
  load(): Promise<Loaded>;
  /** Takes a configuration into use; throws a Failure where it cannot be used, and then nothing has changed. */
  adopt(config: DaemonConfig): Promise<void>;
  metrics: Metrics;
  log: Log;
}

export interface Reloader {
  /** Looks now. Calls that come while one is looking are answered by the next look. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Watches a configuration and the files that it names; what changed is taken into use, or refused and told. */
export async function watchConfiguration(deps: ReloadDeps): Promise<Reloader> {
  const { file, load, adopt, metrics, log } = deps;
  let inForce = { ...(await pictureOf(deps.config, file)), files: filesOf(deps.config, file) };
  /** The digest of what was refused: it is told once. */
  let refused: string | undefined;

  async function look(): Promise<void> {
    const loaded = await load();
    const seen =
      'problems' in loaded
        ? { digest: JSON.stringify(loaded.problems), missing: [], files: [] }
        : { ...(await pictureOf(loaded.config, file)), files: filesOf(loaded.config, file) };
    if (seen.digest === refused) return;
    if (seen.digest === inForce.digest) {
      if (refused === undefined) return;
      refused = undefined;
      metrics.reloaded('reverted');
      log.info({ file }, 'the configuration is again the one that is in force');
      return;
    }
    try {
      if ('problems' in loaded) throw new Refused(loaded.problems);
      const missing = seen.missing.find((name) => !inForce.missing.includes(name));
      if (missing !== undefined) throw new Failure('ConfigurationInvalid', `the file ${missing} cannot be read`);
      await adopt(loaded.config);
      inForce = seen;
      refused = undefined;
      metrics.reloaded('applied');
    } catch (error) {
      refused = seen.digest;
      metrics.reloaded('refused');
      tell(log, file, error);
    }
    // A file that a refused configuration names may be what it lacks.
    await watch([...inForce.files, ...seen.files]);
  }

  let queue = Promise.resolve();
  let waiting: Promise<void> | undefined;
  let closed = false;
  const check = (): Promise<void> => {
    waiting ??= queue = queue.then(async () => {
      waiting = undefined;
      if (!closed) await look();
    });
    queue.catch(() => {});
    return waiting ?? queue;
  };

  let watched: { paths: string; close(): Promise<void> } | undefined;
  async function watch(files: readonly string[]): Promise<void> {
    const all = [...new Set([path.resolve(file), ...files])].sort();
    if (watched?.paths === all.join('\0')) return;
    const close = await watchFiles(all, () => void check().catch(() => {}));
    const before = watched;
    watched = { paths: all.join('\0'), close };
    await before?.close();
  }

  await watch(inForce.files);
  // It may have changed since it was read.
  void check().catch(() => {});
  return {
    check,
    async close() {
      closed = true;
      await watched?.close();
    },
  };
}

class Refused extends Failure {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('ConfigurationInvalid', 'the configuration has problems');
    this.problems = problems;
  }
}

function tell(log: Log, file: string, error: unknown): void {
  const failure = asFailure(error);
  for (const { code, message, place } of failure instanceof Refused ? failure.problems : []) {
    log.error({ code, detail: message, place }, 'problem in the configuration');
  }
  const { reason, message } = failure;
  log.error({ file, reason, detail: message }, 'configuration refused, the one in force stays');
}
