import type { DriftStory } from '../model/audit.ts';
import type { Conflict } from '../model/conflict.ts';
import type { PolicyConfig } from '../model/daemon-config.ts';
import { driftInWords } from '../model/drift-words.ts';
import { durationOf } from '../model/duration.ts';
import type { Reason } from '../model/failure.ts';
import { stamp } from '../model/moment.ts';
import { type Change, causeOfField, type FieldChange } from '../model/plan.ts';
import { dotted, type Pointer } from '../model/pointer.ts';
import type { ResourceId } from '../model/resource.ts';
import type { DriftFacts, FoundDrift } from './drift.ts';
import { together } from './drift-story.ts';
import { namedFor, withFields } from './policy-suspended.ts';
import { objectKey } from './state.ts';

export const driftDefaults = { drift: 'heal', driftPause: '1h' } as const;

/** What decides over drift. Plain data. */
export interface DriftInput {
  policy: PolicyConfig;
  now: Date;
  annotations: ReadonlyMap<ResourceId, Record<string, string>>;
  /** Who moved which fields of each object, and when that was seen first, by object; now where it is not in there. */
  found?: DriftFacts['found'];
  /** Objects that somebody else changes back again and again, by object. */
  conflicts?: ReadonlyMap<string, Conflict>;
}

export interface DriftVerdict {
  reason: Reason;
  message: string;
  /** ISO 8601: when it is healed by itself. */
  until?: string;
}

/**
 * A change in parts: what goes on, and what is left as somebody made it, each with its own verdict. Of one object a commit
 * may change a field, and drift another; where a field did both, its new wish counts. What is written whole has no parts.
 */
export function splitDrifted(change: Change, input: DriftInput): Change[] {
  if (change.action !== 'update' || change.whole === true || change.fields.length < 2) return [change];
  const groups = Map.groupBy(change.fields, (field) => JSON.stringify(verdictOn(change, field, input) ?? null));
  if (groups.size < 2) return [change];
  return [...groups].map(([verdict, fields]) => part(change, fields, { isHeld: verdict !== 'null', input }));
}

/** Why drift is left alone; undefined where it is healed, or there is none. Of a change that was split. */
export function drifted(change: Change, input: DriftInput): DriftVerdict | undefined {
  if (change.action === 'create' && change.cause === 'drift') {
    const conflict = input.conflicts?.get(objectKey(change.object));
    if (conflict !== undefined) return twoMasters(change, conflict);
    return verdictFor(change, undefined, input);
  }
  if (change.action !== 'update') return undefined;
  const asked = change.whole === true ? change.fields : change.fields.slice(0, 1);
  return asked.reduce<DriftVerdict | undefined>((found, field) => found ?? verdictOn(change, field, input), undefined);
}

function verdictOn(change: Change, field: FieldChange, input: DriftInput): DriftVerdict | undefined {
  if (causeOfField(change, field) !== 'drift' || field.follows === true) return undefined;
  const conflict = input.conflicts?.get(objectKey(change.object));
  return conflict === undefined ? verdictFor(change, field, input) : twoMasters(change, conflict);
}

export type Annotated = Pick<DriftInput, 'policy' | 'annotations'>;

/** What is done about drift of what a resource wishes; undefined where it is healed. */
export function leftHow(by: ResourceId, { policy, annotations }: Annotated): 'report' | 'pause' | undefined {
  const how = annotations.get(by)?.['genesys-gitops/drift'] ?? policy.drift ?? driftDefaults.drift;
  return how === 'report' || how === 'pause' ? how : undefined;
}

/** True where what others changed of an object without a commit is to be left, for one of those who wish something of it. */
export function leavesDrift(wishers: readonly ResourceId[], input: Annotated): boolean {
  return wishers.some((by) => leftHow(by, input) !== undefined);
}

/** How long drift of what a resource wishes is left alone, in milliseconds, where it pauses. */
export function pauseOf(by: ResourceId, { policy, annotations }: Annotated): number {
  const wanted = annotations.get(by)?.['genesys-gitops/drift-pause'] ?? policy.driftPause ?? driftDefaults.driftPause;
  return durationOf(wanted) ?? durationOf(driftDefaults.driftPause)!;
}

function verdictFor(change: Change, field: FieldChange | undefined, input: DriftInput): DriftVerdict | undefined {
  const { now } = input;
  const by = field?.by ?? `${change.kind}/${change.name}`;
  const how = leftHow(by, input);
  if (how === undefined) return undefined;
  const found = foundOf(change, input).find(({ fields }) => field === undefined || fields.has(field.path));
  const who = storyOf(change, found?.story ?? change.drift);
  if (how === 'report') {
    return { reason: 'Drifted', message: `${who}; ${change.action === 'create' ? staysAway : staysAsItIs}` };
  }
  const until = new Date(since(found?.story ?? change.drift, found?.seen, now) + pauseOf(by, input));
  if (until <= now) return undefined;
  const at = until.toISOString();
  return { reason: 'DriftPaused', message: `${who}; it is left alone until ${stamp(at)}`, until: at };
}

const staysAsItIs = 'the policy is to report drift, and not to overwrite it; accept it by a commit, or change it back';
const staysAway =
  'the policy is to report drift, so it is not made anew, whatever commits wish of it since; accept that by taking its document out, or let it be healed';

function foundOf({ object }: Change, { found }: DriftInput): readonly FoundDrift[] {
  return found?.get(objectKey(object)) ?? [];
}

/** When the pause began: with the newest deed, else when the drift was seen first. Clocks differ: never ahead of ours. */
function since(story: DriftStory | undefined, seen: string | undefined, now: Date): number {
  const times = (story?.deeds ?? []).map(({ at }) => Date.parse(at)).filter((time) => !Number.isNaN(time));
  const began = times.length > 0 ? Math.max(...times) : seen === undefined ? Number.NaN : Date.parse(seen);
  return Number.isNaN(began) ? now.getTime() : Math.min(began, now.getTime());
}

function storyOf({ action }: Change, drift: DriftStory | undefined): string {
  const what = action === 'create' ? 'it was deleted outside the repository' : 'it was changed outside the repository';
  return drift === undefined ? what : toldOf(drift, action);
}

function toldOf(drift: DriftStory, action: Change['action']): string {
  const words = driftInWords(drift);
  if (drift.deeds.length > 0) return words;
  return `it was ${action === 'create' ? 'deleted' : 'changed'} outside the repository, and ${words}`;
}

function twoMasters(change: Change, { fields, deleted, party }: Conflict): DriftVerdict {
  const what = deleted === true ? 'it was deleted' : `${fields.map(dotted).join(', ')} was changed back`;
  const message = `${what} three times within an hour, by ${party}; it is left alone until what is wished of it changes, or until ${resumes(change, fields)}`;
  return { reason: 'OwnershipConflict', message };
}

/** By whom it is resumed: of what nobody owns, by each who wishes one of the fields that are changed back. */
function resumes(change: Change, paths: readonly Pointer[]): string {
  const wishers = change.fields.filter(({ path }) => paths.includes(path)).map(({ by }) => by);
  const named = change.shared === true && wishers.length > 0 ? wishers : [`${change.kind}/${change.name}`];
  return [...new Set(named)].map((by) => `\`genesys-gitops resume ${by}\``).join(' or ');
}

/** A change with some of its fields. What is held of others' wishes is told as theirs. */
function part(
  change: Change,
  fields: FieldChange[],
  { isHeld, input }: { isHeld: boolean; input: DriftInput },
): Change {
  const { drift, renames, cause: _cause, ...rest } = withFields(change, fields);
  const owner = `${change.kind}/${change.name}`;
  const causes = new Set(fields.map((field) => causeOfField(change, field)));
  const [only] = causes;
  const cause = causes.size === 1 && only !== undefined ? only : 'both';
  const own = foundOf(change, input).filter((one) => fields.some(({ path }) => one.fields.has(path)));
  const told = together(own.flatMap(({ story }) => story ?? [])) ?? drift;
  const moved = told === undefined || cause === 'commit' ? {} : { drift: told };
  const ofOthers = isHeld && fields.every(({ by }) => by !== owner);
  const whose = change.shared === true || ofOthers ? namedFor(fields) : {};
  return {
    ...rest,
    ...whose,
    cause,
    fields: fields.map(({ cause: why, ...field }) =>
      why === undefined || cause !== 'both' ? field : { ...field, cause: why },
    ),
    ...moved,
    ...(renames === undefined || isHeld ? {} : { renames }),
  };
}
