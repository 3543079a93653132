import { schedule, type Tick, type Ticking } from './schedule.ts';
import type { Vitals } from './vitals.ts';

/** The ticks of one loop, by name. Schedules keep the system's time, whatever clock the rest has. */
export interface Ticks {
  /** What a tick begins may take its time; the loop turns on, and is known to. */
  add(name: string, tick: Omit<Tick, 'run'>, work: () => void): void;
  next(name: string): Date | undefined;
  /** Milliseconds. */
  untilNext(name: string): number | undefined;
  /** The wall clock was set. */
  renew(): Promise<void>;
  stop(): Promise<void>;
}

export function createTicks(vitals: Vitals, random: () => number): Ticks {
  const all = new Map<string, Ticking>();
  const untilNext: Ticks['untilNext'] = (name) => {
    const next = all.get(name)?.next();
    return next === undefined ? undefined : Math.max(0, next.getTime() - Date.now());
  };
  const ticked = (name: string): void => {
    const due = untilNext(name);
    if (due !== undefined) vitals.ticked(name, due, all.get(name)!.intervalMs);
  };
  return {
    add(name, tick, work) {
      const run = async (): Promise<void> => {
        ticked(name);
        work();
      };
      const ticking = schedule({ ...tick, run }, random);
      all.set(name, ticking);
      ticked(name);
    },
    next: (name) => all.get(name)?.next(),
    untilNext,
    async renew() {
      for (const [name, ticking] of all) {
        await ticking.renew();
        ticked(name);
      }
    },
    async stop() {
      await Promise.all([...all.values()].map((ticking) => ticking.stop()));
    },
  };
}
