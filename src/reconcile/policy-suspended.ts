import type { Reason } from '../model/failure.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import type { Change, FieldChange } from '../model/plan.ts';
import type { ResourceId } from '../model/resource.ts';
import { isActive, type Suspension, suspensionInWords, wholeTarget } from '../model/suspension.ts';
import { stateKey } from './state.ts';

/** What decides over who rests. Plain data. */
interface SuspensionInput {
  now: Date;
  annotations: ReadonlyMap<ResourceId, Record<string, string>>;
  suspensions: ReadonlyMap<ResourceId, Suspension>;
}

type Verdict = { reason: Reason; message: string } | undefined;

/** Fields that a suspended resource wishes of an object that is not its own are held alone; the others go on. */
export function splitSuspended(change: Change, input: SuspensionInput): Change[] {
  if (change.whole === true) return [change];
  const owner = change.shared === true ? undefined : `${change.kind}/${change.name}`;
  const resting = change.fields.filter(({ by }) => by !== owner && suspension(by, input) !== undefined);
  if (resting.length === 0 || resting.length === change.fields.length) return [change];
  const { renames: _renames, ...rest } = change;
  const left = change.fields.filter((field) => !resting.includes(field));
  return [
    { ...withFields(change, left), ...(owner === undefined ? namedFor(left) : {}) },
    { ...withFields(rest, resting), ...namedFor(resting) },
  ];
}

/** A part of a change that is not its object's owner's goes by who wishes it. */
export function namedFor(fields: readonly FieldChange[]): Pick<Change, 'kind' | 'name'> {
  const [kind, name] = [...fields.map(({ by }) => by)].sort()[0]!.split(/\/(.*)/s) as [string, string];
  return { kind, name };
}

/** A part of a change: it waits for no object that only the fields left out refer to. */
export function withFields<C extends Pick<Change, 'fields' | 'after'>>(change: C, fields: FieldChange[]): C {
  const { after = [], ...rest } = change;
  const kept = promisedTo(fields);
  const leftOut = promisedTo(change.fields.filter(({ path }) => !fields.some((field) => field.path === path)));
  const left = after.filter((key) => kept.has(key) || !leftOut.has(key));
  return { ...(rest as C), fields, ...(left.length === 0 ? {} : { after: left }) };
}

/** Keys of the objects from which fields get what is known only after those were written. */
export function promisedTo(fields: readonly Pick<FieldChange, 'to'>[]): Set<string> {
  return new Set(
    fields.flatMap(({ to }) => {
      const promise = isObject(to as Json) ? (to as JsonObject)['knownAfterApply'] : undefined;
      return isObject(promise) ? [stateKey(String(promise['type']), String(promise['key']))] : [];
    }),
  );
}

/** Why nothing of the target is done. */
export function targetSuspended(_change: Change, { suspensions, now }: SuspensionInput): Verdict {
  const resting = suspensions.get(wholeTarget);
  if (resting === undefined || !isActive(resting, now)) return undefined;
  return { reason: 'Suspended', message: suspensionInWords('the target', resting) };
}

/** Why a change is left alone for one of those that have a part in it. */
export function suspended(change: Change, input: SuspensionInput): Verdict {
  const everybody = new Set([`${change.kind}/${change.name}`, ...change.fields.map(({ by }) => by)]);
  const resting = [...everybody].find((by) => suspension(by, input) !== undefined);
  return resting === undefined ? undefined : { reason: 'Suspended', message: suspension(resting, input)! };
}

/** Why a resource rests, in words; undefined where it does not, or no longer. */
function suspension(by: ResourceId, { annotations, suspensions, now }: SuspensionInput): string | undefined {
  const both = [annotatedSuspension(annotations.get(by) ?? {}), suspensions.get(by)];
  const resting = both.find((one) => one !== undefined && isActive(one, now));
  return resting === undefined ? undefined : suspensionInWords(by, resting);
}

function annotatedSuspension(notes: Record<string, string>): Suspension | undefined {
  if (notes['genesys-gitops/suspend'] !== 'enabled') return undefined;
  const until = notes['genesys-gitops/suspend-until'];
  const reason = notes['genesys-gitops/suspend-reason'];
  return { ...(until === undefined ? {} : { until }), ...(reason === undefined ? {} : { reason }) };
}
