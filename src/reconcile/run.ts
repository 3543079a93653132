import { randomUUID } from 'node:crypto';
import type { Clock } from '../model/clock.ts';
import type { Kind, ObjectType } from '../model/contracts.ts';
import type { PolicyConfig } from '../model/daemon-config.ts';
import { asFailure, Failure, type Reason } from '../model/failure.ts';
import type { Reader, Writer } from '../model/http.ts';
import type { Journal, RunRecord, RunStatus, Scope } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import { type Change, type Held, type Outcome, type Plan, summarise } from '../model/plan.ts';
import { type Desired, type ResourceId, resourceId } from '../model/resource.ts';
import type { Vault } from '../model/seal.ts';
import { apply } from './apply.ts';
import { memoiseLists } from './memo.ts';
import { type Memory, observe, readSealed } from './observe.ts';
import { plan } from './plan.ts';
import { applyPolicy, type PolicyInput } from './policy.ts';
import { forgetVanished, rememberAnnotations, rememberer, rememberUnchanged } from './remember.ts';
import { settleOpenIntents } from './settle.ts';
import { loadStalls, noteStalls } from './stalls.ts';
import { type ObjectState, type Observed, type Orphan, objectKey } from './state.ts';
import { keepIfQuiet, stillAsSeen, type View } from './still.ts';

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
  policy: PolicyConfig;
  /** Why the whole target rests, where it does. */
  suspended?: string;
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
  /** Called with the plan before the first write. */
  planned?(plan: Plan): void;
}

export interface RunReport {
  runId: string;
  mode: 'plan' | 'apply';
  status: RunStatus;
  reason: Reason;
  plan: Plan;
  outcomes: Outcome[];
}

/**
 * One run for one target, top to bottom: settle, observe, plan, policy, apply with verification, journal. The command
 * line and the daemon differ only in who calls it.
 */
export async function run(engine: Engine, desired: Desired, options: RunOptions): Promise<RunReport> {
  const { journal, target, organization } = engine;
  const clock = stoppable(engine.clock, engine.signal);
  const scope: Scope = { organization: organization.id, target };
  const writer = options.mode === 'apply' ? engine.writer : undefined;
  const startedAt = clock.now().toISOString();
  const started: RunRecord = {
    id: randomUUID(),
    target,
    organization: organization.id,
    revision: desired.revision,
    mode: options.mode,
    startedAt,
    ...(options.only === undefined ? {} : { partial: true }),
  };
  const log = engine.log.child({ runId: started.id, target, revision: desired.revision });
  if (options.mode === 'apply') await journal.startRun(started);
  try {
    const reader = memoiseLists(engine.reader);
    const settling = { journal, scope, types: engine.types, reader, clock, record: writer !== undefined };
    const unsettled = await settleOpenIntents(settling);
    const mark = await journal.mark();
    const still = unsettled.size > 0 ? undefined : await stillAsSeen(engine, desired, reader);
    const view = still ?? (await look(engine, desired, { reader, scope, unsettled }));
    const { observed } = view;
    const policyInput = await policyFor(engine, desired, options, view.memory, scope);
    const judge = (part: Observed): Plan => applyPolicy(planFor(engine, desired, part), policyInput);
    const judged = withWarning(applyPolicy(view.plan, policyInput), options);
    options.planned?.(judged);
    log.info({ summary: summarise(judged) }, 'planned');

    if (options.mode === 'plan' || writer === undefined || still !== undefined) {
      return await conclude(engine, started, judged, [], options, log);
    }
    const states = new Map<string, ObjectState>(observed.objects.map((state) => [objectKey(state.wish), state]));
    const outcomes = await apply(judged, {
      writer,
      journal,
      scope,
      runId: started.id,
      vault: engine.vault,
      clock,
      log,
      ...(engine.signal === undefined ? {} : { signal: engine.signal }),
      ...(options.progress === undefined ? {} : { progress: options.progress }),
      stateOf: (change) => stateOf(change, states, observed.orphans, engine.types),
      replan: (change) => replan(change, states, engine, judge),
      ...rememberer({ journal, scope, desired, states, inventory: view.memory.inventory, now: () => clock.now() }),
    });
    await rememberAnnotations({ journal, scope, desired, states });
    await rememberUnchanged({ journal, scope, desired, states, plan: judged });
    if (options.only === undefined) {
      await forgetVanished({ journal, scope, observed, plan: judged });
      await noteStalls(journal, scope, judged, outcomes, clock.now());
    }
    if (options.only === undefined && judged.held.length === 0) {
      await keepIfQuiet(engine, desired, { view, reader, mark });
    }
    return await conclude(engine, started, judged, outcomes, options, log);
  } catch (error) {
    const thrown = asFailure(error);
    const failure = new Failure(thrown.reason, engine.vault.redact(thrown.message), {
      ...thrown.detail,
      ...(options.mode === 'apply' ? { recorded: true } : {}),
      cause: thrown,
    });
    log.error(
      { reason: failure.reason, detail: failure.message, correlationId: failure.detail.correlationId },
      'run failed',
    );
    if (options.mode === 'apply') {
      const { reason, message } = failure;
      await journal.finishRun({
        ...started,
        finishedAt: clock.now().toISOString(),
        status: failure.class === 'Retry' ? 'unreachable' : 'failed',
        reason,
        message,
      });
    }
    throw failure;
  }
}

/** Lists, reads what moved, and plans. */
async function look(
  engine: Engine,
  desired: Desired,
  { reader, scope, unsettled }: { reader: Reader; scope: Scope; unsettled: ReadonlySet<string> },
): Promise<View> {
  const { journal, clock } = engine;
  const memory = await loadMemory(engine, scope, unsettled);
  const keep: Parameters<typeof observe>[0]['keep'] = (_type, details) =>
    journal.keepDetails(scope.organization, details);
  const observed = await observe({ ...engine, desired, reader, memory, now: clock.now(), keep });
  return { memory, observed, plan: planFor(engine, desired, observed) };
}

function planFor({ target, organization }: Engine, { revision }: Desired, observed: Observed): Plan {
  return plan({ target, organization, revision, observed });
}

function withWarning(judged: Plan, { withoutInventory }: RunOptions): Plan {
  if (withoutInventory !== true) return judged;
  const message = 'no journal is there yet, so nothing is known of what this tool made, and deletions are unknown';
  return { ...judged, warnings: [...judged.warnings, { code: 'deletions-unknown', message }] };
}

/** A clock whose waits end when the run is asked to stop. */
function stoppable(clock: Clock, signal: AbortSignal | undefined): Clock {
  const stopped = (): never => {
    throw new Failure('Interrupted', 'the run was asked to stop');
  };
  return { now: () => clock.now(), sleep: (ms) => clock.sleep(ms, signal).catch(stopped) };
}

async function loadMemory(engine: Engine, scope: Scope, unsettled: ReadonlySet<string>): Promise<Memory> {
  const { journal, types } = engine;
  const [inventory, applied, details] = await Promise.all([
    journal.inventory(scope),
    journal.applied(scope),
    Promise.all(
      types
        .filter(({ managed }) => managed)
        .map(async ({ type }) => [type, await journal.details(scope.organization, type)] as const),
    ),
  ]);
  return { inventory, applied, details: new Map(details), unsettled };
}

async function policyFor(
  engine: Engine,
  desired: Desired,
  options: RunOptions,
  memory: Memory,
  scope: Scope,
): Promise<PolicyInput> {
  return {
    policy: engine.policy,
    now: engine.clock.now(),
    annotations: new Map(desired.resources.map((resource) => [resourceId(resource), resource.annotations])),
    inventory: new Map(memory.inventory.map((entry) => [`${entry.type}:${entry.id}`, entry])),
    claims: await engine.journal.claims(scope.organization, scope.target),
    stalls: options.byHand === true ? new Map() : await loadStalls(engine.journal, scope),
    ...(engine.suspended === undefined ? {} : { targetSuspended: engine.suspended }),
    emptySnapshot: desired.empty,
    ...(options.only === undefined ? {} : { only: options.only }),
  };
}

/** What a change is about. An orphan has no wish of its own; deleting needs none. */
function stateOf(
  { object, action, kind, name }: Change,
  states: ReadonlyMap<string, ObjectState>,
  orphans: readonly Orphan[],
  types: readonly ObjectType[],
): ObjectState {
  const state = states.get(objectKey(object));
  if (state !== undefined && action !== 'delete') return state;
  const orphan = orphans.find(({ entry }) => entry.type === object.type && entry.id === object.id);
  const type = types.find((one) => one.type === object.type)!;
  const by = `${kind}/${name}`;
  const wish = {
    type: object.type,
    key: object.key,
    name: object.key,
    by: [by],
    fields: [],
    onCreate: [],
    problems: [],
  };
  return { wish, type, ...(orphan === undefined ? {} : { inventory: orphan.entry, summary: orphan.summary }) };
}

/** One object observed and planned anew after it moved, through the same planner and policy. */
async function replan(
  change: Change,
  states: Map<string, ObjectState>,
  engine: Engine,
  judge: (observed: Observed) => Plan,
): Promise<Change | Held | undefined> {
  const type = engine.types.find((one) => one.type === change.object.type)!;
  const { id } = change.object;
  const live = id === undefined ? undefined : await readSealed(type, id, engine.reader, engine.vault);
  // Nobody wishes what is to be deleted, so there is nothing to compare: it is gone, or it is deleted again.
  if (change.action === 'delete') return live === undefined ? undefined : change;
  const state = states.get(objectKey(change.object))!;
  const { live: _before, summary: _summary, ...rest } = state;
  const { id: _id, ...wish } = state.wish;
  const now: ObjectState = live === undefined ? { ...rest, wish } : { ...state, live };
  states.set(objectKey(now.wish), now);
  const again = judge({ objects: [now], orphans: [], vanished: [], problems: [], warnings: [] });
  const problem = again.problems[0];
  if (problem !== undefined) return { ...change, reason: 'ReconciliationFailed', message: problem.message };
  if (again.unchanged.length > 0) return undefined;
  const gone: Held = { ...change, reason: 'Gone', message: 'it was deleted meanwhile, and no document owns it' };
  return again.changes[0] ?? again.held[0] ?? gone;
}

async function conclude(
  engine: Engine,
  started: RunRecord,
  judged: Plan,
  outcomes: Outcome[],
  options: RunOptions,
  log: Log,
): Promise<RunReport> {
  const broken = outcomes.some(({ status }) => status !== 'applied') || judged.problems.length > 0;
  const status: RunStatus = broken ? 'failed' : judged.held.length > 0 ? 'held' : 'succeeded';
  const reason: Reason = broken ? 'ReconciliationFailed' : (judged.held[0]?.reason ?? 'ReconciliationSucceeded');
  const report = { runId: started.id, mode: options.mode, status, reason, plan: judged, outcomes };
  if (options.mode === 'plan') return report;
  const finishedAt = engine.clock.now().toISOString();
  const first = judged.problems[0];
  const message =
    first === undefined ? {} : { message: `${first.resource ?? ''}: ${first.message}`.replace(/^: /, '') };
  const record = await engine.journal.finishRun({
    ...started,
    finishedAt,
    status,
    reason,
    ...message,
    summary: summarise(judged),
  });
  log.info({ status, reason, summary: summarise(judged), digest: record.digest }, 'run finished');
  return report;
}
