import { asFailure } from '../model/failure.ts';
import { createFollowUps } from './follow-ups.ts';
import { createLane, type Lane, type Wish } from './lane.ts';
import type { DaemonInput, DaemonTarget, RunEnd } from './types.ts';

/** The runs of all targets: one at a time of each, none waits for another's. */
export interface Runs {
  /** Undefined where the loop ended before the run began. */
  enter(target: string, wish: Wish): Promise<RunEnd | undefined>;
  enterAll(wish: Wish): void;
  /** The source has a new revision: it concerns all that follow no other target. */
  enterNew(): void;
  runningSince(target: string): Date | undefined;
  /** The schedule came. */
  due(target: string): void;
  /** When it came first of the times since which no run has ended that the journal tells of. */
  overdueSince(target: string): Date | undefined;
  /** When a follow-up is due. */
  followUp(target: string): Date | undefined;
  /** Drops what has not begun, and waits for what has. */
  finish(): Promise<void>;
}

type RunsDeps = Pick<DaemonInput, 'targets' | 'vitals' | 'clock' | 'log' | 'signal'> & {
  /** Milliseconds until the target's schedule comes. */
  untilNext(target: string): number | undefined;
  /** A run of this target has ended. */
  ended(target: string): void;
};

export function createRuns({ targets, vitals, clock, log, signal, untilNext, ended: told }: RunsDeps): Runs {
  const since = new Map<string, Date>();
  const overdue = new Map<string, Date>();
  const lanes = new Map<string, Lane<RunEnd | undefined>>();
  const followUps = createFollowUps(clock, (name) => void enter(name, { trigger: 'follow-up' }));

  async function run(target: DaemonTarget, wish: Wish): Promise<RunEnd | undefined> {
    const { name } = target;
    if (signal.aborted) return undefined;
    followUps.cancel(name);
    since.set(name, clock.now());
    const ended = vitals.began('run', name);
    try {
      const end = await target.reconcile(wish);
      if (end.reason !== 'JournalUnavailable') overdue.delete(name);
      if (!signal.aborted) followUps.ended(name, end.again, untilNext(name));
      return end;
    } catch (error) {
      const { reason, message } = asFailure(error);
      log.error({ target: name, reason, detail: message }, 'reconciliation failed');
      if (!signal.aborted) followUps.ended(name, {}, untilNext(name));
      return { status: 'failed', reason, message };
    } finally {
      since.delete(name);
      ended();
      told(name);
    }
  }

  for (const target of targets)
    lanes.set(
      target.name,
      createLane((wish) => run(target, wish)),
    );
  const enter: Runs['enter'] = (name, wish) => lanes.get(name)!.enter(wish);
  return {
    enter,
    enterAll(wish) {
      for (const { name } of targets) void enter(name, wish);
    },
    enterNew() {
      for (const { name, follows } of targets) if (follows === undefined) void enter(name, { trigger: 'revision' });
    },
    runningSince: (name) => since.get(name),
    due(name) {
      if (!overdue.has(name)) overdue.set(name, clock.now());
    },
    overdueSince: (name) => overdue.get(name),
    followUp: (name) => followUps.next(name),
    async finish() {
      followUps.stop();
      await Promise.all([...lanes.values()].map((lane) => lane.idle()));
    },
  };
}
