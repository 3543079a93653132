import { expect } from 'vitest';
import type { Outcome } from '../../src/model/plan.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { RunOptions, RunReport } from '../../src/reconcile/run.ts';
import { type FakeClock, fakeClock } from './clock.ts';
import { useWorlds, type World, type WorldOptions } from './world.ts';

/** Paths that faults strike: the collection, and one object of it. */
export const actions = '/api/v2/integrations/actions';
export const one = `${actions}/*`;

/** `failed Unsettled`: an outcome in two words. */
export const said = ({ status, reason }: Outcome): string => (reason === undefined ? status : `${status} ${reason}`);

export interface Stage {
  /** A world on the clock of this test. */
  open(options?: WorldOptions, on?: World): Promise<World>;
  apply(it: World, resources: Resource[], options?: Partial<RunOptions>): Promise<RunReport>;
  /** Waits for a promise while time moves to whatever is slept for. */
  drive<T>(promise: Promise<T>): Promise<T>;
  /** Nothing doubled, nothing lost, nothing left to do: exactly these actions are there. */
  converged(it: World, resources: Resource[], names: string[]): Promise<void>;
}

/** Worlds on a clock that only these tests move. */
export function useStage(): Stage {
  const openWorld = useWorlds();
  let clock: FakeClock;
  const drive: Stage['drive'] = (promise) => clock.drive(promise);
  return {
    drive,
    open(options = {}, on) {
      if (on === undefined) clock = fakeClock();
      return openWorld({ clock, ...options }, on);
    },
    apply: (it, resources, options) => drive(it.apply(resources, options)),
    async converged(it, resources, names) {
      it.sandbox.clearFaults();
      // A stalled object is tried again when a person asks, as `apply` on the command line does.
      const report = await drive(it.apply(resources, { byHand: true }));
      expect(report.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
      const { changes, held } = await drive(it.plan(resources));
      expect({ changes, held }).toEqual({ changes: [], held: [] });
      const live = it.sandbox.state.actions().filter(({ id }) => !id.startsWith('static'));
      expect(live.map(({ name }) => name).sort()).toEqual(names);
    },
  };
}
