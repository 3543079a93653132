import { pulse } from './pulse.ts';
import { createRequests } from './requests.ts';
import { createRuns } from './runs.ts';
import { schedule, type Ticking } from './schedule.ts';
import type { DaemonInput, DaemonTarget, LoopStatus } from './types.ts';

/** A source that hangs must not keep the last good revision from being looked after. */
const firstLookMs = 10_000;
const beatMs = 10_000;
const defaultLookMs = 1_000;
/** A new commit is to be there in one poll and a second; nobody minds when drift is looked for. */
const mostOffset = { poll: 3_000, schedule: 60_000 };

/**
 * Runs until the signal aborts: once at the start, at once for a new revision or a request, on each target's schedule
 * for drift, and sooner after what only time can mend. No failure of a run or of the source ends the loop. Answers
 * whether all that was begun had ended when the patience was over.
 */
export async function daemon(input: DaemonInput): Promise<boolean> {
  const { targets, clock, log, signal, vitals } = input;
  const ticks = new Map<string, Ticking>();
  let pollTick: Ticking | undefined;
  const runs = createRuns({ ...input, untilNext: (name) => untilDue(ticks.get(name)) });

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
    if (isNew && started) runs.enterAll({ trigger: 'revision' });
  };
  const scheduled = async ({ name }: DaemonTarget): Promise<void> => {
    // A folder's events may be missed (a mount that is swapped, a watcher that failed): the schedule looks again.
    if (input.poll === undefined) await poll();
    if (runs.runningSince(name) === undefined) await runs.enter(name, { trigger: 'schedule' });
  };
  /** What a tick begins may take its time; the loop turns on, and is known to. */
  const tick = (name: string, expression: string, mostOffsetMs: number, timeZone?: string) => (work: () => void) => {
    const ticked = (): void => {
      const due = untilDue(ticking);
      if (due !== undefined) vitals.ticked(name, due, ticking.intervalMs);
    };
    const run = async (): Promise<void> => {
      ticked();
      work();
    };
    const zone = timeZone === undefined ? {} : { timeZone };
    const ticking = schedule({ expression, ...zone, mostOffsetMs, run }, input.random);
    ticked();
    return ticking;
  };
  const status = (): LoopStatus => ({
    targets: targets.map(({ name }) => {
      const nextRunAt = earliest(ticks.get(name)?.next(), runs.followUp(name));
      const runningSince = runs.runningSince(name);
      return {
        name,
        ...(nextRunAt === undefined ? {} : { nextRunAt }),
        ...(runningSince === undefined ? {} : { runningSince }),
      };
    }),
    ...withPoll(pollTick?.next()),
  });

  vitals.begin();
  let unwatch: (() => Promise<void>) | undefined;
  const pulses: Promise<void>[] = [];
  try {
    await within(firstLookMs, poll(), input);
    if (!signal.aborted) {
      started = true;
      runs.enterAll({ trigger: 'started' });
      unwatch = await input.watch?.(() => void poll());
      for (const target of targets) {
        const { name, timeZone } = target;
        const ticking = tick(`schedule of "${name}"`, target.schedule, mostOffset.schedule, timeZone);
        ticks.set(
          name,
          ticking(() => void scheduled(target)),
        );
      }
      if (input.poll !== undefined) pollTick = tick('poll', input.poll, mostOffset.poll)(() => void poll());
      const look = createRequests({ ...input, ...input.requests, run: (name) => runs.enter(name, byHand) });
      const beats = { everyMs: beatMs, work: () => input.beat(status()), failed: 'no sign of life could be given' };
      const looks = { everyMs: input.lookMs ?? defaultLookMs, work: look, failed: 'requests cannot be looked for' };
      pulses.push(pulse(beats, clock, log, signal), pulse(looks, clock, log, signal));
      log.info({ targets: targets.map(({ name }) => name) }, 'daemon started');
      await aborted(signal);
    }
    log.info({}, 'stopping, finishing the write in hand');
  } finally {
    await Promise.all([pollTick, ...ticks.values()].map((ticking) => ticking?.stop()));
    await unwatch?.();
  }
  return await patiently(Promise.all([runs.finish(), ...pulses]), input);
}

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

/** Schedules keep the system's time, whatever clock the rest has. */
function untilDue(ticking: Ticking | undefined): number | undefined {
  const next = ticking?.next();
  return next === undefined ? undefined : Math.max(0, next.getTime() - Date.now());
}

function earliest(...dates: (Date | undefined)[]): Date | undefined {
  return dates.filter((date) => date !== undefined).sort((a, b) => a.getTime() - b.getTime())[0];
}

function withPoll(nextPollAt: Date | undefined): { nextPollAt?: Date } {
  return nextPollAt === undefined ? {} : { nextPollAt };
}
