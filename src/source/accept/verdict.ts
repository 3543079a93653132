import type { Acceptance } from '../../model/contracts.ts';
import { equal, type Json, type JsonObject } from '../../model/json.ts';
import { getAt, type Pointer } from '../../model/pointer.ts';
import type { Problem } from '../../model/problem.ts';
import { type Desired, type Resource, type ResourceId, resourceId } from '../../model/resource.ts';
import type { Readings } from './elsewhere.ts';
import type { Refusal, Wish } from './layers.ts';

/** A refusal of one edit, by the edit's own pointer (`of`); of everything of a resource where that is absent. */
export type Failed = Refusal & { of?: Pointer };

/** What the edited repository says otherwise than was wanted, and what is wrong with it. */
export function mistakes({
  wishes,
  removed,
  failed,
  reading,
  before,
  after,
}: {
  wishes: readonly Wish[];
  removed: readonly ResourceId[];
  failed: readonly Failed[];
  reading: Desired;
  before: Readings;
  after: Readings;
}): Failed[] {
  // With a part of an edit made, its resource may well be odd; it is left out first.
  if (failed.length > 0) return [];
  const known = new Set([...before.values()].flatMap(({ problems }) => problems.map(({ message }) => message)));
  const problems = [reading, ...after.values()]
    .flatMap((one) => one.problems)
    .filter(({ message }) => !known.has(message));
  const spoiled = problems.flatMap((problem) => blamed(problem, wishes, removed));
  if (spoiled.length > 0) return unique(spoiled);
  const resources = new Map(reading.resources.map((resource) => [resourceId(resource), resource]));
  return wishes.flatMap(({ id, acceptance }): Failed[] => {
    const { pointer } = acceptance;
    const resource = resources.get(id);
    if (resource !== undefined && saysIt(resource, acceptance)) return [];
    return [{ resource: id, pointer, of: pointer, why: 'no edit of the repository says exactly what is live' }];
  });
}

/** The edit at whose place a problem stands; else all edits of its resource, and where it is nobody's, all. */
function blamed(problem: Problem, wishes: readonly Wish[], removed: readonly ResourceId[]): Failed[] {
  const { resource, pointer, message } = problem;
  const why = `the repository would have a problem: ${message}`;
  const own = wishes.filter(({ id }) => id === resource);
  const near = own.filter(({ acceptance }) => overlap(acceptance.pointer, pointer ?? '/metadata/name'));
  if (near.length > 0) {
    return near.map(({ id, acceptance }) => ({
      resource: id,
      pointer: acceptance.pointer,
      of: acceptance.pointer,
      why,
    }));
  }
  const ids = [...new Set([...wishes.map(({ id }) => id), ...removed])];
  const some = resource !== undefined && ids.includes(resource) ? [resource] : ids;
  return some.map((id) => ({ resource: id, pointer: '/metadata/name', why }));
}

function overlap(a: Pointer, b: Pointer): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
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
