import { pulse } from './pulse.ts';
import { createRequests } from './requests.ts';
import { createRuns } from './runs.ts';
import { createTicks } from './ticks.ts';
import type { DaemonInput, DaemonTarget, LoopStatus } from './types.ts';
import { createWakes } from './wakes.ts';
import { systemClocks, watchWall } from './wall.ts';

/** A source that hangs must not keep the last good revision from being looked after. */
const firstLookMs = 10_000;
const beatMs = 10_000;
const defaultLookMs = 1_000;
/** A new commit is to be there in one poll and a second; nobody minds when drift is looked for. */
const mostOffset = { poll: 3_000, schedule: 60_000 };

/**
 * Runs until the signal aborts: once at the start, at once for a new revision (of the source, or of the target that one
 * follows) or a request, on each target's schedule for drift, and sooner after what only time can mend. No failure of a run or of the source ends the loop. Answers
 * whether all that was begun had ended when the patience was over.
 */
export async function daemon(input: DaemonInput): Promise<boolean> {
  const { targets, clock, log, signal, vitals } = input;
  const ticks = createTicks(vitals, input.random);
  const wakes = createWakes({ ...input, wake: (name) => void runs.enter(name, { trigger: 'revision' }) });
  const runs = createRuns({ ...input, untilNext: (name) => ticks.untilNext(tickOf(name)), ended: wakes.ended });

  let started = false;
  let looking: Promise<boolean> | undefined;
  const poll = async (): Promise<void> => {
    if (looking !== undefined) return;
    const ended = vitals.began('poll');
    looking = input.poller();
    const isNew = await looking;
    looking = undefined;
    ended();
    // What is known before the start is what the start runs on.
    if (isNew && started) runs.enterNew();
  };
  /** What is saved while a look is under way may have come too late for it. */
  const changed = async (): Promise<void> => {
    await looking;
    await poll();
  };
  const scheduled = async ({ name }: DaemonTarget): Promise<void> => {
    // A folder's events may be missed (a mount that is swapped, a watcher that failed): the schedule looks again.
    runs.due(name);
    if (input.poll === undefined) await poll();
    if (runs.runningSince(name) === undefined) await runs.enter(name, { trigger: 'schedule' });
  };
  const wasSet = watchWall(input.clocks ?? systemClocks);
  /** Schedules wait for a time on the wall: where that was set back, nothing would come until it is reached again. */
  const checkWall = async (): Promise<void> => {
    const movedMs = wasSet();
    if (movedMs === undefined) return;
    log.warn({ movedMs }, 'the clock was set, schedules begin anew');
    await ticks.renew();
    void poll();
    for (const target of targets) void scheduled(target);
  };
  const status = (): LoopStatus => ({
    targets: targets.map(({ name }) => {
      const nextRunAt = earliest(ticks.next(tickOf(name)), runs.followUp(name), wakes.next(name));
      const runningSince = runs.runningSince(name);
      const overdueSince = runs.overdueSince(name);
      return {
        name,
        ...(nextRunAt === undefined ? {} : { nextRunAt }),
        ...(runningSince === undefined ? {} : { runningSince }),
        ...(overdueSince === undefined ? {} : { overdueSince }),
      };
    }),
    ...withPoll(ticks.next(pollTick)),
  });

  vitals.begin();
  let unwatch: (() => Promise<void>) | undefined;
  const pulses: Promise<void>[] = [];
  try {
    await within(firstLookMs, poll(), input);
    if (!signal.aborted) {
      started = true;
      runs.enterAll({ trigger: 'started' });
      unwatch = await input.watch?.(() => void changed());
      for (const target of targets) {
        const zone = target.timeZone === undefined ? {} : { timeZone: target.timeZone };
        const tick = { expression: target.schedule, ...zone, mostOffsetMs: mostOffset.schedule };
        ticks.add(tickOf(target.name), tick, () => void scheduled(target));
      }
      if (input.poll !== undefined) {
        ticks.add(pollTick, { expression: input.poll, mostOffsetMs: mostOffset.poll }, () => void poll());
      }
      const look = createRequests({ ...input, ...input.requests, run: (name) => runs.enter(name, byHand) });
      const beats = { everyMs: beatMs, work: () => input.beat(status()), failed: 'no sign of life could be given' };
      const checkAndLook = async (): Promise<void> => {
        await checkWall();
        await look();
      };
      const looks = {
        everyMs: input.lookMs ?? defaultLookMs,
        work: checkAndLook,
        failed: 'requests cannot be looked for',
      };
      pulses.push(pulse(beats, clock, log, signal), pulse(looks, clock, log, signal), wakes.turn());
      log.info({ targets: targets.map(({ name }) => name) }, 'daemon started');
      await aborted(signal);
    }
    log.info({}, 'stopping, finishing the write in hand');
  } finally {
    await ticks.stop();
    await unwatch?.();
  }
  return await patiently(Promise.all([runs.finish(), ...pulses]), input);
}

const pollTick = 'poll';
const tickOf = (target: string): string => `schedule of "${target}"`;
const byHand = { trigger: 'request', byHand: true } as const;

/** True where the work ended before the patience did. */
async function patiently(work: Promise<unknown>, { patience }: DaemonInput): Promise<boolean> {
  const over = new AbortController();
  const ended = await Promise.race([work.then(() => true), patience(over.signal).then(() => false)]);
  over.abort();
  return ended;
}

/** Waits for the work, but neither longer than this nor beyond the end of the loop. */
async function within(ms: number, work: Promise<void>, { clock, signal }: DaemonInput): Promise<void> {
  const over = new AbortController();
  const time = clock.sleep(ms, AbortSignal.any([signal, over.signal])).catch(() => undefined);
  await Promise.race([work, time]);
  over.abort();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function earliest(...dates: (Date | undefined)[]): Date | undefined {
  return dates.filter((date) => date !== undefined).sort((a, b) => a.getTime() - b.getTime())[0];
}

function withPoll(nextPollAt: Date | undefined): { nextPollAt?: Date } {
  return nextPollAt === undefined ? {} : { nextPollAt };
}
