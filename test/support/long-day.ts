import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import type { Desired, Resource } from '../../src/model/resource.ts';
import type { RunOptions, RunReport } from '../../src/reconcile/run.ts';
import { type FakeClock, fakeClock } from './clock.ts';
import { converge } from './kill-points.ts';
import { judge, type Watch, watch } from './long-verdict.ts';
import { useWorlds, type World, type WorldOptions } from './world.ts';

type More = Partial<RunOptions> & Partial<Desired>;

/** A day in a small organisation whose clock is the test's. */
export interface Day {
  it: World;
  clock: FakeClock;
  watched: Watch;
  apply(resources: Resource[], more?: More): Promise<RunReport>;
  plan(resources: Resource[], more?: More): Promise<Plan>;
  /** The faults are over: it converges by itself, with nothing doubled, orphaned, lost or left. */
  endsWell(resources: Resource[], everNamed?: Resource[]): Promise<void>;
}

/** Opens days; each is closed after its test. */
export function useDays(): (options?: WorldOptions, on?: Day) => Promise<Day> {
  const open = useWorlds();
  return async (options = {}, on) => {
    const clock = on?.clock ?? fakeClock();
    const sandbox = { now: () => clock.now().getTime(), ...options.sandbox };
    const it = await open({ clock, ...options, sandbox }, on?.it);
    const watched = on?.watched ?? watch(it.sandbox);
    return {
      it,
      clock,
      watched,
      apply: (resources, more) => clock.drive(it.apply(resources, more)),
      plan: (resources, more) => clock.drive(it.plan(resources, more)),
      async endsWell(resources, everNamed = resources) {
        it.sandbox.clearFaults();
        expect(await converge(it, clock, resources)).toBeDefined();
        const nothing = { doubled: [], orphaned: [], lost: [], left: [] };
        expect(await judge(it, resources, watched, everNamed)).toEqual(nothing);
      },
    };
  };
}

/** A path for a journal in a folder that goes away with the test. */
export function freshJournal(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bad-days-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'journal.db');
}
