import { type App, InvalidSnapshot } from '../app.ts';
import { systemClock } from '../model/clock.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import type { Desired } from '../model/resource.ts';

const defaultPoll = '*/30 * * * * *';
const defaultSchedule = '*/5 * * * *';
const defaultListen = '127.0.0.1:9464';

const goodRevision = (target: string): string => `good-revision:${target}`;

/** The daemon's loop over one app, until the signal aborts. */
export async function runDaemon(
  app: App,
  targets: readonly TargetConfig[],
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { daemon, invalidSchedule, Revisions } = await import('../daemon/index.ts');
  const { source, config } = app;
  const revisions = new Revisions();
  for (const { name } of targets) {
    // What an earlier process applied last is in force until something newer is good.
    const good = await app.journal.recall(goodRevision(name));
    if (typeof good === 'string') revisions.worked(name, good);
  }

  const reconcile = async (target: TargetConfig): Promise<void> => {
    const known = revisions.candidates(target.name);
    let lost: Failure | undefined;
    for (const revision of known.length > 0 ? known : [await source.head()]) {
      try {
        await app.reconcile(target, { mode: 'apply', revision });
        if (revisions.worked(target.name, revision)) await app.journal.memorise(goodRevision(target.name), revision);
        return;
      } catch (error) {
        const failure = asFailure(error);
        // A revision that is bad or cannot be fetched must not keep the last good one from being in force.
        if (error instanceof InvalidSnapshot) logRefused(log, target.name, error.desired);
        else if (failure.reason !== 'SourceUnavailable') throw error;
        else lost = failure;
        if (failure === lost)
          log.warn({ target: target.name, revision, detail: failure.message }, 'revision cannot be read');
      }
    }
    if (lost !== undefined) throw lost;
  };
  const git = 'url' in config.source ? config.source : undefined;
  for (const expression of [git?.poll, ...targets.map(({ schedule }) => schedule)]) {
    const problem = expression === undefined ? undefined : invalidSchedule(expression);
    if (problem !== undefined) throw new Failure('ConfigurationInvalid', `${problem}; write it as "*/5 * * * *"`);
  }
  for (const { name, timeZone } of targets) {
    if (timeZone === undefined || isTimeZone(timeZone)) continue;
    throw new Failure(
      'ConfigurationInvalid',
      `"${timeZone}", of target "${name}", is no time zone; one looks like Europe/Berlin`,
    );
  }
  await daemon({
    targets: targets.map((target) => ({
      name: target.name,
      schedule: target.schedule ?? defaultSchedule,
      ...(target.timeZone === undefined ? {} : { timeZone: target.timeZone }),
      reconcile: () => reconcile(target),
    })),
    ...(git === undefined
      ? { watch: (onChange: () => void) => source.watch(onChange) }
      : { poll: git.poll ?? defaultPoll }),
    poller: async () => revisions.see(await source.head()),
    listen: config.listen ?? defaultListen,
    clock: systemClock,
    log,
    signal,
  });
}

function logRefused(log: Log, target: string, { revision, problems }: Desired): void {
  for (const { code, message, place } of problems) {
    log.error({ target, revision, code, detail: message, place }, 'problem in the config repository');
  }
  log.error({ target, revision, problems: problems.length }, 'revision refused, the last good one stays in force');
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
