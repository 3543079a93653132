import type { TargetConfig } from '../model/daemon-config.ts';
import type { Desired } from '../model/resource.ts';
import { kinds } from '../objects/kinds.ts';
import { resolve, type Source } from '../source/index.ts';

interface Reading {
  /** What of a target's configuration decides how it reads. */
  by: string;
  desired: Desired;
}

/** Of each target: the newest, and the last good one. */
const kept = 2;

/**
 * A revision never changes, so what a target reads of it is resolved once, and once for all targets that read it alike.
 * One after the other: the first has parsed by then what the others need.
 */
export function createReadings(source: Source): (target: TargetConfig, revision: string) => Promise<Desired> {
  const readings = new Map<string, Reading[]>();
  let last: Promise<unknown> = Promise.resolve();

  return async (target, revision) => {
    const by = JSON.stringify(optionsOf(target));
    const known = (): Reading | undefined =>
      [...readings.values()].flat().find((one) => one.by === by && one.desired.revision === revision);
    const read = async (): Promise<Reading> =>
      known() ?? { by, desired: await resolve(await source.read(revision), { kinds, ...optionsOf(target) }) };
    const turn = known() === undefined ? last.then(read, read) : read();
    if (known() === undefined) last = turn;
    const reading = await turn;
    const before = (readings.get(target.name) ?? []).filter((one) => one !== reading);
    readings.set(target.name, [reading, ...before].slice(0, kept));
    return reading.desired;
  };
}

/** How a target reads a revision. */
export function optionsOf({ environment, surfaces = ['platform'], secrets = {}, rules }: TargetConfig) {
  const overlay = environment === undefined ? {} : { environment };
  return { ...overlay, surfaces, grants: Object.keys(secrets), rulesRequired: rules === 'required' };
}
