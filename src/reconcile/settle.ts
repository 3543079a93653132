import type { Clock } from '../model/clock.ts';
import type { Intent, ObjectType } from '../model/contracts.ts';
import type { Reader } from '../model/http.ts';
import type { Journal, Scope } from '../model/journal.ts';
import { stateKey } from './state.ts';

/** A created object may take a while to show in its list: milliseconds between looks, a minute in all. */
const lookUpAfterMs = [1000, 2000, 4000, 8000, 15_000, 30_000];
const settledAfterMs = 60_000;

/** Looks for what a create with a lost answer made. Undefined: not found in all that time; the intent stays open. */
export async function settleCreate(
  type: ObjectType,
  intents: readonly Intent[],
  { clock, writer }: { clock: Clock; writer: Reader },
): Promise<string | undefined> {
  for (const wait of lookUpAfterMs) {
    await clock.sleep(wait);
    for (const intent of intents) {
      const { outcome, id } = await type.settle(writer, intent);
      if (outcome === 'applied' && id !== undefined) return id;
    }
  }
  return undefined;
}

export interface SettleInput {
  journal: Journal;
  scope: Scope;
  types: readonly ObjectType[];
  reader: Reader;
  clock: Clock;
  /** False for a plan: it looks, and writes nothing down. */
  record: boolean;
}

/**
 * What interrupted runs left open, before anything else is done. A create that shows up now is ours; one that does not
 * is unsettled for its first minute, then not applied. Every other write is settled by comparing with live state.
 */
export async function settleOpenIntents(input: SettleInput): Promise<Set<string>> {
  const { journal, scope, types, reader, clock, record } = input;
  const unsettled = new Set<string>();
  for (const intent of await journal.openIntents(scope)) {
    const type = types.find((one) => one.type === intent.object.type);
    if (type === undefined) continue;
    const { outcome, id } = await type.settle(reader, intent);
    const age = clock.now().getTime() - new Date(intent.at).getTime();
    if (outcome === 'unknown' || (outcome === 'not-applied' && intent.action === 'create' && age < settledAfterMs)) {
      unsettled.add(stateKey(intent.object.type, intent.object.key));
      continue;
    }
    if (!record) continue;
    if (outcome === 'applied' && intent.action === 'create' && id !== undefined) {
      const { type: objectType, key } = intent.object;
      await journal.remember(scope, { type: objectType, id, key, owner: intent.by, adopted: false });
    }
    await journal.settleIntent(intent.id, outcome);
  }
  return unsettled;
}
