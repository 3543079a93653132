import type { Acceptance } from '../../model/contracts.ts';
import { equal, type Json, type JsonObject } from '../../model/json.ts';
import { getAt, type Pointer } from '../../model/pointer.ts';
import type { Place, Problem } from '../../model/problem.ts';
import { type Desired, type Resource, type ResourceId, resourceId } from '../../model/resource.ts';
import { type Environment, readEnvironments } from '../environments.ts';
import { Locator } from '../locate.ts';
import { locate, type ResolveOptions, resolve } from '../resolve.ts';
import { sortDocuments } from '../roles.ts';
import type { Snapshot } from '../snapshot.ts';
import { editing, type Files } from './files.ts';
import { accept, parted, type Refusal, type Wish } from './layers.ts';
import { type Repository, removeResource } from './removal.ts';
import type { FileChange } from './unified.ts';

export interface ToEdit {
  resource: ResourceId;
  acceptance: Acceptance;
  /** True where it holds for this target only: what a document says for others too goes into the target's environment. */
  hereOnly?: boolean;
}

export interface ToAccept {
  /** Edits of resources, by which they wish what is live. */
  edits: readonly ToEdit[];
  /** Resources whose objects are gone. */
  removed: readonly ResourceId[];
}

/** What cannot be written, with its place in the repository. */
export interface Unwritten {
  resource: ResourceId;
  pointer: Pointer;
  place?: Place;
  why: string;
}

export interface Accepted {
  /** The files that change, for a patch; their paths are relative to the snapshot's root. */
  changes: FileChange[];
  unwritten: Unwritten[];
  /** Other environments in which a resource says something else by the patch, or is no longer there; `byFile`: by a file of it. */
  elsewhere: { resource: ResourceId; environment: string; gone: boolean; byFile: boolean }[];
  /** The repository with the patch, as the target reads it. */
  desired: Desired;
}

/**
 * The edits of a repository by which a target wishes what is live. Each is made in the layer that supplied the
 * value. The result is read as the target and every environment read it: an edit that does not say exactly what is wanted,
 * or that spoils something, is left out and said.
 */
export async function acceptLive(
  snapshot: Snapshot,
  desired: Desired,
  options: ResolveOptions,
  wanted: ToAccept,
): Promise<Accepted> {
  const kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
  const sorted = await sortDocuments(snapshot, kinds);
  const repository: Repository = { snapshot, sorted, kinds };
  const { environments } = readEnvironments(sorted.environments, snapshot.directory, sorted.broken);
  const environment = options.environment === undefined ? undefined : environments.get(options.environment);
  const resources = new Map(desired.resources.map((resource) => [resourceId(resource), resource]));
  const others = await readings(snapshot, [...environments.keys()], options);

  const refusals: Refusal[] = [];
  const isShared = (id: ResourceId): boolean =>
    [...others].some(
      ([name, { resources: read }]) => name !== options.environment && read.some((one) => resourceId(one) === id),
    );
  const asked = wanted.edits.flatMap(({ resource: id, acceptance, hereOnly = false }): Wish[] => {
    const resource = resources.get(id);
    return resource === undefined ? [] : [{ id, resource, acceptance, hereOnly: hereOnly && isShared(id) }];
  });
  const all = (await Promise.all(asked.map((wish) => parted(wish, editing(snapshot))))).flat();
  let wishes = all.filter((wish) => {
    const other = sharedWith(wish, all, desired);
    if (other === undefined) return true;
    const why = `${other.path} is also what ${other.id} is made of, which would change with it`;
    refusals.push({ resource: wish.id, pointer: wish.acceptance.pointer, why });
    return false;
  });
  let removed = [...wanted.removed];
  // What turns out to be wrong is left out, and all else is done anew without it.
  for (;;) {
    const files = editing(snapshot);
    const failed = await makeAll({ wishes, removed, files, desired, environment, repository });
    const now = await files.snapshot();
    const reading = await resolve(now, options);
    const readingsNow = await readings(now, [...environments.keys()], options);
    const bad = [...failed, ...mistakes({ wishes, removed, failed, reading, before: others, after: readingsNow })];
    refusals.push(...bad);
    const isBad = (id: ResourceId, pointer?: Pointer): boolean =>
      bad.some((one) => one.resource === id && (pointer === undefined || one.of === undefined || one.of === pointer));
    const left = wishes.filter(({ id, acceptance }) => !isBad(id, acceptance.pointer));
    const leftRemoved = removed.filter((id) => !isBad(id));
    if (bad.length > 0 && left.length + leftRemoved.length < wishes.length + removed.length) {
      wishes = left;
      removed = leftRemoved;
      continue;
    }
    const changes = bad.length > 0 ? [] : await files.changes();
    return {
      changes,
      unwritten: placed(refusals, desired, new Locator(snapshot)),
      elsewhere: bad.length > 0 ? [] : differing(others, readingsNow, options.environment, wishes, removed),
      desired: bad.length > 0 ? desired : reading,
    };
  }
}

/** A refusal of one edit, by the edit's own pointer; of everything of a resource where that is absent. */
type Failed = Refusal & { of?: Pointer };

async function makeAll({
  wishes,
  removed,
  files,
  desired,
  environment,
  repository,
}: {
  wishes: readonly Wish[];
  removed: readonly ResourceId[];
  files: Files;
  desired: Desired;
  environment: Environment | undefined;
  repository: Repository;
}): Promise<Failed[]> {
  const failed: Failed[] = [];
  for (const wish of wishes) {
    const refusal = await accept(wish, { desired, files, environment });
    if (refusal !== undefined) failed.push({ ...refusal, of: wish.acceptance.pointer });
  }
  for (const id of removed) {
    const refusal = await removeResource(id, files, repository);
    if (refusal !== undefined) failed.push(refusal);
  }
  return failed;
}

/** What the edited repository says otherwise than was wanted, and what is wrong with it. */
function mistakes({
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
  return 'value' in acceptance ? value !== undefined && equal(value, acceptance.value) : value === undefined;
}

type Readings = ReadonlyMap<string, Desired>;

async function readings(snapshot: Snapshot, names: readonly string[], options: ResolveOptions): Promise<Readings> {
  const { kinds } = options;
  return new Map(
    await Promise.all(
      names.map(async (environment) => [environment, await resolve(snapshot, { kinds, environment })] as const),
    ),
  );
}

/** The other resource that is made of the file of an edit, where it is not edited alike. */
function sharedWith(
  { id, resource, acceptance }: Wish,
  wishes: readonly Wish[],
  { resources }: Desired,
): { id: ResourceId; path: string } | undefined {
  const { pointer } = acceptance;
  const file = fileOf(resource, pointer);
  if (file === undefined || 'why' in acceptance || (pointer === file[0] && !('text' in acceptance))) return undefined;
  const [, { path }] = file;
  for (const other of resources) {
    const otherId = resourceId(other);
    const at = Object.entries(other.files).find(([, one]) => one.path === path)?.[0];
    if (otherId === id || at === undefined) continue;
    const wanted = { ...acceptance, pointer: at + pointer.slice(file[0].length) };
    const alike = wishes.some((wish) => wish.id === otherId && equal(wish.acceptance as never, wanted as never));
    if (!alike) return { id: otherId, path };
  }
  return undefined;
}

/** The reference, with its file, at or below whose place a pointer stands. */
function fileOf({ files }: Resource, pointer: Pointer): [Pointer, { path: string }] | undefined {
  return Object.entries(files).find(([at]) => pointer === at || pointer.startsWith(`${at}/`));
}

function placed(refusals: readonly Refusal[], desired: Desired, locator: Locator): Unwritten[] {
  return refusals.map(({ resource, pointer, at, why }) => {
    const { place } =
      at === undefined
        ? locate(desired, { code: 'schema', message: why, resource, pointer })
        : { place: locator.place(at) };
    return { resource, pointer, why, ...(place === undefined ? {} : { place }) };
  });
}

function differing(
  before: Readings,
  after: Readings,
  own: string | undefined,
  wishes: readonly Wish[],
  removed: readonly ResourceId[],
): Accepted['elsewhere'] {
  const touched = [...new Set([...wishes.map(({ id }) => id), ...removed])];
  return [...before].flatMap(([environment, was]) => {
    if (environment === own) return [];
    const is = after.get(environment);
    return touched.flatMap((resource) => {
      const [a, b] = [was, is].map((one) => one?.resources.find((some) => resourceId(some) === resource));
      if (a === undefined || (b !== undefined && equal(sayingOf(a), sayingOf(b)))) return [];
      const byFile = wishes.some(
        ({ id, acceptance }) => id === resource && fileOf(a, acceptance.pointer) !== undefined,
      );
      return [{ resource, environment, gone: b === undefined, byFile }];
    });
  });
}

function sayingOf({ spec, annotations, files }: Resource): Json {
  return { spec, annotations, files: files as never };
}
