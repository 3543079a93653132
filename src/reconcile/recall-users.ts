import type { Consumers } from '../model/contracts.ts';
import type { Change } from '../model/plan.ts';
import { meaningOf } from './approve.ts';
import { whyInUse } from './in-use.ts';
import type { Engine } from './run.ts';
import { objectKey } from './state.ts';

/** For so long a held change is not asked about again, in milliseconds: by who uses it, and where that was not certain. */
const keptMs = { certain: 3_600_000, uncertain: 600_000 };

/** What was answered to this engine, by what was to be done: deletions that are held for weeks are not asked about in every run. */
const answers = new WeakMap<Engine, Map<string, Answered>>();

interface Answered {
  /** Milliseconds since 1970. */
  at: number;
  consumers: Consumers;
}

/**
 * Who uses the objects of these changes, by object: as it was answered before, or by asking. `fresh`: nothing is recalled.
 * `planned` is what is about to be done: an answer that holds nothing back beside it is not kept, as those whom it names are
 * about to leave.
 */
export async function askOrRecall(
  changes: readonly Change[],
  {
    engine,
    fresh,
    planned,
    ask,
  }: {
    engine: Engine;
    fresh: boolean;
    planned: readonly Change[];
    ask(changes: readonly Change[]): Promise<ReadonlyMap<string, Consumers>>;
  },
): Promise<ReadonlyMap<string, Consumers>> {
  const now = engine.clock.now().getTime();
  const before = fresh ? undefined : answers.get(engine);
  const found = new Map<Change, Answered>();
  for (const change of changes) {
    const answered = before?.get(meaningOf(change));
    if (answered !== undefined && stillCounts(change, answered, now)) found.set(change, answered);
  }
  const asked = await ask(changes.filter((change) => !found.has(change)));
  for (const change of changes) {
    const consumers = asked.get(objectKey(change.object));
    if (consumers !== undefined) found.set(change, { at: now, consumers });
  }
  const holding = [...found].filter(([change, { consumers }]) => whyInUse(change, consumers, planned) !== undefined);
  answers.set(engine, new Map(holding.map(([change, answered]) => [meaningOf(change), answered])));
  return new Map([...found].map(([change, { consumers }]) => [objectKey(change.object), consumers]));
}

/** Only what is held by it is worth recalling: whatever is about to be done is asked about. */
function stillCounts(change: Change, { at, consumers }: Answered, now: number): boolean {
  const keep = consumers.uncertain === undefined ? keptMs.certain : keptMs.uncertain;
  return now >= at && now - at < keep && whyInUse(change, consumers, []) !== undefined;
}
