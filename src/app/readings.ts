import { surfacesOf, type TargetConfig } from '../model/daemon-config.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { Desired } from '../model/resource.ts';
import { kinds } from '../objects/kinds.ts';
import { type ResolveOptions, readSecret, resolve, type Source } from '../source/index.ts';

type Env = Record<string, string | undefined>;

interface Reading {
  /** What of a target's configuration decides how it reads, the values of its variables among it. */
  by: string;
  desired: Desired;
}

/** Of each target: the newest, and the last good one. */
const kept = 2;

/**
 * A revision never changes, so what a target reads of it is resolved once, and once for all targets that read it alike.
 * One after the other: the first has parsed by then what the others need.
 */
export function createReadings(source: Source, env: Env): (target: TargetConfig, revision: string) => Promise<Desired> {
  const readings = new Map<string, Reading[]>();
  let last: Promise<unknown> = Promise.resolve();

  return async (target, revision) => {
    const options = await optionsOf(target, env);
    const by = JSON.stringify(options);
    const known = (): Reading | undefined =>
      [...readings.values()].flat().find((one) => one.by === by && one.desired.revision === revision);
    const read = async (): Promise<Reading> =>
      known() ?? { by, desired: await resolve(await source.read(revision), { kinds, ...options }) };
    const turn = known() === undefined ? last.then(read, read) : read();
    if (known() === undefined) last = turn;
    const reading = await turn;
    const before = (readings.get(target.name) ?? []).filter((one) => one !== reading);
    readings.set(target.name, [reading, ...before].slice(0, kept));
    return reading.desired;
  };
}

/**
 * How a target reads a revision.
 *
 * @throws Failure `ConfigurationInvalid` with every variable of its own that has no value
 */
export async function optionsOf(target: TargetConfig, env: Env): Promise<Omit<ResolveOptions, 'kinds'>> {
  const { environment, secrets = {}, rules, organizations, stepTimeoutSeconds, variables } = target;
  return {
    ...(environment === undefined ? {} : { environment }),
    surfaces: surfacesOf(target),
    grants: Object.keys(secrets),
    rulesRequired: rules === 'required',
    allowed: {
      ...(organizations === undefined ? {} : { organizations }),
      ...(stepTimeoutSeconds === undefined ? {} : { stepTimeoutSeconds }),
    },
    ...(variables === undefined ? {} : { variables: await valuesOf(target.name, variables, env) }),
  };
}

/** Read anew each time: a file may have another content by now. */
async function valuesOf(
  target: string,
  variables: NonNullable<TargetConfig['variables']>,
  env: Env,
): Promise<Record<string, string | number | boolean>> {
  const missing: string[] = [];
  const found = await Promise.all(
    Object.entries(variables).map(async ([name, from]) => {
      if (typeof from !== 'object') return [name, from] as const;
      try {
        return [name, await readSecret(from, env, 'the file')] as const;
      } catch (error) {
        missing.push(`"${name}": ${asFailure(error).message}`);
        return [name, ''] as const;
      }
    }),
  );
  if (missing.length === 0) return Object.fromEntries(found);
  const which = missing.length === 1 ? 'a variable has' : 'variables have';
  throw new Failure('ConfigurationInvalid', `target "${target}": ${which} no value: ${missing.sort().join('; ')}`);
}
