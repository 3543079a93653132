import type { Acceptance } from '../../model/contracts.ts';
import type { Json } from '../../model/json.ts';
import type { Pointer } from '../../model/pointer.ts';
import type { Place } from '../../model/problem.ts';
import { type Desired, type ResourceId, resourceId } from '../../model/resource.ts';
import { type Environment, readEnvironments } from '../environments.ts';
import { Locator } from '../locate.ts';
import { locate, type ResolveOptions, resolve } from '../resolve.ts';
import { sortDocuments } from '../roles.ts';
import type { Snapshot } from '../snapshot.ts';
import { differing, type Elsewhere, readings, sharedWith } from './elsewhere.ts';
import { editing, type Files } from './files.ts';
import { accept, parted, type Refusal, type Wish } from './layers.ts';
import { type Repository, removeHere, removeResource } from './removal.ts';
import { together } from './together.ts';
import type { FileChange } from './unified.ts';
import { type Failed, mistakes } from './verdict.ts';

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
  /** True where they are gone for this target only: an environment excludes what others go on with. */
  removedHereOnly?: boolean;
  /** Whether a value tells a secret of the target; such a one is never written down. */
  tellsSecret?(value: Json): boolean;
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
  /** Other environments in which a resource says something else by the edits. */
  elsewhere: Elsewhere[];
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
  const all = together((await Promise.all(asked.map((wish) => parted(wish, editing(snapshot))))).flat());
  let wishes = all.filter((wish) => {
    if (wanted.tellsSecret?.(newIn(wish.acceptance)) === true) {
      const why = 'a secret of the target stands in it, which is never written down; put it where the secret is kept';
      refusals.push({ resource: wish.id, pointer: wish.acceptance.pointer, why });
      return false;
    }
    const other = sharedWith(wish, all, desired);
    if (other === undefined) return true;
    const why = `${other.path} is also what ${other.id} is made of, which would change with it`;
    refusals.push({ resource: wish.id, pointer: wish.acceptance.pointer, why });
    return false;
  });
  let removed = [...wanted.removed];
  const isHere = (id: ResourceId): boolean => wanted.removedHereOnly === true && isShared(id);
  // What turns out to be wrong is left out, and all else is done anew without it.
  for (;;) {
    const files = editing(snapshot);
    const failed = await makeAll({
      ...{ wishes, removed, isHere, files, repository },
      desired,
      environment,
      own: options.variables,
    });
    const now = await files.snapshot();
    const reading = await resolve(now, options);
    const readingsNow = await readings(now, [...environments.keys()], options);
    const own = options.environment;
    const judged = { wishes, removed, isHere, failed, own, desired, reading, before: others, after: readingsNow };
    const bad = [...failed, ...mistakes(judged)];
    const isNothing = wishes.length + removed.length === 0;
    if (bad.length === 0 || isNothing) {
      return {
        changes: isNothing ? [] : await files.changes(),
        unwritten: placed(refusals, desired, new Locator(snapshot)),
        elsewhere: differing(others, readingsNow, options.environment, wishes, removed),
        desired: isNothing ? desired : reading,
      };
    }
    // Not everything can be cleared; then it is not wished any more.
    const unclear = wishes.filter((wish) => isCleared(wish) && isBad(bad, wish.id, wish.acceptance.pointer));
    refusals.push(...bad.filter(({ resource, of }) => !unclear.some((wish) => wish.id === resource && isAt(wish, of))));
    wishes = wishes.flatMap((wish): Wish[] => {
      const { pointer } = wish.acceptance;
      if (unclear.includes(wish)) return [{ ...wish, acceptance: { pointer, remove: true } }];
      return isBad(bad, wish.id, pointer) ? [] : [wish];
    });
    removed = removed.filter((id) => !isBad(bad, id));
  }
}

function isBad(bad: readonly Failed[], id: ResourceId, pointer?: Pointer): boolean {
  return bad.some(
    (one) => one.resource === id && (pointer === undefined || one.of === undefined || one.of === pointer),
  );
}

function isAt({ acceptance }: Wish, pointer: Pointer | undefined): boolean {
  return pointer === undefined || acceptance.pointer === pointer;
}

/** What an edit writes. */
function newIn(acceptance: Acceptance): Json {
  if ('text' in acceptance) return acceptance.text;
  if ('add' in acceptance) return [...acceptance.add];
  return 'value' in acceptance ? acceptance.value : null;
}

function isCleared({ acceptance }: Wish): boolean {
  return 'value' in acceptance && acceptance.value === null;
}

async function makeAll({
  wishes,
  removed,
  isHere,
  files,
  desired,
  environment,
  own,
  repository,
}: {
  wishes: readonly Wish[];
  removed: readonly ResourceId[];
  isHere: (id: ResourceId) => boolean;
  files: Files;
  desired: Desired;
  environment: Environment | undefined;
  own: ResolveOptions['variables'];
  repository: Repository;
}): Promise<Failed[]> {
  const failed: Failed[] = [];
  for (const wish of wishes) {
    const refusal = await accept(wish, { desired, files, environment, own });
    if (refusal !== undefined) failed.push({ ...refusal, of: wish.acceptance.pointer });
  }
  const leaving = removed.filter((id) => environment === undefined || !isHere(id));
  for (const id of removed) {
    const refusal =
      environment !== undefined && isHere(id)
        ? await removeHere(id, files, environment)
        : await removeResource(id, leaving, files, repository);
    if (refusal !== undefined) failed.push(refusal);
  }
  return failed;
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
