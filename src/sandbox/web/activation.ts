import type { World } from '../world.ts';
import type { ActivationFate } from './web-records.ts';

/**
 * Lets something that is pending become what it will be, after the sandbox's time for it; `then` looks itself whether it
 * was written again in between. In real time: a clock that a test holds still would let nothing become active.
 */
export function activate(world: World, fate: ActivationFate | undefined, then: (outcome: 'done' | 'Error') => void) {
  if (fate === 'never') return;
  world.later(world.activationMs, () => then(fate === 'error' ? 'Error' : 'done'));
}

/**
 * The time of a write. Two writes of one object never have the same: whoever compares dates would not see the second, and
 * tests hold their clocks still.
 */
export const stamp = (world: World, ...earlier: (number | undefined)[]): number =>
  Math.max(world.now(), ...earlier.map((at) => (at ?? 0) + 1));
