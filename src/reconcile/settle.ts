import type { Clock } from '../model/clock.ts';
import type { Intent, ObjectType } from '../model/contracts.ts';
import type { Reader } from '../model/http.ts';
import type { Journal, Scope } from '../model/journal.ts';
import type { Commit, Outcome } from '../model/plan.ts';
import { checkpointed, checkpointOf } from './context.ts';
import { splitId } from './plan.ts';
import { settleWrites } from './settle-writes.ts';
import { ownerKey, stateKey } from './state.ts';
import type { Waits } from './waits.ts';

/** A created object may take a while to show in its list: the shares of `settleMs` between looks, which grow; from the
 * first look to the last, all of it. */
const lookUpAfter = [1, 2, 4, 8, 15, 31].map((part) => part / 60);
/** More of one pause does not count: it may be the clock that jumped. A little more than the longest above. */
const mostPause = ({ settleMs }: Waits): number => settleMs * 0.55;
/** So many full lists have to lack an object before it counts as not made. */
const fewestLooks = 3;

/** Looks for what a create with a lost answer made. Undefined: not found in all that time; the intent stays open. */
export async function settleCreate(
  type: ObjectType,
  intents: readonly Intent[],
  { clock, writer, journal, waits }: { clock: Clock; writer: Reader; journal: Journal; waits: Waits },
): Promise<string | undefined> {
  for (const share of lookUpAfter) {
    await clock.sleep(share * waits.settleMs);
    for (const intent of intents) {
      const { outcome, id } = await type.settle(writer, intent, await checkpointed(journal, intent));
      if (outcome === 'applied' && id !== undefined) return id;
      if (outcome === 'not-applied') await journal.notFound(intent.id, mostPause(waits));
    }
  }
  return undefined;
}

export interface SettleInput {
  journal: Journal;
  scope: Scope;
  types: readonly ObjectType[];
  reader: Reader;
  waits: Waits;
  /** The run that settles; absent for a plan: it looks, and writes nothing down. */
  runId?: string;
  /** By whose commit an interrupted run sent what it sent, where that can be told. */
  commitOf?(intent: Intent): Promise<Commit | undefined>;
}

export interface Settled {
  /** What may be there and does not show yet: nothing is done about these objects. */
  unsettled: Set<string>;
  /** Writes of which it is not known yet whether they happened; they hold nothing up. `lacked`: nothing of them was live. */
  open: { intent: Intent; lacked: boolean }[];
}

/**
 * What interrupted runs left open, before anything else is done. A create that shows up now is ours. One that does not is
 * unsettled, and held, until at least three full lists over `settleMs` have lacked it: lists may lag, and a second look
 * at the same moment tells nothing new. Another write holds nothing up, since the plan compares with live state: what is
 * settled is whether it happened, for the record. Intents of other targets of the organisation count as well: under
 * another name or beside it, a target would make the same object again.
 */
export async function settleOpenIntents(input: SettleInput): Promise<Settled> {
  const { journal, scope, types, reader, runId, commitOf } = input;
  const unsettled = new Set<string>();
  const all = await journal.openIntents(scope.organization);
  const open = runId === undefined ? [] : await settleWrites(all, input, (id) => isLackedLongEnough(id, input));
  for (const intent of all) {
    const type = types.find((one) => one.type === intent.object.type);
    if (type === undefined || intent.action !== 'create') continue;
    const { outcome, id, certain } = await type.settle(reader, intent, await checkpointed(journal, intent));
    const notMade = outcome === 'not-applied' && certain !== true;
    if (outcome === 'unknown' || (notMade && !(runId !== undefined && (await isLackedLongEnough(intent.id, input))))) {
      unsettled.add(stateKey(intent.object.type, intent.object.key));
      // The next commit may give it another name: it is still the same document's object that may show up.
      unsettled.add(ownerKey(intent.object.type, intent.by));
      continue;
    }
    if (runId === undefined) continue;
    if (outcome === 'applied' && id !== undefined) {
      const { type: objectType, key } = intent.object;
      const owned = { organization: scope.organization, target: intent.target };
      await journal.remember(owned, { type: objectType, id, key, owner: intent.by, adopted: false });
      // What its attempt kept is asked for by its id from now on.
      const kept = await checkpointed(journal, intent);
      if (kept !== undefined) await journal.memorise(checkpointOf(owned, { ...intent.object, id }), kept);
      await journal.recordOutcome(runId, foundLater(intent, id, await commitOf?.(intent)));
    }
    await journal.settleIntent(intent.id, outcome, id);
  }
  return { unsettled, open };
}

/** The run that sent it could not tell that it was done; this one does, and the revision's limits count it. */
function foundLater({ by, object, at }: Intent, id: string, commit: Commit | undefined): Outcome {
  const [kind, name] = splitId(by);
  const message = `it was sent at ${at}, its answer was lost, and it is there`;
  return {
    kind,
    name,
    action: 'create',
    object: { ...object, id },
    status: 'applied',
    message,
    ...(commit === undefined ? {} : { commit }),
    receipt: { requests: [] },
  };
}

async function isLackedLongEnough(id: number, { journal, waits }: SettleInput): Promise<boolean> {
  const { looks, ms } = await journal.notFound(id, mostPause(waits));
  return looks >= fewestLooks && ms >= waits.settleMs;
}
