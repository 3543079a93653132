import type { Clock } from '../model/clock.ts';
import type { ObjectType } from '../model/contracts.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import type { Journal, Scope } from '../model/journal.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import type { Log } from '../model/log.ts';
import type { Change, Plan } from '../model/plan.ts';
import { concurrency } from './read.ts';
import { Slots } from './slots.ts';
import type { ObjectState } from './state.ts';
import type { Waits } from './waits.ts';

/** A write that had not taken effect when it was last looked at; kept until it has. */
export interface Activation {
  /** ISO 8601: the first write of its run. */
  since: string;
  name: string;
}

/** Milliseconds between looks; the last one again and again. */
const pauses = [0, 500, 500, 1000, 1000, 2000, 2000, 4000];

interface Deps {
  reader: Reader;
  journal: Journal;
  scope: Scope;
  clock: Clock;
  waits: Waits;
}

/**
 * Waits until an object does what was written, and answers when that was, in milliseconds from the run's first write;
 * undefined for objects that take effect at once. `ActivationPending` where it takes too long: later runs look again.
 */
export async function activated(
  { type, id, live, change, since }: { type: ObjectType; id: string; live: JsonObject; change: Change; since: Date },
  { reader, journal, scope, clock, waits }: Deps,
): Promise<number | undefined> {
  if (type.inForce === undefined) return undefined;
  const { name } = change;
  // Who is killed while it waits lets the next run look.
  await journal.memorise(activationOf(scope, type.type, id), { since: since.toISOString(), name });
  const began = clock.now().getTime();
  for (let look = 0; ; look++) {
    await clock.sleep(pauses[Math.min(look, pauses.length - 1)]!);
    const told = await effectOf(type, { id, live }, reader);
    if (told === true) break;
    if (clock.now().getTime() - began < waits.activationMs) continue;
    const seconds = Math.round(waits.activationMs / 1000);
    throw new Failure('ActivationPending', `"${change.object.key}" was written, but ${told} after ${seconds} s`);
  }
  await journal.memorise(activationOf(scope, type.type, id), null);
  return clock.now().getTime() - since.getTime();
}

/** One object that cannot be looked at is not known to be in force; an organisation that is away ends the run. */
async function effectOf(
  type: ObjectType,
  object: { id: string; live: JsonObject },
  reader: Reader,
): Promise<true | string> {
  try {
    return (await type.inForce?.(reader, object)) ?? true;
  } catch (error) {
    const { message, class: next } = asFailure(error);
    if (next !== 'Retry' && next !== 'NeedsHuman' && next !== 'Moved') throw error;
    return `it cannot be told whether it is in force (${message})`;
  }
}

/** The states, with what those still do whose earlier write had not taken effect. */
export async function stillPending(
  states: readonly ObjectState[],
  activations: ReadonlyMap<string, Activation>,
  reader: Reader,
): Promise<ObjectState[]> {
  if (activations.size === 0) return [...states];
  const slots = new Slots(concurrency);
  const looked = states.map(async (state): Promise<ObjectState> => {
    const { type, wish, live } = state;
    const { id } = wish;
    if (type.inForce === undefined || id === undefined || !isObject(live)) return state;
    if (!activations.has(`${type.type}:${id}`)) return state;
    const told = await slots.use(() => effectOf(type, { id, live }, reader));
    return told === true ? state : { ...state, pending: told };
  });
  return Promise.all(looked);
}

/**
 * What has taken effect since an earlier run gave up waiting, or is gone, is forgotten. Answers the longest time that it
 * took, in milliseconds.
 */
export async function noteActivations(
  activations: ReadonlyMap<string, Activation>,
  states: readonly ObjectState[],
  { held, changes }: Plan,
  { journal, scope, clock, log }: Omit<Deps, 'reader' | 'waits'> & { log: Log },
): Promise<number | undefined> {
  const open = new Set([...held, ...changes].map(({ object }) => `${object.type}:${object.id}`));
  const there = new Map(states.map((state) => [`${state.type.type}:${state.wish.id}`, state]));
  const took: number[] = [];
  for (const [at, { since, name }] of activations) {
    if (open.has(at)) continue;
    const [type, id] = [at.slice(0, at.indexOf(':')), at.slice(at.indexOf(':') + 1)];
    await journal.memorise(activationOf(scope, type, id), null);
    if (!there.has(at)) continue;
    const activationMs = clock.now().getTime() - new Date(since).getTime();
    log.info({ object: { type, id }, name, activationMs }, 'in force');
    took.push(activationMs);
  }
  return took.length === 0 ? undefined : Math.max(...took);
}

/** Writes whose effect was not seen yet, by `type:id`. */
export async function loadActivations(journal: Journal, scope: Scope): Promise<Map<string, Activation>> {
  const prefix = prefixOf(scope);
  const facts = await journal.recallAll(prefix);
  return new Map(
    [...facts].flatMap(([key, fact]) =>
      isObject(fact) ? [[key.slice(prefix.length), { since: String(fact['since']), name: String(fact['name']) }]] : [],
    ),
  );
}

function prefixOf({ organization, target }: Scope): string {
  return `activation:${organization}:${target}:`;
}

function activationOf(scope: Scope, type: string, id: string): string {
  return `${prefixOf(scope)}${type}:${id}`;
}
