import type { ReadRequest } from '../model/http.ts';
import { equal, type Json, type JsonObject } from '../model/json.ts';
import type { Plan } from '../model/plan.ts';
import type { Desired } from '../model/resource.ts';
import type { ListMemo, Looked } from './memo.ts';
import type { Memory, Observation } from './observe.ts';
import { dueAt } from './read.ts';
import type { Engine } from './run.ts';

/** What a run made of desired and live state, before policy. */
export interface View {
  memory: Memory;
  observed: Observation;
  /** Before policy, which depends on the time and is asked anew on every run. */
  plan: Plan;
}

interface Kept {
  view: View;
  desired: Desired;
  lists: { request: ReadRequest; items: JsonObject[] }[];
  looks: Looked[];
  mark: string;
  /** Milliseconds since 1970: when the first object is due to be read afresh. */
  until: number;
}

/** The last quiet run of each engine, in this process. */
const quiet = new WeakMap<Engine, Kept>();

/**
 * What the last run saw, where nothing moved since: the same desired state, a journal that learned nothing, and the same
 * lists, which are asked for as ever. Observing and planning are pure in these, so their results are the same.
 */
export async function stillAsSeen(engine: Engine, desired: Desired, reader: ListMemo): Promise<View | undefined> {
  const kept = quiet.get(engine);
  if (kept === undefined || kept.desired !== desired || kept.until <= engine.clock.now().getTime()) return undefined;
  if (kept.mark !== (await engine.journal.mark())) return undefined;
  const [lists, looks] = await Promise.all([
    Promise.all(kept.lists.map(({ request }) => reader.list(request))),
    Promise.all(kept.looks.map(({ type, ids, seen }) => reader.look(type, ids, seen))),
  ]);
  const isSame =
    kept.lists.every(({ items }, i) => equal(items, lists[i])) &&
    kept.looks.every(({ summaries }, i) => equal(summaries as unknown as Json, looks[i] as unknown as Json));
  return isSame ? kept.view : undefined;
}

/**
 * Keeps what a run saw if it was quiet: nothing to change, and nothing asked for, read or learned but what the lists
 * hold. `mark` is the journal's before its memory was loaded.
 */
export async function keepIfQuiet(
  engine: Engine,
  desired: Desired,
  { view, reader, mark }: { view: View; reader: ListMemo; mark: string },
): Promise<void> {
  quiet.delete(engine);
  const { changes, held, problems } = view.plan;
  const { lists, looks, others } = await reader.asked();
  if (others > 0 || changes.length + held.length + problems.length > 0) return;
  if (view.memory.activations.size > 0 || view.memory.unsettled.size > 0) return;
  if (view.observed.vanished.length + view.observed.orphans.length > 0) return;
  if (mark !== (await engine.journal.mark())) return;
  const versioned = new Set(engine.types.filter((type) => type.versioned === true).map(({ type }) => type));
  const details = [...view.memory.details].flatMap(([type, some]) => (versioned.has(type) ? [] : [...some.values()]));
  const now = engine.clock.now().getTime();
  const until = details.map(dueAt).reduce((first, due) => (due > now && due < first ? due : first), Infinity);
  quiet.set(engine, { view, desired, lists, looks, mark, until });
}
