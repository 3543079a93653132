import type { Intent, Settlement } from '../model/contracts.ts';
import type { SentWrite } from '../model/journal.ts';
import { checkpointed } from './context.ts';
import type { Settled, SettleInput } from './settle.ts';

type Deps = Pick<SettleInput, 'journal' | 'scope' | 'types' | 'reader'>;

/**
 * Settles writes of interrupted runs to objects that were there. One that changed nothing may be on its way yet, so it counts
 * as not applied only after as long as a create would (`isLacked`), or when a later write proves it. Answers those that
 * stay open. What cannot be asked stays open too: nothing depends on it.
 */
export async function settleWrites(
  intents: readonly Intent[],
  deps: Deps,
  isLacked: (intentId: number) => Promise<boolean>,
): Promise<Settled['open']> {
  const { journal, scope } = deps;
  const writes = intents.filter(({ action }) => action !== 'create');
  if (writes.length === 0) return [];
  const sent = await journal.writesSince(scope.organization, earliest(writes));
  const left: Settled['open'] = [];
  for (const intent of writes) {
    if (sent.some((write) => disproves(write, intent, false))) {
      await journal.settleIntent(intent.id, 'not-applied');
      continue;
    }
    const looked = await settlementOf(intent, deps);
    if (looked === undefined) {
      left.push({ intent, lacked: false });
      continue;
    }
    const { outcome, certain } = looked;
    // Of two that were sent over one version only one can have been taken, and nobody knows which.
    const isOneOf = writes.some((other) => other.id > intent.id && isSame(other, intent) && isVersioned(intent));
    const isKnown =
      outcome === 'applied' ? !isOneOf : (outcome === 'not-applied' && certain === true) || (await isLacked(intent.id));
    // Something else was written over it: that it was done is then the likelier, and its audit record, or that there is none,
    // will tell. Left open, it would be asked about in every run for ever.
    if (isKnown) await journal.settleIntent(intent.id, outcome === 'unknown' ? 'applied' : outcome);
    else left.push({ intent, lacked: outcome === 'not-applied' });
  }
  return left;
}

/** After the run's own writes: what one of them proves not to have happened. Answers those that it settled. */
export async function settleByProof(open: Settled['open'], { journal, scope }: Pick<Deps, 'journal' | 'scope'>) {
  if (open.length === 0) return [];
  const sent = await journal.writesSince(scope.organization, earliest(open.map(({ intent }) => intent)));
  const proved = open.filter(({ intent, lacked }) => sent.some((write) => disproves(write, intent, lacked)));
  for (const { intent } of proved) await journal.settleIntent(intent.id, 'not-applied');
  return proved.map(({ intent }) => intent);
}

/** Undefined where it cannot be asked just now. */
async function settlementOf(intent: Intent, { journal, types, reader }: Deps): Promise<Settlement | undefined> {
  const type = types.find((one) => one.type === intent.object.type);
  try {
    return await type?.settle(reader, intent, await checkpointed(journal, intent));
  } catch {
    return undefined;
  }
}

/**
 * Genesys takes one write over each version, and one deletion of an object: where it took a later one, the earlier did
 * nothing. Where a write has no version, it was looked (`lacked`) before the later one left that nothing of it was live; one
 * that arrived in the moment between is taken for one that did not.
 */
function disproves(later: SentWrite, intent: Intent, lacked: boolean): boolean {
  const isTaken = later.open !== true && later.refused !== true && later.receipt !== undefined;
  if (!isTaken || later.intentId <= intent.id || !isSame(later, intent)) return false;
  return isVersioned(intent) || intent.action === 'delete' || (lacked && later.runId !== intent.runId);
}

/** Of one step of one object over the same version. */
function isSame(one: Pick<Intent, 'object' | 'step' | 'version'>, other: Intent): boolean {
  const { type, id } = other.object;
  return one.object.type === type && one.object.id === id && one.step === other.step && one.version === other.version;
}

/** A draft counts versions of its own. */
const isVersioned = ({ version, base }: Intent): boolean => version !== undefined && version === base;

function earliest(intents: readonly Intent[]): string {
  return intents.map(({ at }) => at).sort()[0]!;
}
