import { InvalidSnapshot } from '../app.ts';
import { daemon } from '../daemon/daemon.ts';
import { systemClock } from '../model/clock.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import type { Log } from '../model/log.ts';
import type { Session } from './session.ts';
import { type ExitCode, exit } from './exit.ts';
import { logger, openSession, type SessionOptions } from './session.ts';
import { stopOnSignals } from './signals.ts';

const defaultPoll = '*/30 * * * * *';
const defaultSchedule = '*/5 * * * *';
const defaultListen = '127.0.0.1:9464';

/** The daemon: runs until SIGTERM, which lets the write in hand finish. */
export async function runCommand(options: SessionOptions): Promise<ExitCode> {
  const stop = stopOnSignals();
  const log = logger(options.logLevel ?? 'info');
  const session = await openSession(options, { signal: stop.signal, log });
  try {
    await runDaemon(session, stop.signal);
    log.info({}, 'stopped');
    return exit.ok;
  } finally {
    stop.release();
    await session.app.close();
  }
}

/** The loop over one session; the demo uses it too. */
export async function runDaemon({ app, targets, log }: Session, signal: AbortSignal): Promise<void> {
  const { source, config } = app;
  const isGit = 'url' in config.source;
  const revisions = new Revisions();
  await daemon({
    targets: targets.map((target) => ({
      name: target.name,
      schedule: target.schedule ?? defaultSchedule,
      ...(target.timeZone === undefined ? {} : { timeZone: target.timeZone }),
      reconcile: () => reconcile(app, target, revisions, log),
    })),
    ...(isGit ? { poll: ('poll' in config.source && config.source.poll) || defaultPoll } : {}),
    poller: async () => revisions.see(await source.head()),
    ...(isGit ? {} : { watch: async (onChange: () => void) => source.watch(onChange) }),
    listen: config.listen ?? defaultListen,
    clock: systemClock,
    log,
    signal,
  });
}

/** Which revision is in force: a bad one is told once, and the last good one goes on being reconciled. */
class Revisions {
  private newest: string | undefined;
  private readonly good = new Map<string, string>();

  /** True where the revision is new. */
  see(revision: string): boolean {
    const isNew = revision !== this.newest;
    this.newest = revision;
    return isNew;
  }

  candidates(target: string): string[] {
    return [...new Set([this.newest, this.good.get(target)])].filter((revision) => revision !== undefined);
  }

  worked(target: string, revision: string): void {
    this.good.set(target, revision);
  }
}

async function reconcile(app: Session['app'], target: TargetConfig, revisions: Revisions, log: Log): Promise<void> {
  const known = revisions.candidates(target.name);
  const tries = known.length > 0 ? known : [await app.source.head()];
  for (const revision of tries) {
    try {
      await app.reconcile(target, { mode: 'apply', revision });
      revisions.worked(target.name, revision);
      return;
    } catch (error) {
      if (!(error instanceof InvalidSnapshot)) throw error;
      for (const { code, message, place } of error.desired.problems) {
        log.error({ target: target.name, revision, code, detail: message, place }, 'problem in the config repository');
      }
      log.error({ target: target.name, revision, problems: error.desired.problems.length }, 'revision refused, the last good one stays in force');
    }
  }
}
