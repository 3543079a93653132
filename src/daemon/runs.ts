import { asFailure } from '../model/failure.ts';
import { createFollowUps } from './follow-ups.ts';
import { createLane, type Lane, type Wish } from './lane.ts';
import type { DaemonInput, DaemonTarget, RunEnd } from './types.ts';

/** The runs of all targets: one at a time of each, none waits for another's. */
export interface Runs {
  /** Undefined where the loop ended before the run began. */
  enter(target: string, wish: Wish): Promise<RunEnd | undefined>;
  enterAll(wish: Wish): void;
  runningSince(target: string): Date | undefined;
  /** When a follow-up is due. */
  followUp(target: string): Date | undefined;
  /** Drops what has not begun, and waits for what has. */
  finish(): Promise<void>;
}

type RunsDeps = Pick<DaemonInput, 'targets' | 'vitals' | 'clock' | 'log' | 'signal'> & {
  /** Milliseconds until the target's schedule comes. */
  untilNext(target: string): number | undefined;
};

export function createRuns({ targets, vitals, clock, log, signal, untilNext }: RunsDeps): Runs {
  const since = new Map<string, Date>();
  const lanes = new Map<string, Lane<RunEnd | undefined>>();
  const followUps = createFollowUps(clock, (name) => void enter(name, { trigger: 'follow-up' }));

  async function run(target: DaemonTarget, wish: Wish): Promise<RunEnd | undefined> {
    const { name } = target;
    if (signal.aborted) return undefined;
    followUps.cancel(name);
    since.set(name, clock.now());
    const ended = vitals.began('run');
    try {
      const end = await target.reconcile(wish);
      if (!signal.aborted) followUps.ended(name, end.again, untilNext(name));
      return end;
    } catch (error) {
      const { reason, message } = asFailure(error);
      log.error({ target: name, reason, detail: message }, 'reconciliation failed');
      return { status: 'failed', reason, message };
    } finally {
      since.delete(name);
      ended();
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
    runningSince: (name) => since.get(name),
    followUp: (name) => followUps.next(name),
    async finish() {
      followUps.stop();
      await Promise.all([...lanes.values()].map((lane) => lane.idle()));
    },
  };
}
