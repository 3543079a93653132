import { randomUUID } from 'node:crypto';
import type { Auditor } from '../model/audit.ts';
import type { Clock } from '../model/clock.ts';
import type { Kind, ObjectType } from '../model/contracts.ts';
import type { PolicyConfig } from '../model/daemon-config.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { Reader, Writer } from '../model/http.ts';
import type { Journal, RunRecord, Scope } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import { type Outcome, type Plan, summarise } from '../model/plan.ts';
import type { Pointer } from '../model/pointer.ts';
import type { Place } from '../model/problem.ts';
import type { Desired, ResourceId } from '../model/resource.ts';
import type { Vault } from '../model/seal.ts';
import type { Suspension } from '../model/suspension.ts';
import { noteActivations } from './activation.ts';
import { apply } from './apply.ts';
import { attribution, type Past } from './attribute.ts';
import { conclude, type RunReport } from './conclude.ts';
import { findDrift } from './drift.ts';
import { inspect } from './inspect.ts';
import { annotationsOf, judge, knownOf } from './judge.ts';
import { type HeldLease, holdLease } from './lease.ts';
import { leftAlone } from './left-alone.ts';
import { forgetLeft } from './left-fields.ts';
import { loadMemory } from './load-memory.ts';
import { type ListMemo, memoiseLists } from './memo.ts';
import { type Observation, observe, wantedIds } from './observe.ts';
import { plan } from './plan.ts';
import { withoutInventory } from './plan-words.ts';
import { recover } from './recover.ts';
import {
  forgetCheckpoints,
  forgetUnlisted,
  forgetVanished,
  rememberAnnotations,
  rememberer,
  rememberUnchanged,
} from './remember.ts';
import { became, replan, stateOf } from './replan.ts';
import { noteStalls } from './stalls.ts';
import { type ObjectState, type Observed, objectKey } from './state.ts';
import { keepIfQuiet, stillAsSeen, type View } from './still.ts';
import { stoppable, waitingBy } from './stoppable.ts';
import { unseenDrift } from './unseen-drift.ts';
import { withoutSecrets } from './untold.ts';
import { defaultWaits, type Waits } from './waits.ts';

export type { RunReport } from './conclude.ts';

/** Everything that a run works with. The engine knows nothing else of the world. */
export interface Engine {
  target: string;
  organization: { id: string; name: string };
  kinds: readonly Kind[];
  types: readonly ObjectType[];
  reader: Reader;
  /** Absent for read-only commands and targets in `observe` mode. */
  writer?: Writer;
  journal: Journal;
  vault: Vault;
  /** Tells who moved what without a commit; absent where the audit log is not to be asked. */
  auditor?: Auditor;
  policy: PolicyConfig;
  /** Where the daemon's file suspends the whole target. */
  suspended?: Suspension;
  /** For others that want to write meanwhile: which process this is. */
  holder: string;
  waits?: Partial<Waits>;
  clock: Clock;
  log: Log;
  signal?: AbortSignal;
}

export interface RunOptions {
  mode: 'plan' | 'apply';
  only?: readonly ResourceId[];
  /** True where a person asked: what stalled is tried again. */
  byHand?: boolean;
  progress?(outcome: Outcome): void;
  /** True where no journal was there to read, so that nothing is known of what left the repository. */
  withoutInventory?: boolean;
  /** The hash of the plan that a person approved; of any other plan nothing is written. */
  approve?: string;
  /** For the record: what made it run. */
  trigger?: string;
  /** For the record: true where a person named the revision. */
  named?: boolean;
  /** How the revision came to be, for the record of whose commit made each change. */
  past?: Past;
  /** Where in the repository a place of a document stands, as its layer has it. */
  placeOf?(by: ResourceId, pointer: Pointer): Place | undefined;
  /** Called with what is live and wished, before anything is judged. */
  observed?(observed: Observation): void;
  /** Called with the plan before the first write. */
  planned?(plan: Plan): void;
  /** Told how many of the objects that had to be read are read. */
  looked?(done: number, of: number): void;
  /** True where a person wants to know what Genesys itself says of the live objects. */
  inspect?: boolean;
}

/**
 * One run for one target: with the right to write where it is to write, and without it where it only looks. The command
 * line and the daemon differ only in who calls it. Throws `LeaseHeld` where another process is writing.
 */
export async function run(engine: Engine, desired: Desired, options: RunOptions): Promise<RunReport> {
  const { journal, target, organization, holder } = engine;
  const waits: Waits = { ...defaultWaits, ...engine.waits };
  const id = randomUUID();
  const log = engine.log.child({ runId: id, target, revision: desired.revision });
  const writer = options.mode === 'apply' ? engine.writer : undefined;
  if (writer === undefined) return runWith({ engine, desired, options, log, waits, id });
  const lease = await holdLease(
    { organization, owner: id, holder, ttlMs: waits.leaseMs },
    { journal, clock: engine.clock, log },
  );
  try {
    return await runWith({ engine, desired, options, log, waits, id, writing: { writer, lease } });
  } finally {
    await lease.release().catch((error) => log.warn({ detail: asFailure(error).message }, 'lease not released'));
  }
}

interface RunInput {
  engine: Engine;
  desired: Desired;
  options: RunOptions;
  log: Log;
  waits: Waits;
  id: string;
  /** Absent where nothing may be written. */
  writing?: { writer: Writer; lease: HeldLease };
}

/** Top to bottom: settle, observe, plan, policy, apply with verification, journal. */
async function runWith({ engine, desired, options, log, waits, id, writing }: RunInput): Promise<RunReport> {
  const { journal, target, organization } = engine;
  const clock = stoppable(engine.clock, engine.signal);
  const scope: Scope = { organization: organization.id, target };
  const { only, trigger, approve } = options;
  const started: RunRecord = {
    id,
    target,
    organization: organization.id,
    revision: desired.revision,
    mode: options.mode,
    startedAt: clock.now().toISOString(),
    ...(desired.content === undefined ? {} : { content: desired.content }),
    ...(only === undefined ? {} : { partial: true }),
    ...(options.named === true ? { named: true } : {}),
    ...(trigger === undefined ? {} : { trigger }),
    ...(approve === undefined ? {} : { approved: approve }),
  };
  if (options.mode === 'apply') await journal.startRun(started);
  try {
    const reader = memoiseLists(waitingBy(engine.reader, clock));
    const recovering = { ...engine, past: options.past, desired, scope, reader, waits, clock };
    const { unsettled, prove } = await recover({ ...recovering, ...(writing && { runId: id }) });
    const mark = await journal.mark();
    const still =
      unsettled.size > 0 || options.inspect === true ? undefined : await stillAsSeen(engine, desired, reader);
    const seen = still ?? (await look(engine, desired, options, { reader, scope, unsettled }));
    const drift =
      still === undefined ? await findDrift(seen, { engine, clock, desired, scope, runId: id, log }) : undefined;
    const view = drift?.view ?? seen;
    const { observed } = view;
    options.observed?.(observed);
    const verdict = await judge(engine, desired, options, { view, scope, reader, ...(drift && { drift }) });
    const judged = options.withoutInventory === true ? withoutInventory(verdict.plan) : verdict.plan;
    options.planned?.(judged);
    log.info({ summary: summarise(judged) }, 'planned');
    if (options.mode === 'apply') await drift?.note(judged);

    if (writing === undefined || still !== undefined) {
      return await conclude(engine, started, judged, [], options, log);
    }
    const states = new Map<string, ObjectState>(observed.objects.map((state) => [objectKey(state.wish), state]));
    const { inventory } = view.memory;
    const told = attribution(judged, { desired, inventory, states, past: options.past, log, clock });
    const { policy } = engine;
    const unseen = await unseenDrift({ policy, annotations: annotationsOf(desired), journal, scope, clock });
    let firstWrite: Date | undefined;
    const outcomes = await apply(judged, {
      firstWrite: () => firstWrite,
      writes: (at) => {
        firstWrite ??= at;
      },
      became: (change, id, live) => live && became(states, change, id, live),
      writer: waitingBy(writing.writer, clock),
      lease: writing.lease,
      journal,
      scope,
      runId: id,
      vault: engine.vault,
      clock,
      waits,
      log,
      ...(engine.signal === undefined ? {} : { signal: engine.signal }),
      ...(options.progress === undefined ? {} : { progress: options.progress }),
      stateOf: (change) => stateOf(change, states, observed.orphans, engine.types),
      replan: (change) =>
        replan(change, states, { ...engine, ...observed, reader: waitingBy(engine.reader, clock) }, async (part) => {
          const anew = planFor(engine, desired, part);
          const found = await drift?.again(anew, part);
          const again = await verdict.again(found?.plan ?? anew);
          await found?.note(again);
          return again;
        }),
      usersToLeave: verdict.usersToLeave,
      known: knownOf(engine, view, scope),
      ...unseen,
      byHand: options.byHand === true,
      placeOf: options.placeOf,
      commitOf: told.commitOf,
      ...rememberer({ journal, scope, desired, states, inventory, now: () => clock.now() }),
    });
    // What comes after is about all of the run; who no longer has the right to write cannot speak for it.
    writing.lease.check();
    await prove();
    await drift?.healed(outcomes);
    await rememberAnnotations({ journal, scope, desired, states });
    await rememberUnchanged({ journal, scope, desired, states, plan: judged });
    const keyed = (objects: readonly { type: string; id?: string }[]): Set<string> =>
      new Set(objects.map(({ type, id }) => `${type}:${id}`));
    const { activations } = view.memory;
    const late = await noteActivations(
      activations,
      {
        inForce: observed.inForce ?? new Set(),
        changing: keyed(judged.changes.map(({ object }) => object)),
        there: keyed([...inventory, ...observed.objects.map(({ wish }) => wish)]),
      },
      { journal, scope, clock, log },
    );
    if (options.only === undefined) {
      await forgetVanished({ journal, scope, observed, plan: judged });
      await forgetLeft(observed.left, { journal, scope, inventory, plan: judged });
      await forgetCheckpoints(journal, scope, judged, inventory);
      const wanted = wantedIds({ ...engine, desired, memory: view.memory });
      await forgetUnlisted({ journal, scope, types: engine.types, reader, wanted }, view.memory);
      await unseen.forget(judged, outcomes);
      await noteStalls(journal, scope, judged, outcomes, clock.now());
    }
    if (options.only === undefined && judged.held.length === 0) {
      await keepIfQuiet(engine, desired, { view, reader, mark });
    }
    const notes = await told.notes();
    const took = [late, ...outcomes.map(({ receipt }) => receipt.activationMs)].filter((ms) => ms !== undefined);
    const recorded: RunRecord = {
      ...started,
      ...(notes.length === 0 ? {} : { notes }),
      ...(took.length === 0 ? {} : { activationMs: Math.max(...took) }),
    };
    return await conclude(engine, recorded, judged, outcomes, options, log);
  } catch (error) {
    const thrown = asFailure(error);
    const failure = new Failure(thrown.reason, engine.vault.redact(thrown.message), {
      ...thrown.detail,
      ...(options.mode === 'apply' ? { recorded: true } : {}),
      cause: thrown,
    });
    const { reason, message, detail } = failure;
    let digest: string | undefined;
    try {
      if (options.mode === 'apply') {
        const status = failure.class === 'Retry' ? 'unreachable' : 'failed';
        const finishedAt = clock.now().toISOString();
        digest = (await journal.finishRun({ ...started, finishedAt, status, reason, message })).digest;
      }
    } finally {
      log.error({ reason, detail: message, correlationId: detail.correlationId, digest }, 'run failed');
    }
    throw failure;
  }
}

/** Lists, reads what moved, and plans. */
async function look(
  engine: Engine,
  desired: Desired,
  { looked, inspect: inspected }: RunOptions,
  { reader, scope, unsettled }: { reader: ListMemo; scope: Scope; unsettled: ReadonlySet<string> },
): Promise<View> {
  const { journal, clock } = engine;
  const memory = await loadMemory(engine, scope, unsettled);
  const keep: Parameters<typeof observe>[0]['keep'] = (_type, details) =>
    journal.keepDetails(scope.organization, details);
  const seen = await observe({ ...engine, desired, reader, memory, now: clock.now(), keep, looked });
  const said = inspected === true ? await inspect(seen.objects, reader) : [];
  const kept = leftAlone(desired.resources, engine.policy);
  const observed = { ...seen, warnings: [...seen.warnings, ...kept, ...said] };
  return { memory, observed, plan: planFor(engine, desired, observed) };
}

function planFor({ target, organization, vault }: Engine, { revision }: Desired, observed: Observed): Plan {
  return withoutSecrets(plan({ target, organization, revision, observed }), vault);
}
