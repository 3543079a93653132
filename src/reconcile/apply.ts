import type { Written } from '../model/contracts.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { RequestReceipt } from '../model/http.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import type { Change, Held, Meanwhile, Outcome, Plan } from '../model/plan.ts';
import { activated } from './activation.ts';
import { type Recorder, record, type WriteDeps } from './context.ts';
import { together } from './drift-story.ts';
import { faultsOf, type PlaceOf } from './faults.ts';
import { fillReferences, type Ready } from './fill-references.ts';
import type { Known } from './holders.ts';
import { stillFree } from './in-use.ts';
import { contended, meanwhileOf, mostMoves, pauseBefore, tellMoved } from './moved.ts';
import { failed, finish, type OutcomeDeps, outcomeOf, skipped, withMade } from './outcome.ts';
import type { Rememberer } from './remember.ts';
import { settleCreate } from './settle.ts';
import { Slots } from './slots.ts';
import { type ObjectState, stateKey } from './state.ts';
import { whatStayed } from './stayed.ts';
import { notConverged, notKnown, notSeen } from './unmet.ts';
import { verify } from './verify.ts';
import type { Waits } from './waits.ts';
import { orderOf } from './write-order.ts';

/** Changes under way at once; the rate budget is what really limits them. */
const concurrency = 24;

export interface ApplyDeps extends WriteDeps, Rememberer, OutcomeDeps {
  waits: Waits;
  signal?: AbortSignal;
  /** The state behind a change. */
  stateOf(change: Change): ObjectState;
  /** Observes and plans one object anew, through policy. Undefined: nothing is left to do. */
  replan(change: Change): Promise<Change | Held | undefined>;
  /** True where policy or one of those who wish something of it says to leave drift. */
  leavesDrift(state: ObjectState): boolean;
  /** A failure as it is meant where the write left drift alone. */
  leftAlone(failure: Failure, change: Change, state: ObjectState): Promise<Failure>;
  /** True where a person asked for this run. */
  byHand?: boolean;
  /** Where in the repository a wish stands, for what Genesys finds wrong with it. */
  placeOf?: PlaceOf | undefined;
  /** True where somebody who is to stop using the object has to be asked about once more before it is deleted. */
  usersToLeave(change: Change): boolean;
  /** Where it may be looked who they are. */
  known: Known;
  /** Told of each object as it became, for whatever is planned anew after it. */
  became(change: Change, id: string, live: JsonObject | undefined): void;
  /** When this run wrote first. */
  firstWrite(): Date | undefined;
}

/**
 * Carries a plan out and never compares again. Referenced objects come first, deletions last and in reverse; whatever is
 * independent runs at once. An object that fails does not stop its siblings; what depends on it is skipped.
 */
export async function apply(plan: Plan, deps: ApplyDeps): Promise<Outcome[]> {
  const ready = new Map<string, Promise<Ready | undefined>>();
  const slots = new Slots(concurrency);
  const pending = plan.changes.filter(({ action }) => action !== 'delete');

  const start = (change: Change): Promise<{ outcome: Outcome; result?: Ready }> =>
    (async () => {
      const needed = await Promise.all((change.after ?? []).map((key) => ready.get(key) ?? unchangedDependency));
      if (needed.includes(undefined)) {
        return finish(deps, change, skipped(change, 'DependencyNotReady', 'what it refers to failed'));
      }
      return one(change, deps, ready, slots);
    })();

  // Plans come in the order of references, so what a change waits for is always in the map before it.
  const started = inOrder(pending).map((change) => {
    const running = start(change);
    const result = running.then((ended) => ended.result);
    // Perhaps nobody waits for it, and a rejection that nobody hears ends the process. `running` tells of it.
    result.catch(() => undefined);
    ready.set(stateKey(change.object.type, change.object.key), result);
    return running;
  });
  const outcomes = (await allEnded(started)).map(({ outcome }) => outcome);
  // What was to take the place of something may have failed: then nothing of its type goes.
  const failedTypes = new Set(
    outcomes.flatMap(({ action, status, object }) =>
      action === 'create' && status !== 'applied' ? [object.type] : [],
    ),
  );
  for (const change of plan.changes.filter(({ action }) => action === 'delete').reverse()) {
    const kept = failedTypes.has(change.object.type);
    const why = 'an object of its type could not be created, and nothing is deleted beside that';
    const skip = (): Promise<{ outcome: Outcome }> => finish(deps, change, skipped(change, 'DependencyNotReady', why));
    outcomes.push((await (kept ? skip() : one(change, deps, ready, slots))).outcome);
  }
  return outcomes;
}

/** Fails only when everything has ended: what goes on after a run would write beside the next. */
async function allEnded<T>(started: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(started);
  return Promise.all(started);
}

const unchangedDependency: Promise<Ready> = Promise.resolve({ id: '' });

/** Changes so that each comes after those that it waits for. The planner has refused circles. */
function inOrder(changes: readonly Change[]): Change[] {
  const byKey = new Map(changes.map((change) => [stateKey(change.object.type, change.object.key), change]));
  const sorted = new Set<Change>();
  const visit = (change: Change): void => {
    for (const key of change.after ?? []) if (byKey.has(key)) visit(byKey.get(key)!);
    sorted.add(change);
  };
  changes.forEach(visit);
  return [...sorted];
}

async function one(
  planned: Change,
  deps: ApplyDeps,
  ready: ReadonlyMap<string, Promise<Ready | undefined>>,
  slots: Slots,
): Promise<{ outcome: Outcome; result?: Ready }> {
  const receipts: RequestReceipt[] = [];
  const meanwhile: Meanwhile[] = [];
  let change = planned;
  let made: (Ready & Written) | undefined;
  let isLost = false;
  const ended = (outcome: Outcome): Promise<{ outcome: Outcome }> =>
    finish(deps, change, meanwhile.length === 0 ? outcome : { ...outcome, meanwhile });
  for (let moves = 0; ; moves++) {
    try {
      const filled = await fillReferences(change, ready);
      const attempted = await slots.use(async () => stopped(deps) ?? attempt(filled, deps, receipts));
      if (attempted instanceof Failure) {
        return ended(skipped(change, attempted.reason, attempted.message));
      }
      made = attempted;
      // Others are written meanwhile: to wait takes no slot.
      const result = await inEffect(change, made, deps);
      return { ...(await ended(outcomeOf(filled, 'applied', receipts, result))), result };
    } catch (error) {
      const failure = asFailure(error);
      const end = (why: Failure): Promise<{ outcome: Outcome }> =>
        ended(withFaults(failed(change, why, receipts), why, change, deps));
      if (made !== undefined) return end(withMade(failure, made));
      // What does not exist cannot have moved: a conflict is Genesys's no, and the same create would get it again.
      const refused = change.action === 'create' && failure.reason === 'Conflict';
      if (refused) return end(new Failure('BadRequest', failure.message, failure.detail));
      if (failure.class !== 'Moved') return end(failure);
      if (moves >= mostMoves) return end(contended(failure));
      const before = deps.stateOf(change);
      const again = await deps.clock
        .sleep(pauseBefore(moves, deps.waits))
        .then(() => deps.replan(change))
        .catch((reason: unknown) => asFailure(reason));
      if (again instanceof Failure) return end(again);
      const after = deps.stateOf(again ?? change);
      isLost ||= failure.detail.lost === true;
      const moved = meanwhileOf({ change, failure }, { before, after });
      // Of what cannot be read and got no answer, another version may be that of our own write.
      if (moved !== undefined && (moved.fields !== undefined || !isLost))
        meanwhile.push(again === undefined || 'reason' in again ? { ...moved, left: true } : moved);
      if (again === undefined) {
        const { live, wish } = after;
        const result = { id: wish.id ?? change.object.id!, ...(isObject(live) ? { live } : {}) };
        return { ...(await ended(outcomeOf(change, 'applied', receipts))), result };
      }
      if ('reason' in again)
        return ended({ ...skipped(change, again.reason, again.message), receipt: { requests: receipts } });
      tellMoved(deps.log, again, failure, moved);
      // Who moved it before is still a part of its story.
      const drift = again.cause === 'commit' ? undefined : change.drift;
      change = drift === undefined ? again : { ...again, drift: together([again.drift ?? [], drift].flat())! };
    }
  }
}

function withFaults(outcome: Outcome, failure: Failure, change: Change, deps: ApplyDeps): Outcome {
  const faults = faultsOf(failure, deps.stateOf(change), deps.placeOf);
  return faults.length === 0 ? outcome : { ...outcome, faults };
}

/** Why nothing further is to be written. */
function stopped({ signal, lease }: ApplyDeps): Failure | undefined {
  if (signal?.aborted === true) return new Failure('Interrupted', 'the run was asked to stop');
  try {
    lease.check();
    return undefined;
  } catch (error) {
    return asFailure(error);
  }
}

/**
 * Waits for what takes effect later than it is written. That somebody else changes it meanwhile, or that the run is to stop,
 * undoes nothing of the write: it is said, and the next run looks again.
 */
async function inEffect(change: Change, made: Ready & Written, deps: ApplyDeps): Promise<Ready & Written> {
  const { type } = deps.stateOf(change);
  const { id, live, warnings = [] } = made;
  if (live === undefined || change.action === 'delete') return made;
  const since = deps.firstWrite() ?? deps.clock.now();
  try {
    const activationMs = await activated({ type, id, live, change, since }, { ...deps, reader: deps.writer });
    return activationMs === undefined ? made : { ...made, activationMs };
  } catch (error) {
    const { reason, class: next, message } = asFailure(error);
    if (next !== 'Moved' && reason !== 'Interrupted') throw error;
    return { ...made, warnings: [...warnings, `it was not seen in force: ${message}`] };
  }
}

/** One object: written, looked at again, remembered. */
async function attempt(change: Change, deps: ApplyDeps, receipts: RequestReceipt[]): Promise<Ready & Written> {
  const state = deps.stateOf(change);
  const { type } = state;
  if (deps.usersToLeave(change)) await stillFree(change, type, { known: deps.known, reader: deps.writer });
  const recorder = await record(deps, change, type);
  try {
    const written = await write(change, recorder, deps, state).catch(async (error: unknown) => {
      // Genesys took the request and then said no: there is nothing to look for.
      if (asFailure(error).detail.nothingMade === true) await recorder.noteNothingMade();
      throw await deps.leftAlone(asFailure(error), change, state);
    });
    const { id } = written;
    if (change.action === 'create') await deps.created(change, id);
    const verified = await verify({
      type,
      id,
      action: change.action,
      fields: change.fields,
      version: written.version,
      reader: deps.writer,
      vault: deps.vault,
      clock: deps.clock,
    });
    if (change.action === 'create' && verified.lacking.includes('')) throw notSeen(change, id);
    const isBlind = verified.live === undefined && verified.lacking.length === 0;
    if (change.action === 'update' && isBlind && recorder.unanswered.length > 0) {
      throw notKnown(change, recorder);
    }
    await recorder.noteCreated(id);
    await settleIntents(recorder, deps, { id, done: verified.lacking.length === 0 });
    if (verified.lacking.length > 0)
      throw notConverged({ ...change, object: { ...change.object, id } }, verified, recorder, type);
    await deps.remember(change, id, verified);
    await recorder.forgetCheckpoint();
    const { live } = verified;
    deps.became(change, id, live);
    const version = live === undefined ? undefined : (type.versionOf ?? type.fingerprintOf)(live);
    const warnings = [...(written.warnings ?? []), ...whatStayed(change, state, live)];
    if (warnings.length > 0) written.warnings = warnings;
    return { ...written, ...(live === undefined ? {} : { live }), ...(version === undefined ? {} : { version }) };
  } finally {
    receipts.push(...recorder.receipts);
  }
}

/** The object's own write; a lost answer is looked up for a create, and left to the verification otherwise. */
async function write(change: Change, recorder: Recorder, deps: ApplyDeps, state: ObjectState): Promise<Written> {
  try {
    return await state.type.write(
      recorder.ctx,
      orderOf(change, state, {
        leavesDrift: deps.leavesDrift(state),
        byHand: deps.byHand === true,
      }),
    );
  } catch (error) {
    const failure = asFailure(error);
    if (change.action === 'delete' && failure.reason === 'Gone') return { id: change.object.id! };
    if (failure.reason !== 'Unsettled') throw error;
    deps.log.warn(
      { object: change.object, reason: failure.reason, detail: failure.message },
      'answer lost, looking up',
    );
    if (change.action !== 'create') return { id: change.object.id! };
    const id = await settleCreate(state.type, recorder.unanswered, deps);
    if (id === undefined) throw error;
    return { id };
  }
}

/** What was lost and is now known is closed; a write that came to nothing is planned anew. */
async function settleIntents(
  { unanswered }: Recorder,
  { journal }: ApplyDeps,
  { id, done }: { id: string; done: boolean },
): Promise<void> {
  for (const intent of unanswered) await journal.settleIntent(intent.id, done ? 'applied' : 'not-applied', id);
}
