import type { App } from '../app.ts';
import type { RoundReport } from '../audit/index.ts';
import type { Clock } from '../model/clock.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { durationOf } from '../model/duration.ts';
import { asFailure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';

interface AuditsInput {
  app: App;
  targets: readonly TargetConfig[];
  metrics: { audited(target: string, report: RoundReport | undefined, at: Date): void };
  clock: Clock;
  log: Log;
  /** Ends the rounds. */
  signal: AbortSignal;
}

/** Rounds of matching beside the runs, which they never keep waiting. */
export interface AuditRounds {
  /** Told of each change that a run has made. */
  wrote(target: string): void;
  /** Resolves when the signal has ended the last one. */
  ended: Promise<void>;
}

/** After a start: what an earlier process has written may wait for its records. */
const firstMs = 5_000;
/** After a write: records come within seconds or minutes, as far as is known. Then as often as is configured. */
const soonMs = [15_000, 30_000, 75_000];
const defaultEveryMs = 300_000;
/** After failures in a row it is asked less and less often. */
const seldomMs = 3_600_000;

/** A round that finds nothing that waits sends nothing, so the time between two need not depend on it. */
export function startRounds(input: AuditsInput): AuditRounds {
  const { app, targets, clock, signal } = input;
  const { enabled = true, every } = app.config.audit ?? {};
  if (!enabled) return { wrote: () => undefined, ended: Promise.resolve() };
  const everyMs = (every === undefined ? undefined : durationOf(every)) ?? defaultEveryMs;
  const wakes = new Map<string, () => void>();

  async function turn(target: TargetConfig): Promise<void> {
    let soon: number[] = [firstMs];
    let failures = 0;
    let rest: AbortController | undefined;
    wakes.set(target.name, () => {
      if (soon.length === soonMs.length && rest !== undefined) return;
      soon = [...soonMs];
      rest?.abort();
    });
    while (!signal.aborted) {
      rest = new AbortController();
      const wait = soon[0] ?? Math.min(everyMs * 2 ** failures, Math.max(everyMs, seldomMs));
      const slept = await clock.sleep(wait, AbortSignal.any([signal, rest.signal])).then(
        () => true,
        () => false,
      );
      rest = undefined;
      if (!slept) continue;
      soon = soon.slice(1);
      failures = (await round(target, input)) ? 0 : failures + 1;
    }
  }

  const ended = Promise.all(targets.map(turn)).then(() => undefined);
  return { wrote: (target) => wakes.get(target)?.(), ended };
}

/** True where the log could be asked, or need not be. */
async function round(target: TargetConfig, { app, metrics, clock, log, signal }: AuditsInput): Promise<boolean> {
  try {
    const report = await app.matchAudits(target, { watch: true });
    metrics.audited(target.name, report, clock.now());
    return report?.failure === undefined;
  } catch (error) {
    // A target that cannot be reached, and a journal that cannot be used, are told by its runs.
    const { reason, message } = asFailure(error);
    if (!signal.aborted) log.debug({ target: target.name, reason, detail: message }, 'the audit log was not asked');
    return false;
  }
}
