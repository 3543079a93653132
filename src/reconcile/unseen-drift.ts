import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { Journal, Scope } from '../model/journal.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import { stamp } from '../model/moment.ts';
import type { Change, Outcome, Plan } from '../model/plan.ts';
import type { ResourceId } from '../model/resource.ts';
import { type Annotated, type DriftVerdict, leavesDrift, leftHow, pauseOf } from './policy-drift.ts';
import { type ObjectState, objectKey } from './state.ts';

/** By object: what a write met there that this tool had not written, though it could not be seen before. */
export type Met = ReadonlyMap<string, Unseen>;

interface Unseen {
  /** ISO 8601: when it was met first. */
  at: string;
  /** The version that is there, where Genesys told it. */
  version?: string;
}

/** The fact of the journal in which it stands, by object. */
const metOf = ({ organization, target }: Scope): string => `met-drift:${organization}:${target}`;

export async function loadMet(journal: Journal, scope: Scope): Promise<Map<string, Unseen>> {
  const kept = await journal.recall(metOf(scope));
  return new Map(Object.entries(isObject(kept) ? kept : {}) as [string, never][]);
}

/** Why an object is left alone for now: drift of it pauses, and it was met not long ago. */
export function pausedUnseen(
  change: Pick<Change, 'object' | 'kind' | 'name' | 'fields'>,
  { met, now, ...input }: Annotated & { met?: Met; now: Date },
): DriftVerdict | undefined {
  const unseen = met?.get(objectKey(change.object));
  if (unseen === undefined) return undefined;
  const until = pausesUntil([`${change.kind}/${change.name}`, ...change.fields.map(({ by }) => by)], unseen, input);
  return until === undefined || until <= now ? undefined : inWords(unseen, until);
}

interface MetInput extends Annotated {
  journal: Journal;
  scope: Scope;
  clock: Pick<Clock, 'now'>;
}

type Wished = Pick<ObjectState, 'wish'>;

/** What one run knows of it, and puts down. */
export interface UnseenDrift {
  /** True where what others changed is not to be written over unseen: until a pause is over. */
  leavesDrift(state: Wished): boolean;
  /** What a failure of a write is that left drift alone. Where drift pauses, it is put down when that began. */
  leftAlone(failure: Failure, change: Change, state: Wished): Promise<Failure>;
  /** What was written over since, or needs no change any more, is over: what comes after it is another drift. */
  forget(plan: Plan, outcomes: readonly Outcome[]): Promise<void>;
}

export async function unseenDrift({ journal, scope, clock, ...input }: MetInput): Promise<UnseenDrift> {
  const met = await loadMet(journal, scope);
  const keep = (): Promise<void> =>
    journal.memorise(metOf(scope), met.size === 0 ? null : (Object.fromEntries(met) as unknown as JsonObject));
  return {
    leavesDrift({ wish }) {
      const unseen = met.get(objectKey(wish));
      const until = unseen && pausesUntil(wish.by, unseen, input);
      return leavesDrift(wish.by, input) && !(until !== undefined && until <= clock.now());
    },
    async leftAlone(failure, { object }, { wish }) {
      if (failure.reason !== 'Drifted') return failure;
      const key = objectKey(object);
      const version = failure.detail.version ?? failure.detail.versionAfter;
      const at = met.get(key)?.at ?? clock.now().toISOString();
      const unseen = { at, ...(version === undefined ? {} : { version }) };
      const until = pausesUntil(wish.by, unseen, input);
      if (until === undefined) return failure;
      met.set(key, unseen);
      await keep();
      const { reason, message } = inWords(unseen, until);
      return new Failure(reason, message, failure.detail);
    },
    async forget({ changes, held }, outcomes) {
      const done = new Set(outcomes.flatMap(({ status, object }) => (status === 'applied' ? [objectKey(object)] : [])));
      const wanted = new Set([...changes, ...held].map(({ object }) => objectKey(object)));
      const over = [...met.keys()].filter((key) => !wanted.has(key) || done.has(key));
      for (const key of over) met.delete(key);
      if (over.length > 0) await keep();
    },
  };
}

/** Undefined where one of them wants it reported, or none wants it to pause. */
function pausesUntil(wishers: readonly ResourceId[], { at }: Unseen, input: Annotated): Date | undefined {
  const how = wishers.map((by) => leftHow(by, input));
  if (how.includes('report') || !how.includes('pause')) return undefined;
  const pauses = wishers.filter((_, i) => how[i] === 'pause').map((by) => pauseOf(by, input));
  return new Date(Date.parse(at) + Math.max(...pauses));
}

function inWords({ version }: Unseen, until: Date): DriftVerdict {
  const at = until.toISOString();
  const what =
    version === undefined
      ? 'whether somebody else changed it cannot be seen'
      : `somebody else changed it (it is version ${version} now), which could not be seen before it was to be written`;
  const message = `${what}; it is left alone until ${stamp(at)}`;
  return { reason: 'DriftPaused', message, until: at };
}
