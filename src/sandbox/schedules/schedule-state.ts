import { createHash } from 'node:crypto';
import type { Actor } from '../audit-log.ts';
import { invalid } from '../errors.ts';
import { actingAs, actorOf, type World } from '../world.ts';
import { type Family, find, living } from './architect-objects.ts';
import {
  type ArchitectRecord,
  type ScheduleGroupInput,
  type ScheduleGroupRecord,
  type ScheduleInput,
  type ScheduleRecord,
  scheduleLists,
} from './schedule-records.ts';
import {
  deleteGroup,
  deleteSchedule,
  newGroup,
  newSchedule,
  putGroup,
  putSchedule,
  scheduleGroups,
  schedules,
} from './schedules.ts';

/** A schedule of a seed; the division by name. */
export interface SeedSchedule {
  name: string;
  description?: string;
  division?: string;
  start: string;
  end: string;
  rrule?: string;
}

/** A schedule group of a seed; division and schedules by name. */
export interface SeedScheduleGroup {
  name: string;
  description?: string;
  division?: string;
  timeZone?: string;
  openSchedules?: readonly string[];
  closedSchedules?: readonly string[];
  holidaySchedules?: readonly string[];
}

/** Direct access to schedules and groups, for tests. Whoever acts is Sandbox Admin, a person, unless a client is named. */
export interface ScheduleState {
  schedules(): ScheduleRecord[];
  /** The first of this name. */
  scheduleNamed(name: string): ScheduleRecord | undefined;
  /** Puts one there without a request or an audit record. */
  seedSchedule(schedule: SeedSchedule): ScheduleRecord;
  editSchedule(id: string, change: Partial<SeedSchedule>, as?: string): ScheduleRecord;
  deleteSchedule(id: string, as?: string): void;
  scheduleGroups(): ScheduleGroupRecord[];
  scheduleGroupNamed(name: string): ScheduleGroupRecord | undefined;
  seedScheduleGroup(group: SeedScheduleGroup): ScheduleGroupRecord;
  editScheduleGroup(id: string, change: Partial<SeedScheduleGroup>, as?: string): ScheduleGroupRecord;
  deleteScheduleGroup(id: string, as?: string): void;
}

export function scheduleStateOf(world: World): ScheduleState {
  const actor = (id?: string): Actor => actingAs(world, id);
  const named = <T extends ArchitectRecord>(family: Family<T>, name: string): T | undefined =>
    living(family, world).find((one) => one.name === name);
  return {
    schedules: () => living(schedules, world),
    scheduleNamed: (name) => named(schedules, name),
    seedSchedule: (seed) => seedSchedule(world, seed, world.now()),
    editSchedule(id, change, as) {
      const { name, description, divisionId, version, start, end, rrule } = find(schedules, world, id);
      const input = { name, description, division: { id: divisionId }, version, start, end, rrule };
      return putSchedule(world, id, { ...input, ...scheduleInput(world, change) }, actor(as));
    },
    deleteSchedule: (id, as) => deleteSchedule(world, id, actor(as)),
    scheduleGroups: () => living(scheduleGroups, world),
    scheduleGroupNamed: (name) => named(scheduleGroups, name),
    seedScheduleGroup: (seed) => seedScheduleGroup(world, seed, world.now()),
    editScheduleGroup(id, change, as) {
      const { name, description, divisionId, version, timeZone, ...rest } = find(scheduleGroups, world, id);
      const lists = Object.fromEntries(scheduleLists.map((list) => [list, rest[list].map((one) => ({ id: one }))]));
      const input = { name, description, division: { id: divisionId }, version, timeZone, ...lists };
      return putGroup(world, id, { ...input, ...groupInput(world, change) }, actor(as));
    },
    deleteScheduleGroup: (id, as) => deleteGroup(world, id, actor(as)),
  };
}

/** @throws ApiError 400 on what the API refuses */
export function seedSchedule(world: World, seed: SeedSchedule, at = 0): ScheduleRecord {
  const input = scheduleInput(world, seed) as ScheduleInput;
  return seeded(world, schedules, newSchedule(world, input, actorOf(world, 'sandbox-admin')), at);
}

/** @throws ApiError 400 on what the API refuses, a schedule that is not there included */
export function seedScheduleGroup(world: World, seed: SeedScheduleGroup, at = 0): ScheduleGroupRecord {
  const input = groupInput(world, seed) as ScheduleGroupInput;
  return seeded(world, scheduleGroups, newGroup(world, input, actorOf(world, 'sandbox-admin')), at);
}

/** Under an id that every start gives; a second one of the name has one of its own. */
function seeded<T extends ArchitectRecord>(world: World, { of, label }: Family<T>, made: T, at: number): T {
  const stable = stableId(world.organization.name, label, made.name);
  const id = of(world).get(stable) ? made.id : stable;
  return of(world).put(id, { ...made, id }, at);
}

function scheduleInput(world: World, { division, ...rest }: Partial<SeedSchedule>): Partial<ScheduleInput> {
  return { ...rest, ...divisionInput(world, division) };
}

function groupInput(world: World, { division, ...seed }: Partial<SeedScheduleGroup>): Partial<ScheduleGroupInput> {
  const lists = scheduleLists.flatMap((list) => {
    const names = seed[list];
    return names === undefined ? [] : [[list, names.map((name) => ({ id: scheduleId(world, name) }))]];
  });
  return { ...seed, ...divisionInput(world, division), ...Object.fromEntries(lists) };
}

function divisionInput(world: World, name: string | undefined): { division?: { id: string } } {
  if (name === undefined) return {};
  const found = world.divisions.list().find((division) => division.name === name);
  if (!found) throw invalid(`There is no division "${name}"`, 'division');
  return { division: { id: found.id } };
}

function scheduleId(world: World, name: string): string {
  const found = living(schedules, world).find((schedule) => schedule.name === name);
  if (!found) throw invalid(`There is no schedule "${name}"`, 'schedule');
  return found.id;
}

function stableId(...parts: string[]): string {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
