import type { Acceptance } from '../../model/contracts.ts';
import { equal, type Json, type JsonObject } from '../../model/json.ts';
import { getAt, type Pointer } from '../../model/pointer.ts';
import type { Problem } from '../../model/problem.ts';
import { type Desired, type Resource, type ResourceId, resourceId } from '../../model/resource.ts';
import type { Readings } from './elsewhere.ts';
import type { Refusal } from './layers.ts';
import { type Asked, overlap, unasked } from './unasked.ts';

/** A refusal of one edit, by the edit's own pointer (`of`); of everything of a resource where that is absent. */
export type Failed = Refusal & { of?: Pointer };

/** What was asked, and the repository before and after it, as the target and each environment read it. */
export interface Judged extends Asked {
  failed: readonly Failed[];
  /** Whether a resource goes for this target only. */
  isHere(id: ResourceId): boolean;
  own: string | undefined;
  desired: Desired;
  reading: Desired;
  before: Readings;
  after: Readings;
}

/** What the edited repository says otherwise than was wanted, and what is wrong with it. */
export function mistakes(judged: Judged): Failed[] {
  const { wishes, failed, desired, reading, before, after } = judged;
  // With a part of an edit made, its resource may well be odd; it is left out first.
  if (failed.length > 0) return [];
  const known = new Set(
    [desired, ...before.values()].flatMap(({ problems }) => problems.map(({ message }) => message)),
  );
  const problems = [reading, ...after.values()]
    .flatMap((one) => one.problems)
    .filter(({ message }) => !known.has(message));
  const spoiled = problems.flatMap((problem) => blamed(problem, judged));
  if (spoiled.length > 0) return unique(spoiled);
  const strays = straysIn(judged);
  if (strays.length > 0) return unique(strays);
  const resources = new Map(reading.resources.map((resource) => [resourceId(resource), resource]));
  return wishes.flatMap(({ id, acceptance }): Failed[] => {
    const { pointer } = acceptance;
    const resource = resources.get(id);
    if (resource !== undefined && saysIt(resource, acceptance)) return [];
    return [{ resource: id, pointer, of: pointer, why: 'no edit of the repository says exactly what is live' }];
  });
}

/** What is read otherwise than before and was not asked to be, by any environment. */
function straysIn({ wishes, removed, isHere, own, desired, reading, before, after }: Judged): Failed[] {
  const elsewhere = removed.filter((id) => !isHere(id));
  const found = [
    ...unasked(desired, reading, { wishes, removed }),
    ...[...before].flatMap(([name, was]) => {
      const is = after.get(name);
      return is === undefined ? [] : unasked(was, is, { wishes, removed: name === own ? removed : elsewhere });
    }),
  ];
  return found.flatMap(({ resource, why }) => allOf(near(resource, { wishes, removed, desired }), `${why}, unasked`));
}

/** The edits of a resource, else those of its files; where there are none, all. */
function near(resource: Resource, { wishes, removed, desired }: Asked & { desired: Desired }): ResourceId[] {
  const all = [...new Set([...wishes.map(({ id }) => id), ...removed])];
  const id = resourceId(resource);
  if (all.includes(id)) return [id];
  const files = new Set(resource.from);
  const beside = desired.resources
    .filter((one) => one.from.some((file) => files.has(file)) && all.includes(resourceId(one)))
    .map(resourceId);
  return beside.length > 0 ? beside : all;
}

function allOf(ids: readonly ResourceId[], why: string): Failed[] {
  return ids.map((id) => ({ resource: id, pointer: '/metadata/name', why }));
}

/**
 * The edit at whose place a problem stands; else all edits of its resource; else what is gone and is named at its place.
 * Where it is nobody's, all, and it is said.
 */
function blamed({ resource, pointer, message }: Problem, { wishes, removed, reading, desired }: Judged): Failed[] {
  const why = `the repository would have a problem: ${message}`;
  const own = wishes.filter(({ id }) => id === resource);
  const there = own.filter(({ acceptance }) => overlap(acceptance.pointer, pointer ?? '/metadata/name'));
  if (there.length > 0) {
    return there.map(({ id, acceptance }) => ({
      resource: id,
      pointer: acceptance.pointer,
      of: acceptance.pointer,
      why,
    }));
  }
  const ids = [...new Set([...wishes.map(({ id }) => id), ...removed])];
  if (resource !== undefined && ids.includes(resource)) return allOf([resource], why);
  const spec = reading.resources.find((one) => resourceId(one) === resource)?.spec;
  const named = spec === undefined || pointer === undefined ? undefined : getAt({ spec }, pointer);
  const gone = removed.filter((id) => named !== undefined && namesOf(id, desired).includes(named));
  if (gone.length > 0) return allOf(gone, why);
  return allOf(ids, ids.length < 2 ? why : `${why}; which of what is accepted here is to blame cannot be told`);
}

/** What others call a resource: its handle, its name. */
function namesOf(id: ResourceId, { resources }: Desired): Json[] {
  const resource = resources.find((one) => resourceId(one) === id);
  const name = resource?.spec['name'];
  return [id.slice(id.indexOf('/') + 1), ...(name === undefined ? [] : [name])];
}

/** One edit may cause several problems; the first says enough. */
function unique(failed: readonly Failed[]): Failed[] {
  return [...new Map(failed.toReversed().map((one) => [`${one.resource} ${one.of ?? ''}`, one])).values()].reverse();
}

function saysIt({ spec, annotations, files }: Resource, acceptance: Acceptance): boolean {
  const { pointer } = acceptance;
  if ('why' in acceptance) return false;
  if ('text' in acceptance) return files[pointer]?.text === acceptance.text;
  const whole: JsonObject = { spec, metadata: { annotations } };
  let value: Json | undefined = getAt(whole, pointer);
  for (const [at, file] of Object.entries(files)) {
    if (!pointer.startsWith(`${at}/`)) continue;
    // A file that is no JSON was compared when it was edited.
    if (file.value === undefined) return true;
    value = getAt(file.value, pointer.slice(at.length));
  }
  if ('add' in acceptance)
    return Array.isArray(value) && equal(value.slice(-acceptance.add.length), [...acceptance.add]);
  return 'value' in acceptance ? value !== undefined && equal(value, acceptance.value) : value === undefined;
}
