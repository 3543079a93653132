import { schedule, type Tick, type Ticking } from './schedule.ts';
import type { Vitals } from './vitals.ts';

/** The ticks of one loop, by name. Schedules keep the system's time, whatever clock the rest has. */
export interface Ticks {
  /** What a tick begins may take its time; the loop turns on, and is known to. */
  add(name: string, tick: Omit<Tick, 'run'>, work: () => void): void;
  next(name: string): Date | undefined;
  /** Milliseconds. */
  untilNext(name: string): number | undefined;
  stop(): Promise<void>;
}

export function createTicks(vitals: Vitals, random: () => number): Ticks {
  const all = new Map<string, Ticking>();
  const untilNext: Ticks['untilNext'] = (name) => {
    const next = all.get(name)?.next();
    return next === undefined ? undefined : Math.max(0, next.getTime() - Date.now());
  };
  return {
    add(name, tick, work) {
      const ticked = (): void => {
        const due = untilNext(name);
        if (due !== undefined) vitals.ticked(name, due, ticking.intervalMs);
      };
      const run = async (): Promise<void> => {
        ticked();
        work();
      };
      const ticking = schedule({ ...tick, run }, random);
      all.set(name, ticking);
      ticked();
    },
    next: (name) => all.get(name)?.next(),
    untilNext,
    async stop() {
      await Promise.all([...all.values()].map((ticking) => ticking.stop()));
    },
  };
}
