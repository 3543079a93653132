import type { App } from '../app.ts';
import type { LoopStatus, Metrics } from '../daemon/index.ts';
import type { Clock } from '../model/clock.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { isActive, type Suspension, suspensionsOf, wholeTarget } from '../model/suspension.ts';
import { beat, forgetDead } from './control.ts';
import { thisProcess } from './this-process.ts';

interface BeatDeps {
  app: App;
  targets: readonly TargetConfig[];
  metrics: Metrics;
  clock: Clock;
  version: string;
  startedAt: string;
}

/** Tells the journal that this daemon lives and what comes next, and the metrics what others have suspended there. */
export async function signOfLife(deps: BeatDeps, { targets, nextPollAt }: LoopStatus): Promise<void> {
  const { app, clock, metrics, version, startedAt } = deps;
  const now = clock.now();
  await forgetDead(app.journal, now);
  for (const target of deps.targets) metrics.suspended(target.name, await isSuspended(app, target, now));
  await beat(app.journal, {
    holder: thisProcess,
    startedAt,
    beatAt: now.toISOString(),
    version,
    targets: targets.map(({ name, nextRunAt, runningSince, overdueSince }) => ({
      name,
      ...(nextRunAt === undefined ? {} : { nextRunAt: nextRunAt.toISOString() }),
      ...(runningSince === undefined ? {} : { runningSince: runningSince.toISOString() }),
      ...(overdueSince === undefined ? {} : { overdueSince: overdueSince.toISOString() }),
    })),
    ...(nextPollAt === undefined ? {} : { nextPollAt: nextPollAt.toISOString() }),
  });
}

async function isSuspended({ journal }: App, target: TargetConfig, now: Date): Promise<boolean> {
  const { suspend, suspendUntil: until } = target;
  if (suspend === true && isActive(until === undefined ? {} : { until }, now)) return true;
  const kept = await journal.recall(`${suspensionsOf(target.name)}${wholeTarget}`);
  return kept !== undefined && kept !== null && isActive(kept as Suspension, now);
}
