import type { Clock } from '../model/clock.ts';
import type { Effect, ObjectType } from '../model/contracts.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import type { Journal, Scope } from '../model/journal.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import type { Log } from '../model/log.ts';
import { type Change, calledOf, type Pending } from '../model/plan.ts';
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
/** Looks in a row that told nothing, before the rest is left to the next run: one endpoint must not open the circuit. */
const mostBlind = 3;

interface Deps {
  reader: Reader;
  journal: Journal;
  scope: Scope;
  clock: Clock;
  waits: Waits;
}

interface Written {
  type: ObjectType;
  id: string;
  live: JsonObject;
}

/**
 * Waits until an object does what was written, and answers when that was, in milliseconds from the run's first write;
 * undefined for objects that take effect at once. `ActivationPending` where it takes too long: later runs look again.
 * `ActivationFailed` where it never will, `Gone` or `Conflict` where somebody else changed it meanwhile.
 */
export async function activated(
  { change, since, ...written }: Written & { change: Change; since: Date },
  { reader, journal, scope, clock, waits }: Deps,
): Promise<number | undefined> {
  const { type, id } = written;
  if (type.inForce === undefined) return undefined;
  const { name, object } = change;
  // Who is killed while it waits lets the next run look.
  await journal.memorise(activationOf(scope, type.type, id), { since: since.toISOString(), name });
  const began = clock.now().getTime();
  for (let look = 0, blind = 0; ; look++) {
    await clock.sleep(pauses[Math.min(look, pauses.length - 1)]!);
    const { told, unclear } = await effectOf(written, reader);
    if (told === true) break;
    if (typeof told === 'object') {
      throw new Failure('ActivationFailed', `"${calledOf(object)}" was written, but ${told.failed}`);
    }
    blind = unclear === true ? blind + 1 : 0;
    const waited = clock.now().getTime() - began;
    if (waited < waits.activationMs && blind < mostBlind) continue;
    const message = `"${calledOf(object)}" was written, but ${told} after ${Math.round(waited / 1000)} s`;
    throw new Failure('ActivationPending', message);
  }
  await journal.memorise(activationOf(scope, type.type, id), null);
  return clock.now().getTime() - since.getTime();
}

/** What cannot be asked is not known to be in force; who may ask nothing any more (a lost lease, a bad client) ends. */
async function effectOf({ type, ...object }: Written, reader: Reader): Promise<{ told: Effect; unclear?: true }> {
  try {
    return { told: (await type.inForce?.(reader, object)) ?? true };
  } catch (error) {
    const { message, reason, class: next } = asFailure(error);
    if (next === 'TargetStalled' || next === 'Moved' || reason === 'Interrupted' || reason === 'LeaseLost') throw error;
    return { told: `it cannot be told whether it is in force (${message})`, unclear: true };
  }
}

/** The states, with what those still do whose earlier write had not taken effect, and which of them are in force by now. */
export async function stillPending(
  states: readonly ObjectState[],
  activations: ReadonlyMap<string, Activation>,
  reader: Reader,
): Promise<{ objects: ObjectState[]; inForce: Set<string> }> {
  const inForce = new Set<string>();
  if (activations.size === 0) return { objects: [...states], inForce };
  const slots = new Slots(concurrency);
  const looked = states.map(async (state): Promise<ObjectState> => {
    const { type, wish, live } = state;
    const { id } = wish;
    if (type.inForce === undefined || id === undefined || !isObject(live)) return state;
    const at = `${type.type}:${id}`;
    if (!activations.has(at)) return state;
    const told = await slots.use(() => look({ type, id, live }, reader));
    if (told === undefined) return state;
    if (told === true) {
      inForce.add(at);
      return state;
    }
    const pending: Pending =
      typeof told === 'string'
        ? { reason: 'ActivationPending', told }
        : { reason: 'ActivationFailed', told: told.failed };
    return { ...state, pending };
  });
  return { objects: await Promise.all(looked), inForce };
}

/** Undefined where somebody else changed it since: comparing tells the rest. */
async function look(written: Written, reader: Reader): Promise<Effect | undefined> {
  try {
    return (await effectOf(written, reader)).told;
  } catch (error) {
    if (asFailure(error).class === 'Moved') return undefined;
    throw error;
  }
}

/**
 * What has taken effect since an earlier run gave up waiting is told and forgotten, as is what is no longer there. Answers
 * the longest time that it took until somebody looked, in milliseconds.
 */
export async function noteActivations(
  activations: ReadonlyMap<string, Activation>,
  { inForce, changing, there }: Record<'inForce' | 'changing' | 'there', ReadonlySet<string>>,
  { journal, scope, clock, log }: Omit<Deps, 'reader' | 'waits'> & { log: Log },
): Promise<number | undefined> {
  const took: number[] = [];
  for (const [at, { since, name }] of activations) {
    // A write of this run speaks for itself.
    if (changing.has(at) || (there.has(at) && !inForce.has(at))) continue;
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
