import { randomUUID } from 'node:crypto';
import type { Actor } from '../audit-log.ts';
import type { Collection, Lag } from '../collection.ts';
import { ApiError, invalid, notFound } from '../errors.ts';
import type { World } from '../world.ts';
import type { ArchitectRecord } from './schedule-records.ts';

/** What is alike in schedules and schedule groups: identity, division, version, deletion, audit. */
export interface Family<T extends ArchitectRecord> {
  entityType: 'Schedule' | 'ScheduleGroup';
  /** As the published texts call it: `schedule group`. */
  label: string;
  path: string;
  of(world: World): Collection<T>;
}

/** Those that are not deleted. */
export function living<T extends ArchitectRecord>({ of }: Family<T>, world: World, lag?: Lag): T[] {
  return of(world)
    .list(lag)
    .filter(({ state }) => state === 'active');
}

/** @throws ApiError 404; a deleted one is found where it can still be read */
export function find<T extends ArchitectRecord>({ of, label }: Family<T>, world: World, id: string, lag?: Lag): T {
  const found = of(world).get(id, lag);
  if (found) return found;
  const parameter = label.replace(/ (\w)/g, (_space, letter: string) => letter.toUpperCase());
  throw new ApiError('general.resource.not.found', {}, { message: `The specified ${parameter}Id was not found.` });
}

/** One that is not there yet. `own` are the fields that the other family does not have. */
export function fresh<T extends ArchitectRecord>(
  family: Family<T>,
  world: World,
  input: { name: string; description?: string; division?: { id?: string } },
  { actor, own }: { actor: Actor; own: Omit<T, keyof ArchitectRecord> },
): T {
  refuseDuplicate(family, world, input.name);
  const now = world.now();
  return {
    id: randomUUID(),
    name: input.name,
    description: input.description ?? '',
    divisionId: divisionOf(world, input.division?.id),
    version: 1,
    state: 'active',
    createdAt: now,
    modifiedAt: now,
    createdBy: actor,
    modifiedBy: actor,
    ...own,
  } as T;
}

export function create<T extends ArchitectRecord>(family: Family<T>, world: World, made: T): T {
  family.of(world).put(made.id, made);
  audit(family, world, { action: 'Create', actor: made.createdBy, after: made });
  return made;
}

/** Replaces the object whole. @throws ApiError 409 (or 400) when it is sent with another version than it has */
export function replace<T extends ArchitectRecord>(
  family: Family<T>,
  world: World,
  before: T,
  input: { name: string; description?: string; division?: { id?: string }; version?: number },
  { actor, own }: { actor: Actor; own: Omit<T, keyof ArchitectRecord> },
): T {
  if (before.state === 'deleted') throw notFound();
  refuseStale(family, world, before, input.version);
  if (input.name !== before.name) refuseDuplicate(family, world, input.name);
  const kept = world.quirks.has('schedule-put-merges') ? before.description : '';
  const after: T = {
    ...before,
    name: input.name,
    description: input.description ?? kept,
    divisionId: input.division?.id === undefined ? before.divisionId : divisionOf(world, input.division.id),
    version: before.version + 1,
    modifiedAt: world.now(),
    modifiedBy: actor,
    ...own,
  };
  family.of(world).put(after.id, after);
  audit(family, world, { action: 'Update', actor, before, after });
  return after;
}

/** Who calls has made sure that nothing uses it. */
export function remove<T extends ArchitectRecord>(family: Family<T>, world: World, before: T, actor: Actor): void {
  if (world.quirks.has('schedule-deleted-readable')) {
    family.of(world).put(before.id, { ...before, state: 'deleted', version: before.version + 1 });
  } else family.of(world).delete(before.id);
  audit(family, world, { action: 'Delete', actor, before });
}

/** Home where none is named. @throws ApiError 400 */
function divisionOf(world: World, id: string | undefined): string {
  const divisions = world.divisions.list();
  const found = divisions.find((division) => (id === undefined ? division.home : division.id === id));
  if (!found) throw new ApiError('architect.division.invalid');
  return found.id;
}

function refuseStale<T extends ArchitectRecord>({ label }: Family<T>, world: World, { version }: T, sent?: number) {
  if (sent === version || (sent === undefined && world.quirks.has('schedule-version-optional'))) return;
  if (sent === undefined) throw invalid('version may not be null', 'version');
  if (world.quirks.has('schedule-version-mismatch-400')) {
    const message = `The provided version ${sent} does not match the current version ${version}`;
    throw new ApiError('bad.request', {}, { message });
  }
  const message = `2 or more modifications of the ${label} were made at the same time.`;
  throw new ApiError('general.conflict', {}, { message });
}

function refuseDuplicate<T extends ArchitectRecord>(family: Family<T>, world: World, name: string): void {
  if (!world.quirks.has('schedule-duplicate-names-refused')) return;
  if (living(family, world).some((other) => other.name === name)) throw new ApiError('request.conflict');
}

function audit<T extends ArchitectRecord>(
  { entityType, path }: Family<T>,
  world: World,
  entry: { action: 'Create' | 'Update' | 'Delete'; actor: Actor; before?: T; after?: T },
): void {
  const { id, name } = (entry.after ?? entry.before)!;
  world.audit.record({ ...entry, entityType, entity: { id, name, selfUri: `${path}/${id}` } });
}
