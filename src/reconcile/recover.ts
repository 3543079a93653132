import type { Clock } from '../model/clock.ts';
import type { Intent } from '../model/contracts.ts';
import type { Log } from '../model/log.ts';
import type { Commit } from '../model/plan.ts';
import { type Desired, type ResourceId, resourceId } from '../model/resource.ts';
import { inTime, type Past } from './attribute.ts';
import { orphansOf, outcomeOfOrphan } from './orphans.ts';
import { logOutcome } from './outcome.ts';
import { type SettleInput, settleOpenIntents } from './settle.ts';
import { settleByProof } from './settle-writes.ts';

interface Recovery extends SettleInput {
  desired: Desired;
  clock: Clock;
  log: Log;
  past: Past | undefined;
}

/** So many runs in a row may have ended before they could tell of all that they sent. */
const mostRuns = 5;

/**
 * What runs before this one left behind: open writes are settled, and what no outcome tells of is told, in the run that sent
 * it and with the commit that it was sent for. `prove` is for after this run's own writes: what of the rest they tell.
 */
export async function recover(input: Recovery): Promise<{ unsettled: Set<string>; prove(): Promise<void> }> {
  const { journal, scope, runId, desired, clock, log, past } = input;

  async function commitOf({
    target,
    runId: sentBy,
    by,
    wishers = {},
    cause,
  }: CommitAsked): Promise<Commit | undefined> {
    // Drift has no commit, and another target may have another repository.
    if (past?.commitsAt === undefined || cause === 'drift' || target !== scope.target) return undefined;
    const revision = (await journal.run(sentBy))?.revision;
    if (revision === undefined) return undefined;
    const from = new Map(desired.resources.map((resource) => [resourceId(resource), resource.from]));
    const left = new Map((await journal.inventory(scope)).map(({ owner, paths: all = [] }) => [owner, all]));
    const asked = [...new Set<ResourceId>([by, ...Object.values(wishers)])];
    const paths = new Map(asked.map((one) => [one, from.get(one) ?? left.get(one) ?? []] as const));
    const found = await inTime(past.commitsAt(revision, paths), { clock, log });
    return [...(found?.values() ?? [])].sort((a, b) => (a.at < b.at ? 1 : -1))[0];
  }

  async function tell(sentBy: string): Promise<void> {
    const run = await journal.run(sentBy);
    // What a run that finished has is sealed by its digest: of that reports tell by its writes.
    if (run === undefined || run.status !== undefined || run.target !== scope.target) return;
    for (const writes of await orphansOf(journal, sentBy)) {
      const commit = await commitOf(writes[0]!);
      const outcome = { ...outcomeOfOrphan(writes), ...(commit === undefined ? {} : { commit }) };
      await journal.recordOutcome(sentBy, outcome);
      logOutcome(log.child({ runId: sentBy, target: run.target, revision: run.revision }), outcome);
    }
  }

  const { unsettled, open } = await settleOpenIntents({ ...input, commitOf });
  if (runId === undefined) return { unsettled, prove: async () => {} };
  const recent = await journal.runs(scope.target, mostRuns + 1);
  for (const { id, summary } of recent.filter((run) => run.id !== runId)) {
    // A run that came to its end has an outcome for all that it sent, and told of those before it.
    if (summary !== undefined) break;
    await tell(id);
  }
  return {
    unsettled,
    async prove() {
      const proved = await settleByProof(open, { journal, scope });
      for (const sentBy of new Set(proved.map((intent) => intent.runId))) await tell(sentBy);
    },
  };
}

type CommitAsked = Pick<Intent, 'target' | 'runId' | 'by' | 'wishers' | 'cause'>;
